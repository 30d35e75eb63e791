import type { Settlement } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';

/** Visitors who wait for the centre's word on their request. */
export type SettlementWaiters = {
  /**
   * Waits at most `timeoutMs` or until the signal; then it is `waiting`, and delivery goes on. Null where the store knows no such request or
   * cannot be read.
   */
  wait(id: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Settlement | null>;
  /** There may be word on this request. */
  hear(id: string): void;
};

/** Nobody waits yet. */
export function settlementWaiters(store: Pick<Store, 'settlement'>, clock: Clock): SettlementWaiters {
  const waiters = new Map<string, Set<() => void>>();

  function look(id: string): Settlement | null {
    const found = store.settlement(id);
    return found.ok ? found.settlement : null;
  }

  return {
    wait(id, { timeoutMs, signal }) {
      const first = look(id);
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
          const heard = look(id);
          if (heard?.state !== 'waiting') end(heard);
        };
        const giveUp = () => end(look(id));
        const undoDeadline = clock.after(timeoutMs, giveUp);
        signal?.addEventListener('abort', giveUp, { once: true });
        mine.add(hear);
      });
    },
    hear(id) {
      for (const waiter of [...(waiters.get(id) ?? [])]) waiter();
    },
  };
}
