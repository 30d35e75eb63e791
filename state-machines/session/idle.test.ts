import { expect, test } from 'vitest';
import type { Hall } from '../kiosk/played-hall.ts';
import { hallTimes, holderLogin, openHall } from '../kiosk/played-hall.ts';
import { cardBellMs, cardStaffMs } from './machine.ts';

const { idleMs, warningMs } = hallTimes;

/** A visitor who stands before an item's facts, nobody logged in. */
async function openReading(): Promise<Hall> {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  return hall;
}

/** A visitor who is logged in, the card in its slot. */
async function openLoggedIn(): Promise<Hall> {
  const hall = await openHall();
  await hall.begin('contribution-record');
  return hall;
}

test('asks whether anybody is still there, twenty seconds before it ends the visit', async () => {
  const hall = await openReading();
  await hall.elapse(idleMs - 1);
  expect(hall.shown().step.kind).toBe('facts');
  await hall.elapse(1);
  expect(warningMs).toBeGreaterThanOrEqual(20_000);
  expect(hall.shows('still-there').endsAtMs).toBe(hall.nowMs() + warningMs);
  await hall.elapse(warningMs - 1);
  expect(hall.shown().step.kind).toBe('still-there');
  await hall.elapse(1);
  expect(hall.shown().step.kind).toBe('attract');
});

test('asks after the time that is in force when the visit begins, not when the kiosk was started', async () => {
  let times = hallTimes;
  const hall = await openHall({ times: () => times });
  times = { idleMs: 3 * idleMs, warningMs: 2 * warningMs };
  await hall.choose('proof-of-insurance');
  times = hallTimes;
  await hall.elapse(3 * idleMs - 1);
  expect(hall.shown().step.kind).toBe('facts');
  await hall.elapse(1);
  expect(hall.shows('still-there').endsAtMs).toBe(hall.nowMs() + 2 * warningMs);
});

test('goes on where it was, and under the same id, once the visitor says so', async () => {
  const hall = await openReading();
  const { step } = hall.shown();
  await hall.elapse(idleMs);
  expect(hall.shown().step.id).not.toBe(step.id);
  await hall.act({ type: 'stay' });
  expect(hall.shown().step).toEqual(step);
});

test('can be extended as often as anybody likes, far more than ten times', async () => {
  const hall = await openReading();
  for (let times = 0; times < 25; times += 1) {
    await hall.elapse(idleMs + warningMs - 1);
    await hall.act({ type: 'stay' });
  }
  expect(hall.shown().step.kind).toBe('facts');
});

test('counts from the last touch, whatever was touched', async () => {
  const hall = await openReading();
  await hall.elapse(idleMs - 1);
  await hall.act({ type: 'appearance', size: 'large' });
  await hall.elapse(idleMs - 1);
  expect(hall.shown().step.kind).toBe('facts');
  await hall.elapse(1);
  expect(hall.shown().step.kind).toBe('still-there');
});

test('takes the question away again from who calls for help instead of answering it', async () => {
  // The question stayed, its countdown long past, though the visit went on.
  const hall = await openReading();
  await hall.elapse(idleMs);
  await hall.act({ type: 'help' });
  expect(hall.shown().step.kind).toBe('facts');
  await hall.elapse(idleMs - 1);
  expect(hall.shown().step.kind).toBe('facts');
});

test('sees no sign of life in what nobody took', async () => {
  const hall = await openReading();
  await hall.elapse(idleMs - 1);
  expect(await hall.touch({ type: 'sign', strokes: [[[1, 1, 0]]] })).toBe(false);
  await hall.elapse(1);
  expect(hall.shown().step.kind).toBe('still-there');
});

test('sees no sign of life in a line that goes down or a printer that runs empty', async () => {
  const hall = await openReading();
  await hall.elapse(idleMs - 1);
  await hall.happen({ type: 'line', state: 'offline' });
  await hall.happen({ type: 'device', need: 'document-printer', reason: 'paper-out' });
  await hall.elapse(1);
  expect(hall.shown().step.kind).toBe('still-there');
});

test('wipes everything when nobody answers: name, item, what was entered', async () => {
  const hall = await openLoggedIn();
  await hall.elapse(idleMs + warningMs);
  expect(hall.shown().header.visitor).toBeNull();
  expect(hall.shows('take').things.map(({ id }) => id)).toEqual(['card']);
  expect(hall.forgotten).toEqual([{ visit: 'visit-1', login: holderLogin }]);
  const { context } = hall.session() ?? {};
  expect(context).toMatchObject({ login: null, item: null, group: null, agreement: null });
  expect(context?.answers).toEqual({
    values: {},
    choices: {},
    data: {},
    copies: 1,
    strokes: null,
    settled: null,
    check: null,
    printOn: 'paper',
  });
});

test('leaves at once where the visitor says that they are done', async () => {
  const hall = await openReading();
  await hall.elapse(idleMs);
  await hall.act({ type: 'end' });
  expect(hall.shown().step.kind).toBe('attract');
});

test('has no "stay" to take while nobody was asked', async () => {
  const hall = await openReading();
  expect(await hall.touch({ type: 'stay' })).toBe(false);
});

test('does not count the time the printer takes, and counts anew afterwards', async () => {
  const hall = await openHall();
  await hall.begin('proof-of-insurance');
  await hall.act({ type: 'next' });
  await hall.elapse(10 * idleMs);
  expect(hall.shown().step.kind).toBe('working');
  hall
    .print()
    .tell({ state: 'waiting', reason: 'paper-out', untilMs: hall.nowMs() + 120_000, number: 'YC202611240001' });
  await hall.elapse(10 * idleMs);
  expect(hall.shows('trouble').code).toBe('D01');
  hall.print().end({ ok: true, number: 'YC202611240001', pages: 1, copies: 1 });
  await hall.settle();
  expect(hall.shown().step.kind).toBe('take');
  await hall.elapse(idleMs - 1);
  expect(hall.shown().step.kind).toBe('take');
  await hall.elapse(1);
  expect(hall.shown().step.kind).toBe('still-there');
});

test('counts again after a print that failed, and rests again while it is tried again', async () => {
  const hall = await openHall();
  await hall.begin('proof-of-insurance');
  await hall.act({ type: 'next' });
  hall.print().end({ ok: false, reason: 'paper-out', number: 'YC202611240001' });
  await hall.settle();
  await hall.elapse(idleMs);
  expect(hall.shown().step.kind).toBe('still-there');
  await hall.act({ type: 'stay' }, { type: 'next' });
  await hall.elapse(2 * idleMs);
  expect(hall.shown().step.kind).toBe('working');
});

test('calls staff once to a card nobody takes, after the bell, and waits for it without end', async () => {
  const hall = await openLoggedIn();
  await hall.act({ type: 'end' });
  expect(hall.shows('take').endsAtMs).toBe(hall.nowMs() + cardBellMs);
  await hall.elapse(cardBellMs + cardStaffMs - 1);
  expect(hall.staffCalls).toEqual([]);
  await hall.elapse(1);
  expect(hall.staffCalls).toEqual(['visit-1']);
  await hall.elapse(100 * cardStaffMs);
  expect(hall.staffCalls).toHaveLength(1);
  expect(hall.shown().step.kind).toBe('take');
  await hall.happen({ type: 'card.taken' });
  expect(hall.shown().step.kind).toBe('attract');
  expect(hall.forgotten).toHaveLength(1);
});

test('calls nobody where the card is taken before the bell has rung out', async () => {
  const hall = await openLoggedIn();
  await hall.act({ type: 'end' });
  await hall.elapse(cardBellMs + cardStaffMs - 1);
  await hall.happen({ type: 'card.taken' });
  await hall.elapse(cardStaffMs);
  expect(hall.staffCalls).toEqual([]);
});

test('still hears a call for help while only the card is left, also after the visitor was given up', async () => {
  const hall = await openLoggedIn();
  await hall.elapse(idleMs + warningMs);
  await hall.touch({ type: 'touch' });
  await hall.act({ type: 'help' });
  expect(hall.staffCalls).toEqual(['visit-1']);
  expect(hall.shown().header.helpCalled).toBe(true);
});

test('begins the next visit with all its time', async () => {
  const hall = await openReading();
  await hall.elapse(idleMs - 1);
  await hall.act({ type: 'end' });
  await hall.act({ type: 'start' });
  await hall.elapse(idleMs - 1);
  expect(hall.shown().step.kind).toBe('home');
});
