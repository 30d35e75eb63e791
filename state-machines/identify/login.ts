/**
 * Logging in, by whichever of the terminal's ways somebody takes. A card says who, and the centre's password proves it; the code of an
 * electronic card proves its holder by itself. What can be wrong with each ends in a trouble of its own, and another way can be taken from
 * there. The password is typed on the PIN pad where there is one that works, and otherwise on the screen, whose process encrypts it; either way it only
 * passes through.
 *
 * While the line is down nothing can be proved: a card then says who its holder is, and that is all that is known (`byCard`).
 *
 * A social security card stays in its slot, and taking it out ends the visit. An identity card was only laid down: it may be lifted as soon
 * as it was read.
 */
import { and, assign, not } from 'xstate';
import type { CardRead, Failed } from '../effects.ts';
import { whenAnswered } from '../steps/answer.ts';
import type { LoginContext, LoginEffects, LoginEvent, LoginState } from './login-setup.ts';
import { loggedIn, newLogin, setupLogin } from './login-setup.ts';
import type { Checked, CodeProved, PasswordProved } from './proofs.ts';

/** The machine of a login. */
export function createLogin(effects: LoginEffects) {
  return setupLogin(effects).createMachine({
    id: 'login',
    context: ({ input }) => newLogin(input),
    initial: 'starting',
    on: {
      'card.inserted': { actions: 'noteWorld' },
      'card.taken': { actions: 'noteWorld' },
      'idcard.placed': { actions: 'noteWorld' },
      'idcard.lifted': { actions: 'noteWorld' },
      'idcard.untold': { actions: 'noteWorld' },
      line: { actions: 'noteWorld' },
      device: { actions: 'noteWorld' },
    },
    states: {
      starting,
      offering,
      reading,
      read,
      cardAlone,
      checking,
      password,
      proving,
      face,
      askingCode,
      trouble,
      done: { type: 'final' },
    },
    output: ({ context }) => context.output,
  });
}

/** Takes up what lies there already. Whoever held up a code holds up another one: it was used, or its time is over. */
const starting = {
  entry: 'dropClaim',
  always: [
    { guard: 'byCode', target: 'offering' },
    { guard: 'isCodeHeldUp', target: 'askingCode', actions: 'takeHeldCode' },
    { guard: 'isIdCardAgain', target: 'reading' },
    { guard: 'isCardIn', target: 'reading', actions: 'takeCard' },
    { guard: 'isIdCardLaid', target: 'reading', actions: 'takeIdCard' },
    { target: 'offering' },
  ],
} as const satisfies LoginState;

/** The ways stand on the screen; the act itself is the choice. */
const offering = {
  entry: ['turn', 'dropClaim'],
  on: {
    'card.inserted': { target: 'reading', actions: ['noteWorld', 'takeCard'] },
    'idcard.placed': { target: 'reading', actions: ['noteWorld', 'takeIdCard'] },
    'code.scanned': { guard: 'takesCode', target: 'askingCode', actions: 'takeCode' },
    'screen.back': { target: 'done', actions: 'goBack' },
  },
} as const satisfies LoginState;

const toTrouble = { target: '#login.trouble', keep: ({ reason }: Failed) => ({ trouble: reason }) } as const;

const reading = {
  entry: 'turn',
  invoke: {
    src: 'read',
    input: ({ context: { visit, way } }) => ({ visit, way }),
    onDone: whenAnswered<LoginContext, { ok: true; card: CardRead } | Failed, LoginEvent>({
      right: { target: 'read', keep: ({ card }) => ({ card }) },
      trouble: toTrouble,
    }),
  },
  // A card put in askew and pulled at once is the commonest start: ask again rather than end the visit.
  on: {
    'card.taken': [{ guard: 'byCard', target: 'offering', actions: 'noteWorld' }, { actions: 'noteWorld' }],
    'idcard.lifted': [{ guard: 'byIdCard', target: 'offering', actions: 'noteWorld' }, { actions: 'noteWorld' }],
  },
} as const satisfies LoginState;

/** Taking out the card one logs in with is leaving; one that was tried before another way may be put away. */
const cardTakenFromIt = [
  { guard: 'byCard', target: '#login.done', actions: ['noteWorld', 'goCardGone'] },
  { actions: 'noteWorld' },
] as const;

const read = {
  always: [{ guard: and(['isOffline', 'isCardEnough']), target: 'cardAlone' }, { target: 'checking' }],
} as const satisfies LoginState;

/** What can be done by the card alone is told before it is begun. With the line back the password is asked for after all. */
const cardAlone = {
  entry: 'turn',
  always: { guard: not('isOffline'), target: 'checking' },
  on: {
    'screen.next': { target: 'done', actions: 'keepByCard' },
    'screen.back': { target: 'done', actions: 'goBack' },
    'card.taken': cardTakenFromIt,
  },
} as const satisfies LoginState;

const checking = {
  invoke: {
    src: 'check',
    input: ({ context: { visit, card } }) => ({ visit, card }),
    onDone: whenAnswered<LoginContext, Checked, LoginEvent>({
      right: { target: 'password', keep: ({ ok: _, ...found }) => ({ ...found, problem: null }) },
      trouble: toTrouble,
    }),
  },
  on: { 'card.taken': cardTakenFromIt },
} as const satisfies LoginState;

const password = {
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
        'pad.digits': { actions: ['keepDigits', 'see'] },
        'pad.ended': [
          { guard: 'isEntered', target: '#login.proving', actions: 'keepPin' },
          { guard: 'isPadCancelled', target: '#login.done', actions: 'goBack' },
          { guard: 'isPadTimedOut', target: '#login.password', actions: 'noteTimedOut' },
          // It went, or was opened: the same challenge serves for the screen.
          { target: 'onScreen', actions: ['turn', 'dropSecrets'] },
        ],
      },
    },
    onScreen: { on: { 'screen.password': { target: '#login.proving', actions: 'keepPassword' } } },
  },
} as const satisfies LoginState;

const proving = {
  initial: 'waiting',
  states: {
    // The centre does not look at a try before its wait is over; waiting here spares the visitor a lost try.
    waiting: { after: { slowed: 'asking' } },
    asking: {
      invoke: {
        src: 'prove',
        input: ({ context: { visit, card, secret } }) => ({ visit, card, secret }),
        onDone: whenAnswered<LoginContext, PasswordProved, LoginEvent>({
          right: { target: '#login.done', keep: ({ login }, context) => ({ output: loggedIn(login, context) }) },
          again: {
            target: '#login.password',
            keep: ({ ok: _, attemptsLeft, ...told }, context) => ({
              ...told,
              attemptsLeft: attemptsLeft ?? context.attemptsLeft,
            }),
          },
          trouble: toTrouble,
        }),
      },
    },
  },
  on: { 'card.taken': cardTakenFromIt },
} as const satisfies LoginState;

/** A face in place of the password. */
const face = {
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
      { guard: ({ event }) => event.output.go === 'leave', target: 'done', actions: 'goLeave' },
      // The password's challenge may have grown old, and the tries be fewer.
      { target: 'checking' },
    ],
  },
  on: {
    device: { actions: ['noteWorld', 'tellFace'] },
    'card.taken': cardTakenFromIt,
  },
} as const satisfies LoginState;

const askingCode = {
  entry: 'turn',
  invoke: {
    src: 'proveCode',
    input: ({ context: { visit, code } }) => ({ visit, code }),
    onDone: whenAnswered<LoginContext, CodeProved, LoginEvent>({
      right: { target: 'done', keep: ({ login }, context) => ({ output: loggedIn(login, context) }) },
      trouble: toTrouble,
    }),
  },
} as const satisfies LoginState;

const wantedDone = [
  { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
  { guard: 'isAgain', target: 'starting' },
] as const;

const trouble = {
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
    'screen.choose': wantedDone,
    'screen.next': wantedDone,
  },
} as const satisfies LoginState;

/** The card that was checked; the way to a face begins behind it. */
function cardOf(card: CardRead | null): CardRead {
  if (card === null) throw new Error('no card was checked');
  return card;
}
