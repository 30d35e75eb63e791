/** What one visit remembers, from its first screen until it is wiped. */
import type { Agreement } from '../contract/central/catalogue.ts';
import type { Login } from '../contract/central/identity.ts';
import type { Appearance } from '../contract/screen.ts';
import type { CardRead, Environment, Visit } from '../effects.ts';
import type { LoginWay } from '../identify/ways.ts';
import type { Answers, GroupId, Service } from '../services/define-service.ts';
import { noAnswers } from '../services/define-service.ts';
import type { MachineEvent } from '../steps/step.ts';
import type { AttendanceReport } from './attendance.ts';

export type SessionInput = {
  visit: Visit;
  /** Counts the visits of this run; part of every step's id. */
  ordinal: number;
  environment: Environment;
  appearance: Appearance;
  opening: Opening;
};

/** What a visit was begun with besides a touch or a card: an item on the first screen's poster, or a code held up to the scanner. */
export type Opening = { kind: 'none' } | { kind: 'item'; item: string } | { kind: 'code'; text: string };

export type SessionContext = {
  visit: Visit;
  ordinal: number;
  environment: Environment;
  appearance: Appearance;
  login: Login | null;
  /** What a card says of its holder, where the line was down at the login and so nothing was proved; null beside a login. */
  byCard: CardRead | null;
  /** The agreement somebody has agreed to in this visit who is here by a card alone: the centre takes no agreement so. */
  agreedByCard: string | null;
  /** How somebody logged in, or showed a card; null while nobody has. */
  loginWay: LoginWay | null;
  /** Whether an identity card has lain on the reader during this visit: it is asked for at the end, also where the reader cannot tell. */
  hasSeenIdCard: boolean;
  /** The agreement that stands on the screen: the one that is accepted, whatever comes into force meanwhile. */
  agreement: Agreement | null;
  group: GroupId | null;
  item: Service | null;
  stepIndex: number;
  /** Whether the login happened on the way to this item, so that the head counts it. */
  loggedInForItem: boolean;
  /** Where the last step led besides the next one; null while the item goes on. */
  wayOut: 'facts' | 'home' | 'leave' | null;
  answers: Answers;
  /** Rises with every page turned; part of every step's id. */
  turn: number;
  /** Set while the visitor is asked whether they are still there. */
  warningEndsAtMs: number | null;
  helpCalled: boolean;
  /** When the bell rings for a card left in the reader. */
  bellAtMs: number | null;
  /** A code that was held up before anybody asked for it, until it is looked at; empty where none was. */
  scanned: string;
  /** What is still to be said once the visit is over; null where nothing is. */
  parting: Parting | null;
};

/**
 * What is said on the first screen to whoever has just left, or still stands there: a paper that lies in the tray or is on its way there, a
 * request that was handed in, or that the card was gone in the middle of something.
 */
export type Parting =
  | 'paper-in-tray'
  | 'receipt-in-slot'
  | 'paper-coming'
  | 'request-received'
  | 'card-taken'
  | 'reader-lost';

export type SessionOutput = { parting: Parting | null };

export type SessionEvent =
  | MachineEvent
  | AttendanceReport
  | { type: 'seen' }
  | { type: 'step.works' }
  | { type: 'step.waits' };

/** A visit at its beginning. `item`: the one it was begun with. */
export function newSession(input: SessionInput, item: Service | null): SessionContext {
  const { visit, ordinal, environment, appearance, opening } = input;
  return {
    visit,
    ordinal,
    environment,
    appearance,
    login: null,
    byCard: null,
    agreedByCard: null,
    loginWay: null,
    hasSeenIdCard: environment.idCard === 'present',
    agreement: null,
    group: null,
    item,
    stepIndex: 0,
    loggedInForItem: false,
    wayOut: null,
    answers: noAnswers,
    turn: 0,
    warningEndsAtMs: null,
    helpCalled: false,
    bellAtMs: null,
    scanned: opening.kind === 'code' ? opening.text : '',
    parting: null,
  };
}

/** What a visit that is over forgets: everything of the visitor's. */
export const wiped = {
  login: null,
  byCard: null,
  agreedByCard: null,
  loginWay: null,
  agreement: null,
  group: null,
  item: null,
  stepIndex: 0,
  wayOut: null,
  answers: noAnswers,
  warningEndsAtMs: null,
  scanned: '',
} as const satisfies Partial<SessionContext>;

/** What of the visitor's still lies in the machine, as far as it can tell. */
export function thingsLeft({ environment, hasSeenIdCard }: SessionContext): ('card' | 'id-card')[] {
  const isIdCardLeft = environment.idCard === 'present' || (environment.idCard === 'untold' && hasSeenIdCard);
  return [
    ...(environment.card === 'present' ? (['card'] as const) : []),
    ...(isIdCardLeft ? (['id-card'] as const) : []),
  ];
}
