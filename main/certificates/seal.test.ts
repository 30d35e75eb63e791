import { generateKeyPairSync } from 'node:crypto';
import { Tagged } from 'cborg';
import { beforeAll, expect, test } from 'vitest';
import { encodeBase45 } from '../../state-machines/certificates/base45.ts';
import { encodeCanonical, toHex } from '../../state-machines/certificates/canonical.ts';
import { encodeCoseSign1 } from '../../state-machines/certificates/cose-sign1.ts';
import type { AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import { encodeQr, openQr } from '../../state-machines/certificates/qr.ts';
import {
  openSealedRecord,
  recordBytes,
  recordContentType,
  sealRecord,
} from '../../state-machines/certificates/sealed-record.ts';
import type { CertificateRecord } from '../../state-machines/contract/words/certificate.ts';
import { checkCertificate } from './check-certificate.ts';
import { readLayoutDigests } from './layouts.ts';
import { createSigner, kidOf, sha256, verifySignature } from './node-crypto.ts';
import { sampleContributionRecord, sampleNotice, sampleProof } from './sample-records.ts';

const { signer, publicKey } = createSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const stranger = createSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const today = '2026-11-24';

function issuersWith(change: Partial<AdmittedIssuers['issuers'][number]> = {}): AdmittedIssuers {
  const issuer = { ...sampleProof.issuer, kid: signer.kid, jwk: publicKey, from: '2026-01-01', until: '2028-12-31' };
  return { version: 1, serial: 1, publishedOn: '2026-01-01', issuers: [{ ...issuer, ...change }] };
}

const open = (bytes: Uint8Array, issuers = issuersWith(), day = today) =>
  openSealedRecord(bytes, { issuers, verify: verifySignature, today: day });
const openCode = (text: string, issuers = issuersWith()) => openQr(text, { issuers, verify: verifySignature });

let sealed: Uint8Array;
let qr: string;
beforeAll(async () => {
  sealed = await sealRecord(sampleProof, signer);
  qr = await encodeQr(sampleProof, signer, sha256);
});

test.each([sampleProof, sampleContributionRecord, sampleNotice])('opens what it sealed: $layout', async (record) => {
  const opened = await open(await sealRecord(record, signer));
  expect(opened).toMatchObject({ ok: true, record });
});

test('verifies the ES256 signature of RFC 9052, C.2.1, over our own Sig_structure', () => {
  // Key "11" of C.7.1; Sig_structure after 4.4: ["Signature1", h'a10126', h'', 'This is the content.'].
  const key = {
    kty: 'EC' as const,
    crv: 'P-256' as const,
    alg: 'ES256' as const,
    x: base64url('bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff'),
    y: base64url('20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e'),
  };
  const signature = Buffer.from(
    '8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e' +
      '2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36',
    'hex',
  );
  const content = Buffer.from('This is the content.');
  const structure = encodeCanonical(['Signature1', Buffer.from('a10126', 'hex'), new Uint8Array(0), content]);
  expect(toHex(structure)).toBe(`846a5369676e61747572653143a101264054${content.toString('hex')}`);
  expect(verifySignature(key, structure, signature)).toBe(true);
});

test('lays the seal out as RFC 9052 says: tag 18, four parts, algorithm and key in the protected header', async () => {
  // By hand: d2 tag 18; 84 four parts; 4c twelve bytes: a2 two pairs, 01 26 alg ES256, 04 48 kid of eight bytes; a0 nothing unprotected;
  // 43 three bytes of payload; 58 40 sixty-four bytes of signature.
  const bytes = await encodeCoseSign1(Uint8Array.of(1, 2, 3), {
    algorithm: 'ES256',
    kid: '0123456789abcdef',
    sign: () => new Uint8Array(64).fill(0xee),
  });
  expect(toHex(bytes)).toBe(`d2844da2012604480123456789abcdefa0430102035840${'ee'.repeat(64)}`);
});

test('names a key by the head of its RFC 7638 thumbprint', () => {
  // The P-256 key of RFC 7517, A.1; its thumbprint computed with `jose` 6.
  const key = {
    kty: 'EC' as const,
    crv: 'P-256' as const,
    alg: 'ES256' as const,
    x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
    y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
  };
  expect(kidOf(key)).toBe(
    Buffer.from('cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s', 'base64url').toString('hex').slice(0, 16),
  );
});

test('the canonical bytes of a record stay what they are', () => {
  // Recorded from this code on 2026-11-22, after the encoding was checked against RFC 8949 (canonical.test.ts). It changes only with a
  // new version of the record: papers already printed hold this digest in their QR.
  expect(toHex(sha256(recordBytes(goldenRecord)))).toBe(goldenDigest);
});

test('no changed byte of a sealed record is accepted', async () => {
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    expect((await open(changed)).ok, `byte ${at}`).toBe(false);
  }
});

test('no sealed record cut short or prolonged is accepted', async () => {
  for (let length = 0; length < sealed.length; length += 1) {
    expect((await open(sealed.subarray(0, length))).ok, `${length} bytes`).toBe(false);
  }
  expect(await open(Uint8Array.from([...sealed, 0]))).toEqual({ ok: false, reason: 'trailing-bytes' });
});

test('no changed character of a QR is accepted', async () => {
  for (let at = 0; at < qr.length; at += 1) {
    const other = qr[at] === 'A' ? 'B' : 'A';
    expect((await openCode(qr.slice(0, at) + other + qr.slice(at + 1))).ok, `character ${at}`).toBe(false);
    expect((await openCode(qr.slice(0, at))).ok, `${at} characters`).toBe(false);
  }
});

test.each([
  ['unknown-issuer', { kid: stranger.signer.kid }, today],
  ['bad-signature', { jwk: stranger.publicKey }, today],
  ['issuer-withdrawn', { withdrawnAt: '2027-01-01' }, today],
  ['issuer-expired', { until: '2026-11-23' }, today],
  ['issuer-expired', {}, '2029-01-01'],
  ['issuer-not-yet-admitted', { from: '2026-11-25' }, today],
  ['wrong-issuer', { name: '别处社会保险事业管理中心' }, today],
] as const)('refuses a sealed record: %s %j', async (reason, change, day) => {
  expect(await open(sealed, issuersWith(change), day)).toEqual({ ok: false, reason });
});

test.each([
  ['unknown-issuer', { kid: stranger.signer.kid }],
  ['bad-signature', { jwk: stranger.publicKey }],
  ['issuer-withdrawn', { withdrawnAt: '2027-01-01' }],
  ['issuer-expired', { until: '2026-11-23' }],
  ['issuer-not-yet-admitted', { from: '2026-11-25' }],
] as const)('refuses a QR: %s', async (reason, change) => {
  expect(await openCode(qr, issuersWith(change))).toEqual({ ok: false, reason });
});

test.each([
  ['wrong-version', { ...sampleProof, version: 2 }],
  ['layout-unknown', { ...sampleProof, layout: 'benefit-details' }],
  ['invalid-record', { ...sampleProof, surprise: true }],
  ['invalid-record', { ...sampleProof, issuedOn: '2026-02-30' }],
  ['invalid-record', { ...sampleProof, months: [{ ...sampleProof.months[0], baseCents: 1.5 }] }],
  ['invalid-record', [1, 2, 3]],
] as const)('refuses what an admitted issuer sealed but should not have: %s', async (reason, record) => {
  const bytes = await encodeCoseSign1(encodeCanonical(record), signer, recordContentType);
  expect(await open(bytes)).toEqual({ ok: false, reason });
});

test('takes no QR for a record and no record for a QR, though one key seals both', async () => {
  const record = await encodeCoseSign1(encodeCanonical(sampleProof), signer);
  expect(await open(record)).toEqual({ ok: false, reason: 'malformed' });
  expect(await openCode(`SIK1:${encodeBase45(sealed)}`)).toMatchObject({ ok: false });
});

test('names an algorithm it does not know', async () => {
  const header = encodeCanonical(
    new Map<number, unknown>([
      [1, -7000],
      [3, recordContentType],
      [4, new Uint8Array(8)],
    ]),
  );
  const bytes = encodeCanonical(new Tagged(18, [header, new Map(), recordBytes(sampleProof), new Uint8Array(64)]));
  expect(await open(bytes)).toEqual({ ok: false, reason: 'algorithm-unsupported' });
});

test('the QR says who, what and when, within 300 characters, and 480 for thirty rare ones', async () => {
  expect(await openCode(qr)).toMatchObject({
    ok: true,
    claim: {
      layout: 'proof-of-insurance',
      name: '张建国',
      maskedNumber: '990***********0017',
      number: 'YC202611240372',
      issuedOn: '2026-11-24',
      recordDigest: toHex(sha256(recordBytes(sampleProof))),
    },
  });
  expect(qr.length).toBeLessThanOrEqual(300);
  const rare: CertificateRecord = { ...sampleProof, subject: { ...sampleProof.subject, name: '𠮷𡋾'.repeat(15) } };
  expect((await encodeQr(rare, signer, sha256)).length).toBeLessThanOrEqual(480);
});

test('lets a certificate pass only with its own QR and the layout of this kiosk', async () => {
  const layouts = readLayoutDigests();
  const options = { issuers: issuersWith(), today, layouts };
  const record = { ...sampleProof, layoutDigest: layouts['proof-of-insurance'] };
  const issued = { sealed: await sealRecord(record, signer), qr: await encodeQr(record, signer, sha256) };
  expect(await checkCertificate(issued, options)).toMatchObject({ ok: true, record });
  expect(await checkCertificate({ ...issued, sealed }, options)).toEqual({ ok: false, reason: 'layout-changed' });
  expect(await checkCertificate({ ...issued, qr }, options)).toEqual({ ok: false, reason: 'qr-mismatch' });
  expect(await checkCertificate({ ...issued, qr: 'SIK1:NOTHING' }, options)).toEqual({
    ok: false,
    reason: 'qr-malformed',
  });
});

const goldenRecord: CertificateRecord = { ...sampleNotice, notes: [] };
const goldenDigest = '91969b0f30e9040c0316c02247ca255027760ac05621831639b9067d2e5e30d0';

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}
