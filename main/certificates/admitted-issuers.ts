import type { KeyObject } from 'node:crypto';
import { CompactSign, compactVerify, errors, importJWK } from 'jose';
import {
  type AdmittedIssuers,
  admittedIssuersSchema,
  type IssuerKey,
} from '../../state-machines/certificates/issuers.ts';
import { readBy } from '../../state-machines/contract/read.ts';

/**
 * The list of admitted issuers travels as a compact JWS (RFC 7515) signed by the centre's root key, which the kiosk got when it was
 * enrolled. `typ` keeps the list apart from anything else that key may sign.
 */
const listType = 'admitted-issuers+jws';

/** No list is longer: 200 issuers come to 70 KB. */
const longestListCharacters = 1_000_000;

type IssuersFailure = 'malformed' | 'bad-signature' | 'wrong-version' | 'rolled-back';

/**
 * Reads a signed list. Total: any text gives a list or a reason. `newestSerial` is the serial of the list in use: an older edition is
 * refused (`rolled-back`), or a withdrawn seal could be brought back.
 */
export async function readAdmittedIssuers(
  jws: string,
  options: { rootKey: IssuerKey; newestSerial?: number },
): Promise<{ ok: true; issuers: AdmittedIssuers } | { ok: false; reason: IssuersFailure }> {
  if (jws.length > longestListCharacters) return { ok: false, reason: 'malformed' };
  let payload: unknown;
  try {
    const key = await importJWK(options.rootKey, 'ES256');
    const verified = await compactVerify(jws.trim(), key, { algorithms: ['ES256'] });
    if (verified.protectedHeader.typ !== listType) return { ok: false, reason: 'malformed' };
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(verified.payload));
  } catch (error) {
    const isForged =
      error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed;
    return { ok: false, reason: isForged ? 'bad-signature' : 'malformed' };
  }
  if (typeof payload === 'object' && payload !== null && 'version' in payload && payload.version !== 1)
    return { ok: false, reason: 'wrong-version' };
  const parsed = readBy(admittedIssuersSchema, payload);
  if (!parsed.success) return { ok: false, reason: 'malformed' };
  if (options.newestSerial !== undefined && parsed.data.serial < options.newestSerial)
    return { ok: false, reason: 'rolled-back' };
  return { ok: true, issuers: parsed.data };
}

/** Signs a list with the centre's root key, as the centre publishes it. */
export async function signAdmittedIssuers(issuers: AdmittedIssuers, rootKey: KeyObject): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(admittedIssuersSchema.parse(issuers)));
  return new CompactSign(payload).setProtectedHeader({ alg: 'ES256', typ: listType }).sign(rootKey);
}
