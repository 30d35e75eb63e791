import type { CentralClient } from './uplink/client.ts';

/** A difference below this is a slow line's or a drifting clock's: such a clock is right enough, and nobody sees it jump. */
const rightEnoughMs = 60_000;

/**
 * Now, epoch milliseconds: by the centre's clock where this machine's is found to be wrong (a flat battery, docs/decisions/2-kiosk-clocks.md), else by
 * its own. What bears a date takes it from here: the screen, papers, requests; waits do not, since it jumps when the centre is first heard.
 */
export function hallClock(client: Pick<CentralClient, 'clockOffsetMs'>, nowMs: () => number): () => number {
  return () => {
    const offsetMs = client.clockOffsetMs() ?? 0;
    return nowMs() + (Math.abs(offsetMs) < rightEnoughMs ? 0 : offsetMs);
  };
}
