import type { Clock } from './clock.ts';

/** Why a resting loop is woken: something new to do, or a line that works again. */
export type Ring = 'news' | 'line';

/** Lets a loop rest until its time comes or somebody rings; a ring during the work is not lost. */
export type Alarm = {
  /** Forgets earlier rings: called when the work begins that takes account of them. */
  arm(): void;
  ring(why: Ring): void;
  /** Rests `waitMs` at most, for ever where it is null; only these rings wake it. */
  rest(waitMs: number | null, wakers: readonly Ring[]): Promise<void>;
  /** Wakes it for good. */
  silence(): void;
};

export function createAlarm(clock: Clock): Alarm {
  const rings = new Set<Ring>();
  let silenced = false;
  let onRing: (() => void) | null = null;

  return {
    arm() {
      rings.clear();
    },
    ring(why) {
      rings.add(why);
      onRing?.();
    },
    rest(waitMs, wakers) {
      const mayGo = () => silenced || wakers.some((why) => rings.has(why));
      if (mayGo() || waitMs === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const go = () => {
          undo();
          onRing = null;
          resolve();
        };
        const undo = waitMs === null ? () => {} : clock.after(waitMs, go);
        onRing = () => {
          if (mayGo()) go();
        };
      });
    },
    silence() {
      silenced = true;
      onRing?.();
    },
  };
}
