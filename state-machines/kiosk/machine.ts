/**
 * The terminal's own life: checking, in service, out of service. A visit is a child that begins with a touch or a card and ends
 * wiped. Nothing is resumed after power loss: the kiosk always starts here, at the check.
 */
import type { SnapshotFrom } from 'xstate';
import { assign, fromPromise, sendTo, setup } from 'xstate';
import { changeAppearance } from '../appearance.ts';
import type { Appearance } from '../contract/screen.ts';
import type { Effects, Environment } from '../effects.ts';
import { nextEnvironment } from '../environment.ts';
import type { SessionInput, SessionMachine, SessionParts } from '../session/machine.ts';
import { createSession } from '../session/machine.ts';
import type { MachineEvent, WorldEvent } from '../steps/step.ts';
import { isWorldEvent } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';

/** How a visit looks before anybody has changed anything. */
export const defaultAppearance: Appearance = { language: 'zh', theme: 'light', size: 'normal', lowReach: false };

export type KioskContext = {
  environment: Environment;
  /** Visits begun since the start. */
  visits: number;
  begunBy: SessionInput['begunBy'];
  /** Carried into the visit when the first touch was the language or text-size button. */
  appearance: Appearance;
  outBecause: TroubleReason | null;
  /** Rises each time the first screen comes up; part of every id outside a visit. */
  turn: number;
};

/** What besides visitors and devices moves the kiosk: a fault of its own, or staff. */
export type KioskEvent = MachineEvent | { type: 'out'; reason: TroubleReason } | { type: 'recovered' };

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
    delays: { recheckMs, patrolMs },
    guards: {
      isCardIn: ({ context }) => context.environment.card === 'present',
      isIdCardLaid: ({ context }) => context.environment.idCard === 'present',
    },
    actions: {
      noteWorld: assign({
        environment: ({ context, event }) =>
          isWorldEvent(event) ? nextEnvironment(context.environment, event) : context.environment,
      }),
      beginByTouch: assign({ begunBy: 'touch', visits: ({ context }) => context.visits + 1 }),
      beginByCard: assign({ begunBy: 'card', visits: ({ context }) => context.visits + 1 }),
      beginByIdCard: assign({ begunBy: 'id-card', visits: ({ context }) => context.visits + 1 }),
      noteAppearance: assign({
        appearance: ({ event }) =>
          event.type === 'screen.appearance' ? changeAppearance(defaultAppearance, event) : defaultAppearance,
      }),
      turn: assign({ turn: ({ context }) => context.turn + 1 }),
      forgetAppearance: assign({ appearance: defaultAppearance }),
      noteOut: assign({ outBecause: ({ event }) => (event.type === 'out' ? event.reason : null) }),
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
      visits: 0,
      begunBy: 'touch',
      appearance: defaultAppearance,
      outBecause: null,
      turn: 0,
    },
    initial: 'checking',
    on: {
      'card.inserted': { actions: 'noteWorld' },
      'card.taken': { actions: 'noteWorld' },
      'idcard.placed': { actions: 'noteWorld' },
      'idcard.lifted': { actions: 'noteWorld' },
      'idcard.untold': { actions: 'noteWorld' },
      line: { actions: 'noteWorld' },
      device: { actions: 'noteWorld' },
      out: { target: '.outOfService', actions: 'noteOut' },
    },
    states: {
      checking: {
        invoke: {
          src: 'check',
          onDone: [
            {
              guard: ({ event }) => event.output.ok,
              target: 'inService',
              actions: assign(({ event }) =>
                event.output.ok ? { environment: event.output.environment, outBecause: null } : {},
              ),
            },
            {
              target: 'outOfService',
              actions: assign(({ event }) => (event.output.ok ? {} : { outBecause: event.output.reason })),
            },
          ],
        },
      },
      inService: {
        initial: 'starting',
        states: {
          // The physical truth is asked, not remembered: a card may be in the slot when the kiosk starts.
          starting: {
            always: [
              { guard: 'isCardIn', target: 'visiting', actions: 'beginByCard' },
              { guard: 'isIdCardLaid', target: 'visiting', actions: 'beginByIdCard' },
              { target: 'attract' },
            ],
          },
          attract: {
            entry: ['forgetAppearance', 'turn'],
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
                      actions: assign(({ event }) => (event.output.ok ? {} : { outBecause: event.output.reason })),
                    },
                  ],
                },
              },
              idle: { after: { patrolMs: 'looking' } },
            },
            on: {
              'screen.start': { target: 'visiting', actions: 'beginByTouch' },
              'screen.help': { actions: 'callStaff' },
              'screen.appearance': { target: 'visiting', actions: ['noteAppearance', 'beginByTouch'] },
              'card.inserted': { target: 'visiting', actions: ['noteWorld', 'beginByCard'] },
              'idcard.placed': { target: 'visiting', actions: ['noteWorld', 'beginByIdCard'] },
            },
          },
          visiting: {
            exit: 'forgetCutOff',
            invoke: {
              id: 'session',
              src: 'session',
              input: ({ context }) => ({
                visit: effects.beginVisit(),
                ordinal: context.visits,
                environment: context.environment,
                appearance: context.appearance,
                begunBy: context.begunBy,
              }),
              onDone: 'attract',
            },
            on: {
              ...forwarded('card.inserted'),
              ...forwarded('card.taken'),
              ...forwarded('idcard.placed'),
              ...forwarded('idcard.lifted'),
              ...forwarded('idcard.untold'),
              ...forwarded('line'),
              ...forwarded('device'),
            },
          },
        },
      },
      outOfService: {
        after: { recheckMs: 'checking' },
        on: { recovered: 'checking', out: { actions: 'noteOut' } },
      },
    },
  });
}

export type KioskMachine = ReturnType<typeof createKiosk>;
