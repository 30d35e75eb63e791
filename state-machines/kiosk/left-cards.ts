/**
 * Cards of visits that are over. A reader that goes away with a card in it, and comes back, tells of that card as of one put in just now;
 * so does a reader when the kiosk starts. Nobody has put it in, and its owner may be gone: such a card shows no name and begins no
 * visit before it was taken out and put in again.
 */
import type { DeviceNeed } from '../effects.ts';
import type { WorldEvent } from '../steps/step.ts';

/** Where a card can be left: in the slot, or on the plate. */
export const cardSlots = ['card', 'id-card'] as const;
type CardSlot = (typeof cardSlots)[number];

type Left =
  | { state: 'none'; takenAtMs: number }
  /** The reader has not told of itself since the kiosk started. */
  | { state: 'unknown' }
  /** The reader is not there, and what lay in it when it went is not known to be gone. */
  | { state: 'lost' }
  /** It has just come back, and tells in a moment what lies in it. */
  | { state: 'back'; atMs: number }
  | { state: 'left' };

/** How each slot stands. `isOfLeft`: whether the last event was about a card that was left, so that no visit hears of it. */
export type LeftCards = Record<CardSlot, Left> & { isOfLeft: boolean };

/** At the start nothing is known of what lies in the readers. */
export const unknownCards: LeftCards = {
  card: { state: 'unknown' },
  'id-card': { state: 'unknown' },
  isOfLeft: false,
};

/** A reader that goes tells first that its card is gone, and then, in the same turn, that it is itself. */
const sameMomentMs = 250;
/** A reader that is back has told within this what lies in it; what comes later was put in by somebody. */
export const readerSettlesMs = 1_500;

const slotOfNeed: Partial<Record<DeviceNeed, CardSlot>> = { 'card-reader': 'card', 'id-reader': 'id-card' };

/** What is true of cards left behind after an event of the world. */
export function nextLeftCards(cards: LeftCards, event: WorldEvent, nowMs: number): LeftCards {
  const seen = { ...cards, isOfLeft: false };
  switch (event.type) {
    case 'card.inserted':
      return insert(seen, 'card', nowMs);
    case 'idcard.placed':
      return insert(seen, 'id-card', nowMs);
    case 'card.presented':
      return event.isLeftOver ? { ...leave(seen, 'card'), isOfLeft: true } : seen;
    case 'card.taken':
      return take(seen, 'card', nowMs);
    case 'idcard.lifted':
      return take(seen, 'id-card', nowMs);
    case 'device': {
      const slot = slotOfNeed[event.need];
      if (slot === undefined) return seen;
      return {
        ...seen,
        [slot]: event.reason === null ? comeBack(seen[slot], event, nowMs) : goAway(seen[slot], nowMs),
      };
    }
    default:
      return seen;
  }
}

/** A card that lies in the reader when the kiosk enters service: nobody has put it in for a visit that is to come. */
export function leave(cards: LeftCards, slot: CardSlot): LeftCards {
  return { ...cards, [slot]: { state: 'left' } };
}

/** The slot in which a card was left; null where none is. */
export function leftSlot(cards: LeftCards): CardSlot | null {
  return cardSlots.find((slot) => cards[slot].state === 'left') ?? null;
}

function insert(cards: LeftCards, slot: CardSlot, nowMs: number): LeftCards {
  const was = cards[slot];
  if (was.state === 'back' && nowMs - was.atMs <= readerSettlesMs) {
    return { ...cards, [slot]: { state: 'left' }, isOfLeft: true };
  }
  return { ...cards, [slot]: { state: 'none', takenAtMs: Number.NEGATIVE_INFINITY } };
}

function take(cards: LeftCards, slot: CardSlot, nowMs: number): LeftCards {
  return { ...cards, [slot]: { state: 'none', takenAtMs: nowMs }, isOfLeft: cards[slot].state === 'left' };
}

function goAway(was: Left, nowMs: number): Left {
  switch (was.state) {
    case 'none':
      return nowMs - was.takenAtMs <= sameMomentMs ? { state: 'lost' } : was;
    case 'left':
      return { state: 'lost' };
    case 'back':
      // Nothing was told of a card while it had time to.
      return nowMs - was.atMs <= readerSettlesMs ? { state: 'lost' } : { state: 'none', takenAtMs: was.atMs };
    case 'lost':
    case 'unknown':
      return was;
  }
}

function comeBack(was: Left, { isSlotEmpty }: { isSlotEmpty?: true }, nowMs: number): Left {
  // A reader that had power all along knows what lies in it. One that comes up itself says empty before it has felt a card.
  if (was.state === 'unknown' && isSlotEmpty) return { state: 'none', takenAtMs: Number.NEGATIVE_INFINITY };
  return was.state === 'lost' || was.state === 'unknown' ? { state: 'back', atMs: nowMs } : was;
}
