import { expect, test } from 'vitest';
import type { CheckChildPort } from './backup-check.ts';
import { checkApart } from './backup-check.ts';

/** A child that does what the test says; `told` is what the kiosk did to it. */
function childThat(act: (on: { answer: (isSound: boolean) => void; exit: () => void }) => void) {
  const told: string[] = [];
  const on = { answer: (_: boolean) => {}, exit: () => {} };
  const startChild = (): CheckChildPort => ({
    pid: 1,
    post(path) {
      told.push(path);
      act(on);
    },
    onAnswer: (listener) => {
      on.answer = listener;
    },
    onExit: (listener) => {
      on.exit = listener;
    },
    kill: () => void told.push('killed'),
  });
  return { told, startChild };
}

const never = () => () => {};

test('gives what the child found, and ends it', async () => {
  const { told, startChild } = childThat((on) => on.answer(false));
  expect(await checkApart({ startChild, after: never })('a.db')).toEqual({ ok: true, isSound: false });
  expect(told).toEqual(['a.db', 'killed']);
});

test('a child that ends by itself is a failure', async () => {
  const { startChild } = childThat((on) => on.exit());
  expect(await checkApart({ startChild, after: never })('a.db')).toMatchObject({ ok: false, reason: 'io-error' });
});

test('a child that hangs is ended at the deadline, and that is a failure', async () => {
  const { told, startChild } = childThat(() => {});
  const waits: number[] = [];
  const after = (ms: number, callback: () => void) => {
    waits.push(ms);
    queueMicrotask(callback);
    return () => {};
  };
  expect(await checkApart({ startChild, after, withinMs: 1_234 })('a.db')).toMatchObject({ ok: false });
  expect([...told, ...waits]).toEqual(['a.db', 'killed', 1_234]);
});
