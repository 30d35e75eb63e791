import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Signer, VerifySignature } from '../../state-machines/certificates/cose-sign1.ts';
import { type IssuerKey, issuerKeySchema } from '../../state-machines/certificates/issuers.ts';

/** SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

const importedKeys = new Map<string, KeyObject>();
/** More keys than any list of issuers holds; beyond it the list has changed, and what was imported for the old one goes. */
const mostImportedKeys = 400;

/** Verifies r ‖ s over bytes with an issuer's public key. Keys are imported once. */
export const verifySignature: VerifySignature = (key, toBeSigned, signature) =>
  verify('sha256', toBeSigned, { key: importKey(key), dsaEncoding: 'ieee-p1363' }, signature);

/** Names a key: the first eight bytes, in hex, of its RFC 7638 thumbprint (SHA-256 over the required members in alphabetical order). */
export function kidOf(key: IssuerKey): string {
  const members = JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x, y: key.y });
  return createHash('sha256').update(members).digest('hex').slice(0, 16);
}

/** A signer out of an ES256 private key, and the public key to put on the list of issuers. */
export function createSigner(privateKey: KeyObject): { signer: Signer; publicKey: IssuerKey } {
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = issuerKeySchema.parse({ kty, crv, x, y, alg: 'ES256' });
  return {
    publicKey,
    signer: {
      algorithm: 'ES256',
      kid: kidOf(publicKey),
      sign: (toBeSigned) => sign('sha256', toBeSigned, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    },
  };
}

function importKey(key: IssuerKey): KeyObject {
  const name = `${key.crv}.${key.x}.${key.y}`;
  const known = importedKeys.get(name);
  if (known) return known;
  if (importedKeys.size >= mostImportedKeys) importedKeys.clear();
  const imported = createPublicKey({ key, format: 'jwk' });
  importedKeys.set(name, imported);
  return imported;
}
