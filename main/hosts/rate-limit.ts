/**
 * How much one screen may say: a token bucket. A visitor's hands make a few messages a second; a loop makes thousands.
 */

/** `perSecond` is the lasting rate, `burst` how many may come at once. */
export type Rate = { perSecond: number; burst: number };

/** Far above any hands, so that only a loop meets it. */
export const screenRate: Rate = { perSecond: 50, burst: 200 };

/** Returns a function that takes one token and says whether there was one. */
export function limitRate({ perSecond, burst }: Rate, nowMs: () => number): () => boolean {
  let tokens = burst;
  let lastMs = nowMs();
  return () => {
    const now = nowMs();
    // A clock that was set back earns nothing and costs nothing.
    tokens = Math.min(burst, tokens + (Math.max(0, now - lastMs) / 1000) * perSecond);
    lastMs = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
