import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { within } from './within.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('answers as soon as it has ended, also where it failed', async () => {
  expect(await within(1_000, Promise.resolve('done'))).toBe(true);
  expect(await within(1_000, Promise.reject(new Error('broken')))).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('answers in time for what never ends', async () => {
  const ended = within(1_000, new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await ended).toBe(false);
});
