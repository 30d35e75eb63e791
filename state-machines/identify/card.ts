/**
 * Logging in with a social security card: the card says who, the centre's password proves it. The card's own states and the
 * centre's word on the card end in a trouble each; the password is encrypted in the screen process and only passes through.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { Login } from '../contract/central/identity.ts';
import type { SecretEnvelope } from '../contract/screen.ts';
import type { CardRead, Effects, Failed, Visit } from '../effects.ts';
import type { MachineEvent } from '../steps/step.ts';
import { wantedOf, wayFrom } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';

export type IdentifyInput = { visit: Visit; isCardIn: boolean };

/** How identifying ends. */
export type IdentifyOutput = { ok: true; login: Login } | { ok: false; go: 'back' | 'home' | 'leave' };

type Context = IdentifyInput & {
  card: CardRead | null;
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

/** Troubles that end when the card is taken out and put in again. */
const mendedByReinserting: ReadonlySet<TroubleReason> = new Set(['card-unreadable', 'card-mute', 'card-busy']);

const standingTroubles = {
  lost: 'card-lost',
  cancelled: 'card-cancelled',
  'not-active': 'card-not-active',
  'other-region': 'card-other-region',
  expired: 'card-expired',
  'holder-deceased': 'card-holder-deceased',
  unknown: 'card-unknown',
  'no-password': 'card-no-password',
} as const satisfies Record<string, TroubleReason>;

type Needs = Pick<Effects, 'readCard' | 'checkCard' | 'challenge' | 'provePassword' | 'nowMs'>;

async function check(effects: Needs, visit: Visit, card: CardRead, signal: AbortSignal): Promise<Checked> {
  const checked = await effects.checkCard(visit, card, signal);
  if (!checked.ok) return checked;
  const { standing } = checked;
  if (standing.state === 'locked') return { ok: false, reason: 'password-locked' };
  if (standing.state !== 'in-order') return { ok: false, reason: standingTroubles[standing.state] };
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

/** The machine of a card login. */
export function createCardLogin(effects: Needs) {
  return setup({
    types: {
      context: {} as Context,
      input: {} as IdentifyInput,
      events: {} as MachineEvent,
      output: {} as IdentifyOutput,
    },
    actors: {
      readCard: fromPromise(({ input, signal }: { input: Visit; signal: AbortSignal }) =>
        effects.readCard(input, signal),
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
        async ({
          input,
          signal,
        }: {
          input: { visit: Visit; card: CardRead | null; jwe: string };
          signal: AbortSignal;
        }): Promise<Proved> =>
          input.card === null
            ? { ok: false, reason: 'card-unreadable' }
            : prove(effects, input.visit, input.card, input.jwe, signal),
      ),
    },
    delays: { slowed: ({ context }) => Math.max(0, context.waitUntilMs - effects.nowMs()) },
    guards: {
      isCardIn: ({ context }) => context.isCardIn,
      isMendedByReinserting: ({ context }) => context.trouble !== null && mendedByReinserting.has(context.trouble),
      isLeaving: ({ context, event }) => wayFrom(context.trouble, event) !== null,
      isAgain: ({ context, event }) => wantedOf(context.trouble, event) === 'again',
    },
    actions: {
      turn: assign({ turn: ({ context }) => context.turn + 1 }),
      dropPassword: assign({ jwe: '' }),
      noteCardOut: assign({ isCardIn: false, card: null, envelope: null, problem: null }),
      noteCardIn: assign({ isCardIn: true }),
      goBack: assign({ output: { ok: false, go: 'back' } as IdentifyOutput }),
      goLeave: assign({ output: { ok: false, go: 'leave' } as IdentifyOutput }),
      keepLeaving: assign({
        output: ({ context, event }): IdentifyOutput => {
          const way = wayFrom(context.trouble, event);
          return way === null ? context.output : { ok: false, ...way };
        },
      }),
    },
  }).createMachine({
    id: 'card-login',
    context: ({ input }) => ({
      ...input,
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
    states: {
      starting: { always: [{ guard: 'isCardIn', target: 'reading' }, { target: 'offering' }] },
      offering: {
        entry: 'turn',
        on: {
          'card.inserted': { target: 'reading', actions: 'noteCardIn' },
          'screen.back': { target: 'done', actions: 'goBack' },
        },
      },
      reading: {
        entry: 'turn',
        invoke: {
          src: 'readCard',
          input: ({ context }) => context.visit,
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
        on: { 'card.taken': { target: 'offering', actions: 'noteCardOut' } },
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
        on: { 'card.taken': { target: 'done', actions: ['noteCardOut', 'goLeave'] } },
      },
      password: {
        entry: ['turn', 'dropPassword'],
        on: {
          'screen.password': { target: 'proving', actions: assign({ jwe: ({ event }) => event.jwe }) },
          'screen.back': { target: 'done', actions: 'goBack' },
          'card.taken': { target: 'done', actions: ['noteCardOut', 'goLeave'] },
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
                  target: '#card-login.done',
                  actions: assign(({ event }) =>
                    event.output.ok === true
                      ? { output: { ok: true, login: event.output.login } satisfies IdentifyOutput }
                      : {},
                  ),
                },
                {
                  guard: ({ event }) => event.output.ok === 'ask-again',
                  target: '#card-login.password',
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
                  target: '#card-login.trouble',
                  actions: assign(({ event }) => (event.output.ok === false ? { trouble: event.output.reason } : {})),
                },
              ],
            },
          },
        },
        on: { 'card.taken': { target: 'done', actions: ['noteCardOut', 'goLeave'] } },
      },
      trouble: {
        entry: ['turn', 'dropPassword'],
        on: {
          'card.taken': [
            { guard: 'isMendedByReinserting', target: 'offering', actions: 'noteCardOut' },
            { target: 'done', actions: ['noteCardOut', 'goLeave'] },
          ],
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
