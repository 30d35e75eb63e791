import type { CentralRequest } from '../../state-machines/contract/central/requests.ts';
import type { LeasedRow, UnprovedRequest } from '../store/outbox.ts';
import type { RowResult, Store } from '../store/store.ts';
import { fullJitterMs } from './backoff.ts';
import type { CallFailure } from './call-result.ts';
import type { CentralClient } from './client.ts';
import type { ProveRequest } from './identity.ts';

/** What became of a row, fit for a log: the centre's answer stays in the store. `code` is set where the row was set aside. */
export type RowOutcome = { id: string; state: RowResult['state']; code?: string };

/** What a round of delivery did. `waitMs`: until the next is worthwhile; null: until there is something new. */
export type Round =
  | { kind: 'idle'; waitMs: number | null }
  | { kind: 'delivered'; results: RowOutcome[]; waitMs: 0 }
  | {
      kind: 'failed';
      reason: CallFailure['reason'];
      rows: number;
      results: RowOutcome[];
      waitMs: number;
      /** The centre asked for this wait: a line that is back does not shorten it. */
      isAsked: boolean;
    }
  | { kind: 'store-failed'; reason: string; waitMs: number };

export type Delivery = {
  round(signal: AbortSignal): Promise<Round>;
  /** Forgets past failures of the line: it works again. */
  lineIsBack(): void;
};

/** Largest batch of the contract. */
const fullBatch = 64;
const deliverTimeoutMs = 30_000;
/** Waits after failures of the line or the centre as a whole. */
const lineBackoff = { baseMs: 1_000, capMs: 5 * 60_000 };
/** Waits of a row that failed by itself. */
const rowBackoff = { baseMs: 5_000, capMs: 30 * 60_000 };
const shortestWaitMs = 1_000;
/** A broken disk is not mended by asking often. */
const storeWaitMs = 30_000;

/**
 * Delivers the outbox, a batch a round.
 *
 * The batch halves with every failure that some row in it may have caused, and doubles with every success; so a row that the centre chokes on
 * ends up alone, is put off by itself, and from then on travels alone: nobody else waits for it. Under a failing centre the same halving makes
 * the next try a single row, which is all a circuit breaker would let through; `waitMs` is how long it stays open.
 */
export function createDelivery(options: {
  store: Pick<Store, 'lease' | 'putBack' | 'settle' | 'nextDueInMs'>;
  client: Pick<CentralClient, 'call'>;
  prove: ProveRequest;
  random: () => number;
}): Delivery {
  const { store, client, prove, random } = options;
  let batch = fullBatch;
  let failures = 0;
  let turn = 0;

  async function round(signal: AbortSignal): Promise<Round> {
    const leased = leaseRows();
    if (!leased.ok) return { kind: 'store-failed', reason: leased.reason, waitMs: storeWaitMs };
    const { rows } = leased;
    if (rows.length === 0) {
      const due = store.nextDueInMs();
      return due.ok
        ? { kind: 'idle', waitMs: due.dueInMs }
        : { kind: 'store-failed', reason: due.reason, waitMs: storeWaitMs };
    }
    const answer = await client.call('deliverRequests', {
      body: { requests: await Promise.all(rows.map(({ request }) => proved(request, prove))) },
      timeoutMs: deliverTimeoutMs,
      signal,
    });
    return answer.ok ? delivered(rows, answer.answer.results) : failed(rows, answer);
  }

  /** A batch of rows that never failed by themselves, and in between one that did: alone, so that it takes nobody down with it. */
  function leaseRows() {
    const orders = [
      { limit: batch, which: 'fresh' },
      { limit: 1, which: 'failed-before' },
    ] as const;
    turn += 1;
    const [first, second] = turn % 2 === 1 ? orders : [orders[1], orders[0]];
    const leased = store.lease(first);
    return leased.ok && leased.rows.length === 0 ? store.lease(second) : leased;
  }

  function delivered(rows: LeasedRow[], answers: RowResult[]): Round {
    const byId = new Map(answers.map((result) => [result.id, result]));
    const results = rows.map((row) => notTooSoon(byId.get(row.request.id) ?? putOff(row)));
    const settled = store.settle(results);
    if (!settled.ok) return storeFailed(rows, settled.reason);
    failures = 0;
    batch = Math.min(fullBatch, batch * 2);
    return { kind: 'delivered', results: results.map(outcomeOf), waitMs: 0 };
  }

  function failed(rows: LeasedRow[], failure: CallFailure): Round {
    const [only] = rows.length === 1 ? rows : [];
    const isKnownSuspect = only !== undefined && only.attempts > 0;
    const isItsOwn = isKnownSuspect && mayBeTheRows(failure);
    // A centre that is busy is not helped by asking it more often for less.
    if (!isKnownSuspect && failure.reason !== 'too-many') batch = Math.max(1, Math.floor(rows.length / 2));
    if (!isItsOwn || failures > 0) failures += 1;
    const isAsked = failure.reason === 'too-many' || failure.retryAfterMs !== undefined;
    let results: RowResult[] = [];
    // One that is known to fail says nothing of the line: the others go on at once. A centre that asks for no wait does not shorten ours.
    const backoffMs = failures === 0 ? 0 : fullJitterMs(failures, { ...lineBackoff, random });
    let waitMs = Math.max(failure.retryAfterMs ?? 0, backoffMs);
    if (only && failure.reason === 'refused' && failure.problem?.code === 'malformed') {
      // The centre cannot even read it: it never will.
      results = [{ id: only.request.id, state: 'undeliverable', detail: failure.detail }];
      waitMs = 0;
    } else if (only && mayBeTheRows(failure) && (isKnownSuspect || isAnybodyWaiting())) {
      results = [putOff(only)];
    } else if (failure.reason === 'refused' && only === undefined) {
      // Half of them go next; a single row that stays in front would come again as it is.
      waitMs = 0;
    }
    if (results.length > 0) {
      const settled = store.settle(results);
      if (!settled.ok) return storeFailed(rows, settled.reason);
    } else {
      giveBack(rows);
    }
    return {
      kind: 'failed',
      reason: failure.reason,
      rows: rows.length,
      results: results.map(outcomeOf),
      waitMs,
      isAsked,
    };
  }

  /** A row that keeps nobody waiting stays in front: then its failure is taken for the line's, and a line that is back brings it at once. */
  function isAnybodyWaiting(): boolean {
    const due = store.nextDueInMs();
    return due.ok && due.dueInMs === 0;
  }

  /** What the centre answered is lost here, not there: the rows go again, and it knows them by their ids. */
  function storeFailed(rows: LeasedRow[], reason: string): Round {
    giveBack(rows);
    return { kind: 'store-failed', reason, waitMs: storeWaitMs };
  }

  function giveBack(rows: LeasedRow[]): void {
    store.putBack(rows.map((row) => row.request.id));
  }

  function putOff(row: LeasedRow): RowResult {
    const afterMs = fullJitterMs(row.attempts + 1, { ...rowBackoff, random });
    return { id: row.request.id, state: 'failed', afterMs };
  }

  return {
    round,
    lineIsBack() {
      failures = 0;
    },
  };
}

/** The request with its proof. It is made now, not when the row is written: no visitor waits for a delivery. */
async function proved({ proof, authority, ...request }: UnprovedRequest, prove: ProveRequest): Promise<CentralRequest> {
  return { ...request, authority: { ...authority, proof: proof ?? (await prove({ ...request, authority })) } };
}

function outcomeOf(result: RowResult): RowOutcome {
  const { id, state } = result;
  switch (state) {
    case 'done':
    case 'later':
    case 'failed':
      return { id, state };
    case 'refused':
      return { id, state, code: result.code };
    case 'undeliverable':
      return { id, state, code: state };
  }
}

/** A centre that says "later, at once" is not asked in a circle. */
function notTooSoon(result: RowResult): RowResult {
  return result.state === 'later' ? { ...result, afterMs: Math.max(result.afterMs, shortestWaitMs) } : result;
}

/** Whether a failure may have been caused by what was sent, and not by the line. */
function mayBeTheRows(failure: CallFailure): boolean {
  switch (failure.reason) {
    case 'timeout':
    case 'unavailable':
    case 'nonsense':
    case 'refused':
      return true;
    case 'unreachable':
      return failure.brokenOff === true;
    case 'too-many':
    case 'not-enrolled':
    case 'not-admitted':
    case 'cancelled':
      return false;
  }
}
