import { generateKeyPairSync } from 'node:crypto';
import { CompactSign } from 'jose';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { encodeBase45 } from '../../state-machines/certificates/base45.ts';
import { encodeCanonical } from '../../state-machines/certificates/canonical.ts';
import { encodeCoseSign1 } from '../../state-machines/certificates/cose-sign1.ts';
import type { AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import { encodeQr } from '../../state-machines/certificates/qr.ts';
import type { Effects } from '../../state-machines/effects.ts';
import { signAdmittedIssuers } from '../certificates/admitted-issuers.ts';
import { createSigner, sha256 } from '../certificates/node-crypto.ts';
import { sampleProof } from '../certificates/sample-records.ts';
import type { Store } from '../store/store.ts';
import { catalogueCopy } from '../uplink/catalogue.ts';
import { problem, type Reply } from '../uplink/test/scripted-centre.ts';
import { createCodeEffects } from './codes.ts';
import type { CalledCentre } from './test/called-centre.ts';
import { openCentre, patient } from './test/called-centre.ts';

const { signer, publicKey } = createSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const stranger = createSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const ofNumber = `/v2/certificates/numbers/${sampleProof.number}`;
const ofCode = `/v2/certificates/codes/${sampleProof.code}`;

let called: CalledCentre;
let qr: string;
let issuers: AdmittedIssuers | null;
let withdrawn: string[];
let checkCode: Effects['checkCode'];

beforeAll(async () => {
  qr = await encodeQr(sampleProof, signer, sha256);
});
beforeEach(async () => {
  called = await openCentre();
  issuers = issuersWith({});
  withdrawn = [];
  const catalogue = { issuers: () => issuers, isWithdrawn: (number: string) => withdrawn.includes(number) };
  ({ checkCode } = createCodeEffects({ client: called.client, catalogue }));
});
afterEach(() => called.close());

function issuersWith(change: Partial<AdmittedIssuers['issuers'][number]>): AdmittedIssuers {
  const issuer = { ...sampleProof.issuer, kid: signer.kid, jwk: publicKey, from: '2026-01-01', until: '2028-12-31' };
  return { version: 1, serial: 1, publishedOn: '2026-01-01', issuers: [{ ...issuer, ...change }] };
}

const genuine = {
  kind: 'genuine',
  number: sampleProof.number,
  layout: 'proof-of-insurance',
  maskedName: '张**',
  maskedNumber: '990***********0017',
  issuer: sampleProof.issuer.name,
  issuedOn: '2026-11-24',
};

test.each(['good', 'withdrawn', 'void'] as const)(
  'asks the centre what became of a paper whose seal is right: %s',
  async (state) => {
    // It asked by the code that is typed, which a number is not: every paper's standing was unknown, withdrawn ones too.
    called.centre.replies(ofNumber, { json: { state } });
    const { centre } = called;
    expect(await checkCode(qr, patient)).toEqual({
      ok: true,
      check: { ...genuine, by: 'signature', standing: state },
    });
    expect(centre.heard.map(({ path }) => path).filter((path) => path.includes('certificates'))).toEqual([ofNumber]);
  },
);

test('proves a paper by its seal alone where the centre cannot be asked', async () => {
  called.centre.replies(ofNumber, problem(503, 'unavailable'));
  expect(await checkCode(qr, patient)).toMatchObject({ ok: true, check: { by: 'signature', standing: null } });
});

// It was told as genuine without the line, though the kiosk had the number in its list.
test.each<[string, Reply]>([
  ['the line is cut', 'cut'],
  ['the centre is in trouble', problem(503, 'unavailable')],
  ['the centre answers nonsense', { json: { state: 'splendid' } }],
  ['the centre does not know the number', { json: { state: 'unknown' } }],
])('says of a paper on the list of the withdrawn that it is withdrawn while %s', async (_what, reply) => {
  withdrawn = [sampleProof.number];
  called.centre.replies(ofNumber, reply);
  expect(await checkCode(qr, patient)).toEqual({
    ok: true,
    check: { ...genuine, by: 'signature', standing: 'withdrawn' },
  });
});

test("takes the centre's word, where it can be had, before the list's", async () => {
  withdrawn = [sampleProof.number];
  called.centre.replies(ofNumber, { json: { state: 'good' } });
  expect(await checkCode(qr, patient)).toMatchObject({ check: { standing: 'good' } });
});

test('refuses, from the moment the list comes down and without the line after it, whatever a withdrawn seal has sealed', async () => {
  const { privateKey, publicKey: rootKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = rootKey.export({ format: 'jwk' });
  const root = () => ({ kty: 'EC', crv: 'P-256', x, y, kid: 'root' }) as const;
  const kept = new Map<string, unknown>();
  const store: Pick<Store, 'readSetting' | 'writeSetting'> = {
    readSetting: (name) => ({ ok: true, value: kept.get(name) ?? null }),
    writeSetting(name, value) {
      kept.set(name, value);
      return { ok: true };
    },
  };
  const catalogue = catalogueCopy({ store, client: called.client, root });
  const bring = async (version: number, change: Parameters<typeof issuersWith>[0]) => {
    const text = { zh: '一', en: '1' };
    const list = await signAdmittedIssuers({ ...issuersWith(change), serial: version }, privateKey);
    const edition = {
      version,
      items: [],
      agreement: { version: '1', sections: [{ title: text, text }] },
      issuers: list,
    };
    const signed = await new CompactSign(new TextEncoder().encode(JSON.stringify(edition)))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    called.centre.replies('/v2/catalogue/changes', { json: { state: 'newer', version, signed } });
    expect(await catalogue.refresh()).toMatchObject({ ok: true, changed: true });
  };
  called.centre.replies(ofNumber, 'cut');
  const checked = createCodeEffects({ client: called.client, catalogue });

  await bring(1, {});
  expect(await checked.checkCode(qr, patient)).toMatchObject({ check: { kind: 'genuine' } });
  await bring(2, { withdrawnAt: '2026-11-24' });
  const refused = { ok: true, check: { kind: 'issuer-not-admitted', why: 'withdrawn' } };
  expect(await checked.checkCode(qr, patient)).toEqual(refused);

  const afterPowerCut = catalogueCopy({ store, client: called.client, root });
  await afterPowerCut.load();
  const offline = createCodeEffects({ client: called.client, catalogue: afterPowerCut });
  expect(await offline.checkCode(qr, patient)).toEqual(refused);
});

test('says nothing by the list of papers that are not on it', async () => {
  withdrawn = ['YC202611240373'];
  called.centre.replies(ofNumber, 'cut');
  expect(await checkCode(qr, patient)).toMatchObject({ check: { kind: 'genuine', standing: null } });
});

test('waits for the centre a little, and no longer, when the seal already proves the paper', async () => {
  called.centre.replies(ofNumber, 'hang');
  const checked = checkCode(qr, patient);
  await called.centre.called(ofNumber, 1);
  called.clock.advance(2_500);
  expect(await checked).toMatchObject({ ok: true, check: { kind: 'genuine', standing: null } });
});

test('does not say of a number the centre does not know that it is good', async () => {
  called.centre.replies(ofNumber, { json: { state: 'unknown' } });
  expect(await checkCode(qr, patient)).toMatchObject({ ok: true, check: { standing: null } });
});

test.each<[string, () => Promise<string> | string, unknown]>([
  [
    'one byte of its seal changed',
    () => {
      const at = qr.length - 8;
      return qr.slice(0, at) + (qr[at] === '0' ? '1' : '0') + qr.slice(at + 1);
    },
    { kind: 'forged' },
  ],
  ['sealed by nobody known', () => encodeQr(sampleProof, stranger.signer, sha256), { kind: 'unknown-issuer' }],
  ['something else altogether', () => 'https://example.com/', { kind: 'not-ours' }],
])('tells a code for what it is: %s', async (_what, text, check) => {
  expect(await checkCode(await text(), patient)).toEqual({ ok: true, check });
});

test.each([
  ['expired', { until: '2026-11-23' }, 'expired'],
  ['not admitted yet', { from: '2026-11-25' }, 'expired'],
  ['withdrawn', { withdrawnAt: '2026-11-20' }, 'withdrawn'],
] as const)('says of a seal that is %s that it does not count', async (_what, change, why) => {
  issuers = issuersWith(change);
  expect(await checkCode(qr, patient)).toEqual({ ok: true, check: { kind: 'issuer-not-admitted', why } });
});

test('calls a code that lost characters on the way unreadable, not false', async () => {
  // A scanner that types drops a key now and then; the visitor was told to report a forgery.
  expect(await checkCode(qr.slice(0, -3), patient)).toEqual({ ok: false, reason: 'code-unreadable' });
  expect(await checkCode(`${qr.slice(0, 40)}${qr.slice(43)}`, patient)).toEqual({
    ok: false,
    reason: 'code-unreadable',
  });
});

test('calls a code unreadable that its issuer sealed and this kiosk does not understand', async () => {
  const text = `SIK1:${encodeBase45(await encodeCoseSign1(encodeCanonical(new Map([[1, 99]])), signer))}`;
  expect(text.slice(0, 5)).toBe(qr.slice(0, 5));
  expect(await checkCode(text, patient)).toEqual({ ok: false, reason: 'code-unreadable' });
});

test('cannot tell anything of a seal before it has the list of issuers', async () => {
  issuers = null;
  expect(await checkCode(qr, patient)).toEqual({ ok: false, reason: 'centre-unreachable' });
});

test('asks the centre for a typed code, however it is typed', async () => {
  const { number, layout, maskedName, maskedNumber, issuer, issuedOn } = genuine;
  called.centre.replies(ofCode, {
    json: { state: 'withdrawn', number, layout, maskedName, maskedNumber, issuer, issuedOn, withdrawnAt: 1 },
  });
  const typed = ` ${sampleProof.code.toLowerCase().replaceAll('-', ' ')} `;
  expect(await checkCode(typed, patient)).toEqual({
    ok: true,
    check: { ...genuine, by: 'centre', standing: 'withdrawn' },
  });
});

test('tells a typed code the centre does not have', async () => {
  called.centre.replies(ofCode, { json: { state: 'unknown' } });
  expect(await checkCode(sampleProof.code, patient)).toEqual({ ok: true, check: { kind: 'unknown-code' } });
});

test('cannot tell anything of a typed code without the centre, or by an answer that is nonsense', async () => {
  called.centre.replies(ofCode, problem(503, 'unavailable'), { json: { state: 'splendid' } });
  expect(await checkCode(sampleProof.code, patient)).toEqual({ ok: false, reason: 'centre-unreachable' });
  expect(await checkCode(sampleProof.code, patient)).toEqual({ ok: false, reason: 'centre-trouble' });
});
