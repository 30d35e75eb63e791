/**
 * Logging in, by whichever of the terminal's ways somebody takes. A card says who, and the centre's password proves it; the code of an
 * electronic card proves its holder by itself. What can be wrong with each ends in a trouble of its own, and another way can be taken from
 * there. The password is typed on the PIN pad where there is one that works, and otherwise on the screen, whose process encrypts it; either way it only
 * passes through.
 *
 * A social security card stays in its slot, and taking it out ends the visit. An identity card was only laid down: it may be lifted as soon
 * as it was read.
 */
import { and, assign, fromCallback, fromPromise, sendParent, sendTo, setup } from 'xstate';
import type { CodeAnswer, Login, PinProof } from '../contract/central/identity.ts';
import type { SecretEnvelope } from '../contract/screen.ts';
import type { CardRead, Effects, Environment, Failed, PadEntered, PadEntry, Visit } from '../effects.ts';
import { nextEnvironment } from '../environment.ts';
import type { MachineEvent } from '../steps/step.ts';
import { isWorldEvent, wantedOf, wayFrom } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';
import { createFace } from './face.ts';
import { faceStanding } from './face-way.ts';
import type { LoginWay } from './ways.ts';
import { mendedByReinserting, offeredWays, troubleOfStanding } from './ways.ts';

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
  /** The password as it goes to the centre: encrypted on the screen, or on the pad. */
  secret: Secret | null;
  /** Rises with every screen of the login, so that a double tap never counts as two tries. */
  turn: number;
  trouble: TroubleReason | null;
  output: IdentifyOutput;
};

type Secret = { by: 'screen'; jwe: string } | { by: 'pad'; pin: PinProof };
/** What one entry needs. */
type Challenged = { envelope: SecretEnvelope; pad: PadEntry | null };
type Checked = ({ ok: true; card: CardRead; attemptsLeft: number; takesFace: boolean } & Challenged) | Failed;
type Proved =
  | { ok: true; login: Login }
  | { ok: false; reason: TroubleReason }
  | ({ ok: 'ask-again'; problem: 'wrong' | 'stale'; attemptsLeft: number | null; waitMs: number } & Challenged);
type PadEvent = { type: 'pad.digits'; digits: number } | { type: 'pad.ended'; entered: PadEntered };

const codeTroubles: Record<Exclude<CodeAnswer['state'], 'right'>, TroubleReason> = {
  expired: 'code-expired',
  used: 'code-used',
  unknown: 'code-unknown',
  unavailable: 'code-unavailable',
};

type Needs = Pick<
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

async function check(effects: Needs, visit: Visit, card: CardRead, signal: AbortSignal): Promise<Checked> {
  const checked = await effects.checkCard(visit, card, signal);
  if (!checked.ok) return checked;
  const { standing } = checked;
  if (standing.state !== 'in-order') return { ok: false, reason: troubleOfStanding(standing.state, card.kind) };
  const challenged = await effects.challenge(visit, signal);
  if (!challenged.ok) return challenged;
  // A card that was only partly readable gets its face from the centre.
  const { maskedName, maskedNumber, attemptsLeft, takesFace = false } = standing;
  return {
    ok: true,
    card: { ...card, maskedName, maskedNumber },
    attemptsLeft,
    takesFace,
    envelope: challenged.envelope,
    pad: challenged.pad,
  };
}

async function prove(
  effects: Needs,
  visit: Visit,
  card: CardRead,
  secret: Secret,
  signal: AbortSignal,
): Promise<Proved> {
  const proved =
    secret.by === 'pad'
      ? await effects.provePin(visit, card, secret.pin, signal)
      : await effects.provePassword(visit, card, secret.jwe, signal);
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
        pad: challenged.pad,
      };
    }
  }
}

/** The card that was checked; the way to a face begins behind it. */
function cardOf(card: CardRead | null): CardRead {
  if (card === null) throw new Error('no card was checked');
  return card;
}

function loggedIn(login: Login, { way }: Context): IdentifyOutput {
  return { ok: true, login, way: way ?? 'card' };
}

type ReadInput = { visit: Visit; way: LoginWay | null };
type ProveInput = { visit: Visit; card: CardRead | null; secret: Secret | null };

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
      events: {} as MachineEvent | PadEvent,
      output: {} as IdentifyOutput,
    },
    actors: {
      face: createFace(effects),
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
          input.card === null || input.secret === null
            ? { ok: false, reason: 'card-unreadable' }
            : prove(effects, input.visit, input.card, input.secret, signal),
      ),
      enterPin: fromCallback<PadEvent, { visit: Visit; pad: PadEntry | null }>(
        ({ input: { visit, pad }, sendBack }) => {
          if (pad === null) return;
          let isListening = true;
          const tell = (event: PadEvent) => {
            if (isListening) sendBack(event);
          };
          const entry = effects.enterPin(visit, pad, (digits) => tell({ type: 'pad.digits', digits }));
          entry.done.then((entered) => {
            const wasListening = isListening;
            // First: what the entry leads to stops this actor, and an ended entry is not to be given up.
            isListening = false;
            if (wasListening) sendBack({ type: 'pad.ended', entered });
          });
          return () => {
            if (isListening) entry.abandon();
            isListening = false;
          };
        },
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
      isPadReady: ({ context }) => context.pad !== null && context.environment.devices['pin-pad'] === null,
      isEntered: ({ event }) => event.type === 'pad.ended' && event.entered.ok,
      isPadCancelled: ({ event }) =>
        event.type === 'pad.ended' && !event.entered.ok && event.entered.because === 'cancelled',
      isPadTimedOut: ({ event }) =>
        event.type === 'pad.ended' && !event.entered.ok && event.entered.because === 'timed-out',
      isMendedByReinserting: ({ context }) => context.trouble !== null && mendedByReinserting.has(context.trouble),
      isFaceWanted: ({ context: { environment, card, takesFace }, event }) =>
        event.type === 'screen.choose' &&
        event.choice === 'face' &&
        card !== null &&
        faceStanding(environment, takesFace) === 'open',
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
      dropClaim: assign({ card: null, envelope: null, pad: null, problem: null, trouble: null }),
      dropSecrets: assign({ secret: null, code: '', padDigits: 0 }),
      /** Whoever types is there. */
      see: sendParent({ type: 'seen' }),
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
                const { card, attemptsLeft, takesFace, envelope, pad } = output;
                return { card, attemptsLeft, takesFace, envelope, pad, problem: null };
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
        initial: 'choosing',
        on: {
          'screen.choose': { guard: 'isFaceWanted', target: '#login.face' },
          'screen.back': { target: 'done', actions: 'goBack' },
          'card.taken': cardTakenFromIt,
        },
        states: {
          choosing: { always: [{ guard: 'isPadReady', target: 'onPad' }, { target: 'onScreen' }] },
          onPad: {
            invoke: { src: 'enterPin', input: ({ context: { visit, pad } }) => ({ visit, pad }) },
            on: {
              'pad.digits': { actions: [assign({ padDigits: ({ event }) => event.digits }), 'see'] },
              'pad.ended': [
                {
                  guard: 'isEntered',
                  target: '#login.proving',
                  actions: assign(({ event: { entered } }) =>
                    entered.ok ? { secret: { by: 'pad', pin: entered.pin } as const } : {},
                  ),
                },
                { guard: 'isPadCancelled', target: '#login.done', actions: 'goBack' },
                { guard: 'isPadTimedOut', target: '#login.password', actions: assign({ problem: 'timed-out' }) },
                // It went, or was opened: the same challenge serves for the screen.
                { target: 'onScreen', actions: ['turn', 'dropSecrets'] },
              ],
            },
          },
          onScreen: {
            on: {
              'screen.password': {
                target: '#login.proving',
                actions: assign({ secret: ({ event }) => ({ by: 'screen', jwe: event.jwe }) as const }),
              },
            },
          },
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
              input: ({ context: { visit, card, secret } }) => ({ visit, card, secret }),
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
                          pad: event.output.pad,
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
      face: {
        entry: 'dropSecrets',
        invoke: {
          id: 'face',
          src: 'face',
          input: ({ context: { visit, environment, card } }) => ({ visit, environment, card: cardOf(card) }),
          onDone: [
            {
              guard: ({ event }) => event.output.go === 'in',
              target: 'done',
              actions: assign(({ event, context }) =>
                event.output.go === 'in' ? { output: loggedIn(event.output.login, context) } : {},
              ),
            },
            {
              guard: ({ event }) => event.output.go === 'leave',
              target: 'done',
              actions: assign({ output: { ok: false, go: 'leave' } as IdentifyOutput }),
            },
            // The password's challenge may have grown old, and the tries be fewer.
            { target: 'checking' },
          ],
        },
        on: {
          device: { actions: ['noteWorld', sendTo('face', ({ event }) => event)] },
          'card.taken': cardTakenFromIt,
        },
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
