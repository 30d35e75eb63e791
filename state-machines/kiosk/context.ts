/** What the terminal knows of itself, and how what happens changes it. */
import { changeAppearance } from '../appearance.ts';
import { maxElectronicCodeLength } from '../contract/central/identity.ts';
import type { Appearance } from '../contract/screen.ts';
import type { Environment } from '../effects.ts';
import { nextEnvironment } from '../environment.ts';
import type { Opening, Parting } from '../session/machine.ts';
import { isCertificateCode } from '../session/setup.ts';
import type { BoardState, MachineEvent, WorldEvent } from '../steps/step.ts';
import { isWorldEvent } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';
import type { LeftCards } from './left-cards.ts';
import { cardSlots, leave, nextLeftCards, unknownCards } from './left-cards.ts';

/** How a visit looks before anybody has changed anything. */
export const defaultAppearance: Appearance = { language: 'zh', theme: 'light', size: 'normal', lowReach: false };

export type KioskContext = {
  environment: Environment;
  /** What the world told while the check was under way: its picture of the terminal may be older. Null when none is. */
  heard: readonly WorldEvent[] | null;
  /** Visits begun since the start. */
  visits: number;
  /** What the next visit begins with; told to it alone. */
  opening: Opening;
  /** What the first screen says of the visit before, for a while, and when that visit ended. */
  parting: Parting | null;
  partedAtMs: number;
  leftCards: LeftCards;
  /** A card was kept by the reader, since nobody took it: told for a while. */
  hasKeptCard: boolean;
  /** A receipt hangs in its presenter; at the start, one from before. */
  isPaperOut: boolean;
  board: BoardState;
  /** Carried into the visit when the first touch was the language or text-size button. */
  appearance: Appearance;
  outBecause: TroubleReason | null;
  /** What the centre that closed this kiosk says of it; null where it was not the centre. */
  outNotice: string | null;
  /** The digits by which staff tell this machine from its copy; null where the centre refuses neither. */
  outShown: string | null;
  /** Rises each time the first screen comes up; part of every id outside a visit. */
  turn: number;
};

/** Why the kiosk serves nobody: with the words of the centre that closed it, or the digits staff compare where the centre takes it for a copy. */
type OutOfService = { reason: TroubleReason; notice?: string; shown?: string };

/** What besides visitors and devices moves the kiosk: a fault of its own, or staff. `world`: comes before the event itself, for left cards. */
export type KioskEvent =
  | MachineEvent
  | ({ type: 'out' } & OutOfService)
  | { type: 'recovered' }
  | { type: 'world'; event: WorldEvent }
  /** That a card was kept has been told for long enough. */
  | { type: 'kept-card.told' };

/** A reader's going tells of its card first: a visit that ended so long before it at most ended by it. */
const lostWithVisitMs = 250;

const unknownEnvironment: Environment = {
  line: 'offline',
  card: 'absent',
  idCard: 'absent',
  // What is there says how it is; nothing is asked of what is not.
  devices: {
    'card-reader': 'not-fitted',
    'id-reader': 'not-fitted',
    'code-scanner': 'not-fitted',
    'document-printer': 'not-fitted',
    'receipt-printer': 'not-fitted',
    'pin-pad': 'not-fitted',
    camera: 'not-fitted',
  },
};

/** Before the first check. */
export const initialContext: KioskContext = {
  environment: unknownEnvironment,
  heard: null,
  visits: 0,
  opening: { kind: 'none' },
  parting: null,
  partedAtMs: Number.NEGATIVE_INFINITY,
  leftCards: unknownCards,
  hasKeptCard: false,
  isPaperOut: false,
  board: { isDoorOpen: false, isKeyTurned: false, isNear: null },
  appearance: defaultAppearance,
  outBecause: null,
  outNotice: null,
  outShown: null,
  turn: 0,
};

type Change = Partial<KioskContext>;

/** A card, the line or a device as the world tells it; kept apart too while a check is under way. */
export function noteWorld({ environment, heard }: KioskContext, event: KioskEvent): Change {
  if (!isWorldEvent(event)) return {};
  return { environment: nextEnvironment(environment, event), heard: heard === null ? null : [...heard, event] };
}

/** A check that found the terminal fit, with what the world told meanwhile. */
export function noteFit({ heard }: KioskContext, found: Environment): Change {
  return {
    environment: (heard ?? []).reduce(nextEnvironment, found),
    heard: null,
    outBecause: null,
    outNotice: null,
    outShown: null,
  };
}

/** A visit begins: with an item pressed on the first screen, a code held to the scanner, or nothing yet. */
export function beginVisit({ visits }: KioskContext, event: KioskEvent): Change {
  return { visits: visits + 1, parting: null, hasKeptCard: false, opening: openingOf(event) };
}

function openingOf(event: KioskEvent): Opening {
  if (event.type === 'screen.start' && event.item !== undefined) return { kind: 'item', item: event.item };
  return event.type === 'code.scanned' ? { kind: 'code', text: event.text } : { kind: 'none' };
}

/** The board's inputs as they are now. */
export function noteBoard(event: KioskEvent): Change {
  if (event.type !== 'board') return {};
  const { isDoorOpen, isKeyTurned, isNear } = event;
  return { board: { isDoorOpen, isKeyTurned, isNear } };
}

/** Follows cards that are in no visit; one that went with its reader is told of on the first screen. */
export function seeCards(context: KioskContext, event: KioskEvent, nowMs: number): Change {
  if (event.type !== 'world') return {};
  const leftCards = nextLeftCards(context.leftCards, event.event, nowMs);
  const isLost = cardSlots.some((slot) => leftCards[slot].state === 'lost' && context.leftCards[slot].state !== 'lost');
  return isLost ? { leftCards, parting: partingOfLost(context, nowMs) } : { leftCards };
}

/** The physical truth is asked, not remembered; but whose visit that card was put in for is over. */
export function leaveCards({ environment, leftCards }: KioskContext): Change {
  let left = leftCards;
  if (environment.card === 'present') left = leave(left, 'card');
  if (environment.idCard === 'present') left = leave(left, 'id-card');
  return { leftCards: left, environment: { ...environment, card: 'absent', idCard: 'absent' } };
}

/** The first touch was the language or text-size button: the visit that begins with it looks so. */
export function noteAppearance(event: KioskEvent): Change {
  if (event.type !== 'screen.appearance') return { appearance: defaultAppearance };
  return { appearance: changeAppearance(defaultAppearance, event) };
}

/** A receipt was taken, and the reminder with it. */
export function notePaperTaken({ parting }: KioskContext): Change {
  return { isPaperOut: false, parting: parting === 'receipt-in-slot' ? null : parting };
}

/** Why it is out of service from now on; a reason without the centre's words takes back what the centre said before. */
export function outFor({ reason, notice, shown }: OutOfService): Change {
  return { outBecause: reason, outNotice: notice ?? null, outShown: shown ?? null };
}

/** Why the cabinet keeps visits from beginning; null where it does not. Whoever turned the key opens the door, too. */
export function obstacleOf({ isKeyTurned, isDoorOpen }: BoardState): 'out-by-staff' | 'cabinet-open' | null {
  if (isKeyTurned) return 'out-by-staff';
  return isDoorOpen ? 'cabinet-open' : null;
}

/** Whether what kept the kiosk out of service was the cabinet, and with this event no longer is. */
export function isCleared({ outBecause, board }: KioskContext, event: KioskEvent): boolean {
  if (event.type !== 'board' || obstacleOf(event) !== null || obstacleOf(board) === null) return false;
  return outBecause === 'cabinet-open' || outBecause === 'out-by-staff';
}

/**
 * Whether a code may be meant for the kiosk: a certificate's, or an electronic card's, which is opaque, plain characters and not short. What
 * a noisy line makes of nothing is neither, and begins no visit.
 */
export function mayBeOurs(text: string): boolean {
  return isCertificateCode(text) || (/^[ -~]{12,}$/.test(text) && text.length <= maxElectronicCodeLength);
}

/** What is said where a reader went away with a card in it: the visit that ended in that moment ended by it. */
function partingOfLost({ parting, partedAtMs }: KioskContext, nowMs: number): Parting | null {
  if (nowMs - partedAtMs > lostWithVisitMs) return parting;
  return parting === null || parting === 'card-taken' ? 'reader-lost' : parting;
}
