/**
 * Waits for something, but not longer than `ms`; answers whether it ended in time. What did not goes on by itself, and nobody hears of it.
 */
export async function within(ms: number, ending: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  const inTime = ending.then(
    () => true,
    () => true,
  );
  return Promise.race([inTime, late]).finally(() => clearTimeout(timer));
}
