import { z } from 'zod';
import {
  type CertificateLayout,
  type CertificateRecord,
  certificateLayouts,
  daySchema,
} from '../contract/words/certificate.ts';
import { maskNumber } from '../contract/words/person.ts';
import { decodeBase45, encodeBase45 } from './base45.ts';
import { decodeCanonical, encodeCanonical, toHex } from './canonical.ts';
import { encodeCoseSign1, openCoseSign1, type SealFailure, type Signer, type VerifySignature } from './cose-sign1.ts';
import { type AdmittedIssuer, type AdmittedIssuers, whyNotAdmittedOn } from './issuers.ts';
import { recordBytes } from './sealed-record.ts';

/**
 * The QR on a paper: `SIK1:` and, in base45, a COSE_Sign1 over a small CBOR map. Anyone with the admitted issuers' public keys can
 * check it without a line; it says who, which certificate, when, and the digest of the whole record.
 *
 * Not deflated: a map with number keys, most of it signature and digest, does not get shorter (docs/decisions/0-certificates.md has
 * the figures), and there is nothing to unpack before the signature is checked.
 */
export const qrPrefix = 'SIK1:';

/** A code of the longest name stays under 500; more is not one of ours. */
const longestQrCharacters = 1200;

/** Keys of the map, in place of names. */
const key = { layout: 1, name: 2, maskedNumber: 3, number: 4, issuedOn: 5, validUntil: 6, digest: 7 } as const;

/** Days travel as numbers, 20261124. */
const qrDaySchema = z
  .number()
  .int()
  .transform((number) => String(number).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'))
  .pipe(daySchema);

const claimSchema = z.strictObject({
  layout: z.number().int(),
  name: z.string().min(1).max(120),
  maskedNumber: z.string().min(1).max(32),
  number: z.string().regex(/^[A-Z0-9]{8,24}$/),
  issuedOn: qrDaySchema,
  validUntil: qrDaySchema.optional(),
  digest: z.instanceof(Uint8Array).refine((bytes) => bytes.length === 32),
});

/** What a genuine QR says. `recordDigest` is the SHA-256 of the record's canonical bytes, in hex. */
type QrClaim = {
  layout: CertificateLayout;
  name: string;
  maskedNumber: string;
  number: string;
  issuedOn: string;
  validUntil?: string;
  recordDigest: string;
};

export type QrFailure = SealFailure | 'not-a-certificate-code' | 'layout-unknown' | 'invalid-claim';

/** SHA-256, passed in. */
type Sha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Makes the text of a record's QR, in the QR code's alphanumeric set. */
export async function encodeQr(record: CertificateRecord, signer: Signer, sha256: Sha256): Promise<string> {
  const claim = new Map<number, unknown>([
    [key.layout, certificateLayouts[record.layout].qrNumber],
    [key.name, record.subject.name],
    [key.maskedNumber, maskNumber(record.subject.idNumber)],
    [key.number, record.number],
    [key.issuedOn, dayNumber(record.issuedOn)],
    [key.digest, await sha256(recordBytes(record))],
  ]);
  if (record.validUntil !== undefined) claim.set(key.validUntil, dayNumber(record.validUntil));
  return qrPrefix + encodeBase45(await encodeCoseSign1(encodeCanonical(claim), signer));
}

/**
 * Checks the text of a QR with nothing but the admitted issuers. Total: any text gives a claim or a named reason.
 *
 * The issuer must have been admitted on the day of issue and must not have been withdrawn since; that its key has expired meanwhile does
 * not make an old paper false. Whether the certificate itself was withdrawn only the centre knows.
 */
export async function openQr(
  text: string,
  options: { issuers: AdmittedIssuers; verify: VerifySignature },
): Promise<{ ok: true; claim: QrClaim; issuer: AdmittedIssuer } | { ok: false; reason: QrFailure }> {
  if (!text.startsWith(qrPrefix) || text.length > longestQrCharacters)
    return { ok: false, reason: 'not-a-certificate-code' };
  const bytes = decodeBase45(text.slice(qrPrefix.length));
  if (!bytes) return { ok: false, reason: 'malformed' };
  const opened = await openCoseSign1(bytes, options);
  if (!opened.ok) return opened;
  const decoded = decodeCanonical(opened.payload, { useMaps: true });
  if (!decoded.ok) return decoded;
  const parsed = claimSchema.safeParse(withNames(decoded.value));
  if (!parsed.success) return { ok: false, reason: 'invalid-claim' };
  const { digest, layout: layoutNumber, validUntil, ...rest } = parsed.data;
  const layout = layoutOf(layoutNumber);
  if (!layout) return { ok: false, reason: 'layout-unknown' };
  const reason = whyNotAdmittedOn(opened.issuer, rest.issuedOn);
  if (reason) return { ok: false, reason };
  const claim: QrClaim = { layout, ...rest, recordDigest: toHex(digest) };
  if (validUntil !== undefined) claim.validUntil = validUntil;
  return { ok: true, claim, issuer: opened.issuer };
}

function dayNumber(day: string): number {
  return Number(day.replaceAll('-', ''));
}

function layoutOf(number: number): CertificateLayout | null {
  const layouts = Object.keys(certificateLayouts) as CertificateLayout[];
  return layouts.find((layout) => certificateLayouts[layout].qrNumber === number) ?? null;
}

/** The map's number keys back into names; a key that is not ours stays, and fails the schema. */
function withNames(value: unknown): Record<string, unknown> | null {
  if (!(value instanceof Map)) return null;
  const nameOf = new Map<unknown, string>(Object.entries(key).map(([name, number]) => [number, name]));
  return Object.fromEntries([...value].map(([number, field]) => [nameOf.get(number) ?? `key ${number}`, field]));
}
