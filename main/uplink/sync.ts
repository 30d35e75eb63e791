import type { z } from 'zod';
import type { heartbeat } from '../../state-machines/contract/central/kiosk.ts';
import type { Settlement } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Ring } from './alarm.ts';
import { createAlarm } from './alarm.ts';
import { fullJitterMs } from './backoff.ts';
import type { CallFailure } from './call-result.ts';
import type { CatalogueCopy } from './catalogue.ts';
import type { CentralClient } from './client.ts';
import type { Clock } from './clock.ts';
import type { CommandKeeper } from './commands.ts';
import type { Round, RowOutcome } from './delivery.ts';
import { createDelivery } from './delivery.ts';
import type { EpochAsked, Epochs, EpochWish } from './epoch.ts';
import type { Line } from './line.ts';
import { settleOpenIssue } from './open-issues.ts';

/** What the kiosk says of itself in a heartbeat; the clock, the queue and reports of commands are added here. */
export type HeartbeatStatus = Omit<z.infer<typeof heartbeat.body>, 'nowMs' | 'queue' | 'reports' | 'clockOffsetMs'>;

/** What the sync tells: for the log, the health page and tests. Nothing in it is personal. */
export type SyncEvent =
  | { kind: 'round'; round: Round }
  | { kind: 'set-aside'; id: string; code: string }
  | { kind: 'issue-settled'; key: string; outcome: 'void' | 'refused' }
  | { kind: 'issue-open'; key: string; reason: string }
  | { kind: 'heartbeat'; clockOffsetMs: number }
  | { kind: 'epoch'; asked: EpochAsked; wish: EpochWish | null }
  | { kind: 'heartbeat-failed'; reason: CallFailure['reason'] }
  | { kind: 'catalogue'; result: Awaited<ReturnType<CatalogueCopy['refresh']>> };

export type Sync = {
  /** Begins delivering, beating and refreshing. After `store.recover()`. */
  start(): void;
  /** Stops all of it; answers when nothing is under way any more. Rows under way wait for the next start. */
  stop(): Promise<void>;
  /**
   * Waits for the centre's word on a request, at most `timeoutMs` or until the signal; then it is `waiting`, and delivery goes on. Null where
   * the store knows no such request or cannot be read.
   */
  waitForSettlement(id: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Settlement | null>;
  /**
   * Finds out in the background what became of an issue whose answer did not arrive, and voids the paper if there was one: nobody is there
   * to take it any more.
   */
  settleIssueLater(key: string): void;
  /** The store's file was opened anew while the kiosk runs: what it left to be settled and told is taken up. */
  storeReopened(): void;
  subscribe(listener: (event: SyncEvent) => void): () => void;
};

export type SyncOptions = {
  store: Store;
  client: CentralClient;
  line: Line;
  catalogue: CatalogueCopy;
  /** Asks for a new epoch where the centre does not take this machine for the one it knows. */
  epochs?: Epochs;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  status: () => HeartbeatStatus;
  /** Carries out what the centre commands; without it commands stay undone, and the centre sees that. */
  commands?: CommandKeeper;
};

const heartbeatEveryMs = 60_000;
const catalogueEveryMs = 15 * 60_000;
/** Tries while the line is down or in doubt. */
const probeBackoff = { baseMs: 2_000, capMs: 60_000 };
/** How often staff's word on a new epoch is asked for. */
const epochBackoff = { baseMs: 5_000, capMs: 30_000 };
const issueBackoff = { baseMs: 2_000, capMs: 5 * 60_000 };

/** Keeps kiosk and centre in step: delivers the outbox, sends heartbeats, refreshes the catalogue, settles issues left open. */
export function createSync(options: SyncOptions): Sync {
  const { store, client, line, catalogue, clock, random } = options;
  const delivery = createDelivery({ store, client, random });
  const listeners = new Set<(event: SyncEvent) => void>();
  const waiters = new Map<string, Set<() => void>>();
  const issues = new Set<string>();
  const stopping = new AbortController();
  const undos: (() => void)[] = [];
  let loops: Promise<void>[] = [];

  const work = createAlarm(clock);
  const beat = createAlarm(clock);
  const refresh = createAlarm(clock);
  const issueWork = createAlarm(clock);
  const epochWork = createAlarm(clock);
  const alarms = [work, beat, refresh, issueWork, epochWork];

  function tell(event: SyncEvent): void {
    for (const listener of [...listeners]) listener(event);
  }

  async function deliver(): Promise<void> {
    while (!stopping.signal.aborted) {
      work.arm();
      const round = await delivery.round(stopping.signal);
      tell({ kind: 'round', round });
      if (round.kind === 'delivered' || round.kind === 'failed') tellResults(round.results);
      await work.rest(round.waitMs, wakersAfter(round));
    }
  }

  function tellResults(results: readonly RowOutcome[]): void {
    for (const result of results) {
      if (result.code !== undefined) tell({ kind: 'set-aside', id: result.id, code: result.code });
      for (const waiter of [...(waiters.get(result.id) ?? [])]) waiter();
    }
  }

  async function beatOn(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      beat.arm();
      const figures = store.figures();
      const queue = figures.ok ? figures.queue : { waiting: 0, oldestMs: 0, setAside: 0 };
      const sentAtMs = clock.nowMs();
      const reports = options.commands?.reports() ?? [];
      const result = await client.call('heartbeat', {
        body: { clockOffsetMs: client.clockOffsetMs(), reports, ...options.status(), nowMs: sentAtMs, queue },
        signal: stopping.signal,
      });
      if (result.ok) {
        failures = 0;
        options.commands?.told(reports);
        // Its report goes with the next heartbeat; a command may wait for a visitor to leave, which the beat does not.
        void options.commands?.take(result.answer.commands);
        tell({ kind: 'heartbeat', clockOffsetMs: result.answer.nowMs - sentAtMs });
        await beat.rest(heartbeatEveryMs * (0.75 + random() / 2), anything);
      } else {
        failures += 1;
        tell({ kind: 'heartbeat-failed', reason: result.reason });
        await beat.rest(result.retryAfterMs ?? fullJitterMs(failures, { ...probeBackoff, random }), anything);
      }
    }
  }

  async function refreshOn(): Promise<void> {
    const loaded = await catalogue.load();
    tell({ kind: 'catalogue', result: loaded });
    let failures = 0;
    while (!stopping.signal.aborted) {
      refresh.arm();
      const result = await catalogue.refresh(stopping.signal);
      tell({ kind: 'catalogue', result });
      failures = result.ok ? 0 : failures + 1;
      const waitMs = result.ok
        ? catalogueEveryMs * (0.75 + random() / 2)
        : fullJitterMs(failures, { baseMs: probeBackoff.baseMs, capMs: catalogueEveryMs, random });
      // A line that is back is worth a try only where the last one failed.
      await refresh.rest(waitMs, result.ok ? [] : ['line']);
    }
  }

  async function settleIssues(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      issueWork.arm();
      for (const key of [...issues]) {
        const settled = await settleOpenIssue({ store, client }, key, stopping.signal);
        if (settled.ok) {
          issues.delete(key);
          tell({ kind: 'issue-settled', key, outcome: settled.outcome });
        } else {
          tell({ kind: 'issue-open', key, reason: settled.reason });
        }
      }
      failures = issues.size === 0 ? 0 : failures + 1;
      await issueWork.rest(failures === 0 ? null : fullJitterMs(failures, { ...issueBackoff, random }), anything);
    }
  }

  function takeUpIssues(): void {
    const open = store.openIssues();
    if (open.ok) for (const issue of open.issues) issues.add(issue.key);
  }

  async function askForEpoch(epochs: Epochs): Promise<void> {
    let asks = 0;
    while (!stopping.signal.aborted) {
      epochWork.arm();
      const wish = epochs.wish();
      const asked = await epochs.ask(stopping.signal);
      if (asked.state !== 'none') tell({ kind: 'epoch', asked, wish });
      if (asked.state === 'opened') for (const alarm of [beat, work, refresh, issueWork]) alarm.ring('line');
      asks = asked.state === 'waiting' || asked.state === 'failed' ? asks + 1 : 0;
      await epochWork.rest(asks === 0 ? null : fullJitterMs(asks, { ...epochBackoff, random }), ['news']);
    }
  }

  return {
    start() {
      takeUpIssues();
      undos.push(store.onWork(() => work.ring('news')));
      undos.push(
        line.subscribe((state) => {
          if (state.state === 'offline') return;
          delivery.lineIsBack();
          work.ring('line');
          refresh.ring('line');
          issueWork.ring('line');
        }),
      );
      // A call that contradicts the line's state is checked at once, so that the screen is soon right.
      undos.push(
        client.onOutcome(() => {
          if (line.isInDoubt()) beat.ring('line');
        }),
      );
      loops = [deliver(), beatOn(), refreshOn(), settleIssues()];
      const { epochs } = options;
      if (!epochs) return;
      undos.push(
        client.onOutcome((outcome) => {
          if (outcome.ok || outcome.problem?.code !== 'not-this-epoch') return;
          epochs.want('refused');
          epochWork.ring('news');
        }),
      );
      loops.push(askForEpoch(epochs));
    },
    async stop() {
      stopping.abort();
      for (const undo of undos.splice(0)) undo();
      for (const alarm of alarms) alarm.silence();
      await Promise.all(loops);
    },
    waitForSettlement(id, { timeoutMs, signal }) {
      const look = (): Settlement | null => {
        const found = store.settlement(id);
        return found.ok ? found.settlement : null;
      };
      const first = look();
      if (first?.state !== 'waiting' || signal?.aborted) return Promise.resolve(first);
      return new Promise((resolve) => {
        const mine = waiters.get(id) ?? new Set();
        waiters.set(id, mine);
        const end = (settlement: Settlement | null) => {
          undoDeadline();
          signal?.removeEventListener('abort', giveUp);
          mine.delete(hear);
          if (mine.size === 0) waiters.delete(id);
          resolve(settlement);
        };
        const hear = () => {
          const heard = look();
          if (heard?.state !== 'waiting') end(heard);
        };
        const giveUp = () => end(look());
        const undoDeadline = clock.after(timeoutMs, giveUp);
        signal?.addEventListener('abort', giveUp, { once: true });
        mine.add(hear);
      });
    },
    settleIssueLater(key) {
      issues.add(key);
      issueWork.ring('news');
    },
    storeReopened() {
      takeUpIssues();
      options.epochs?.takeUpRebuilt();
      for (const alarm of [work, issueWork, epochWork]) alarm.ring('news');
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const anything: readonly Ring[] = ['news', 'line'];

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
