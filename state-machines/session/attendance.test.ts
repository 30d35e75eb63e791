/** What counts as somebody standing there; what follows where nobody does is in `idle.test.ts`. */
import { expect, test } from 'vitest';
import { openHall } from '../kiosk/played-hall.ts';

/** How far apart touches are; `idleMs` of the played hall is a minute. */
const typingMs = 40_000;

test('asks nobody who goes on touching, though no touch leads anywhere: typing a complaint takes minutes', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  for (let touches = 0; touches < 5; touches += 1) {
    await hall.elapse(typingMs);
    expect(await hall.touch({ type: 'touch' })).toBe(true);
  }
  expect(hall.shown().step.kind).toBe('facts');
  await hall.elapse(60_000);
  expect(hall.shown().step.kind).toBe('still-there');
});

test('keeps the question up under the finger that goes for its button', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  await hall.elapse(60_000);
  expect(await hall.touch({ type: 'touch' })).toBe(false);
  expect(hall.shown().step.kind).toBe('still-there');
  await hall.act({ type: 'end' });
  expect(hall.shown().step.kind).toBe('attract');
});

test('takes the question away from who changes the language instead of answering it', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  await hall.elapse(60_000);
  await hall.act({ type: 'appearance', language: 'en' });
  expect(hall.shown().step.kind).toBe('facts');
});

test('takes the question away from who has found the card meanwhile, and does not send them off', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  await hall.act({ type: 'next' });
  await hall.elapse(60_000);
  await hall.elapse(19_000);
  await hall.happen({ type: 'card.inserted' });
  expect(hall.shown().step.kind).toBe('password');
  await hall.elapse(59_000);
  expect(hall.shown().step.kind).toBe('password');
});

test('takes a scanned code for a sign of life', async () => {
  const hall = await openHall();
  await hall.choose('check-certificate');
  await hall.act({ type: 'next' });
  await hall.elapse(60_000);
  await hall.happen({ type: 'code.scanned', text: 'not one of ours' });
  expect(hall.shown().step.kind).toBe('result');
});
