import { generateKeyPairSync } from 'node:crypto';
import { CompactSign } from 'jose';
import { expect, test } from 'vitest';
import type { AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import { readAdmittedIssuers, signAdmittedIssuers } from './admitted-issuers.ts';
import { createSigner } from './node-crypto.ts';

const root = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const { publicKey: rootKey } = createSigner(root);
const seal = createSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

const list: AdmittedIssuers = {
  version: 1,
  serial: 7,
  publishedOn: '2026-11-01',
  issuers: [
    {
      id: 'yunchuan',
      name: '云川市社会保险事业管理中心',
      kid: seal.signer.kid,
      jwk: seal.publicKey,
      from: '2026-01-01',
      until: '2028-12-31',
    },
  ],
};

function signAnything(payload: string, header: { typ?: string; alg?: string } = {}) {
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'ES256', typ: 'admitted-issuers+jws', ...header })
    .sign(root);
}

test('reads the list the centre signed', async () => {
  const jws = await signAdmittedIssuers(list, root);
  expect(await readAdmittedIssuers(`${jws}\n`, { rootKey })).toEqual({ ok: true, issuers: list });
});

test('refuses a list that somebody else signed', async () => {
  const jws = await signAdmittedIssuers(list, other);
  expect(await readAdmittedIssuers(jws, { rootKey })).toEqual({ ok: false, reason: 'bad-signature' });
});

test('refuses an older edition, which may hold a seal that was withdrawn since', async () => {
  const jws = await signAdmittedIssuers(list, root);
  expect(await readAdmittedIssuers(jws, { rootKey, newestSerial: 8 })).toEqual({ ok: false, reason: 'rolled-back' });
  expect(await readAdmittedIssuers(jws, { rootKey, newestSerial: 7 })).toMatchObject({ ok: true });
});

test('refuses what the root signed for another purpose', async () => {
  const jws = await signAnything(JSON.stringify(list), { typ: 'catalogue+jws' });
  expect(await readAdmittedIssuers(jws, { rootKey })).toEqual({ ok: false, reason: 'malformed' });
});

test.each([
  ['a later version', JSON.stringify({ ...list, version: 2 }), 'wrong-version'],
  ['a key twice', JSON.stringify({ ...list, issuers: [list.issuers[0], list.issuers[0]] }), 'malformed'],
  ['a field nobody knows', JSON.stringify({ ...list, trusted: true }), 'malformed'],
  ['no JSON', '{', 'malformed'],
] as const)('refuses %s', async (_, payload, reason) => {
  expect(await readAdmittedIssuers(await signAnything(payload), { rootKey })).toEqual({ ok: false, reason });
});

test.each(['', 'a.b.c', '..', 'eyJhbGciOiJub25lIn0.e30.', '\u0000'.repeat(99)])(
  'refuses %j without an exception',
  async (text) => {
    expect((await readAdmittedIssuers(text, { rootKey })).ok).toBe(false);
  },
);
