import { expect, test, vi } from 'vitest';
import type { Completion, DeviceStatus } from '../../devices/device.ts';
import { bareStatus } from '../../devices/device.ts';
import type { IoBoard } from '../../devices/io-board/adapter.ts';
import type { CardHolder, CardReader } from '../../devices/social-security-card/adapter.ts';
import { lights } from '../../state-machines/kiosk/status-light.ts';
import { createLog } from '../log.ts';
import { createCabinetEffects } from './cabinet.ts';

const done: Completion<null> = { ok: true, value: null };
const stuck: Completion<null> = { ok: false, reason: 'hardwareError', detail: 'jammed' };

/** The effects over a motorised reader with its card there, whose commands end so, and a board; what was logged is written down. */
function cabinet(media: DeviceStatus['media'], ends: Completion<null> = done) {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'debug' });
  const holder = {
    id: 'card-reader',
    status: () => ({ ...bareStatus, device: 'online', media }) as const,
    allowEntry: vi.fn(async (_isAllowed: boolean) => ends),
    returnCard: vi.fn(async () => ends),
    retainCard: vi.fn(async () => ends),
  } satisfies Pick<CardReader, 'id' | 'status'> & CardHolder;
  const setLight = vi.fn<IoBoard['setLight']>(async (light) => (ends.ok ? { ok: true, value: light } : ends));
  const effects = createCabinetEffects({
    reader: holder as unknown as CardReader,
    board: { id: 'board', setLight },
    log,
  });
  return { effects, holder, setLight, lines };
}

test('gives back a card that the reader holds', () => {
  const { effects, holder } = cabinet('present');
  effects.returnCard();
  expect(holder.returnCard).toHaveBeenCalledOnce();
});

test.each<DeviceStatus['media']>(['notPresent', 'entering', 'jammed', 'retained', 'unknown'])(
  'leaves a card alone that is %s: there is nothing to give back, or it lies at the gate already',
  (media) => {
    const { effects, holder } = cabinet(media);
    effects.returnCard();
    expect(holder.returnCard).not.toHaveBeenCalled();
  },
);

test('opens and closes the gate, and keeps no card by itself', () => {
  const { effects, holder } = cabinet('notPresent');
  effects.admitCards(false);
  effects.admitCards(true);
  expect(holder.allowEntry.mock.calls).toEqual([[false], [true]]);
  expect(holder.retainCard).not.toHaveBeenCalled();
});

test('shows on the light how the terminal is', () => {
  const { effects, setLight } = cabinet('notPresent');
  effects.showLight(lights.attention);
  expect(setLight.mock.calls).toEqual([[{ colour: 'amber', isBlinking: true }]]);
});

test('writes down what did not come about, with why', async () => {
  const { effects, lines } = cabinet('present', stuck);
  effects.returnCard();
  effects.admitCards(true);
  effects.showLight(lights['in-service']);
  await expect.poll(() => lines).toHaveLength(3);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ event: 'card.not-returned', level: 'error', device: 'card-reader', detail: 'jammed' }),
    expect.objectContaining({ event: 'card.gate-not-moved', level: 'warn', areAdmitted: true, detail: 'jammed' }),
    expect.objectContaining({ event: 'board.light-not-set', level: 'info', colour: 'green', detail: 'jammed' }),
  ]);
});

test('does nothing where the terminal has a plain slot and no board, or no reader at all', () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'debug' });
  const plain = { id: 'card-reader', status: () => ({ ...bareStatus, media: 'present' }) as const };
  for (const reader of [plain as unknown as CardReader, null]) {
    const effects = createCabinetEffects({ reader, board: null, log });
    effects.returnCard();
    effects.admitCards(true);
    effects.showLight(lights.attention);
  }
  expect(lines).toEqual([]);
});
