import { expect, test } from 'vitest';
import type { Effects } from '../effects.ts';
import { openHall } from '../kiosk/played-hall.ts';

const code = '7K3M-92QF-5TXA-0H6D';

/** A visitor who is asked for a code; what is checked is written down. */
async function openScanning(checkCode?: Effects['checkCode']) {
  const checked: string[] = [];
  const hall = await openHall({
    effects: {
      checkCode: (text, signal) => {
        checked.push(text);
        return checkCode?.(text, signal) ?? Promise.resolve({ ok: true, check: { kind: 'unknown-code' } });
      },
    },
  });
  await hall.choose('check-certificate');
  await hall.act({ type: 'next' });
  return { hall, checked };
}

test('takes a code that was typed by hand', async () => {
  const { hall, checked } = await openScanning();
  await hall.act({ type: 'code', text: code, by: 'hand' });
  expect(checked).toEqual([code]);
  expect(hall.shown().step.kind).toBe('result');
});

test('takes a code that the scanner read', async () => {
  const { hall, checked } = await openScanning();
  await hall.happen({ type: 'code.scanned', text: code });
  expect(checked).toEqual([code]);
  expect(hall.shown().step.kind).toBe('result');
});

test('takes one code at a time', async () => {
  const { hall, checked } = await openScanning(() => new Promise(() => {}));
  await hall.happen({ type: 'code.scanned', text: code });
  await hall.happen({ type: 'code.scanned', text: 'the next sheet' });
  expect(await hall.touch({ type: 'code', text: 'typed', by: 'hand' })).toBe(false);
  expect(checked).toEqual([code]);
});

test.each([
  ['again', 'scan'],
  ['home', 'home'],
  ['back', 'facts'],
] as const)('leads from a centre that cannot be asked %s', async (way, kind) => {
  const { hall } = await openScanning(async () => ({ ok: false, reason: 'centre-unreachable' }));
  await hall.happen({ type: 'code.scanned', text: code });
  expect(hall.shows('trouble').code).toBe('N01');
  await hall.act(way === 'back' ? { type: 'back' } : { type: 'choose', choice: way });
  expect(hall.shown().step.kind).toBe(kind);
});

test('leads back to the facts, and to the next sheet from a result', async () => {
  const { hall } = await openScanning();
  await hall.act({ type: 'back' }, { type: 'next' });
  await hall.happen({ type: 'code.scanned', text: code });
  await hall.act({ type: 'choose', choice: 'again' });
  expect(hall.shown().step.kind).toBe('scan');
});
