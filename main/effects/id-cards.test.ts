import { describe, expect, test } from 'vitest';
import type { CompletionCode, DeviceStatus } from '../../devices/device.ts';
import { bareStatus } from '../../devices/device.ts';
import type { Remedy, ResidentIdReader, ResidentIdReading } from '../../devices/resident-id-card/adapter.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import { createLog } from '../log.ts';
import { createIdCardEffects, troubleOfIdReading } from './id-cards.ts';
import { holder, patient, visit } from './test/called-centre.ts';

const today = '2026-11-24';
const samNumber = '05.03-20261101-0000001234-0987654321';
const resident = {
  kind: 'resident',
  name: holder.name,
  isNameCut: false,
  sex: 'male',
  birth: '1978-03-15',
  idNumber: holder.idNumber,
  address: '云川市东湖区滨江路1号',
  issuer: '云川市公安局东湖分局',
  validFrom: '2019-06-01',
  validUntil: { kind: 'date', date: '2039-05-31' },
  appendedAddress: { kind: 'none' },
  photo: null,
} as const satisfies ResidentIdReading;

/** The effect over a reader that comes back with this; what was logged is written down. */
function reading(
  result: Awaited<ReturnType<ResidentIdReader['readCard']>>,
  about: { model?: string; device?: DeviceStatus['device'] } = {},
) {
  const lines: string[] = [];
  const reader = {
    readCard: async () => result,
    status: () => ({ ...bareStatus, device: about.device ?? 'online' }),
    capabilities: { kind: 'resident-id-card', model: about.model ?? samNumber, features: [] },
  } satisfies Pick<ResidentIdReader, 'readCard' | 'status' | 'capabilities'>;
  const { readIdCard } = createIdCardEffects({
    reader: reader as unknown as ResidentIdReader,
    log: createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'debug' }),
    today: () => today,
  });
  return { lines, answer: readIdCard(visit, patient) };
}

describe('an identity card that was read', () => {
  test('becomes a claim with what identifies its holder, and nothing more of what stands on it', async () => {
    const { answer, lines } = reading({ ok: true, value: resident });
    expect(await answer).toEqual({
      ok: true,
      card: {
        kind: 'resident-id-card',
        idNumber: holder.idNumber,
        name: holder.name,
        validUntil: '2039-05-31',
        sam: samNumber,
        maskedName: '张**',
        maskedNumber: expect.stringMatching(/^890\*+\d{3}[\dX]$/),
      },
    });
    for (const secret of [holder.name, holder.idNumber, '滨江路']) expect(lines.join()).not.toContain(secret);
  });

  test.each<[string, ResidentIdReading, object]>([
    ['without an end', { ...resident, validUntil: { kind: 'long-term' } }, { validUntil: null }],
    ['that states no end', { ...resident, validUntil: { kind: 'unstated' } }, { validUntil: null }],
    [
      'of a foreigner',
      {
        kind: 'foreigner-2023',
        sex: 'female',
        birth: '1988-04-12',
        idNumber: '989616198804120010',
        validFrom: '2023-12-15',
        validUntil: { kind: 'date', date: '2033-12-14' },
        englishName: 'KOWALSKA ANNA MARIA',
        chineseName: '安娜',
        nationality: 'XTS',
        renewals: '01',
        appendedAddress: { kind: 'none' },
        photo: null,
      },
      { name: 'KOWALSKA ANNA MARIA', idNumber: '989616198804120010' },
    ],
  ])('%s is claimed by what it says', async (_what, value, card) => {
    expect(await reading({ ok: true, value }).answer).toMatchObject({ ok: true, card });
  });

  test('says nothing of the module where the reader gave no number', async () => {
    const { answer } = reading({ ok: true, value: resident }, { model: 'SAM_V' });
    expect(await answer).toMatchObject({ card: { sam: '' } });
  });
});

test.each<[string, ResidentIdReading, TroubleReason | null]>([
  ['its last day', { ...resident, validUntil: { kind: 'date', date: today } }, null],
  ['the day after', { ...resident, validUntil: { kind: 'date', date: '2026-11-23' } }, 'id-card-expired'],
  ...(
    [
      ['visitor-lays-card', 'id-card-unreadable'],
      ['visitor-lays-card-again', 'id-card-unreadable'],
      ['visitor-takes-another-card', 'id-card-other'],
      ['visitor-goes-to-window', 'id-card-refused'],
      ['staff-checks-cable', 'id-reader-out'],
      ['staff-checks-model', 'id-reader-out'],
      ['staff-replaces-reader', 'id-reader-out'],
    ] satisfies [Remedy, TroubleReason][]
  ).map(([remedy, trouble]): [string, ResidentIdReading, TroubleReason] => [
    remedy,
    { kind: 'unreadable', cause: 'read-failed', remedy },
    trouble,
  ]),
])('takes %s for what it is', (_what, value, trouble) => {
  expect(troubleOfIdReading(value, today)).toBe(trouble);
});

test.each<[CompletionCode, DeviceStatus['device'], TroubleReason]>([
  ['deviceNotReady', 'online', 'id-card-unreadable'],
  ['timeout', 'online', 'id-card-unreadable'],
  ['invalidData', 'online', 'id-card-unreadable'],
  ['cancelled', 'online', 'id-card-unreadable'],
  ['deviceNotReady', 'noDevice', 'id-reader-out'],
  ['timeout', 'offline', 'id-reader-out'],
  ['hardwareError', 'online', 'id-reader-out'],
])('tells %s of a reader that is %s as %s', async (completion, device, reason) => {
  const { answer, lines } = reading({ ok: false, reason: completion, detail: 'why' }, { device });
  expect(await answer).toEqual({ ok: false, reason });
  expect(lines.join()).toContain('id-card.not-read');
});

test('says that there is no reader where the terminal has none', async () => {
  const log = createLog({ write: () => {}, nowMs: () => 0, level: 'error' });
  const { readIdCard } = createIdCardEffects({ reader: null, log, today: () => today });
  expect(await readIdCard(visit, patient)).toEqual({ ok: false, reason: 'id-reader-out' });
});
