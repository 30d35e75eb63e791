/**
 * One visit: identify, choose, serve, rate, leave. Ways to log in and steps are children; this machine only knows their order,
 * the deadlines, and that everything of the visitor is gone when it ends.
 */
import type { AnyMachineSnapshot, SnapshotFrom } from 'xstate';
import { assign, sendTo, setup } from 'xstate';
import { changeAppearance } from '../appearance.ts';
import { qrPrefix } from '../certificates/qr.ts';
import type { Agreement } from '../contract/central/catalogue.ts';
import type { Login } from '../contract/central/identity.ts';
import type { Appearance } from '../contract/screen.ts';
import { readCertificateCode } from '../contract/words/certificate-code.ts';
import type { Text } from '../contract/words/text.ts';
import type { Effects, Environment, Visit } from '../effects.ts';
import { isCardStuck, nextEnvironment } from '../environment.ts';
import { createLogin } from '../identify/login.ts';
import type { IdentifyOutput } from '../identify/login-setup.ts';
import type { LoginWay } from '../identify/ways.ts';
import { blockedBecause } from '../services/availability.ts';
import type { Answers, GroupId, Service, Step, StepKind, StepOfKind } from '../services/define-service.ts';
import { noAnswers } from '../services/define-service.ts';
import type { AskInput } from '../steps/ask-step.ts';
import { createAskStep } from '../steps/ask-step.ts';
import { createPaperReviewStep } from '../steps/paper-review-step.ts';
import { createPrintStep, isReceiptPrint } from '../steps/print-step.ts';
import { createScanStep } from '../steps/scan-step.ts';
import type { MachineEvent, StepInput, StepOutput, WorldEvent } from '../steps/step.ts';
import { isWorldEvent } from '../steps/step.ts';
import { createSubmitStep } from '../steps/submit-step.ts';
import type { AttendanceReport, AttendanceTimes } from './attendance.ts';
import { createAttendance } from './attendance.ts';

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
  /** How somebody logged in; null while nobody has. */
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

type PrintSnapshot = SnapshotFrom<ReturnType<typeof createPrintStep>>;
type SubmitSnapshot = SnapshotFrom<ReturnType<typeof createSubmitStep>>;

export type SessionEvent =
  | MachineEvent
  | AttendanceReport
  | { type: 'seen' }
  | { type: 'step.works' }
  | { type: 'step.waits' };

/** How long a card may stay in the reader after the visit before the bell, and then before staff are called. */
export const cardBellMs = 15_000;
export const cardStaffMs = 60_000;

/** What the session is made with: the catalogue of items and its times. */
export type SessionParts = { services: readonly Service[]; times: AttendanceTimes };

const worldEvents = [
  'card.inserted',
  'card.presented',
  'idcard.placed',
  'idcard.lifted',
  'idcard.untold',
  'line',
  'device',
] as const satisfies readonly WorldEvent['type'][];

/** The machine of a visit. */
export function createSession(effects: Effects, { services, times }: SessionParts) {
  const find = (id: string): Service | null => services.find((service) => service.id === id) ?? null;
  const isBlocked = (context: SessionContext, service: Service): Text | null =>
    blockedBecause(service, context.environment, context.login !== null, effects.switchedOff());
  const currentStep = (context: SessionContext): Step | null => context.item?.steps[context.stepIndex] ?? null;
  const needsLogin = (context: SessionContext): boolean => context.item?.identity !== 'none' && context.login === null;

  /** The item a certificate's code is meant for. */
  const checking = services.find((service) => service.steps[0]?.kind === 'scan') ?? null;

  /** Input of the step at hand; the guards have made sure of its kind. */
  function inputOf<K extends StepKind>(context: SessionContext, ...kinds: K[]): StepInput<K> {
    const step = currentStep(context);
    if (step === null || context.item === null || !kinds.includes(step.kind as K)) {
      throw new Error(`no step of kind ${kinds.join(', ')} at hand`);
    }
    const { visit, login, answers, item, environment } = context;
    return { step: step as StepOfKind<K>, service: item, visit, login, answers, devices: environment.devices };
  }

  /** Whether the step before can be gone back to: what was carried out cannot. */
  function isUndoable(context: SessionContext): boolean {
    const before = context.item?.steps[context.stepIndex - 1];
    return before !== undefined && before.kind !== 'submit' && before.kind !== 'print' && before.kind !== 'scan';
  }

  const stepEnds = { target: 'turning', actions: 'keepStep' } as const;

  /** What a visit leaves behind that stood at `session` until now. `isCut`: ended by a card that is gone, not by a word of the visitor. */
  function partingOf(context: SessionContext, session: AnyMachineSnapshot, isCut: boolean): Parting | null {
    if (session.matches({ serving: 'printing' })) {
      const print = session.children.step?.getSnapshot() as PrintSnapshot | undefined;
      if (print?.matches('taking')) return isReceiptPrint(print.context) ? 'receipt-in-slot' : 'paper-in-tray';
      const state = print?.matches('printing') ? print.context.progress.state : null;
      if (state === 'printing' || state === 'waiting') return 'paper-coming';
    }
    if (session.matches({ serving: 'submitting' })) {
      const submit = session.children.step?.getSnapshot() as SubmitSnapshot | undefined;
      if (submit?.context.isKept) return 'request-received';
    }
    if (!isCut) return null;
    if (session.matches('serving') && context.answers.settled !== null) return 'request-received';
    const isUnderWay = session.matches('identifying') || session.matches('agreeing') || session.matches('serving');
    return isUnderWay ? 'card-taken' : null;
  }

  return setup({
    types: {
      context: {} as SessionContext,
      input: {} as SessionInput,
      output: {} as SessionOutput,
      events: {} as SessionEvent,
      children: {} as {
        step: 'ask' | 'reviewPaper' | 'submit' | 'print' | 'scan';
        login: 'login';
        attendance: 'attendance';
      },
    },
    actors: {
      attendance: createAttendance(effects.nowMs),
      login: createLogin(effects),
      ask: createAskStep(effects),
      reviewPaper: createPaperReviewStep(effects),
      submit: createSubmitStep(effects),
      print: createPrintStep(effects),
      scan: createScanStep(effects),
    },
    delays: { cardBellMs, cardStaffMs },
    guards: {
      isCardBegun: ({ context: { environment, turn } }) =>
        turn === 0 && (environment.card === 'present' || environment.idCard === 'present'),
      /** Whoever logged in otherwise may put away a card that was tried before. */
      isCardOfLogin: ({ context }) => context.loginWay === null || context.loginWay === 'card',
      isItemOpened: ({ context }) => context.item !== null,
      isCodeHeldUp: ({ context }) => context.scanned !== '',
      /** A certificate's code is checked for anybody; any other may be an electronic card's, which logs in who has not. */
      isCodeWanted: ({ context, event }) =>
        event.type === 'code.scanned' && (isCertificateCode(event.text) ? checking !== null : context.login === null),
      isCertificateHeldUp: ({ context }) => checking !== null && isCertificateCode(context.scanned),
      isNothingLeft: ({ context }) => thingsLeft(context).length === 0,
      isCardStuck: ({ context }) => isCardStuck(context.environment),
      isLeftUntold: ({ context: { environment } }) => environment.card === 'absent' && environment.idCard === 'untold',
      isLoggedOut: ({ context }) => context.login === null,
      isGroup: ({ event }) =>
        event.type === 'screen.choose' && services.some(({ group }) => event.choice === `group:${group}`),
      isItem: ({ event }) => event.type === 'screen.choose' && find(event.choice) !== null,
      isUnblocked: ({ context }) => context.item !== null && isBlocked(context, context.item) === null,
      mustLogIn: ({ context }) =>
        context.item !== null && isBlocked(context, context.item) === null && needsLogin(context),
      cameByList: ({ context }) => context.group !== null,
      hasItem: ({ context }) => context.item !== null,
      mustAgree: ({ context }) => {
        const agreement = effects.agreement();
        return agreement !== null && context.login !== null && context.login.agreementAccepted !== agreement.version;
      },
      canServe: ({ context }) => context.item !== null && isBlocked(context, context.item) === null,
      isAsk: ({ context }) => {
        const step = currentStep(context);
        if (step === null) return false;
        if (step.kind === 'review') return step.paper === undefined;
        return ['form', 'choose', 'read', 'sign', 'result'].includes(step.kind);
      },
      isPaperReview: ({ context }) => currentStep(context)?.kind === 'review',
      isSubmit: ({ context }) => currentStep(context)?.kind === 'submit',
      isPrint: ({ context }) => currentStep(context)?.kind === 'print',
      isScan: ({ context }) => currentStep(context)?.kind === 'scan',
      wantsMore: ({ event }) => event.type === 'screen.choose' && event.choice === 'more',
      wantsToLeave: ({ event }) => event.type === 'screen.choose' && event.choice === 'leave',
      isWarned: ({ context }) => context.warningEndsAtMs !== null,
      isUnasked: ({ context }) => context.warningEndsAtMs === null,
    },
    actions: {
      turnPage: assign({ turn: ({ context }) => context.turn + 1 }),
      noteWorld: assign({
        environment: ({ context, event }) =>
          isWorldEvent(event) ? nextEnvironment(context.environment, event) : context.environment,
        hasSeenIdCard: ({ context, event }) => context.hasSeenIdCard || event.type === 'idcard.placed',
      }),
      chooseGroup: assign({
        group: ({ event }) =>
          event.type === 'screen.choose' ? (event.choice.slice('group:'.length) as GroupId) : null,
      }),
      chooseItem: assign({
        item: ({ event }) => (event.type === 'screen.choose' ? find(event.choice) : null),
        stepIndex: 0,
        loggedInForItem: false,
        wayOut: null,
        answers: noAnswers,
      }),
      keepCode: assign({ scanned: ({ event }) => (event.type === 'code.scanned' ? event.text : '') }),
      dropCode: assign({ scanned: '' }),
      chooseChecking: assign({
        item: checking,
        stepIndex: 0,
        loggedInForItem: false,
        wayOut: null,
        answers: noAnswers,
      }),
      dropItem: assign({ item: null, stepIndex: 0, wayOut: null, answers: noAnswers }),
      dropGroup: assign({ group: null }),
      keepLogin: assign({
        login: ({ context, event }) => {
          const output = (event as unknown as { output: IdentifyOutput }).output;
          return output.ok ? output.login : context.login;
        },
        loginWay: ({ context, event }) => {
          const output = (event as unknown as { output: IdentifyOutput }).output;
          return output.ok ? output.way : context.loginWay;
        },
        loggedInForItem: ({ context }) => context.item !== null,
      }),
      keepStep: assign(({ context, event }) => {
        const output = (event as unknown as { output: StepOutput }).output;
        switch (output.go) {
          case 'on':
            return { answers: { ...context.answers, ...output.answers }, stepIndex: context.stepIndex + 1 };
          case 'finish':
            return { answers: { ...context.answers, ...output.answers }, stepIndex: context.item?.steps.length ?? 0 };
          case 'back':
            return isUndoable(context) ? { stepIndex: context.stepIndex - 1 } : { wayOut: 'facts' as const };
          case 'restart':
            return { answers: noAnswers, stepIndex: 0 };
          case 'home':
          case 'leave':
            return { wayOut: output.go };
        }
      }),
      showAgreement: assign({ agreement: () => effects.agreement() }),
      keepAgreement: assign({
        login: ({ context: { login, agreement } }) =>
          login === null || agreement === null ? login : { ...login, agreementAccepted: agreement.version },
      }),
      sendAgreement: ({ context }) => {
        if (context.agreement === null) return;
        submitUnawaited(effects, context, { kind: 'agreement', version: context.agreement.version });
      },
      sendRating: ({ context, event }) => {
        if (event.type !== 'screen.rate' || context.item === null) return;
        const { id, version } = context.item;
        submitUnawaited(effects, context, { kind: 'rating', item: id, itemVersion: version, scores: event.scores });
      },
      callStaff: ({ context }) => effects.callStaff(context.visit),
      noteHelp: assign({ helpCalled: true }),
      changeAppearance: assign({
        appearance: ({ context, event }) =>
          event.type === 'screen.appearance' ? changeAppearance(context.appearance, event) : context.appearance,
      }),
      warn: assign({
        warningEndsAtMs: ({ event }) => (event.type === 'attendance.warning' ? event.endsAtMs : null),
      }),
      calm: assign({ warningEndsAtMs: null }),
      see: sendTo('attendance', { type: 'seen' }),
      rest: sendTo('attendance', { type: 'rest' }),
      resume: sendTo('attendance', { type: 'resume' }),
      notePart: assign({
        // The snapshot is still that of the screen the visit ends on.
        parting: ({ context, event, self }) => partingOf(context, self.getSnapshot(), isCut(event)),
      }),
      /** Everything of the visitor: out of the effects' memory, and ended at the centre. */
      forget: ({ context }) => effects.forget(context.visit, context.login),
      /** And out of this context. */
      wipe: assign({
        login: null,
        loginWay: null,
        agreement: null,
        group: null,
        item: null,
        stepIndex: 0,
        wayOut: null,
        answers: noAnswers,
        warningEndsAtMs: null,
        scanned: '',
      }),
      setBell: assign({ bellAtMs: () => effects.nowMs() + cardBellMs }),
    },
  }).createMachine({
    id: 'session',
    context: ({ input }) => ({
      visit: input.visit,
      ordinal: input.ordinal,
      environment: input.environment,
      appearance: input.appearance,
      login: null,
      loginWay: null,
      hasSeenIdCard: input.environment.idCard === 'present',
      agreement: null,
      group: null,
      item: input.opening.kind === 'item' ? find(input.opening.item) : null,
      stepIndex: 0,
      loggedInForItem: false,
      wayOut: null,
      answers: noAnswers,
      turn: 0,
      warningEndsAtMs: null,
      helpCalled: false,
      bellAtMs: null,
      scanned: input.opening.kind === 'code' ? input.opening.text : '',
      parting: null,
    }),
    output: ({ context }) => ({ parting: context.parting }),
    invoke: { id: 'attendance', src: 'attendance', input: times },
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
    },
    states: {
      beginning: {
        always: [
          { guard: 'isCardBegun', target: 'identifying' },
          { guard: 'isCodeHeldUp', target: 'taking' },
          { guard: 'isItemOpened', target: 'browsing.facts' },
          { target: 'browsing' },
        ],
      },
      /** A code held up where nobody had asked for one. */
      taking: {
        always: [
          { guard: 'isCertificateHeldUp', target: 'checking', actions: 'chooseChecking' },
          { target: 'identifying' },
        ],
      },
      checking: { always: [{ guard: 'isUnblocked', target: 'serving' }, { target: 'browsing.facts' }] },
      browsing: {
        initial: 'home',
        on: {
          'card.inserted': [
            { guard: 'isLoggedOut', target: 'identifying', actions: 'noteWorld' },
            { actions: 'noteWorld' },
          ],
          'idcard.placed': [
            { guard: 'isLoggedOut', target: 'identifying', actions: 'noteWorld' },
            { actions: 'noteWorld' },
          ],
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
                { guard: 'isUnblocked', target: '#session.serving' },
              ],
              'screen.back': [{ guard: 'cameByList', target: 'list' }, { target: 'home' }],
            },
          },
        },
      },
      identifying: {
        entry: 'turnPage',
        exit: 'dropCode',
        // A card taken out here may only have been askew: the child decides whether that ends the visit.
        on: { 'card.taken': { actions: 'noteWorld' } },
        invoke: {
          id: 'login',
          src: 'login',
          input: ({ context }) => ({
            visit: context.visit,
            environment: context.environment,
            code: isCertificateCode(context.scanned) ? '' : context.scanned,
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
      },
      admitting: {
        always: [
          { guard: 'mustAgree', target: 'agreeing' },
          { guard: 'canServe', target: 'serving' },
          { guard: 'hasItem', target: 'browsing.facts' },
          { target: 'browsing.home' },
        ],
      },
      agreeing: {
        entry: ['turnPage', 'showAgreement'],
        on: {
          'screen.next': { target: 'admitting', actions: ['sendAgreement', 'keepAgreement'] },
          'screen.choose': { guard: ({ event }) => event.choice === 'decline', target: 'leaving' },
        },
      },
      serving: {
        initial: 'turning',
        states: {
          turning: {
            entry: 'turnPage',
            always: [
              { guard: ({ context }) => context.wayOut === 'home', target: '#session.browsing.home' },
              { guard: ({ context }) => context.wayOut === 'leave', target: '#session.leaving' },
              {
                guard: ({ context }) => context.wayOut === 'facts',
                target: '#session.browsing.facts',
                actions: assign({ stepIndex: 0, wayOut: null, answers: noAnswers }),
              },
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
            invoke: {
              id: 'step',
              src: 'reviewPaper',
              input: ({ context }) => inputOf(context, 'review'),
              onDone: stepEnds,
            },
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
      },
      rating: {
        entry: 'turnPage',
        on: {
          'screen.rate': { target: 'anythingElse', actions: 'sendRating' },
          'screen.next': { target: 'anythingElse' },
        },
      },
      anythingElse: {
        entry: 'turnPage',
        on: {
          'screen.choose': [
            { guard: 'wantsMore', target: 'browsing.home' },
            { guard: 'wantsToLeave', target: 'leaving' },
          ],
          'screen.next': { target: 'leaving' },
        },
      },
      leaving: {
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
      },
      left: { type: 'final' },
    },
  });
}

/** What of the visitor's still lies in the machine, as far as it can tell. */
export function thingsLeft({ environment, hasSeenIdCard }: SessionContext): ('card' | 'id-card')[] {
  const isIdCardLeft = environment.idCard === 'present' || (environment.idCard === 'untold' && hasSeenIdCard);
  return [
    ...(environment.card === 'present' ? (['card'] as const) : []),
    ...(isIdCardLeft ? (['id-card'] as const) : []),
  ];
}

/** Whether a visit ends by a card that is gone: the login says so of itself, everything else hears it from the reader. */
function isCut(event: { type: string; output?: unknown }): boolean {
  if (event.type === 'card.taken') return true;
  const output = event.output as IdentifyOutput | undefined;
  return event.type === 'xstate.done.actor.login' && output?.ok === false && output.go === 'card-gone';
}

/** Whether a code is one of ours, printed on a certificate: the QR, or the short one beside it. */
function isCertificateCode(text: string): boolean {
  return text.trim().startsWith(qrPrefix) || readCertificateCode(text) !== null;
}

/** A request whose answer nobody waits for. Should it not even reach the outbox, the effect has logged why. */
function submitUnawaited(effects: Effects, context: SessionContext, body: Parameters<Effects['submit']>[2]): void {
  void effects.submit(context.visit, context.login, body, 0);
}

export type SessionMachine = ReturnType<typeof createSession>;
