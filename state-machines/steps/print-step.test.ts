import { expect, test } from 'vitest';
import { holderLogin, jwe, openHall } from '../kiosk/played-hall.ts';
import type { TroubleReason } from '../troubles.ts';
import { troubles } from '../troubles.ts';

const number = 'YC202611240372';

/** A visitor whose proof is being printed. */
async function openPrinting() {
  const hall = await openHall();
  await hall.begin('proof-of-insurance');
  await hall.act({ type: 'next' });
  return hall;
}

test('says how far it is: issued, laid out, printed', async () => {
  const hall = await openPrinting();
  const stages = () => hall.shows('working').stages?.map(({ state }) => state);
  expect(stages()).toEqual(['now', 'todo', 'todo']);
  hall.print().tell({ state: 'laying-out', number });
  expect(stages()).toEqual(['done', 'now', 'todo']);
  hall.print().tell({ state: 'printing', number });
  expect(stages()).toEqual(['done', 'done', 'now']);
});

test('says what the printer wants and until when, keeps the number in sight, and goes on by itself', async () => {
  const hall = await openPrinting();
  const untilMs = hall.nowMs() + 120_000;
  hall.print().tell({ state: 'waiting', reason: 'paper-jam', untilMs, number });
  expect(hall.shows('trouble')).toMatchObject({
    code: 'D02',
    endsAtMs: untilMs,
    kept: '您的这一份还在，编号YC202611240372已为您保留。',
    rows: [{ label: '证明编号', value: number }],
    actions: [],
  });
  expect(hall.shows('trouble').wayOn).toBeUndefined();
  expect(await hall.touch({ type: 'next' })).toBe(false);
  hall.print().tell({ state: 'printing', number });
  expect(hall.shown().step.kind).toBe('working');
});

test('promises no number before there is one', async () => {
  const hall = await openPrinting();
  hall.print().tell({ state: 'waiting', reason: 'paper-out', untilMs: 0, number: null });
  expect(hall.shows('trouble')).toMatchObject({ kept: '您的这一份还在。', rows: [] });
});

test('is done when printer and spooler say so, and asks for the paper to be taken', async () => {
  const hall = await openPrinting();
  hall.print().end({ ok: true, number, pages: 1, copies: 1 });
  await hall.settle();
  expect(hall.shows('take').things.map(({ id, state }) => [id, state])).toEqual([
    ['paper', 'waiting'],
    ['card', 'waiting'],
  ]);
  await hall.happen({ type: 'paper.taken' });
  expect(hall.shown().step.kind).toBe('rate');
});

test('asks for no card that the reader holds, and says how it comes out', async () => {
  // The hall: a card was drawn sticking out, with an arrow to pull it by, while it lay inside; nobody could do what was asked.
  const hall = await openHall({ found: { isCardHeld: true } });
  await hall.begin('proof-of-insurance');
  await hall.act({ type: 'next' });
  hall.print().end({ ok: true, number, pages: 1, copies: 1 });
  await hall.settle();
  const step = hall.shows('take');
  expect(step.things.map(({ id }) => id)).toEqual(['paper']);
  expect(step.hint).toContain(step.end);
});

test('asks for the identity card on its plate as such, and for no card in the slot', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'idcard.placed' });
  await hall.act({ type: 'password', jwe }, { type: 'next' });
  hall.print().end({ ok: true, number, pages: 1, copies: 1 });
  await hall.settle();
  expect(hall.shows('take').things.map(({ id }) => id)).toEqual(['paper', 'id-card']);
});

test('has nothing to give up once it is done', async () => {
  // The step told the effect that the visitor had gone, just after it had heard that the paper was out.
  const hall = await openPrinting();
  hall.print().end({ ok: true, number, pages: 1, copies: 1 });
  await hall.settle();
  expect(hall.print().abandoned).toEqual({ under: 0, after: 0 });
  await hall.act({ type: 'next' }, { type: 'end' });
  expect(hall.print().abandoned).toEqual({ under: 0, after: 0 });
});

test('has nothing to give up once it has failed', async () => {
  const hall = await openPrinting();
  hall.print().end({ ok: false, reason: 'printer-stopped', number });
  await hall.settle();
  await hall.act({ type: 'end' });
  expect(hall.print().abandoned).toEqual({ under: 0, after: 0 });
});

test.each([
  ['the card is pulled', 'card'],
  ['the visitor ends the visit', 'end'],
  ['the kiosk goes out of service', 'out'],
] as const)('is given up once when %s, and nobody hears its end', async (_what, by) => {
  const hall = await openPrinting();
  if (by === 'card') await hall.happen({ type: 'card.taken' });
  if (by === 'end') await hall.act({ type: 'end' });
  if (by === 'out') hall.kiosk.send({ type: 'out', reason: 'out-by-staff' });
  const { step } = hall.shown();
  hall.print().tell({ state: 'printing', number });
  hall.print().end({ ok: true, number, pages: 1, copies: 1 });
  await hall.settle();
  expect(hall.print().abandoned).toEqual({ under: 1, after: 0 });
  expect(hall.shown().step).toEqual(step);
});

test.each<TroubleReason>([
  'paper-out',
  'paper-jam',
  'door-open',
  'toner-empty',
  'output-full',
  'printer-offline',
  'layout-failed',
])('tells %s by its own screen with the number that is held, and tries again at a touch', async (reason) => {
  const hall = await openPrinting();
  hall.print().end({ ok: false, reason, number });
  await hall.settle();
  expect(hall.shows('trouble')).toMatchObject({
    code: troubles[reason].code,
    rows: [{ label: '证明编号', value: number }],
  });
  await hall.act({ type: 'choose', choice: 'again' });
  expect(hall.shown().step.kind).toBe('working');
  expect(hall.prints.map(({ order }) => order)).toEqual([hall.prints[0]?.order, hall.prints[0]?.order]);
});

test.each<TroubleReason>([
  'print-uncertain',
  'seal-invalid',
  'issuer-not-admitted',
  'glyph-missing',
  'nothing-on-file',
])('offers no second try where that could not help or would be wrong: %s', async (reason) => {
  const hall = await openPrinting();
  hall.print().end({ ok: false, reason });
  await hall.settle();
  expect(await hall.touch({ type: 'choose', choice: 'again' })).toBe(false);
  await hall.act({ type: 'choose', choice: 'home' });
  expect(hall.shown().step.kind).toBe('home');
  expect(hall.prints).toHaveLength(1);
});

test('leads from a failed print to the end of the visit', async () => {
  const hall = await openPrinting();
  hall.print().end({ ok: false, reason: 'paper-out', number });
  await hall.settle();
  await hall.act({ type: 'choose', choice: 'leave' });
  expect(hall.shown().step.kind).toBe('take');
  expect(hall.forgotten).toEqual([{ visit: 'visit-1', login: holderLogin }]);
});

test('has no way back once it has begun: what is printed is printed', async () => {
  const hall = await openPrinting();
  expect(await hall.touch({ type: 'back' })).toBe(false);
  expect(hall.shows('working').back).toBeUndefined();
  hall.print().end({ ok: true, number, pages: 1, copies: 1 });
  await hall.settle();
  expect(await hall.touch({ type: 'back' })).toBe(false);
});
