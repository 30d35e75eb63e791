/** What a visit knows, asks and does: the words that its states in `machine.ts` are written in. */
import { assign, sendTo, setup } from 'xstate';
import { changeAppearance } from '../appearance.ts';
import { qrPrefix } from '../certificates/qr.ts';
import { readCertificateCode } from '../contract/words/certificate-code.ts';
import type { Text } from '../contract/words/text.ts';
import type { Effects } from '../effects.ts';
import { isCardStuck, nextEnvironment } from '../environment.ts';
import { isTooLow, levelOf } from '../identify/level.ts';
import { createLogin } from '../identify/login.ts';
import type { IdentifyOutput } from '../identify/login-setup.ts';
import { blockedBecause } from '../services/availability.ts';
import type { GroupId, Service } from '../services/define-service.ts';
import { noAnswers } from '../services/define-service.ts';
import { createAskStep } from '../steps/ask-step.ts';
import { createPaperReviewStep } from '../steps/paper-review-step.ts';
import { createPrintStep } from '../steps/print-step.ts';
import { createScanStep } from '../steps/scan-step.ts';
import type { StepOutput } from '../steps/step.ts';
import { isWorldEvent } from '../steps/step.ts';
import { createSubmitStep } from '../steps/submit-step.ts';
import type { AttendanceTimes } from './attendance.ts';
import { createAttendance } from './attendance.ts';
import type { SessionContext, SessionEvent, SessionInput, SessionOutput } from './context.ts';
import { thingsLeft, wiped } from './context.ts';
import { afterStep, currentStep, isAskStep } from './item-steps.ts';
import { isCut, partingOf } from './parting.ts';

/** What the session is made with: the catalogue of items, and the times in force, which each visit asks for as it begins. */
export type SessionParts = { services: readonly Service[]; times: () => AttendanceTimes };

/** How long a card may stay in the reader after the visit before the bell, and then before staff are called. */
export const cardBellMs = 15_000;
export const cardStaffMs = 60_000;

/** The item a visit was begun with, by a touch on the first screen's poster. */
export function itemOpened({ opening }: SessionInput, services: readonly Service[]): Service | null {
  return opening.kind === 'item' ? (services.find(({ id }) => id === opening.item) ?? null) : null;
}

/** An item, before anything was done of it. */
const atFirstStep = { stepIndex: 0, wayOut: null, answers: noAnswers } as const;

/** The setup of a visit: its actors, guards and actions by name. */
export function setupSession(effects: Effects, { services }: SessionParts) {
  const find = (id: string): Service | null => services.find((service) => service.id === id) ?? null;
  const isBlocked = (context: SessionContext, service: Service): Text | null =>
    blockedBecause(service, context.environment, levelOf(context), effects.switchedOff());
  const needsLogin = (context: SessionContext): boolean =>
    context.item !== null && isTooLow(levelOf(context), context.item.identity, context.environment.line);

  /** The item a certificate's code is meant for. */
  const checking = services.find((service) => service.steps[0]?.kind === 'scan') ?? null;

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
      /** One's own identity card may be moved on its reader; a card for the slot is inside from the login on. */
      isAnothersCard: ({ context, event }) =>
        levelOf(context) !== 'none' && context.loginWay !== (event.type === 'idcard.placed' ? 'id-card' : 'card'),
      isCodeHeldUp: ({ context }) => context.scanned !== '',
      /** A certificate's code is checked for anybody; any other may be an electronic card's, which logs in who has not. */
      isCodeWanted: ({ context, event }) =>
        event.type === 'code.scanned' &&
        (isCertificateCode(event.text) ? checking !== null : levelOf(context) === 'none'),
      isCertificateHeldUp: ({ context }) => checking !== null && isCertificateCode(context.scanned),
      isNothingLeft: ({ context }) => thingsLeft(context).length === 0,
      isCardStuck: ({ context }) => isCardStuck(context.environment),
      isLeftUntold: ({ context: { environment } }) => environment.card === 'absent' && environment.idCard === 'untold',
      isNobody: ({ context }) => levelOf(context) === 'none',
      isGroup: ({ event }) =>
        event.type === 'screen.choose' && services.some(({ group }) => event.choice === `group:${group}`),
      isItem: ({ event }) => event.type === 'screen.choose' && find(event.choice) !== null,
      canBegin: ({ context }) =>
        context.item !== null && isBlocked(context, context.item) === null && !needsLogin(context),
      mustLogIn: ({ context }) =>
        context.item !== null && isBlocked(context, context.item) === null && needsLogin(context),
      cameByList: ({ context }) => context.group !== null,
      hasItem: ({ context }) => context.item !== null,
      mustAgree: ({ context }) => {
        const agreement = effects.agreement();
        if (agreement === null || levelOf(context) === 'none') return false;
        const { login, agreedByCard } = context;
        return (login === null ? agreedByCard : login.agreementAccepted) !== agreement.version;
      },
      isAsk: ({ context }) => isAskStep(context),
      isPaperReview: ({ context }) => currentStep(context)?.kind === 'review',
      isSubmit: ({ context }) => currentStep(context)?.kind === 'submit',
      isPrint: ({ context }) => currentStep(context)?.kind === 'print',
      isScan: ({ context }) => currentStep(context)?.kind === 'scan',
      isWayHome: ({ context }) => context.wayOut === 'home',
      isWayOut: ({ context }) => context.wayOut === 'leave',
      isWayToFacts: ({ context }) => context.wayOut === 'facts',
      isDeclined: ({ event }) => event.type === 'screen.choose' && event.choice === 'decline',
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
      chooseItem: assign(({ event }) => ({
        ...atFirstStep,
        loggedInForItem: false,
        item: event.type === 'screen.choose' ? find(event.choice) : null,
      })),
      keepCode: assign({ scanned: ({ event }) => (event.type === 'code.scanned' ? event.text : '') }),
      dropCode: assign({ scanned: '' }),
      chooseChecking: assign({ ...atFirstStep, loggedInForItem: false, item: checking }),
      dropItem: assign({ ...atFirstStep, item: null }),
      startItemOver: assign(atFirstStep),
      dropGroup: assign({ group: null }),
      keepLogin: assign(({ context, event }) => {
        const { output } = event as unknown as { output: IdentifyOutput };
        const loggedInForItem = context.item !== null;
        if (!output.ok) return { loggedInForItem };
        const who = 'login' in output ? { login: output.login, byCard: null } : { login: null, byCard: output.byCard };
        return { ...who, loginWay: output.way, loggedInForItem };
      }),
      keepStep: assign(({ context, event }) => afterStep(context, (event as unknown as { output: StepOutput }).output)),
      showAgreement: assign({ agreement: () => effects.agreement() }),
      keepAgreement: assign(({ context: { login, agreement } }) => {
        if (agreement === null) return {};
        const { version } = agreement;
        return login === null ? { agreedByCard: version } : { login: { ...login, agreementAccepted: version } };
      }),
      sendAgreement: ({ context }) => {
        // The centre takes none by a card alone: it is asked for again at a login.
        if (context.agreement === null || context.login === null) return;
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
      wipe: assign(wiped),
      setBell: assign({ bellAtMs: () => effects.nowMs() + cardBellMs }),
    },
  });
}

/** A state of a visit. */
export type SessionState = Parameters<ReturnType<typeof setupSession>['createStateConfig']>[0];

/** Whether a code is one of ours, printed on a certificate: the QR, or the short one beside it. */
export function isCertificateCode(text: string): boolean {
  return text.trim().startsWith(qrPrefix) || readCertificateCode(text) !== null;
}

/** A request whose answer nobody waits for. Should it not even reach the outbox, the effect has logged why. */
function submitUnawaited(effects: Effects, context: SessionContext, body: Parameters<Effects['submit']>[2]): void {
  void effects.submit(context.visit, context.login, body, 0);
}
