import { toHex } from '../../state-machines/certificates/canonical.ts';
import type { AdmittedIssuer, AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import { openQr, type QrFailure } from '../../state-machines/certificates/qr.ts';
import { openSealedRecord, type RecordFailure } from '../../state-machines/certificates/sealed-record.ts';
import type { CertificateRecord } from '../../state-machines/contract/words/certificate.ts';
import type { LayoutDigests } from './layouts.ts';
import { sha256, verifySignature } from './node-crypto.ts';

/**
 * Why an issued certificate is not printed. `layout-changed`: it was issued for another edition of the layout than this kiosk has.
 * `qr-…`: the record is in order and the QR that came with it is not; `qr-mismatch`: the QR is genuine and belongs to something else.
 */
export type CertificateFailure = RecordFailure | 'layout-changed' | `qr-${QrFailure}` | 'qr-mismatch';

/**
 * Checks what the centre issued before it is laid out: the seal and its issuer, the layout's digest, and that the QR is genuine and of
 * this very record. `today` is the day in the hall, `YYYY-MM-DD`.
 */
export async function checkCertificate(
  issued: { sealed: Uint8Array; qr: string },
  options: { issuers: AdmittedIssuers; today: string; layouts: LayoutDigests },
): Promise<
  { ok: true; record: CertificateRecord; issuer: AdmittedIssuer } | { ok: false; reason: CertificateFailure }
> {
  const { issuers, today, layouts } = options;
  const opened = await openSealedRecord(issued.sealed, { issuers, verify: verifySignature, today });
  if (!opened.ok) return opened;
  const { record, issuer, payload } = opened;
  if (record.layoutDigest.value !== layouts[record.layout].value) return { ok: false, reason: 'layout-changed' };
  const qr = await openQr(issued.qr, { issuers, verify: verifySignature });
  if (!qr.ok) return { ok: false, reason: `qr-${qr.reason}` };
  const isOfThisRecord = qr.claim.recordDigest === toHex(sha256(payload)) && qr.issuer.id === issuer.id;
  return isOfThisRecord ? { ok: true, record, issuer } : { ok: false, reason: 'qr-mismatch' };
}
