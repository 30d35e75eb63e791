import { Tagged } from 'cborg';
import { decodeCanonical, encodeCanonical, fromHex, toHex } from './canonical.ts';
import {
  type AdmittedIssuer,
  type AdmittedIssuers,
  findIssuer,
  type IssuerFailure,
  type IssuerKey,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './issuers.ts';

/** Signs bytes. The signature is r ‖ s (64 bytes, IEEE P1363), as COSE wants it, not DER. */
export type Signer = {
  algorithm: SignatureAlgorithm;
  /** See `kidSchema`: sixteen hex digits. */
  kid: string;
  sign(toBeSigned: Uint8Array): Uint8Array | Promise<Uint8Array>;
};

/** Says whether a signature (r ‖ s) over bytes is the key's. */
export type VerifySignature = (
  key: IssuerKey,
  toBeSigned: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

export type SealFailure =
  | 'malformed'
  | 'trailing-bytes'
  | 'not-canonical'
  | 'algorithm-unsupported'
  | 'bad-signature'
  | IssuerFailure;

/** COSE_Sign1 (RFC 9052, 4.2): tag 18 and [protected, unprotected, payload, signature]. */
const coseSign1Tag = 18;
/** Header labels of RFC 9052, 3.1. */
const label = { algorithm: 1, contentType: 3, kid: 4 } as const;
const signatureBytes = 64;

/**
 * Puts a seal on a payload. The protected header holds the algorithm, the key's id and, where given, the content type; the unprotected
 * one stays empty, so that every byte is covered by the signature.
 */
export async function encodeCoseSign1(payload: Uint8Array, signer: Signer, contentType?: string): Promise<Uint8Array> {
  const header = new Map<number, unknown>([[label.algorithm, signatureAlgorithms[signer.algorithm]]]);
  if (contentType !== undefined) header.set(label.contentType, contentType);
  header.set(label.kid, fromHex(signer.kid));
  const protectedHeader = encodeCanonical(header);
  const signature = await signer.sign(toBeSigned(protectedHeader, payload));
  return encodeCanonical(new Tagged(coseSign1Tag, [protectedHeader, new Map(), payload, signature]));
}

/**
 * Opens a seal: its form, its issuer, its signature. Total: whatever the bytes, a payload or a reason comes back. Nothing of the
 * payload is read before the signature held.
 */
export async function openCoseSign1(
  bytes: Uint8Array,
  options: { issuers: AdmittedIssuers; verify: VerifySignature; contentType?: string },
): Promise<{ ok: true; payload: Uint8Array; issuer: AdmittedIssuer } | { ok: false; reason: SealFailure }> {
  const outer = decodeCanonical(bytes, { useMaps: true, tags: { [coseSign1Tag]: Tagged.decoder(coseSign1Tag) } });
  if (!outer.ok) return outer;
  const parts = asParts(outer.value);
  if (!parts) return { ok: false, reason: 'malformed' };
  const header = readHeader(parts.protectedHeader, options.contentType);
  if (!header.ok) return header;
  const found = findIssuer(options.issuers, header.kid);
  if (!found.ok) return found;
  if (signatureAlgorithms[found.issuer.jwk.alg] !== header.algorithm) return { ok: false, reason: 'bad-signature' };
  const isGenuine = await holds(options.verify, found.issuer.jwk, parts);
  if (!isGenuine) return { ok: false, reason: 'bad-signature' };
  return { ok: true, payload: parts.payload, issuer: found.issuer };
}

type Parts = { protectedHeader: Uint8Array; payload: Uint8Array; signature: Uint8Array };

function asParts(value: unknown): Parts | null {
  if (!(value instanceof Tagged) || !Array.isArray(value.value) || value.value.length !== 4) return null;
  const [protectedHeader, unprotected, payload, signature] = value.value;
  if (!(protectedHeader instanceof Uint8Array) || !(payload instanceof Uint8Array)) return null;
  if (!(unprotected instanceof Map) || unprotected.size > 0) return null;
  if (!(signature instanceof Uint8Array) || signature.length !== signatureBytes) return null;
  return { protectedHeader, payload, signature };
}

function readHeader(
  bytes: Uint8Array,
  contentType: string | undefined,
): { ok: true; algorithm: number; kid: string } | { ok: false; reason: SealFailure } {
  const header = decodeCanonical(bytes, { useMaps: true });
  if (!header.ok) return header;
  if (!(header.value instanceof Map)) return { ok: false, reason: 'malformed' };
  const algorithm: unknown = header.value.get(label.algorithm);
  const kid: unknown = header.value.get(label.kid);
  const expected = contentType === undefined ? 2 : 3;
  if (header.value.size !== expected || header.value.get(label.contentType) !== contentType)
    return { ok: false, reason: 'malformed' };
  if (typeof algorithm !== 'number' || !(kid instanceof Uint8Array)) return { ok: false, reason: 'malformed' };
  const isSupported = Object.values(signatureAlgorithms).some((number) => number === algorithm);
  if (!isSupported) return { ok: false, reason: 'algorithm-unsupported' };
  return { ok: true, algorithm, kid: toHex(kid) };
}

/** Sig_structure of RFC 9052, 4.4, with no external data. */
function toBeSigned(protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCanonical(['Signature1', protectedHeader, new Uint8Array(0), payload]);
}

/** A verifier that throws (a key off the curve, say) has not verified. */
async function holds(verify: VerifySignature, key: IssuerKey, parts: Parts): Promise<boolean> {
  try {
    return (await verify(key, toBeSigned(parts.protectedHeader, parts.payload), parts.signature)) === true;
  } catch {
    return false;
  }
}
