import type { Ring } from './alarm.ts';
import { createAlarm } from './alarm.ts';
import type { Clock } from './clock.ts';
import type { SyncEvent } from './sync-event.ts';

/** What every loop of the sync works with. `random` is uniform in [0, 1); `signal` ends it. */
export type LoopParts = {
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
  tell: (event: SyncEvent) => void;
};

/**
 * One turn of a loop. It ends by resting: how long, for ever where null, and what wakes the loop before. The rest begins with the call, so that
 * whoever was told of the turn finds the loop waiting.
 */
export type Turn = (rest: (waitMs: number | null, wakers: readonly Ring[]) => Promise<void>) => Promise<void>;

/** Something the sync does over and over until it is stopped. */
export type SyncLoop = {
  /** Answers when it has ended. */
  run(): Promise<void>;
  /** Wakes it, or has it not rest after the turn under way, where it rests for this. */
  ring(why: Ring): void;
  /** Wakes it for good, so that it ends. */
  silence(): void;
};

/** Takes turns until the signal. */
export function repeat({ clock, signal }: Pick<LoopParts, 'clock' | 'signal'>, turn: Turn): SyncLoop {
  const alarm = createAlarm(clock);
  return {
    async run() {
      while (!signal.aborted) {
        alarm.arm();
        await turn(alarm.rest);
      }
    },
    ring: alarm.ring,
    silence: alarm.silence,
  };
}

/** Wakes a loop that rests for whatever there may be. */
export const anything: readonly Ring[] = ['news', 'line'];
