import { describeFault } from './faults.ts';
import type { Log } from './log.ts';
import { within } from './within.ts';

/** How what was opened ends: said where it is opened, so that a start that fails half-way and an end in order are the same. */
export type Endings = {
  /** Takes how a part ends, and how long that is waited for: 5 s unless told. */
  add(what: string, end: () => unknown, withinMs?: number): void;
  /** Ends all of them, the last first. One that throws or does not let go keeps nobody from switching the machine off. */
  run(): Promise<void>;
};

const usualMs = 5_000;

/** Makes an empty list. */
export function createEndings(log: Log): Endings {
  const endings: { what: string; end: () => unknown; withinMs: number }[] = [];
  return {
    add(what, end, withinMs = usualMs) {
      endings.push({ what, end, withinMs });
    },
    async run() {
      for (const { what, end, withinMs } of endings.splice(0).reverse()) {
        const ending = (async () => end())().catch((error: unknown) => {
          log.error('kiosk.stop-failed', { what, cause: describeFault(error) });
        });
        if (!(await within(withinMs, ending))) log.warn('kiosk.stop-overdue', { what });
      }
    },
  };
}
