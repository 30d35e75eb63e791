/**
 * One visit: identify, choose, serve, rate, leave. Ways to log in and steps are children; this machine only knows their order,
 * the deadlines, and that everything of the visitor is gone when it ends.
 */
import type { Effects } from '../effects.ts';
import type { AskInput } from '../steps/ask-step.ts';
import type { WorldEvent } from '../steps/step.ts';
import { newSession } from './context.ts';
import { inputOf } from './item-steps.ts';
import type { SessionParts, SessionState } from './setup.ts';
import { isCertificateCode, itemOpened, setupSession } from './setup.ts';

export type { Opening, Parting } from './context.ts';
export type { SessionParts } from './setup.ts';
export { cardBellMs, cardStaffMs } from './setup.ts';

const worldEvents = [
  'card.inserted',
  'card.presented',
  'idcard.placed',
  'idcard.lifted',
  'idcard.untold',
  'line',
  'device',
] as const satisfies readonly WorldEvent['type'][];

/** Who is here already has no card to bring: it is the next visitor's, who must not come into this visit. */
const anothersCard = [
  { guard: 'isAnothersCard', target: '.leaving', actions: 'noteWorld' },
  { actions: 'noteWorld' },
] as const;

/** The machine of a visit. */
export function createSession(effects: Effects, parts: SessionParts) {
  return setupSession(effects, parts).createMachine({
    id: 'session',
    context: ({ input }) => newSession(input, itemOpened(input, parts.services)),
    output: ({ context }) => ({ parting: context.parting }),
    invoke: { id: 'attendance', src: 'attendance', input: () => parts.times() },
    initial: 'beginning',
    on: {
      'screen.help': { actions: ['callStaff', 'noteHelp'] },
      'screen.appearance': { actions: 'changeAppearance' },
      // A finger touches before it presses: while the question stands there, its own buttons are pressed, not what lies behind them.
      'screen.touch': { guard: 'isUnasked', actions: 'see' },
      'screen.stay': { guard: 'isWarned', actions: ['calm', 'see'] },
      'screen.end': { target: '.leaving' },
      // Whoever does anything is there: the question needs no answer of its own.
      seen: { actions: ['calm', 'see'] },
      'step.works': { actions: 'rest' },
      'step.waits': { actions: 'resume' },
      'attendance.warning': { actions: 'warn' },
      'attendance.gone': { target: '.leaving' },
      'card.taken': [{ guard: 'isCardOfLogin', target: '.leaving', actions: 'noteWorld' }, { actions: 'noteWorld' }],
      ...Object.fromEntries(worldEvents.map((type) => [type, { actions: 'noteWorld' as const }])),
      'card.inserted': anothersCard,
      'idcard.placed': anothersCard,
    },
    states: {
      beginning,
      taking,
      checking,
      browsing,
      identifying,
      admitting,
      agreeing,
      serving,
      rating,
      anythingElse,
      leaving,
      left: { type: 'final' },
    },
  });
}

const beginning = {
  always: [
    { guard: 'isCardBegun', target: 'identifying' },
    { guard: 'isCodeHeldUp', target: 'taking' },
    { guard: 'hasItem', target: 'browsing.facts' },
    { target: 'browsing' },
  ],
} as const satisfies SessionState;

/** A code held up where nobody had asked for one. */
const taking = {
  always: [{ guard: 'isCertificateHeldUp', target: 'checking', actions: 'chooseChecking' }, { target: 'identifying' }],
} as const satisfies SessionState;

/** A certificate was held up: the item that checks it is begun at once, where it can be. */
const checking = {
  always: [{ guard: 'canBegin', target: 'serving' }, { target: 'browsing.facts' }],
} as const satisfies SessionState;

const cardWhileBrowsing = [
  { guard: 'isNobody', target: 'identifying', actions: 'noteWorld' },
  { guard: 'isAnothersCard', target: 'leaving', actions: 'noteWorld' },
  { actions: 'noteWorld' },
] as const;

/** Choosing an item, in three levels: the groups, the items of one, the facts of an item. */
const browsing = {
  initial: 'home',
  on: {
    'card.inserted': cardWhileBrowsing,
    'idcard.placed': cardWhileBrowsing,
    'code.scanned': { guard: 'isCodeWanted', target: 'taking', actions: 'keepCode' },
  },
  states: {
    home: {
      entry: ['turnPage', 'dropItem', 'dropGroup'],
      on: {
        'screen.choose': [
          { guard: 'isGroup', target: 'list', actions: 'chooseGroup' },
          { guard: 'isItem', target: 'facts', actions: 'chooseItem' },
        ],
      },
    },
    list: {
      entry: ['turnPage', 'dropItem'],
      on: {
        'screen.choose': { guard: 'isItem', target: 'facts', actions: 'chooseItem' },
        'screen.back': 'home',
      },
    },
    facts: {
      entry: ['turnPage', 'dropCode'],
      on: {
        'screen.next': [
          { guard: 'mustLogIn', target: '#session.identifying' },
          { guard: 'canBegin', target: '#session.serving' },
        ],
        'screen.back': [{ guard: 'cameByList', target: 'list' }, { target: 'home' }],
      },
    },
  },
} as const satisfies SessionState;

const identifying = {
  entry: 'turnPage',
  exit: 'dropCode',
  // A card taken out here may only have been askew: the child decides whether that ends the visit.
  on: { 'card.taken': { actions: 'noteWorld' } },
  invoke: {
    id: 'login',
    src: 'login',
    input: ({ context: { visit, environment, item, scanned } }) => ({
      visit,
      environment,
      isCardEnough: item === null || item.identity === 'card-present',
      code: isCertificateCode(scanned) ? '' : scanned,
    }),
    onDone: [
      { guard: ({ event }) => event.output.ok, target: 'admitting', actions: 'keepLogin' },
      {
        guard: ({ event }) => !event.output.ok && ['leave', 'card-gone'].includes(event.output.go),
        target: 'leaving',
      },
      {
        guard: ({ event, context }) => !event.output.ok && event.output.go === 'back' && context.item !== null,
        target: 'browsing.facts',
      },
      { target: 'browsing.home' },
    ],
  },
} as const satisfies SessionState;

/** Somebody is logged in, or here by a card: to what they came for, with the agreement before it where it is new to them. */
const admitting = {
  always: [
    { guard: 'mustAgree', target: 'agreeing' },
    { guard: 'canBegin', target: 'serving' },
    { guard: 'hasItem', target: 'browsing.facts' },
    { target: 'browsing.home' },
  ],
} as const satisfies SessionState;

const agreeing = {
  entry: ['turnPage', 'showAgreement'],
  on: {
    'screen.next': { target: 'admitting', actions: ['sendAgreement', 'keepAgreement'] },
    'screen.choose': { guard: 'isDeclined', target: 'leaving' },
  },
} as const satisfies SessionState;

const stepEnds = { target: 'turning', actions: 'keepStep' } as const;

/** The item's steps one after the other, each a child of its kind. */
const serving = {
  initial: 'turning',
  states: {
    turning: {
      entry: 'turnPage',
      always: [
        { guard: 'isWayHome', target: '#session.browsing.home' },
        { guard: 'isWayOut', target: '#session.leaving' },
        { guard: 'isWayToFacts', target: '#session.browsing.facts', actions: 'startItemOver' },
        { guard: 'isAsk', target: 'asking' },
        { guard: 'isPaperReview', target: 'reviewingPaper' },
        { guard: 'isSubmit', target: 'submitting' },
        { guard: 'isPrint', target: 'printing' },
        { guard: 'isScan', target: 'scanning' },
        { target: '#session.rating' },
      ],
    },
    asking: {
      invoke: {
        id: 'step',
        src: 'ask',
        input: ({ context }): AskInput => inputOf(context, 'form', 'choose', 'read', 'sign', 'result', 'review'),
        onDone: stepEnds,
      },
    },
    reviewingPaper: {
      invoke: { id: 'step', src: 'reviewPaper', input: ({ context }) => inputOf(context, 'review'), onDone: stepEnds },
    },
    submitting: {
      invoke: { id: 'step', src: 'submit', input: ({ context }) => inputOf(context, 'submit'), onDone: stepEnds },
    },
    printing: {
      exit: 'resume',
      invoke: { id: 'step', src: 'print', input: ({ context }) => inputOf(context, 'print'), onDone: stepEnds },
    },
    scanning: {
      exit: 'dropCode',
      invoke: {
        id: 'step',
        src: 'scan',
        input: ({ context }) => ({ ...inputOf(context, 'scan'), scanned: context.scanned }),
        onDone: stepEnds,
      },
    },
  },
} as const satisfies SessionState;

const rating = {
  entry: 'turnPage',
  on: {
    'screen.rate': { target: 'anythingElse', actions: 'sendRating' },
    'screen.next': { target: 'anythingElse' },
  },
} as const satisfies SessionState;

const anythingElse = {
  entry: 'turnPage',
  on: {
    'screen.choose': [
      { guard: 'wantsMore', target: 'browsing.home' },
      { guard: 'wantsToLeave', target: 'leaving' },
    ],
    'screen.next': { target: 'leaving' },
  },
} as const satisfies SessionState;

/** Everything of the visitor's is wiped; what is left is the card they may have left. */
const leaving = {
  entry: ['notePart', 'forget', 'wipe', 'turnPage'],
  always: { guard: 'isNothingLeft', target: 'left' },
  initial: 'waiting',
  on: {
    'screen.end': {},
    'screen.touch': {},
    seen: {},
    'attendance.gone': {},
    'attendance.warning': {},
    'card.taken': { actions: 'noteWorld' },
    // Only who looks can say whether it still lies there.
    'screen.next': { guard: 'isLeftUntold', target: 'left' },
  },
  states: {
    waiting: {
      entry: 'setBell',
      // No bell frees it.
      always: { guard: 'isCardStuck', target: 'abandoned', actions: 'callStaff' },
      after: { cardBellMs: [{ guard: 'isLeftUntold', target: '#session.left' }, { target: 'ringing' }] },
    },
    ringing: {
      always: { guard: 'isCardStuck', target: 'abandoned', actions: 'callStaff' },
      after: { cardStaffMs: { target: 'abandoned', actions: 'callStaff' } },
    },
    /** A card nobody takes, or can take: staff have been called, and nothing else happens here until it is gone. */
    abandoned: {},
  },
} as const satisfies SessionState;

export type SessionMachine = ReturnType<typeof createSession>;
