/**
 * The terminal's own life: checking, in service, out of service. A visit is a child that begins with a touch or a card and ends
 * wiped. Nothing is resumed after power loss: the kiosk always starts here, at the check.
 */
import type { SnapshotFrom } from 'xstate';
import { assign, cancel, fromPromise, raise, sendTo, setup } from 'xstate';
import type { Effects } from '../effects.ts';
import type { SessionMachine, SessionParts } from '../session/machine.ts';
import { createSession } from '../session/machine.ts';
import type { MachineEvent, WorldEvent } from '../steps/step.ts';
import {
  beginVisit,
  defaultAppearance,
  initialContext,
  isCleared,
  type KioskContext,
  type KioskEvent,
  leaveCards,
  mayBeOurs,
  noteAppearance,
  noteBoard,
  noteFit,
  notePaperTaken,
  noteWorld,
  obstacleOf,
  outFor,
  seeCards,
} from './context.ts';

/** How long the first screen speaks of the visit before, if nobody begins another. */
export const partingMs = 30_000;

/** How long the first screen tells that a card was kept, if nobody begins a visit: its owner may come back for it. */
export const keptCardMs = 5 * 60_000;

/** How often a kiosk out of service looks whether it can serve again. */
export const recheckMs = 5_000;

/** How often an idle kiosk looks whether it can still serve. */
export const patrolMs = 60_000;

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
      isCleared: ({ context, event }) => isCleared(context, event),
    },
    actions: {
      noteWorld: assign(({ context, event }) => noteWorld(context, event)),
      begin: assign(({ context, event }) => beginVisit(context, event)),
      dropOpening: assign({ opening: { kind: 'none' } }),
      dropParting: assign({ parting: null }),
      noteBoard: assign(({ event }) => noteBoard(event)),
      noteObstacle: assign({ outBecause: ({ context }) => obstacleOf(context.board) ?? context.outBecause }),
      seeCards: assign(({ context, event }) => seeCards(context, event, effects.nowMs())),
      leaveCards: assign(({ context }) => leaveCards(context)),
      noteAppearance: assign(({ event }) => noteAppearance(event)),
      turn: assign({ turn: ({ context }) => context.turn + 1 }),
      forgetAppearance: assign({ appearance: defaultAppearance }),
      noteOut: assign(({ event }) => (event.type === 'out' ? outFor(event) : {})),
      notePaperTaken: assign(({ context }) => notePaperTaken(context)),
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
    context: initialContext,
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
      'paper.taken': { actions: 'notePaperTaken' },
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
              actions: assign(({ context, event: { output } }) =>
                output.ok ? noteFit(context, output.environment) : {},
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

export type KioskMachine = ReturnType<typeof createKiosk>;
