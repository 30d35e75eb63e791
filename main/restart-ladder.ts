/**
 * What to do when the screen's process has died or hangs: the mildest thing first, then more, never the same for ever.
 */

/** A rung: load the page again, make the window anew, start the whole kiosk again. */
type Rung = 'reload' | 'new-window' | 'restart-kiosk';

/** Failures that are further apart than this have nothing to do with each other. */
const forgetAfterMs = 5 * 60_000;
const rungs: readonly Rung[] = ['reload', 'reload', 'new-window', 'restart-kiosk'];

/** A ladder with its memory. `climb` takes the instant of a failure and names what to do. */
export function createRestartLadder(): { climb(nowMs: number): Rung } {
  let failures: number[] = [];
  return {
    climb(nowMs) {
      failures = failures.filter((atMs) => nowMs - atMs < forgetAfterMs);
      const rung = rungs[Math.min(failures.length, rungs.length - 1)] ?? 'restart-kiosk';
      failures.push(nowMs);
      return rung;
    },
  };
}
