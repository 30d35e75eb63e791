/** What a login remembers, asks and does: the words that its states in `login.ts` are written in. */
import { assign, fromPromise, sendParent, sendTo, setup } from 'xstate';
import type { Login } from '../contract/central/identity.ts';
import type { SecretEnvelope } from '../contract/screen.ts';
import type { CardRead, Effects, Environment, PadEntry, Visit } from '../effects.ts';
import { nextEnvironment } from '../environment.ts';
import type { MachineEvent } from '../steps/step.ts';
import { isWorldEvent, wantedOf, wayFrom } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';
import { createFace } from './face.ts';
import { faceStanding } from './face-way.ts';
import type { PadEvent } from './pin-entry.ts';
import { createPinEntry } from './pin-entry.ts';
import type { Secret } from './proofs.ts';
import { checkCard, proveCode, provePassword } from './proofs.ts';
import type { LoginWay } from './ways.ts';
import { mendedByReinserting, offeredWays } from './ways.ts';

/**
 * `code`: one that was held up before anybody asked for it; empty where none was. `isCardEnough`: whether what is wanted can be had by a card alone while the
 * line is down.
 */
type IdentifyInput = { visit: Visit; environment: Environment; code: string; isCardEnough: boolean };

/** How identifying ends. `card-gone`: the card was taken out in the middle of it, or its reader is gone. */
export type IdentifyOutput =
  | { ok: true; login: Login; way: LoginWay }
  /** Nothing was proved: the line is down, and this is what the card says of its holder. */
  | { ok: true; byCard: CardRead; way: LoginWay }
  | { ok: false; go: 'back' | 'home' | 'leave' | 'card-gone' };

export type LoginEvent = MachineEvent | PadEvent;

export type LoginContext = IdentifyInput & {
  /** The way taken last; null before anybody has done anything. */
  way: LoginWay | null;
  card: CardRead | null;
  /** The code held up, until the centre was asked. */
  code: string;
  envelope: SecretEnvelope | null;
  /** The entry the PIN pad is ready for; null where the password is typed on the screen. */
  pad: PadEntry | null;
  /** How many digits are entered on the pad. */
  padDigits: number;
  attemptsLeft: number;
  /** Whether the centre takes a face in place of the password. */
  takesFace: boolean;
  /** What was wrong with the last entry. */
  problem: 'wrong' | 'stale' | 'timed-out' | null;
  /** Epoch milliseconds before which no further try is looked at. */
  waitUntilMs: number;
  secret: Secret | null;
  /** Rises with every screen of the login, so that a double tap never counts as two tries. */
  turn: number;
  trouble: TroubleReason | null;
  output: IdentifyOutput;
};

export type LoginEffects = Pick<
  Effects,
  | 'readCard'
  | 'readIdCard'
  | 'checkCard'
  | 'challenge'
  | 'provePassword'
  | 'enterPin'
  | 'provePin'
  | 'proveCode'
  | 'faceChallenge'
  | 'facePrompts'
  | 'proveFace'
  | 'nowMs'
>;

/** A login before anybody has done anything. */
export function newLogin(input: IdentifyInput): LoginContext {
  return {
    ...input,
    way: null,
    card: null,
    envelope: null,
    pad: null,
    padDigits: 0,
    attemptsLeft: 0,
    takesFace: false,
    problem: null,
    waitUntilMs: 0,
    secret: null,
    turn: 0,
    trouble: null,
    output: { ok: false, go: 'back' },
  };
}

/** How a login ends well, by whichever way was taken. */
export function loggedIn(login: Login, { way }: LoginContext): IdentifyOutput {
  return { ok: true, login, way: way ?? 'card' };
}

function takesCode({ environment }: LoginContext): boolean {
  return offeredWays(environment).some(({ way }) => way === 'code');
}

type Asked<Input> = { input: Input; signal: AbortSignal };

/** The setup of a login: its actors, guards and actions by name. */
export function setupLogin(effects: LoginEffects) {
  return setup({
    types: {
      context: {} as LoginContext,
      input: {} as IdentifyInput,
      events: {} as LoginEvent,
      output: {} as IdentifyOutput,
    },
    actors: {
      read: fromPromise(({ input: { visit, way }, signal }: Asked<{ visit: Visit; way: LoginWay | null }>) =>
        way === 'id-card' ? effects.readIdCard(visit, signal) : effects.readCard(visit, signal),
      ),
      check: fromPromise(({ input, signal }: Asked<Parameters<typeof checkCard>[1]>) =>
        checkCard(effects, input, signal),
      ),
      enterPin: createPinEntry(effects),
      prove: fromPromise(({ input, signal }: Asked<Parameters<typeof provePassword>[1]>) =>
        provePassword(effects, input, signal),
      ),
      face: createFace(effects),
      proveCode: fromPromise(({ input, signal }: Asked<Parameters<typeof proveCode>[1]>) =>
        proveCode(effects, input, signal),
      ),
    },
    delays: { slowed: ({ context }) => Math.max(0, context.waitUntilMs - effects.nowMs()) },
    guards: {
      byCard: ({ context }) => context.way === 'card',
      byIdCard: ({ context }) => context.way === 'id-card',
      byCode: ({ context }) => context.way === 'code',
      isOffline: ({ context }) => context.environment.line === 'offline',
      isCardEnough: ({ context }) => context.isCardEnough,
      isCardIn: ({ context }) => context.environment.card === 'present',
      isIdCardLaid: ({ context }) => context.environment.idCard === 'present',
      isIdCardAgain: ({ context }) => context.way === 'id-card' && context.environment.idCard === 'present',
      takesCode: ({ context }) => takesCode(context),
      isCodeHeldUp: ({ context }) => context.code !== '' && takesCode(context),
      isPadReady: ({ context }) => context.pad !== null && context.environment.devices['pin-pad'] === null,
      isEntered: ({ event }) => event.type === 'pad.ended' && event.entered.ok,
      isPadCancelled: ({ event }) =>
        event.type === 'pad.ended' && !event.entered.ok && event.entered.because === 'cancelled',
      isPadTimedOut: ({ event }) =>
        event.type === 'pad.ended' && !event.entered.ok && event.entered.because === 'timed-out',
      isFaceWanted: ({ context: { environment, card, takesFace }, event }) =>
        event.type === 'screen.choose' &&
        event.choice === 'face' &&
        card !== null &&
        faceStanding(environment, takesFace) === 'open',
      isMendedByReinserting: ({ context }) => context.trouble !== null && mendedByReinserting.has(context.trouble),
      isLeaving: ({ context, event }) => wayFrom(context.trouble, event) !== null,
      isAgain: ({ context, event }) => wantedOf(context.trouble, event) === 'again',
    },
    actions: {
      turn: assign({ turn: ({ context }) => context.turn + 1 }),
      noteWorld: assign({
        environment: ({ context, event }) =>
          isWorldEvent(event) ? nextEnvironment(context.environment, event) : context.environment,
      }),
      tellFace: sendTo('face', ({ event }) => event),
      takeCard: assign({ way: 'card' }),
      takeIdCard: assign({ way: 'id-card' }),
      takeCode: assign({ way: 'code', code: ({ event }) => (event.type === 'code.scanned' ? event.text : '') }),
      /** The code that was held up before anybody asked. */
      takeHeldCode: assign({ way: 'code' }),
      /** What one way has brought, before another is taken. */
      dropClaim: assign({ card: null, envelope: null, pad: null, problem: null, trouble: null }),
      dropSecrets: assign({ secret: null, code: '', padDigits: 0 }),
      keepDigits: assign({
        padDigits: ({ context, event }) => (event.type === 'pad.digits' ? event.digits : context.padDigits),
      }),
      keepPin: assign(({ event }) =>
        event.type === 'pad.ended' && event.entered.ok
          ? { secret: { by: 'pad' as const, pin: event.entered.pin } }
          : {},
      ),
      keepPassword: assign(({ event }) =>
        event.type === 'screen.password' ? { secret: { by: 'screen' as const, jwe: event.jwe } } : {},
      ),
      noteTimedOut: assign({ problem: 'timed-out' }),
      /** Whoever types is there. */
      see: sendParent({ type: 'seen' }),
      keepByCard: assign(({ context: { card, way } }) =>
        card === null ? {} : { output: { ok: true as const, byCard: card, way: way ?? 'card' } },
      ),
      goBack: assign({ output: { ok: false, go: 'back' } as IdentifyOutput }),
      goLeave: assign({ output: { ok: false, go: 'leave' } as IdentifyOutput }),
      goCardGone: assign({ output: { ok: false, go: 'card-gone' } as IdentifyOutput }),
      keepLeaving: assign({
        output: ({ context, event }): IdentifyOutput => {
          const way = wayFrom(context.trouble, event);
          return way === null ? context.output : { ok: false, ...way };
        },
      }),
    },
  });
}

/** A state of a login. */
export type LoginState = Parameters<ReturnType<typeof setupLogin>['createStateConfig']>[0];
