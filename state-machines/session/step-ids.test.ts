/**
 * A step's id is what a touch answers: it changes with every screen and never comes back, so that a late or doubled touch can only
 * be stale. The one exception is the screen behind the question whether anybody is still there.
 */
import { expect, test } from 'vitest';
import type { PasswordAnswer } from '../contract/central/identity.ts';
import type { Effects, Failed } from '../effects.ts';
import type { Hall, HallOptions } from '../kiosk/played-hall.ts';
import { hallTimes, holderLogin, jwe, onFile, openHall } from '../kiosk/played-hall.ts';

/** A hall that writes down the id of every screen that stood there, once for each time it came up. */
async function openWatched(options: HallOptions = {}): Promise<{ hall: Hall; ids: string[] }> {
  const hall = await openHall(options);
  const ids = [hall.shown().step.id];
  // As the kiosk does it: what comes of one event is shown once all of it has come.
  hall.kiosk.system.inspect({ next: () => void Promise.resolve().then(note) });
  function note(): void {
    const { id } = hall.shown().step;
    if (ids.at(-1) !== id) ids.push(id);
  }
  return { hall, ids };
}

function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

test('gives no id twice on a long visit, however often the same screens come up', async () => {
  const { hall, ids } = await openWatched();
  for (let round = 0; round < 2; round += 1) {
    await hall.begin('contribution-record');
    await hall.act({ type: 'back' }, { type: 'next' }, { type: 'print' }, { type: 'back' }, { type: 'next' });
    await hall.act({ type: 'next' }, { type: 'choose', choice: 'more' }, { type: 'choose', choice: 'group:book' });
    await hall.act({ type: 'back' }, { type: 'end' });
    await hall.happen({ type: 'card.taken' });
  }
  expect(ids.length).toBeGreaterThan(30);
  expect(repeated(ids)).toEqual([]);
});

test('gives a new id to every password that is asked for', async () => {
  const wrong: PasswordAnswer = { state: 'wrong', attemptsLeft: 3, waitMs: 0 };
  const { hall, ids } = await openWatched({ effects: { provePassword: async () => ({ ok: true, answer: wrong }) } });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe }, { type: 'password', jwe }, { type: 'password', jwe });
  expect(ids.filter((id) => id.includes('password'))).toHaveLength(4);
  expect(repeated(ids)).toEqual([]);
});

test('gives a new id to a trouble that comes again, and to the work between', async () => {
  const failed: Failed = { ok: false, reason: 'centre-unreachable' };
  const { hall, ids } = await openWatched({ effects: { query: async () => failed } });
  await hall.begin('contribution-record');
  await hall.act({ type: 'choose', choice: 'again' }, { type: 'choose', choice: 'again' });
  expect(ids.filter((id) => id.includes('trouble-N01'))).toHaveLength(3);
  expect(repeated(ids)).toEqual([]);
});

test('gives a new id to a card that goes in and out', async () => {
  const read: Effects['readCard'] = async () => ({ ok: false, reason: 'card-mute' });
  const { hall, ids } = await openWatched({ effects: { readCard: read } });
  await hall.happen({ type: 'card.inserted' });
  await hall.happen({ type: 'card.taken' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'choose', choice: 'again' });
  expect(repeated(ids)).toEqual([]);
});

test('gives a new id to a form that came back with problems', async () => {
  const { hall, ids } = await openWatched();
  await hall.begin('contact-change');
  const values = { ...onFile.contact, mobile: '1' };
  await hall.act({ type: 'submit', values }, { type: 'submit', values });
  expect(repeated(ids)).toEqual([]);
  expect(new Set(ids.filter((id) => id.includes('fill'))).size).toBeGreaterThanOrEqual(3);
});

test('gives a new id to a print that stops, goes on and stops again', async () => {
  const { hall, ids } = await openWatched();
  await hall.begin('proof-of-insurance');
  await hall.act({ type: 'next' });
  const number = 'YC202611240001';
  const stopped = { state: 'waiting', reason: 'paper-out', untilMs: 0, number } as const;
  for (const progress of [stopped, { state: 'printing', number } as const, stopped]) hall.print().tell(progress);
  hall.print().end({ ok: false, reason: 'paper-out', number });
  await hall.settle();
  await hall.act({ type: 'next' });
  hall.print().end({ ok: false, reason: 'paper-out', number });
  await hall.settle();
  expect(repeated(ids)).toEqual([]);
});

test('gives a new id to a code that is asked for again', async () => {
  const failed: Failed = { ok: false, reason: 'centre-unreachable' };
  const { hall, ids } = await openWatched({ effects: { checkCode: async () => failed } });
  await hall.choose('check-certificate');
  await hall.act({ type: 'next' });
  for (let round = 0; round < 2; round += 1) {
    await hall.act({ type: 'code', text: 'x', by: 'hand' }, { type: 'choose', choice: 'again' });
  }
  expect(repeated(ids)).toEqual([]);
});

test('gives a new id to the first screen after every visit and every time out of service', async () => {
  const { hall, ids } = await openWatched();
  await hall.act({ type: 'start' }, { type: 'end' });
  for (let round = 0; round < 2; round += 1) {
    hall.kiosk.send({ type: 'out', reason: 'out-by-staff' });
    hall.kiosk.send({ type: 'recovered' });
    await hall.settle();
  }
  expect(repeated(ids)).toEqual([]);
});

test('keeps its id while only the header changes, or the copies that are wanted', async () => {
  const { hall } = await openWatched();
  await hall.begin('proof-of-insurance');
  const { id } = hall.shown().step;
  await hall.happen({ type: 'line', state: 'offline' });
  await hall.happen({ type: 'device', need: 'code-scanner', reason: 'scanner-out' });
  await hall.act({ type: 'help' }, { type: 'appearance', language: 'en' }, { type: 'copies', value: 3 });
  await hall.elapse(10_000);
  expect(hall.shown().step.id).toBe(id);
});

test('keeps its id while a password is looked at, so that a doubled touch finds nothing to do', async () => {
  const { promise, resolve } = Promise.withResolvers<{ ok: true; answer: PasswordAnswer }>();
  const { hall } = await openWatched({ effects: { provePassword: () => promise } });
  await hall.happen({ type: 'card.inserted' });
  const { id } = hall.shown().step;
  await hall.act({ type: 'password', jwe });
  expect(hall.shown().step.id).toBe(id);
  resolve({ ok: true, answer: { state: 'right', login: holderLogin } });
});

test('gives the former id back behind the question, and every question one of its own', async () => {
  const { hall, ids } = await openWatched();
  await hall.choose('complaint');
  await hall.act({ type: 'next' });
  const { id } = hall.shown().step;
  for (let round = 0; round < 3; round += 1) {
    await hall.elapse(hallTimes.idleMs);
    await hall.act({ type: 'stay' });
    expect(hall.shown().step.id).toBe(id);
  }
  expect(repeated(ids).every((again) => again === id)).toBe(true);
  expect(ids.filter((asked) => asked.includes('still-there'))).toHaveLength(3);
});
