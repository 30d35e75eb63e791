/**
 * Full jitter: anything between nothing and a bound that doubles with each failure. Thousands of kiosks that lost the line in the same
 * second come back spread out, not in step.
 */
export function fullJitterMs(
  failures: number,
  { baseMs, capMs, random }: { baseMs: number; capMs: number; random: () => number },
): number {
  return Math.round(random() * Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30)));
}
