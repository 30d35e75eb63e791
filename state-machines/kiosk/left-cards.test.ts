import { describe, expect, test } from 'vitest';
import type { WorldEvent } from '../steps/step.ts';
import type { LeftCards } from './left-cards.ts';
import { leftSlot, nextLeftCards, readerSettlesMs, unknownCards } from './left-cards.ts';

const inserted: WorldEvent = { type: 'card.inserted' };
const taken: WorldEvent = { type: 'card.taken' };
const out: WorldEvent = { type: 'device', need: 'card-reader', reason: 'card-reader-out' };
const back: WorldEvent = { type: 'device', need: 'card-reader', reason: null };

/** What is known after these events, each at its millisecond. */
function cardsAfter(...events: [WorldEvent, number][]): LeftCards {
  return events.reduce((cards, [event, atMs]) => nextLeftCards(cards, event, atMs), unknownCards);
}

const fresh: [WorldEvent, number][] = [
  [back, 0],
  [inserted, 10_000],
];

describe('a card in the slot', () => {
  test('is its visitor’s, where it was put in after the reader had told that it is empty', () => {
    const cards = cardsAfter(...fresh);
    expect(leftSlot(cards)).toBeNull();
    expect(cards.isOfLeft).toBe(false);
  });

  test('is somebody’s who may be gone, where the reader tells of it as it comes up', () => {
    const cards = cardsAfter([back, 0], [inserted, 200]);
    expect(leftSlot(cards)).toBe('card');
    expect(cards.isOfLeft).toBe(true);
  });

  test('is so still where its reader was out for a while', () => {
    const cards = cardsAfter(...fresh, [taken, 20_000], [out, 20_000], [back, 60_000], [inserted, 60_010]);
    expect(leftSlot(cards)).toBe('card');
  });

  test('is so still where the reader goes again while it is left', () => {
    const once = [
      [back, 0],
      [inserted, 1],
    ] as [WorldEvent, number][];
    expect(leftSlot(cardsAfter(...once, [taken, 5_000], [out, 5_000], [back, 9_000], [inserted, 9_001]))).toBe('card');
    expect(leftSlot(cardsAfter(...once, [out, 5_000], [back, 9_000], [inserted, 9_001]))).toBe('card');
  });

  test('ends with being taken out, of which no visit hears', () => {
    const cards = cardsAfter([back, 0], [inserted, 1], [taken, 5_000]);
    expect(leftSlot(cards)).toBeNull();
    expect(cards.isOfLeft).toBe(true);
    const again = nextLeftCards(cards, inserted, 6_000);
    expect(leftSlot(again)).toBeNull();
    expect(again.isOfLeft).toBe(false);
  });

  test('is a new one where the slot was empty when the reader went, or when it came back', () => {
    expect(
      leftSlot(cardsAfter(...fresh, [taken, 20_000], [out, 30_000], [back, 60_000], [inserted, 60_010])),
    ).toBeNull();
    const late = 60_000 + readerSettlesMs + 1;
    expect(leftSlot(cardsAfter(...fresh, [taken, 20_000], [out, 20_000], [back, 60_000], [inserted, late]))).toBeNull();
  });
});

test('a reader that had settled empty loses nothing when it goes: what is in it once it is back was put in by somebody', () => {
  const cards = cardsAfter([back, 0], [out, 60_000], [back, 70_000], [inserted, 70_200]);
  expect(leftSlot(cards)).toBeNull();
  expect(cards.isOfLeft).toBe(false);
});

test('a card is its visitor’s at once after the start, where the reader began by saying that it is empty', () => {
  const cards = cardsAfter([{ ...back, isSlotEmpty: true } as WorldEvent, 0], [inserted, 10]);
  expect(leftSlot(cards)).toBeNull();
  expect(cards.isOfLeft).toBe(false);
});

test('a reader that was away is not believed so soon: it says empty before it has felt what lies in it', () => {
  const empty = { ...back, isSlotEmpty: true } as WorldEvent;
  const cards = cardsAfter(...fresh, [taken, 20_000], [out, 20_000], [empty, 60_000], [inserted, 60_300]);
  expect(leftSlot(cards)).toBe('card');
});

test('keeps slot and plate apart, and lets everything else pass', () => {
  const cards = cardsAfter(
    [{ type: 'device', need: 'id-reader', reason: null }, 0],
    [{ type: 'idcard.placed' }, 100],
    [inserted, 200],
  );
  expect(leftSlot(cards)).toBe('id-card');
  expect(cards.isOfLeft).toBe(false);
  expect(nextLeftCards(cards, { type: 'paper.taken' }, 300).isOfLeft).toBe(false);
  expect(nextLeftCards(cards, { type: 'idcard.lifted' }, 400)).toMatchObject({ isOfLeft: true });
});
