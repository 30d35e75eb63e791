import { expect, test } from 'vitest';
import type { LeasedRow, UnprovedRequest } from '../store/outbox.ts';
import type { CallFailure } from './call-result.ts';
import type { CentralClient } from './client.ts';
import { createDelivery } from './delivery.ts';

const signal = new AbortController().signal;

/**
 * Delivers a store of `rows` rows, each with so many failed attempts, to a centre that always fails like this. What is put off is gone for
 * good: its wait is the store's.
 */
function deliverInto(failure: CallFailure, { rows = 1, attempts = 0 }: { rows?: number; attempts?: number } = {}) {
  let waiting: LeasedRow[] = Array.from({ length: rows }, (_, at) => ({
    request: { id: `request-${at}` } as UnprovedRequest,
    attempts,
  }));
  const delivery = createDelivery({
    store: {
      lease: ({ limit, which }) => ({
        ok: true,
        unreadable: [],
        rows: waiting.filter((row) => (which === 'fresh') === (row.attempts === 0)).slice(0, limit),
      }),
      putBack: () => ({ ok: true }),
      settle: (results) => {
        waiting = waiting.filter((row) => !results.some((result) => result.id === row.request.id));
        return { ok: true };
      },
      nextDueInMs: () => ({ ok: true, dueInMs: waiting.length > 1 ? 0 : null }),
    },
    client: { call: (async () => failure) as CentralClient['call'] },
    prove: async () => 'proof',
    // The longest wait there can be.
    random: () => 1,
  });
  return async (rounds: number) => {
    const waits: (number | null)[] = [];
    for (let round = 0; round < rounds; round += 1) waits.push((await delivery.round(signal)).waitMs);
    return waits;
  };
}

const refused = (code: 'unsupported-version' | 'not-permitted' | 'not-this-epoch'): CallFailure => ({
  ok: false,
  reason: 'refused',
  detail: '/v2/requests: 400',
  problem: { type: 'about:blank', title: '', status: 400, code },
});

test.each(['unsupported-version', 'not-permitted', 'not-this-epoch'] as const)(
  'a single row that is refused as %s comes again ever later',
  async (code) => {
    expect(await deliverInto(refused(code))(4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  },
);

test('a batch that is refused is halved at once, down to the single row that waits', async () => {
  expect((await deliverInto(refused('not-permitted'), { rows: 8 })(4)).map((waitMs) => waitMs === 0)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test.each(['unavailable', 'too-many'] as const)(
  'a centre that is %s and asks for no wait is left alone as long as without a word',
  async (reason) => {
    const failure: CallFailure = { ok: false, reason, detail: '', retryAfterMs: 0 };
    expect(await deliverInto(failure)(3)).toEqual([1_000, 2_000, 4_000]);
    expect(await deliverInto({ ...failure, retryAfterMs: 3_000 })(3)).toEqual([3_000, 3_000, 4_000]);
  },
);

test.each(['too-many', 'unreachable', 'not-enrolled', 'not-admitted'] as const)(
  'a row that failed before waits, too, where the failure is not its own: %s',
  async (reason) => {
    const failure: CallFailure = { ok: false, reason, detail: '' };
    expect(await deliverInto(failure, { attempts: 2 })(3)).toEqual([1_000, 2_000, 4_000]);
  },
);

test('a row that failed before and fails again by itself keeps nobody waiting', async () => {
  const failure: CallFailure = { ok: false, reason: 'unavailable', detail: '' };
  expect(await deliverInto(failure, { attempts: 2, rows: 2 })(3)).toEqual([0, 0, null]);
});

test('proves each request as it goes, but for one whose row brought its proof', async () => {
  const rows = [null, 'made when it was written'].map((proof, at) => ({
    request: { id: `request-${at}`, authority: { grant: 'grant' }, proof } as UnprovedRequest,
    attempts: 0,
  }));
  const sent: unknown[] = [];
  const delivery = createDelivery({
    store: {
      lease: () => ({ ok: true, unreadable: [], rows }),
      putBack: () => {},
      settle: () => ({ ok: true }),
      nextDueInMs: () => ({ ok: true, dueInMs: null }),
    },
    client: {
      call: (async (_name, { body }: { body: unknown }) => {
        sent.push(body);
        return { ok: true, answer: { results: [] } };
      }) as CentralClient['call'],
    },
    prove: async ({ id, authority }) => `made now for ${id} under ${authority.grant}`,
    random: () => 1,
  });
  await delivery.round(signal);
  expect(sent).toEqual([
    {
      requests: [
        { id: 'request-0', authority: { grant: 'grant', proof: 'made now for request-0 under grant' } },
        { id: 'request-1', authority: { grant: 'grant', proof: 'made when it was written' } },
      ],
    },
  ]);
});
