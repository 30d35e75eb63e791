import { expect, test } from 'vitest';
import type { CallFailure } from './call-result.ts';
import type { CentralClient } from './client.ts';
import { heartbeatTurn } from './sync-turns.ts';
import { ManualClock } from './test/manual-clock.ts';

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
        store: { figures: () => ({ ok: true, queue: { waiting: 0, oldestMs: 0, setAside: 0 } }) },
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
