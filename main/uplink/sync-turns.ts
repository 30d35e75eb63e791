/** One turn of everything the sync does over and over; what ties them together is sync.ts. */
import type { z } from 'zod';
import { type heartbeat, mostSetAsideTold } from '../../state-machines/contract/central/kiosk.ts';
import type { Store } from '../store/store.ts';
import type { Ring } from './alarm.ts';
import { fullJitterMs } from './backoff.ts';
import type { CatalogueCopy } from './catalogue.ts';
import type { CentralClient } from './client.ts';
import type { CommandKeeper } from './commands.ts';
import type { Delivery, Round } from './delivery.ts';
import type { Epochs } from './epoch.ts';
import { settleOpenIssue } from './open-issues.ts';
import type { LoopParts, Turn } from './sync-loop.ts';
import { anything } from './sync-loop.ts';

type Heartbeat = z.infer<typeof heartbeat.body>;

/** What the kiosk says of itself in a heartbeat; the clock, the queue and reports of commands are added here. */
export type HeartbeatStatus = Omit<Heartbeat, 'nowMs' | 'queue' | 'setAside' | 'reports' | 'clockOffsetMs'>;

const heartbeatEveryMs = 60_000;
const catalogueEveryMs = 15 * 60_000;
/** Tries while the line is down or in doubt. */
const probeBackoff = { baseMs: 2_000, capMs: 60_000 };
/** How often staff's word on a new epoch is asked for. */
const epochBackoff = { baseMs: 5_000, capMs: 30_000 };
const issueBackoff = { baseMs: 2_000, capMs: 5 * 60_000 };

/** Delivers a batch; `onSettled` hears of every row that something became of. */
export function deliveryTurn({ tell, signal }: LoopParts, delivery: Delivery, onSettled: (id: string) => void): Turn {
  return async (rest) => {
    const round = await delivery.round(signal);
    tell({ kind: 'round', round });
    if (round.kind === 'delivered' || round.kind === 'failed') {
      for (const { id, code } of round.results) {
        if (code !== undefined) tell({ kind: 'set-aside', id, code });
        onSettled(id);
      }
    }
    return rest(round.waitMs, wakersAfter(round));
  };
}

/** While failing, a visitor's new request must not start the next try; a line that is back may, unless the centre asked for the wait. */
function wakersAfter(round: Round): readonly Ring[] {
  switch (round.kind) {
    case 'idle':
    case 'delivered':
      return anything;
    case 'failed':
      return round.isAsked ? [] : ['line'];
    case 'store-failed':
      return [];
  }
}

/** Sends a sign of life, and takes the commands that the answer brings. */
export function heartbeatTurn(
  { tell, signal, clock, random }: LoopParts,
  parts: {
    store: Pick<Store, 'figures' | 'setAsideRows'>;
    client: Pick<CentralClient, 'call' | 'clockOffsetMs'>;
    status: () => HeartbeatStatus;
    commands?: CommandKeeper | undefined;
  },
): Turn {
  const { store, client, status, commands } = parts;
  let failures = 0;
  return async (rest) => {
    const sentAtMs = clock.nowMs();
    const reports = commands?.reports() ?? [];
    const result = await client.call('heartbeat', {
      body: { clockOffsetMs: client.clockOffsetMs(), reports, ...status(), ...queueOf(store), nowMs: sentAtMs },
      signal,
    });
    if (!result.ok) {
      failures += 1;
      tell({ kind: 'heartbeat-failed', reason: result.reason });
      // A centre that asks for no wait, or for one that is over, does not shorten ours.
      const backoffMs = fullJitterMs(failures, { ...probeBackoff, random });
      return rest(Math.max(result.retryAfterMs ?? 0, backoffMs), anything);
    }
    failures = 0;
    commands?.told(reports);
    // Its report goes with the next heartbeat; a command may wait for a visitor to leave, which the beat does not.
    void commands?.take(result.answer.commands);
    tell({ kind: 'heartbeat', clockOffsetMs: result.answer.nowMs - sentAtMs });
    return rest(heartbeatEveryMs * (0.75 + random() / 2), anything);
  };
}

/** What waits, and what of it waits for staff: without the centre's words of why, which may repeat a visitor's. A queue that cannot be read is not empty. */
function queueOf(store: Pick<Store, 'figures' | 'setAsideRows'>): Pick<Heartbeat, 'queue' | 'setAside'> {
  const figures = store.figures();
  if (!figures.ok) return { queue: null };
  const { queue } = figures;
  const aside = queue.setAside === 0 ? null : store.setAsideRows();
  if (!aside?.ok) return { queue };
  const setAside = aside.rows.slice(0, mostSetAsideTold).map(({ id, kind, refusal, madeAtMs, waitingBehind }) => ({
    id,
    kind,
    code: refusal.code.slice(0, 40),
    madeAt: madeAtMs,
    waitingBehind,
  }));
  return { queue, setAside };
}

/** Takes up the catalogue kept here at first, then asks the centre for a newer one. */
export function catalogueTurn({ tell, signal, random }: LoopParts, catalogue: CatalogueCopy): Turn {
  let isLoaded = false;
  let failures = 0;
  return async (rest) => {
    if (!isLoaded) tell({ kind: 'catalogue', result: await catalogue.load() });
    isLoaded = true;
    const result = await catalogue.refresh(signal);
    tell({ kind: 'catalogue', result });
    failures = result.ok ? 0 : failures + 1;
    // A line that is back is worth a try only where the last one failed.
    return result.ok
      ? rest(catalogueEveryMs * (0.75 + random() / 2), [])
      : rest(fullJitterMs(failures, { baseMs: probeBackoff.baseMs, capMs: catalogueEveryMs, random }), ['line']);
  };
}

/** Finds out what became of the issues whose keys are among `issues`, and takes out those that are settled. */
export function issuesTurn(
  { tell, signal, random }: LoopParts,
  parts: { store: Store; client: CentralClient; issues: Set<string>; onLost: () => void },
): Turn {
  const { issues, onLost } = parts;
  let failures = 0;
  return async (rest) => {
    for (const key of [...issues]) {
      const settled = await settleOpenIssue(parts, key, signal);
      if (!settled.ok) {
        tell({ kind: 'issue-open', key, reason: settled.reason });
        continue;
      }
      issues.delete(key);
      tell({ kind: 'issue-settled', key, outcome: settled.outcome });
      if (settled.outcome === 'lost') onLost();
    }
    failures = issues.size === 0 ? 0 : failures + 1;
    return rest(failures === 0 ? null : fullJitterMs(failures, { ...issueBackoff, random }), anything);
  };
}

/** Asks how the wish for a new epoch stands, where there is one. */
export function epochTurn({ tell, signal, random }: LoopParts, epochs: Epochs, onOpened: () => void): Turn {
  let asks = 0;
  return async (rest) => {
    const wish = epochs.wish();
    const asked = await epochs.ask(signal);
    if (asked.state !== 'none') tell({ kind: 'epoch', asked, wish });
    if (asked.state === 'opened') onOpened();
    asks = asked.state === 'waiting' || asked.state === 'failed' ? asks + 1 : 0;
    return rest(asks === 0 ? null : fullJitterMs(asks, { ...epochBackoff, random }), ['news']);
  };
}
