import { expect, test } from 'vitest';
import { heartbeat } from '../../state-machines/contract/central/kiosk.ts';
import type { Store } from '../store/store.ts';
import type { CallFailure } from './call-result.ts';
import type { CentralClient } from './client.ts';
import { heartbeatTurn } from './sync-turns.ts';
import { ManualClock } from './test/manual-clock.ts';

const queue = { waiting: 0, oldestMs: 0, setAside: 0 };
const emptyStore: Pick<Store, 'figures' | 'setAsideRows'> = {
  figures: () => ({ ok: true, queue }),
  setAsideRows: () => ({ ok: true, rows: [] }),
};

/** What a heartbeat over this store says. */
async function toldOf(store: Pick<Store, 'figures' | 'setAsideRows'>): Promise<unknown> {
  const heard: unknown[] = [];
  const call = async (_name: string, { body }: { body: unknown }) => {
    heard.push(body);
    return { ok: true, answer: { nowMs: 0, commands: [] } };
  };
  const turn = heartbeatTurn(
    { clock: new ManualClock(), random: () => 1, signal: new AbortController().signal, tell: () => undefined },
    {
      store,
      client: { call: call as unknown as CentralClient['call'], clockOffsetMs: () => 0 },
      status: () => ({ version: '0.1.0', state: 'in-service', devices: {} }),
    },
  );
  await turn(async () => undefined);
  return heartbeat.body.parse(heard[0]);
}

// A store nobody could read was told as an empty queue: the centre saw a kiosk that was well.
test('a queue that cannot be read is told as that', async () => {
  const failure = { ok: false, reason: 'io-error', detail: '' } as const;
  const told = await toldOf({ figures: () => failure, setAsideRows: () => failure });
  expect(told).toMatchObject({ queue: null });
  expect(await toldOf(emptyStore)).toMatchObject({ queue });
});

test('what is set aside is told with its code and what waits behind, without the centre’s words, the oldest fifty', async () => {
  const row = (turn: number) => ({
    id: `019ab000-0000-7000-8000-${String(turn).padStart(12, '0')}`,
    kind: 'application' as const,
    madeAtMs: turn,
    refusal: { code: 'not-permitted', detail: '王建民写的话' },
    waitingBehind: 2,
  });
  const rows = Array.from({ length: 60 }, (_, turn) => row(turn));
  const setAside = { waiting: 120, oldestMs: 9, setAside: 60 };
  const told = await toldOf({
    figures: () => ({ ok: true, queue: setAside }),
    setAsideRows: () => ({ ok: true, rows }),
  });
  const named = rows.slice(0, 50).map(({ id, madeAtMs: madeAt }) => ({
    id,
    kind: 'application',
    code: 'not-permitted',
    madeAt,
    waitingBehind: 2,
  }));
  expect(told).toMatchObject({ queue: setAside, setAside: named });
  expect(JSON.stringify(told)).not.toContain('王建民');
});

test.each([
  [undefined, [2_000, 4_000, 8_000]],
  [0, [2_000, 4_000, 8_000]],
  [5_000, [5_000, 5_000, 8_000]],
])(
  'a heartbeat that is told to come again after %s ms comes no sooner than its own waits',
  async (retryAfterMs, waits) => {
    const failure: CallFailure = {
      ok: false,
      reason: 'unavailable',
      detail: '',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
    const turn = heartbeatTurn(
      { clock: new ManualClock(), random: () => 1, signal: new AbortController().signal, tell: () => undefined },
      {
        store: emptyStore,
        client: { call: (async () => failure) as CentralClient['call'], clockOffsetMs: () => 0 },
        status: () => ({ version: '0.1.0', state: 'in-service', devices: {} }),
      },
    );
    const rested: (number | null)[] = [];
    const rest = async (waitMs: number | null) => void rested.push(waitMs);
    for (const _ of waits) await turn(rest);
    expect(rested).toEqual(waits);
  },
);
