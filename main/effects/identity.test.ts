import { afterEach, beforeEach, expect, test } from 'vitest';
import { maxElectronicCodeLength } from '../../state-machines/contract/central/identity.ts';
import type { CardRead, Effects } from '../../state-machines/effects.ts';
import { createIdentityEffects } from './identity.ts';
import type { CalledCentre } from './test/called-centre.ts';
import { holder, login, openCentre, patient, visit } from './test/called-centre.ts';

const code = '651089204417735021';
let called: CalledCentre;
let effects: Pick<Effects, 'checkCard' | 'proveCode'>;

beforeEach(async () => {
  called = await openCentre();
  effects = createIdentityEffects(called);
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
  called.centre.replies('/v1/identity/cards', { json: { state: 'unknown' } });
  expect(await effects.checkCard(visit, card, patient)).toEqual({ ok: true, standing: { state: 'unknown' } });
  expect(called.centre.calls('/v1/identity/cards').map(({ body }) => body)).toEqual([{ visit: visit.id, card: claim }]);
});

test.each([
  { state: 'right', login },
  { state: 'expired' },
  { state: 'used' },
  { state: 'unknown' },
  { state: 'unavailable' },
] as const)('passes on what the centre says of a code, and writes the code down nowhere: $state', async (answer) => {
  called.centre.replies('/v1/identity/codes', { json: answer });
  expect(await effects.proveCode(visit, code, patient)).toEqual({ ok: true, answer });
  expect(called.centre.calls('/v1/identity/codes').map(({ body }) => body)).toEqual([{ visit: visit.id, code }]);
  expect(called.lines.join()).toContain('login.answered');
  expect(called.lines.join()).not.toContain(code.slice(2, 8));
});

test('asks nobody about a code that is longer than any electronic card’s', async () => {
  const long = 'x'.repeat(maxElectronicCodeLength + 1);
  expect(await effects.proveCode(visit, long, patient)).toEqual({ ok: true, answer: { state: 'unknown' } });
  expect(called.centre.calls('/v1/identity/codes')).toEqual([]);
});
