/**
 * The terminal's own life: checking, in service, out of service. A visit is a child that begins with a touch or a card and ends
 * wiped. Nothing is resumed after power loss: the kiosk always starts here, at the check.
 */
import type { SnapshotFrom } from 'xstate';
import { assign, cancel, fromPromise, raise, sendTo, setup } from 'xstate';
import { changeAppearance } from '../appearance.ts';
import { maxElectronicCodeLength } from '../contract/central/identity.ts';
import type { Appearance } from '../contract/screen.ts';
import type { Effects, Environment } from '../effects.ts';
import { nextEnvironment } from '../environment.ts';
import type { Opening, Parting, SessionMachine, SessionParts } from '../session/machine.ts';
import { createSession } from '../session/machine.ts';
import { isCertificateCode } from '../session/setup.ts';
import type { BoardState, MachineEvent, WorldEvent } from '../steps/step.ts';
import { isWorldEvent } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';
import type { LeftCards } from './left-cards.ts';
import { leave, nextLeftCards, unknownCards } from './left-cards.ts';

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
  /** Rises each time the first screen comes up; part of every id outside a visit. */
  turn: number;
};

/** What besides visitors and devices moves the kiosk: a fault of its own, or staff. `world`: comes before the event itself, for left cards. */
export type KioskEvent =
  | MachineEvent
  | { type: 'out'; reason: TroubleReason; notice?: string }
  | { type: 'recovered' }
  | { type: 'world'; event: WorldEvent }
  /** That a card was kept has been told for long enough. */
  | { type: 'kept-card.told' };

/** A reader's going tells of its card first: a visit that ended so long before it at most ended by it. */
const lostWithVisitMs = 250;

/** How long the first screen speaks of the visit before, if nobody begins another. */
export const partingMs = 30_000;

/** How long the first screen tells that a card was kept, if nobody begins a visit: its owner may come back for it. */
export const keptCardMs = 5 * 60_000;

/** How often a kiosk out of service looks whether it can serve again. */
export const recheckMs = 5_000;

/** How often an idle kiosk looks whether it can still serve. */
export const patrolMs = 60_000;

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

/** The machine of the terminal. */
export function createKiosk(effects: Effects, parts: SessionParts) {
  const forwarded = (type: WorldEvent['type']) => ({
    [type]: { actions: ['noteWorld', sendTo('session', ({ event }: { event: MachineEvent }) => event)] },
  });
  return setup({
    types: {
      context: {} as KioskContext,
      events: {} as KioskEvent,
      children: {} as { session: 'session' },
    },
    actors: {
      check: fromPromise(({ signal }: { signal: AbortSignal }) => effects.checkEnvironment(signal)),
      session: createSession(effects, parts),
    },
    delays: { recheckMs, patrolMs, partingMs },
    guards: {
      mayBeOurs: ({ event }) => event.type === 'code.scanned' && mayBeOurs(event.text),
      isObstructed: ({ context }) => obstacleOf(context.board) !== null,
      /** What kept it out of service was the cabinet, and no longer is. */
      isCleared: ({ context, event }) =>
        event.type === 'board' &&
        obstacleOf(event) === null &&
        (context.outBecause === 'cabinet-open' || context.outBecause === 'out-by-staff') &&
        obstacleOf(context.board) !== null,
    },
    actions: {
      noteWorld: assign(({ context: { environment, heard }, event }) =>
        isWorldEvent(event)
          ? { environment: nextEnvironment(environment, event), heard: heard === null ? null : [...heard, event] }
          : {},
      ),
      begin: assign({
        visits: ({ context }) => context.visits + 1,
        parting: null,
        hasKeptCard: false,
        opening: ({ event }): Opening => {
          if (event.type === 'screen.start' && event.item !== undefined) return { kind: 'item', item: event.item };
          return event.type === 'code.scanned' ? { kind: 'code', text: event.text } : { kind: 'none' };
        },
      }),
      dropOpening: assign({ opening: { kind: 'none' } }),
      dropParting: assign({ parting: null }),
      noteBoard: assign({
        board: ({ context, event }) => {
          if (event.type !== 'board') return context.board;
          const { isDoorOpen, isKeyTurned, isNear } = event;
          return { isDoorOpen, isKeyTurned, isNear };
        },
      }),
      noteObstacle: assign({ outBecause: ({ context }) => obstacleOf(context.board) ?? context.outBecause }),
      seeCards: assign(({ context, event }) => {
        if (event.type !== 'world') return {};
        const nowMs = effects.nowMs();
        const leftCards = nextLeftCards(context.leftCards, event.event, nowMs);
        const isLost =
          (leftCards.card.state === 'lost' && context.leftCards.card.state !== 'lost') ||
          (leftCards['id-card'].state === 'lost' && context.leftCards['id-card'].state !== 'lost');
        return isLost ? { leftCards, parting: partingOfLost(context, nowMs) } : { leftCards };
      }),
      /** The physical truth is asked, not remembered; but whose visit that card was put in for is over. */
      leaveCards: assign(({ context: { environment, leftCards } }) => {
        let left = leftCards;
        if (environment.card === 'present') left = leave(left, 'card');
        if (environment.idCard === 'present') left = leave(left, 'id-card');
        return { leftCards: left, environment: { ...environment, card: 'absent' as const, idCard: 'absent' as const } };
      }),
      noteAppearance: assign({
        appearance: ({ event }) =>
          event.type === 'screen.appearance' ? changeAppearance(defaultAppearance, event) : defaultAppearance,
      }),
      turn: assign({ turn: ({ context }) => context.turn + 1 }),
      forgetAppearance: assign({ appearance: defaultAppearance }),
      noteOut: assign(({ event }) => (event.type === 'out' ? outFor(event) : {})),
      callStaff: () => effects.callStaff(null),
      /** A visit that ends by itself has been forgotten by then; one cut off here has not. */
      forgetCutOff: ({ self }) => {
        const session = self.getSnapshot().children.session?.getSnapshot() as SnapshotFrom<SessionMachine> | undefined;
        if (session === undefined || session.status !== 'active' || session.matches('leaving')) return;
        effects.forget(session.context.visit, session.context.login);
      },
    },
  }).createMachine({
    id: 'kiosk',
    context: {
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
      turn: 0,
    },
    initial: 'checking',
    on: {
      'card.inserted': { actions: 'noteWorld' },
      'card.taken': { actions: 'noteWorld' },
      'card.presented': { actions: 'noteWorld' },
      'idcard.placed': { actions: 'noteWorld' },
      'idcard.lifted': { actions: 'noteWorld' },
      'idcard.untold': { actions: 'noteWorld' },
      line: { actions: 'noteWorld' },
      device: { actions: 'noteWorld' },
      'card.retained': {
        actions: [
          assign({ hasKeptCard: true }),
          cancel('kept-card'),
          raise({ type: 'kept-card.told' }, { id: 'kept-card', delay: keptCardMs }),
        ],
      },
      'kept-card.told': { actions: assign({ hasKeptCard: false }) },
      'paper.presented': { actions: assign({ isPaperOut: true }) },
      'paper.taken': {
        actions: assign(({ context: { parting } }) => ({
          isPaperOut: false,
          parting: parting === 'receipt-in-slot' ? null : parting,
        })),
      },
      board: { actions: 'noteBoard' },
      world: { actions: 'seeCards' },
      out: { target: '.outOfService', actions: 'noteOut' },
    },
    states: {
      checking: {
        entry: assign({ heard: [] }),
        invoke: {
          src: 'check',
          onDone: [
            {
              guard: ({ event }) => event.output.ok,
              target: 'inService',
              actions: assign(({ context: { heard }, event }) =>
                event.output.ok
                  ? {
                      environment: (heard ?? []).reduce(nextEnvironment, event.output.environment),
                      heard: null,
                      outBecause: null,
                      outNotice: null,
                    }
                  : {},
              ),
            },
            {
              target: 'outOfService',
              actions: assign(({ event }) => (event.output.ok ? {} : { heard: null, ...outFor(event.output) })),
            },
          ],
        },
      },
      inService: {
        entry: 'leaveCards',
        initial: 'attract',
        states: {
          attract: {
            entry: ['forgetAppearance', 'turn'],
            // An open cabinet or staff at work end no visit; between visits nobody begins one.
            always: { guard: 'isObstructed', target: '#kiosk.outOfService', actions: 'noteObstacle' },
            // Looked at between visits and now and then: what a disk or a key has lost is told before the next visitor starts.
            initial: 'looking',
            states: {
              looking: {
                invoke: {
                  src: 'check',
                  onDone: [
                    { guard: ({ event }) => event.output.ok, target: 'idle' },
                    {
                      target: '#kiosk.outOfService',
                      actions: assign(({ event }) => (event.output.ok ? {} : outFor(event.output))),
                    },
                  ],
                },
              },
              idle: { after: { patrolMs: 'looking' } },
            },
            after: { partingMs: { actions: 'dropParting' } },
            on: {
              'screen.start': { target: 'visiting', actions: 'begin' },
              'screen.help': { actions: 'callStaff' },
              'screen.appearance': { target: 'visiting', actions: ['noteAppearance', 'begin'] },
              'card.inserted': { target: 'visiting', actions: ['noteWorld', 'begin'] },
              'idcard.placed': { target: 'visiting', actions: ['noteWorld', 'begin'] },
              'code.scanned': { guard: 'mayBeOurs', target: 'visiting', actions: 'begin' },
            },
          },
          visiting: {
            exit: ['forgetCutOff', 'dropOpening'],
            invoke: {
              id: 'session',
              src: 'session',
              input: ({ context }) => ({
                visit: effects.beginVisit(),
                ordinal: context.visits,
                environment: context.environment,
                appearance: context.appearance,
                opening: context.opening,
              }),
              onDone: {
                target: 'attract',
                actions: assign(({ event }) => ({ parting: event.output.parting, partedAtMs: effects.nowMs() })),
              },
            },
            on: {
              ...forwarded('card.inserted'),
              ...forwarded('card.taken'),
              ...forwarded('card.presented'),
              ...forwarded('idcard.placed'),
              ...forwarded('idcard.lifted'),
              ...forwarded('idcard.untold'),
              ...forwarded('code.scanned'),
              ...forwarded('line'),
              ...forwarded('device'),
            },
          },
        },
      },
      outOfService: {
        after: { recheckMs: 'checking' },
        on: {
          recovered: 'checking',
          out: { actions: 'noteOut' },
          board: [
            { guard: 'isCleared', target: 'checking', actions: 'noteBoard' },
            { actions: ['noteBoard', 'noteObstacle'] },
          ],
        },
      },
    },
  });
}

/**
 * Whether a code may be meant for the kiosk: a certificate's, or an electronic card's, which is opaque, plain characters and not short. What
 * a noisy line makes of nothing is neither, and begins no visit.
 */
function mayBeOurs(text: string): boolean {
  return isCertificateCode(text) || (/^[ -~]{12,}$/.test(text) && text.length <= maxElectronicCodeLength);
}

/** Why it is out of service from now on; a reason without the centre's words takes back what the centre said before. */
function outFor(refused: { reason: TroubleReason; notice?: string }): Pick<KioskContext, 'outBecause' | 'outNotice'> {
  return { outBecause: refused.reason, outNotice: refused.notice ?? null };
}

/** Why the cabinet keeps visits from beginning; null where it does not. Whoever turned the key opens the door, too. */
function obstacleOf({ isKeyTurned, isDoorOpen }: BoardState): 'out-by-staff' | 'cabinet-open' | null {
  if (isKeyTurned) return 'out-by-staff';
  return isDoorOpen ? 'cabinet-open' : null;
}

/** What is said where a reader went away with a card in it: the visit that ended in that moment ended by it. */
function partingOfLost({ parting, partedAtMs }: KioskContext, nowMs: number): Parting | null {
  if (nowMs - partedAtMs > lostWithVisitMs) return parting;
  return parting === null || parting === 'card-taken' ? 'reader-lost' : parting;
}

export type KioskMachine = ReturnType<typeof createKiosk>;
