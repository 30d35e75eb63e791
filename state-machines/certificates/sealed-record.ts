import {
  type CertificateRecord,
  certificateLayouts,
  certificateRecordSchema,
  certificateVersion,
} from '../contract/words/certificate.ts';
import { decodeCanonical, encodeCanonical } from './canonical.ts';
import { encodeCoseSign1, openCoseSign1, type SealFailure, type Signer, type VerifySignature } from './cose-sign1.ts';
import { type AdmittedIssuer, type AdmittedIssuers, whyNotAdmittedOn } from './issuers.ts';

/** Content type in the seal's protected header: a sealed record can never be taken for something else the same key signed. */
export const recordContentType = 'application/vnd.social-insurance.certificate+cbor';

/** No record is longer: 720 months of contributions come to 60 KB. */
const longestRecordBytes = 256 * 1024;

export type RecordFailure =
  | SealFailure
  | 'too-long'
  | 'wrong-version'
  | 'layout-unknown'
  | 'invalid-record'
  | 'wrong-issuer';

/** The canonical bytes of a record: what is signed, and what the QR's digest is over. */
export function recordBytes(record: CertificateRecord): Uint8Array {
  return encodeCanonical(record);
}

/** Seals a record: COSE_Sign1 over its canonical CBOR. A record the schema refuses is a fault of the caller, and thrown. */
export async function sealRecord(record: CertificateRecord, signer: Signer): Promise<Uint8Array> {
  return encodeCoseSign1(recordBytes(certificateRecordSchema.parse(record)), signer, recordContentType);
}

/**
 * Opens a sealed record against the admitted issuers. Total: any bytes give a record or a named reason, never an exception.
 *
 * `today` is the day in the hall (`YYYY-MM-DD`): a seal must have counted on the day of issue and must still count when it is printed
 * (LD/T 01-2020, 6.2.7); `null` where an old record is only checked. `wrong-issuer`: the record names another issuer than the one whose key sealed it.
 */
export async function openSealedRecord(
  bytes: Uint8Array,
  options: { issuers: AdmittedIssuers; verify: VerifySignature; today: string | null },
): Promise<
  | { ok: true; record: CertificateRecord; issuer: AdmittedIssuer; payload: Uint8Array }
  | { ok: false; reason: RecordFailure }
> {
  if (bytes.length > longestRecordBytes) return { ok: false, reason: 'too-long' };
  const opened = await openCoseSign1(bytes, { ...options, contentType: recordContentType });
  if (!opened.ok) return opened;
  const { payload, issuer } = opened;
  const decoded = decodeCanonical(payload);
  if (!decoded.ok) return decoded;
  const envelope = asEnvelope(decoded.value);
  if (!envelope) return { ok: false, reason: 'invalid-record' };
  if (envelope.version !== certificateVersion) return { ok: false, reason: 'wrong-version' };
  if (typeof envelope.layout !== 'string' || !Object.hasOwn(certificateLayouts, envelope.layout))
    return { ok: false, reason: 'layout-unknown' };
  const parsed = certificateRecordSchema.safeParse(decoded.value);
  if (!parsed.success) return { ok: false, reason: 'invalid-record' };
  const record = parsed.data;
  if (record.issuer.id !== issuer.id || record.issuer.name !== issuer.name)
    return { ok: false, reason: 'wrong-issuer' };
  const reason =
    whyNotAdmittedOn(issuer, record.issuedOn) ?? (options.today && whyNotAdmittedOn(issuer, options.today));
  return reason ? { ok: false, reason } : { ok: true, record, issuer, payload };
}

function asEnvelope(value: unknown): { version?: unknown; layout?: unknown } | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}
