import { describe, expect, test } from 'vitest';
import type { CallFailure, CallResult } from './call-result.ts';
import { watchLine } from './line.ts';
import { ManualClock } from './test/manual-clock.ts';

function setUp() {
  let listener: (outcome: CallResult<unknown>) => void = () => {};
  const clock = new ManualClock();
  const line = watchLine(
    {
      onOutcome(told) {
        listener = told;
        return () => {};
      },
    },
    clock,
  );
  const seen: string[] = [];
  line.subscribe((state) => seen.push(state.state === 'online' ? 'online' : `offline: ${state.reason}`));
  const works = () => listener({ ok: true, answer: {} });
  const fails = (reason: CallFailure['reason']) => listener({ ok: false, reason, detail: '' });
  return { line, seen, works, fails };
}

describe("the line's state", () => {
  test('is told at once, and decided by the first call', () => {
    const { seen, works } = setUp();
    works();
    expect(seen).toEqual(['offline: not-heard', 'online']);
  });

  test('is offline after two failures in a row, not after one', () => {
    const { line, seen, works, fails } = setUp();
    works();
    fails('timeout');
    expect(line.isInDoubt()).toBe(true);
    works();
    fails('timeout');
    expect(line.current().state).toBe('online');
    fails('unreachable');
    expect(seen.slice(2)).toEqual(['offline: unreachable']);
    expect(line.isInDoubt()).toBe(false);
  });

  test('is online again after two calls that work, so that a line that comes and goes does not flicker', () => {
    const { seen, works, fails } = setUp();
    fails('unreachable');
    for (let times = 0; times < 10; times += 1) {
      works();
      fails('unreachable');
    }
    expect(seen).toEqual(['offline: not-heard', 'offline: unreachable']);
    works();
    works();
    expect(seen.at(-1)).toBe('online');
  });

  test('is online while the centre answers, be it with a no', () => {
    const { line, works, fails } = setUp();
    works();
    for (const reason of ['refused', 'too-many', 'refused'] as const) fails(reason);
    expect(line.current().state).toBe('online');
  });

  test('is offline for a kiosk the centre does not admit', () => {
    const { line, fails } = setUp();
    fails('not-admitted');
    expect(line.current()).toMatchObject({ state: 'offline', reason: 'not-admitted' });
  });
});
