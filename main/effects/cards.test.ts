import { expect, test, vi } from 'vitest';
import type { CompletionCode, DeviceStatus } from '../../devices/device.ts';
import { bareStatus } from '../../devices/device.ts';
import type { SocialSecurityCardReader } from '../../devices/social-security-card/adapter.ts';
import type { CardReading } from '../../devices/social-security-card/reading.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import { createLog } from '../log.ts';
import { createCardEffects, troubleOfReading } from './cards.ts';
import { holder, patient, visit } from './test/called-centre.ts';

const today = '2026-11-24';
const read = {
  kind: 'read',
  partly: false,
  interface: 'contact',
  cardNumber: 'Y00890001',
  identificationCode: '8901000000000000000000000000001F',
  regionCode: '890100',
  idNumber: holder.idNumber,
  name: holder.name,
  issuedOn: '2018-01-01',
  validUntil: '2028-01-01',
  specification: '2.00',
  sex: 'male',
} as const satisfies CardReading;

/** The effect over a reader that comes back with this; what was logged is written down. */
function reading(
  result: Awaited<ReturnType<SocialSecurityCardReader['readCard']>>,
  media: DeviceStatus['media'] = 'present',
) {
  const lines: string[] = [];
  const returnCard = vi.fn();
  const reader = {
    readCard: async () => result,
    status: () => ({ ...bareStatus, device: 'online', media }) as const,
  } satisfies Pick<SocialSecurityCardReader, 'readCard' | 'status'>;
  const { readCard } = createCardEffects({
    reader: reader as unknown as SocialSecurityCardReader,
    returnCard,
    log: createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'debug' }),
    today: () => today,
  });
  return { lines, returnCard, answer: readCard(visit, patient) };
}

test.each<[string, CardReading, TroubleReason | null]>([
  ['a card in order', read, null],
  ['its last day', { ...read, validUntil: today }, null],
  ['the day after', { ...read, validUntil: '2026-11-23' }, 'card-expired'],
  ['no date at all', { ...read, validUntil: null }, null],
  ['a silent chip', { kind: 'mute' }, 'card-mute'],
  ['a chip that answers nonsense', { kind: 'unreadable', cause: 'malformed-answer' }, 'card-unreadable'],
  ['a bank card', { kind: 'other-application-only', application: 'bank' }, 'card-other-application'],
  ['a blocked application', { kind: 'application-blocked' }, 'card-other-application'],
  ['a locked PIN', { kind: 'pin-locked' }, 'card-pin-locked'],
  ['a PIN that is asked for', { kind: 'pin-required', triesLeft: 3 }, 'card-partly-readable'],
  [
    'a third-generation card that says who issued it',
    { ...read, partly: true, idNumber: null, name: null, missing: ['idNumber', 'name'] },
    null,
  ],
  [
    'a third-generation card that says nothing to ask the centre by',
    { ...read, partly: true, idNumber: null, name: null, identificationCode: null, missing: ['idNumber', 'name'] },
    'card-partly-readable',
  ],
])('takes %s for what it is', (_what, card, trouble) => {
  expect(troubleOfReading(card, today)).toBe(trouble);
});

test.each<[CompletionCode, TroubleReason]>([
  ['timeout', 'card-unreadable'],
  ['invalidData', 'card-unreadable'],
  ['userError', 'card-unreadable'],
  ['deviceNotReady', 'card-reader-out'],
  ['hardwareError', 'card-reader-out'],
  ['cancelled', 'card-busy'],
  ['notSupported', 'card-busy'],
])('tells a reader that came back with %s as %s', async (completion, reason) => {
  const { answer } = reading({ ok: false, reason: completion, detail: 'as played' });
  expect(await answer).toEqual({ ok: false, reason });
});

test.each<[string, Parameters<typeof reading>[0]]>([
  ['it lies upside down', { ok: true, value: { kind: 'mute' } }],
  ['it cannot be read', { ok: true, value: { kind: 'unreadable', cause: 'malformed-answer' } }],
  ['it did not answer in time', { ok: false, reason: 'timeout', detail: 'as played' }],
])('gives a card back to be put in again where %s', async (_why, result) => {
  const { answer, returnCard } = reading(result);
  await answer;
  expect(returnCard).toHaveBeenCalledOnce();
});

test.each<[string, Parameters<typeof reading>[0]]>([
  ['is in order', { ok: true, value: read }],
  ['has expired', { ok: true, value: { ...read, validUntil: '2026-11-23' } }],
  ['is in a reader that is out', { ok: false, reason: 'deviceNotReady', detail: 'as played' }],
])('holds a card that %s: the visit’s end gives it back', async (_what, result) => {
  const { answer, returnCard } = reading(result);
  await answer;
  expect(returnCard).not.toHaveBeenCalled();
});

test.each<[DeviceStatus['media'], TroubleReason]>([
  ['jammed', 'card-jammed'],
  ['entering', 'card-unreadable'],
])('tells of a card that is %s in its reader as of a card and not of a reader', async (media, reason) => {
  const { answer } = reading({ ok: false, reason: 'deviceNotReady', detail: 'no card' }, media);
  expect(await answer).toEqual({ ok: false, reason });
});

test('makes a claim of what the card says, its face masked', async () => {
  const { answer } = reading({ ok: true, value: read });
  expect(await answer).toEqual({
    ok: true,
    card: {
      kind: 'social-security-card',
      cardNumber: 'Y00890001',
      identificationCode: '8901000000000000000000000000001F',
      regionCode: '890100',
      idNumber: holder.idNumber,
      maskedName: '张**',
      maskedNumber: '890***********0019',
    },
  });
});

test('claims nothing the card withheld', async () => {
  const value: CardReading = { ...read, partly: true, idNumber: null, name: null, missing: ['idNumber', 'name'] };
  const { answer } = reading({ ok: true, value });
  expect(await answer).toMatchObject({ ok: true, card: { idNumber: '', maskedName: '', maskedNumber: '' } });
});

test('logs what kind of card it was, and nothing that is on it', async () => {
  const { answer, lines } = reading({ ok: true, value: read });
  await answer;
  expect(lines.join('')).toContain('card.read');
  expect(lines.join('')).not.toMatch(/张建国|890101197803150019|Y00890001|8901000000/);
});

test('says that the reader is out where the terminal has none', async () => {
  const { readCard } = createCardEffects({
    reader: null,
    returnCard: () => undefined,
    log: createLog({ write: () => {}, nowMs: () => 0, level: 'error' }),
    today: () => today,
  });
  expect(await readCard(visit, patient)).toEqual({ ok: false, reason: 'card-reader-out' });
});
