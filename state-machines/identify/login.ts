/**
 * Logging in, by whichever of the terminal's ways somebody takes. A card says who, and the centre's password proves it; the code of an
 * electronic card proves its holder by itself. What can be wrong with each ends in a trouble of its own, and another way can be taken from
 * there. The password is encrypted in the screen process and only passes through.
 *
 * A social security card stays in its slot, and taking it out ends the visit. An identity card was only laid down: it may be lifted as soon
 * as it was read.
 */
import { and, assign, fromPromise, setup } from 'xstate';
import type { CodeAnswer, Login } from '../contract/central/identity.ts';
import type { SecretEnvelope } from '../contract/screen.ts';
import type { CardRead, Effects, Environment, Failed, Visit } from '../effects.ts';
import { nextEnvironment } from '../environment.ts';
import type { MachineEvent } from '../steps/step.ts';
import { isWorldEvent, wantedOf, wayFrom } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';
import type { LoginWay } from './ways.ts';
import { offeredWays, troubleOfStanding } from './ways.ts';

/** `code`: one that was held up before anybody asked for it; empty where none was. */
export type IdentifyInput = { visit: Visit; environment: Environment; code: string };

/** How identifying ends. `card-gone`: the card was taken out in the middle of it, or its reader is gone. */
export type IdentifyOutput =
  | { ok: true; login: Login; way: LoginWay }
  | { ok: false; go: 'back' | 'home' | 'leave' | 'card-gone' };

type Context = IdentifyInput & {
  /** The way taken last; null before anybody has done anything. */
  way: LoginWay | null;
  card: CardRead | null;
  /** The code held up, until the centre was asked. */
  code: string;
  envelope: SecretEnvelope | null;
  attemptsLeft: number;
  /** What was wrong with the last entry. */
  problem: 'wrong' | 'stale' | null;
  /** Epoch milliseconds before which no further try is looked at. */
  waitUntilMs: number;
  jwe: string;
  /** Rises with every screen of the login, so that a double tap never counts as two tries. */
  turn: number;
  trouble: TroubleReason | null;
  output: IdentifyOutput;
};

type Checked = { ok: true; card: CardRead; attemptsLeft: number; envelope: SecretEnvelope } | Failed;
type Proved =
  | { ok: true; login: Login }
  | { ok: false; reason: TroubleReason }
  | {
      ok: 'ask-again';
      problem: 'wrong' | 'stale';
      attemptsLeft: number | null;
      waitMs: number;
      envelope: SecretEnvelope;
    };

/** Troubles that end when the card is taken out and put in again, or lifted and laid down again. */
const mendedByReinserting: ReadonlySet<TroubleReason> = new Set([
  'card-unreadable',
  'card-mute',
  'card-busy',
  'id-card-unreadable',
]);

const codeTroubles: Record<Exclude<CodeAnswer['state'], 'right'>, TroubleReason> = {
  expired: 'code-expired',
  used: 'code-used',
  unknown: 'code-unknown',
  unavailable: 'code-unavailable',
};

type Needs = Pick<
  Effects,
  'readCard' | 'readIdCard' | 'checkCard' | 'challenge' | 'provePassword' | 'proveCode' | 'nowMs'
>;

async function check(effects: Needs, visit: Visit, card: CardRead, signal: AbortSignal): Promise<Checked> {
  const checked = await effects.checkCard(visit, card, signal);
  if (!checked.ok) return checked;
  const { standing } = checked;
  if (standing.state !== 'in-order') return { ok: false, reason: troubleOfStanding(standing.state, card.kind) };
  const challenged = await effects.challenge(visit, signal);
  if (!challenged.ok) return challenged;
  // A card that was only partly readable gets its face from the centre.
  const { maskedName, maskedNumber, attemptsLeft } = standing;
  return { ok: true, card: { ...card, maskedName, maskedNumber }, attemptsLeft, envelope: challenged.envelope };
}

async function prove(effects: Needs, visit: Visit, card: CardRead, jwe: string, signal: AbortSignal): Promise<Proved> {
  const proved = await effects.provePassword(visit, card, jwe, signal);
  if (!proved.ok) return proved;
  const { answer } = proved;
  switch (answer.state) {
    case 'right':
      return { ok: true, login: answer.login };
    case 'locked':
      return { ok: false, reason: 'password-locked' };
    case 'slow-down':
      return { ok: false, reason: 'password-slow-down' };
    case 'wrong':
    case 'challenge-spent': {
      const isWrong = answer.state === 'wrong';
      if (isWrong && answer.attemptsLeft === 0) return { ok: false, reason: 'password-locked' };
      const challenged = await effects.challenge(visit, signal);
      if (!challenged.ok) return challenged;
      return {
        ok: 'ask-again',
        problem: isWrong ? 'wrong' : 'stale',
        attemptsLeft: isWrong ? answer.attemptsLeft : null,
        waitMs: isWrong ? answer.waitMs : 0,
        envelope: challenged.envelope,
      };
    }
  }
}

function loggedIn(login: Login, { way }: Context): IdentifyOutput {
  return { ok: true, login, way: way ?? 'card' };
}

type ReadInput = { visit: Visit; way: LoginWay | null };
type ProveInput = { visit: Visit; card: CardRead | null; jwe: string };

/** Taking out the card one logs in with is leaving; one that was tried before another way may be put away. */
const cardTakenFromIt = [
  { guard: 'byCard', target: '#login.done', actions: ['noteWorld', 'goCardGone'] },
  { actions: 'noteWorld' },
] as const;

/** The machine of a login. */
export function createLogin(effects: Needs) {
  return setup({
    types: {
      context: {} as Context,
      input: {} as IdentifyInput,
      events: {} as MachineEvent,
      output: {} as IdentifyOutput,
    },
    actors: {
      read: fromPromise(({ input: { visit, way }, signal }: { input: ReadInput; signal: AbortSignal }) =>
        way === 'id-card' ? effects.readIdCard(visit, signal) : effects.readCard(visit, signal),
      ),
      check: fromPromise(
        async ({
          input,
          signal,
        }: {
          input: { visit: Visit; card: CardRead | null };
          signal: AbortSignal;
        }): Promise<Checked> =>
          input.card === null
            ? { ok: false, reason: 'card-unreadable' }
            : check(effects, input.visit, input.card, signal),
      ),
      prove: fromPromise(
        async ({ input, signal }: { input: ProveInput; signal: AbortSignal }): Promise<Proved> =>
          input.card === null
            ? { ok: false, reason: 'card-unreadable' }
            : prove(effects, input.visit, input.card, input.jwe, signal),
      ),
      proveCode: fromPromise(
        async ({
          input,
          signal,
        }: {
          input: { visit: Visit; code: string };
          signal: AbortSignal;
        }): Promise<{ ok: true; login: Login } | { ok: false; reason: TroubleReason }> => {
          const proved = await effects.proveCode(input.visit, input.code, signal);
          if (!proved.ok) return proved;
          const { answer } = proved;
          if (answer.state === 'right') return { ok: true, login: answer.login };
          return { ok: false, reason: codeTroubles[answer.state] };
        },
      ),
    },
    delays: { slowed: ({ context }) => Math.max(0, context.waitUntilMs - effects.nowMs()) },
    guards: {
      /** Whoever held up a code holds up another one: it was used, or its time is over. */
      byCode: ({ context }) => context.way === 'code',
      byIdCard: ({ context }) => context.way === 'id-card',
      byCard: ({ context }) => context.way === 'card',
      isIdCardAgain: ({ context }) => context.way === 'id-card' && context.environment.idCard === 'present',
      isCardIn: ({ context }) => context.environment.card === 'present',
      isIdCardLaid: ({ context }) => context.environment.idCard === 'present',
      takesCode: ({ context }) => offeredWays(context.environment).some(({ way }) => way === 'code'),
      isCodeHeldUp: ({ context }) =>
        context.code !== '' && offeredWays(context.environment).some(({ way }) => way === 'code'),
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
      takeCard: assign({ way: 'card' }),
      takeIdCard: assign({ way: 'id-card' }),
      takeCode: assign({
        way: 'code',
        code: ({ event }) => (event.type === 'code.scanned' ? event.text : ''),
      }),
      /** What one way has brought, before another is taken. */
      dropClaim: assign({ card: null, envelope: null, problem: null, trouble: null }),
      dropSecrets: assign({ jwe: '', code: '' }),
      goBack: assign({ output: { ok: false, go: 'back' } as IdentifyOutput }),
      goCardGone: assign({ output: { ok: false, go: 'card-gone' } as IdentifyOutput }),
      keepLeaving: assign({
        output: ({ context, event }): IdentifyOutput => {
          const way = wayFrom(context.trouble, event);
          return way === null ? context.output : { ok: false, ...way };
        },
      }),
    },
  }).createMachine({
    id: 'login',
    context: ({ input }) => ({
      ...input,
      way: null,
      card: null,
      envelope: null,
      attemptsLeft: 0,
      problem: null,
      waitUntilMs: 0,
      jwe: '',
      turn: 0,
      trouble: null,
      output: { ok: false, go: 'back' },
    }),
    initial: 'starting',
    on: {
      'card.inserted': { actions: 'noteWorld' },
      'card.taken': { actions: 'noteWorld' },
      'idcard.placed': { actions: 'noteWorld' },
      'idcard.lifted': { actions: 'noteWorld' },
      'idcard.untold': { actions: 'noteWorld' },
      device: { actions: 'noteWorld' },
    },
    states: {
      starting: {
        entry: 'dropClaim',
        always: [
          { guard: 'byCode', target: 'offering' },
          { guard: 'isCodeHeldUp', target: 'askingCode', actions: assign({ way: 'code' }) },
          { guard: 'isIdCardAgain', target: 'reading' },
          { guard: 'isCardIn', target: 'reading', actions: 'takeCard' },
          { guard: 'isIdCardLaid', target: 'reading', actions: 'takeIdCard' },
          { target: 'offering' },
        ],
      },
      offering: {
        entry: ['turn', 'dropClaim'],
        on: {
          'card.inserted': { target: 'reading', actions: ['noteWorld', 'takeCard'] },
          'idcard.placed': { target: 'reading', actions: ['noteWorld', 'takeIdCard'] },
          'code.scanned': { guard: 'takesCode', target: 'askingCode', actions: 'takeCode' },
          'screen.back': { target: 'done', actions: 'goBack' },
        },
      },
      reading: {
        entry: 'turn',
        invoke: {
          src: 'read',
          input: ({ context }) => ({ visit: context.visit, way: context.way }),
          onDone: [
            {
              guard: ({ event }) => event.output.ok,
              target: 'checking',
              actions: assign(({ event }) => (event.output.ok ? { card: event.output.card } : {})),
            },
            {
              target: 'trouble',
              actions: assign(({ event }) => (event.output.ok ? {} : { trouble: event.output.reason })),
            },
          ],
        },
        // A card put in askew and pulled at once is the commonest start: ask again rather than end the visit.
        on: {
          'card.taken': [{ guard: 'byCard', target: 'offering', actions: 'noteWorld' }, { actions: 'noteWorld' }],
          'idcard.lifted': [{ guard: 'byIdCard', target: 'offering', actions: 'noteWorld' }, { actions: 'noteWorld' }],
        },
      },
      checking: {
        invoke: {
          src: 'check',
          input: ({ context }) => ({ visit: context.visit, card: context.card }),
          onDone: [
            {
              guard: ({ event }) => event.output.ok,
              target: 'password',
              actions: assign(({ event: { output } }) => {
                if (!output.ok) return {};
                const { card, attemptsLeft, envelope } = output;
                return { card, attemptsLeft, envelope, problem: null };
              }),
            },
            {
              target: 'trouble',
              actions: assign(({ event }) => (event.output.ok ? {} : { trouble: event.output.reason })),
            },
          ],
        },
        on: { 'card.taken': cardTakenFromIt },
      },
      password: {
        entry: ['turn', 'dropSecrets'],
        on: {
          'screen.password': { target: 'proving', actions: assign({ jwe: ({ event }) => event.jwe }) },
          'screen.back': { target: 'done', actions: 'goBack' },
          'card.taken': cardTakenFromIt,
        },
      },
      proving: {
        initial: 'waiting',
        states: {
          // The centre does not look at a try before its wait is over; waiting here spares the visitor a lost try.
          waiting: { after: { slowed: 'asking' } },
          asking: {
            invoke: {
              src: 'prove',
              input: ({ context }) => ({ visit: context.visit, card: context.card, jwe: context.jwe }),
              onDone: [
                {
                  guard: ({ event }) => event.output.ok === true,
                  target: '#login.done',
                  actions: assign(({ event, context }) =>
                    event.output.ok === true ? { output: loggedIn(event.output.login, context) } : {},
                  ),
                },
                {
                  guard: ({ event }) => event.output.ok === 'ask-again',
                  target: '#login.password',
                  actions: assign(({ event, context }) =>
                    event.output.ok === 'ask-again'
                      ? {
                          problem: event.output.problem,
                          attemptsLeft: event.output.attemptsLeft ?? context.attemptsLeft,
                          waitUntilMs: effects.nowMs() + event.output.waitMs,
                          envelope: event.output.envelope,
                        }
                      : {},
                  ),
                },
                {
                  target: '#login.trouble',
                  actions: assign(({ event }) => (event.output.ok === false ? { trouble: event.output.reason } : {})),
                },
              ],
            },
          },
        },
        on: { 'card.taken': cardTakenFromIt },
      },
      askingCode: {
        entry: 'turn',
        invoke: {
          src: 'proveCode',
          input: ({ context }) => ({ visit: context.visit, code: context.code }),
          onDone: [
            {
              guard: ({ event }) => event.output.ok,
              target: 'done',
              actions: assign(({ event, context }) =>
                event.output.ok ? { output: loggedIn(event.output.login, context) } : {},
              ),
            },
            {
              target: 'trouble',
              actions: assign(({ event }) => (event.output.ok ? {} : { trouble: event.output.reason })),
            },
          ],
        },
      },
      trouble: {
        entry: ['turn', 'dropSecrets'],
        on: {
          'card.taken': [
            { guard: and(['byCard', 'isMendedByReinserting']), target: 'offering', actions: 'noteWorld' },
            ...cardTakenFromIt,
          ],
          // What cannot be mended by laying it down again stays to be read.
          'idcard.lifted': [
            { guard: and(['byIdCard', 'isMendedByReinserting']), target: 'offering', actions: 'noteWorld' },
            { actions: 'noteWorld' },
          ],
          // Another way is taken as any: by doing it.
          'card.inserted': { target: 'reading', actions: ['noteWorld', 'dropClaim', 'takeCard'] },
          'idcard.placed': { target: 'reading', actions: ['noteWorld', 'dropClaim', 'takeIdCard'] },
          'code.scanned': { guard: 'takesCode', target: 'askingCode', actions: ['dropClaim', 'takeCode'] },
          'screen.choose': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'starting' },
          ],
          'screen.next': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'starting' },
          ],
        },
      },
      done: { type: 'final' },
    },
    output: ({ context }) => context.output,
  });
}
