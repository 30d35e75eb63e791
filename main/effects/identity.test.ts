import { afterEach, beforeEach, expect, test } from 'vitest';
import { maxElectronicCodeLength } from '../../state-machines/contract/central/identity.ts';
import type { CardRead, Effects } from '../../state-machines/effects.ts';
import { createIdentityEffects } from './identity.ts';
import { createPadDesk } from './pin-pad.ts';
import type { CalledCentre } from './test/called-centre.ts';
import { holder, login, openCentre, patient, visit } from './test/called-centre.ts';

const code = '651089204417735021';
let called: CalledCentre;
let effects: Pick<Effects, 'checkCard' | 'provePassword' | 'proveCode'>;

beforeEach(async () => {
  called = await openCentre();
  effects = createIdentityEffects({ ...called, pad: createPadDesk({ pad: null, log: called.log }) });
});
afterEach(() => called.close());

test('asks the centre with what the card told, without the face it has on the screen', async () => {
  const claim = {
    kind: 'resident-id-card',
    idNumber: holder.idNumber,
    name: holder.name,
    validUntil: null,
    sam: '',
  } as const;
  const card: CardRead = { ...claim, maskedName: '张**', maskedNumber: '890***' };
  called.centre.replies('/v2/identity/cards', { json: { state: 'unknown' } });
  expect(await effects.checkCard(visit, card, patient)).toEqual({ ok: true, standing: { state: 'unknown' } });
  expect(called.centre.calls('/v2/identity/cards').map(({ body }) => body)).toEqual([{ visit: visit.id, card: claim }]);
});

test.each([
  { state: 'right', login },
  { state: 'expired' },
  { state: 'used' },
  { state: 'unknown' },
  { state: 'unavailable' },
] as const)('passes on what the centre says of a code, and writes the code down nowhere: $state', async (answer) => {
  called.centre.replies('/v2/identity/codes', { json: answer });
  expect(await effects.proveCode(visit, code, patient)).toEqual({ ok: true, answer });
  expect(called.centre.calls('/v2/identity/codes').map(({ body }) => body)).toEqual([{ visit: visit.id, code }]);
  expect(called.lines.join()).toContain('login.answered');
  expect(called.lines.join()).not.toContain(code.slice(2, 8));
});

test('asks nobody about a code that is longer than any electronic card’s', async () => {
  const long = 'x'.repeat(maxElectronicCodeLength + 1);
  expect(await effects.proveCode(visit, long, patient)).toEqual({ ok: true, answer: { state: 'unknown' } });
  expect(called.centre.calls('/v2/identity/codes')).toEqual([]);
});

const read: CardRead = {
  kind: 'social-security-card',
  cardNumber: 'Y00890001',
  identificationCode: '',
  regionCode: '890100',
  idNumber: holder.idNumber,
  maskedName: '张**',
  maskedNumber: '890***',
};

// The grant of a card pulled in that moment stayed open at the centre until its time was over.
test.each([
  ['a password', '/v2/identity/passwords', (gone: AbortSignal) => effects.provePassword(visit, read, 'jwe', gone)],
  ['a code', '/v2/identity/codes', (gone: AbortSignal) => effects.proveCode(visit, code, gone)],
] as const)(
  'ends the visit at the centre whose login is granted by %s after the visitor has gone',
  async (_by, path, prove) => {
    const visitor = new AbortController();
    called.centre.on(path, () => {
      visitor.abort();
      return { json: { state: 'right', login } };
    });
    called.centre.replies('/v2/identity/ends', { json: { ended: true } });
    expect(await prove(visitor.signal)).toMatchObject({ ok: false });
    await called.centre.called('/v2/identity/ends', 1);
    const [ended] = called.centre.calls('/v2/identity/ends');
    expect(ended?.body).toEqual({ visit: visit.id });
    expect(ended?.headers['visit-grant']).toBe(login.grant);
  },
);

test('ends nothing at the centre where the login that comes too late was refused', async () => {
  const visitor = new AbortController();
  called.centre.on('/v2/identity/codes', () => {
    visitor.abort();
    return { json: { state: 'used' } };
  });
  await effects.proveCode(visit, code, visitor.signal);
  expect(called.centre.heard.map(({ path }) => path)).not.toContain('/v2/identity/ends');
});
