import type { Settlement } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { CatalogueCopy } from './catalogue.ts';
import type { CentralClient } from './client.ts';
import type { Clock } from './clock.ts';
import type { CommandKeeper } from './commands.ts';
import { createDelivery } from './delivery.ts';
import type { Epochs } from './epoch.ts';
import type { ProveRequest } from './identity.ts';
import type { Line } from './line.ts';
import { settlementWaiters } from './settlement-waiters.ts';
import type { SyncEvent } from './sync-event.ts';
import type { LoopParts } from './sync-loop.ts';
import { repeat } from './sync-loop.ts';
import type { HeartbeatStatus } from './sync-turns.ts';
import { catalogueTurn, deliveryTurn, epochTurn, heartbeatTurn, issuesTurn } from './sync-turns.ts';

export type { HeartbeatStatus } from './sync-turns.ts';

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
  /** Signs what is delivered. */
  prove: ProveRequest;
  line: Line;
  catalogue: CatalogueCopy;
  /** Asks for a new epoch where the centre does not take this machine for the one it knows, or where something was lost. */
  epochs?: Epochs;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  status: () => HeartbeatStatus;
  /** Carries out what the centre commands; without it commands stay undone, and the centre sees that. */
  commands?: CommandKeeper;
};

/** Keeps kiosk and centre in step: delivers the outbox, sends heartbeats, refreshes the catalogue, settles issues left open. */
export function createSync(options: SyncOptions): Sync {
  const { store, client, prove, line, catalogue, epochs, commands, status, clock, random } = options;
  const listeners = new Set<(event: SyncEvent) => void>();
  const stopping = new AbortController();
  const waiters = settlementWaiters(store, clock);
  const issues = new Set<string>();
  const undos: (() => void)[] = [];
  let ends: Promise<void>[] = [];

  const delivery = createDelivery({ store, client, prove, random });
  const parts: LoopParts = { clock, random, signal: stopping.signal, tell };
  const deliver = repeat(parts, deliveryTurn(parts, delivery, waiters.hear));
  const beat = repeat(parts, heartbeatTurn(parts, { store, client, status, commands }));
  const refresh = repeat(parts, catalogueTurn(parts, catalogue));
  const settle = repeat(parts, issuesTurn(parts, { store, client, issues, onLost: takeUpLost }));
  const ask = epochs && repeat(parts, epochTurn(parts, epochs, epochOpened));
  const loops = [deliver, beat, refresh, settle, ...(ask ? [ask] : [])];

  function tell(event: SyncEvent): void {
    for (const listener of [...listeners]) listener(event);
  }

  function takeUpIssues(): void {
    const open = store.openIssues();
    if (open.ok) for (const issue of open.issues) issues.add(issue.key);
  }

  function takeUpLost(): void {
    epochs?.takeUpLost();
    ask?.ring('news');
  }

  function epochOpened(): void {
    for (const loop of [beat, deliver, refresh, settle]) loop.ring('line');
  }

  function lineIsBack(): void {
    delivery.lineIsBack();
    for (const loop of [deliver, refresh, settle]) loop.ring('line');
  }

  return {
    start() {
      takeUpIssues();
      undos.push(
        store.onWork(() => deliver.ring('news')),
        line.subscribe(({ state }) => {
          if (state === 'online') lineIsBack();
        }),
        client.onOutcome((outcome) => {
          // A call that contradicts the line's state is checked at once, so that the screen is soon right.
          if (line.isInDoubt()) beat.ring('line');
          if (outcome.ok || outcome.problem?.code !== 'not-this-epoch') return;
          // A wish that stands is asked for at its own pace: its own refusals are heard here, too.
          if (epochs?.refused()) ask?.ring('news');
        }),
      );
      ends = loops.map((loop) => loop.run());
    },
    async stop() {
      stopping.abort();
      for (const undo of undos.splice(0)) undo();
      for (const loop of loops) loop.silence();
      await Promise.all(ends);
    },
    waitForSettlement: waiters.wait,
    settleIssueLater(key) {
      issues.add(key);
      settle.ring('news');
    },
    storeReopened() {
      takeUpIssues();
      takeUpLost();
      for (const loop of [deliver, settle]) loop.ring('news');
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
