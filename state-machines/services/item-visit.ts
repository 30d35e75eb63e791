/**
 * For tests of items: one visitor doing one item. The session, its steps and the projections are the real ones; only the effects are
 * played, since they are the border of what can be decided here.
 */
import type { AnyActorRef } from 'xstate';
import { createActor } from 'xstate';
import type { Login } from '../contract/central/identity.ts';
import type { RequestAnswer, RequestBody } from '../contract/central/requests.ts';
import type { ScreenEvent } from '../contract/screen.ts';
import type { Language } from '../contract/words/text.ts';
import type { CardRead, CodeCheck, Effects, Environment, Failed, PrintOrder, Settled } from '../effects.ts';
import { createSession } from '../session/machine.ts';
import { projectSession } from '../session/project.ts';
import type { Projected } from '../steps/frame.ts';
import type { MachineEvent } from '../steps/step.ts';
import { toMachineEvent } from '../steps/step.ts';
import type { Answers, Service } from './define-service.ts';

/** What the played world answers with. `answer` is the centre's word on a request; without it the line goes before it came. */
type ItemWorld = {
  data?: Answers['data'];
  answer?: RequestAnswer;
  check?: CodeCheck;
  line?: 'online' | 'offline';
};

/** Today in the played hall, a Tuesday. */
const visitDay = '2026-11-24';

const visit = { id: '019abc00-0000-7000-8000-000000000001', trace: 'trace-1', startedAtMs: 0 };
const holder = { kind: 'person', idKind: 'resident-id', idNumber: '890101197803150019', name: '张建国' } as const;
const login: Login = {
  grant: 'grant',
  parties: { actor: holder, subject: holder },
  level: 'verified',
  expiresAt: 3_600_000,
  agreementAccepted: null,
  unreadMessages: 0,
};
const envelope = {
  key: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k' },
  kiosk: 'kiosk-1',
  visit: visit.id,
  nonce: 'nonce-of-sixteen-or-more',
} as const;
const unserved: Failed = { ok: false, reason: 'centre-unreachable' };

/** Begins a visit at an item, at its first step: logged in where the item asks for it, by a card alone without the line. */
export async function startItem(service: Service, world: ItemWorld = {}) {
  const submitted: RequestBody[] = [];
  const submittedBy: (Login | CardRead | null)[] = [];
  const printed: PrintOrder[] = [];
  const effects: Effects = {
    beginVisit: () => visit,
    nowMs: () => 0,
    today: () => visitDay,
    checkEnvironment: async () => ({ ok: true, environment }),
    readCard: async () => ({
      ok: true,
      card: {
        kind: 'social-security-card',
        cardNumber: 'Y00890001',
        identificationCode: '',
        regionCode: '890100',
        idNumber: holder.idNumber,
        maskedName: '张*',
        maskedNumber: '890***********0019',
      },
    }),
    checkCard: async () => ({
      ok: true,
      standing: { state: 'in-order', maskedName: '张*', maskedNumber: '890***********0019', attemptsLeft: 5 },
    }),
    challenge: async () => ({ ok: true, envelope, pad: null }),
    enterPin: () => ({ done: Promise.resolve({ ok: false, because: 'out' }), abandon: () => {} }),
    provePin: async () => unserved,
    // Items are logged in for by card; the other ways are the login's own story.
    readIdCard: async () => unserved,
    proveCode: async () => unserved,
    facePrompts: () => ['straight', 'left', 'near'],
    faceChallenge: async () => unserved,
    proveFace: async () => unserved,
    provePassword: async () => ({ ok: true, answer: { state: 'right', login } }),
    agreement: () => null,
    switchedOff: () => new Map(),
    query: async (name) => {
      const answer = world.data?.[name];
      return answer === undefined ? unserved : { ok: true, answer };
    },
    preview: async () => ({
      ok: true,
      preview: { resource: 'paper-1', pages: 1, widthMm: 210, heightMm: 297, spots: [] },
    }),
    print: (_visit, _login, order) => {
      printed.push(order);
      const done = Promise.resolve({ ok: true as const, number: 'YC202611240001', pages: 1, copies: order.copies });
      return { done, abandon: () => {} };
    },
    submit: async (_visit, by, body) => {
      submitted.push(body);
      submittedBy.push(by);
      const number = 'K1-000001';
      const settled: Settled =
        world.answer === undefined ? { state: 'received', number } : { state: 'done', number, answer: world.answer };
      return { ok: true, settled };
    },
    checkCode: async () => (world.check === undefined ? unserved : { ok: true, check: world.check }),
    callStaff: () => {},
    forget: () => {},
  };
  const environment: Environment = {
    line: world.line ?? 'online',
    card: 'absent',
    idCard: 'absent',
    devices: {
      'card-reader': null,
      'id-reader': null,
      'code-scanner': null,
      'document-printer': null,
      'receipt-printer': 'not-fitted',
      'pin-pad': 'not-fitted',
      camera: 'not-fitted',
    },
  };

  let wake = (): void => {};
  const session = createActor(
    createSession(effects, { services: [service], times: () => ({ idleMs: 60_000, warningMs: 20_000 }) }),
    {
      input: {
        visit,
        ordinal: 1,
        environment,
        appearance: { language: 'zh', theme: 'light', size: 'normal', lowReach: false },
        opening: { kind: 'none' },
      },
      inspect: () => wake(),
    },
  );
  session.start();

  const innermost = (): AnyActorRef => {
    const { step, login: loggingIn } = session.getSnapshot().children;
    return step ?? loggingIn ?? session;
  };

  /** What the visitor sees now. */
  function screen(language: Language = 'zh'): Projected {
    const facts = { language, nowMs: 0, today: visitDay, isCardIn: true, isInVisit: true };
    return projectSession(session.getSnapshot(), facts, {
      services: [service],
      switchedOff: new Map(),
    });
  }

  /** The next screen on which the visitor can do something. */
  async function arrive(): Promise<Projected> {
    for (;;) {
      const shown = screen();
      const isBusy =
        shown.kind === 'working' ||
        (shown.kind === 'identify' && shown.reading) ||
        (shown.kind === 'password' && shown.busy);
      if (!isBusy) return shown;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  function takes(event: ScreenEvent): boolean {
    const machineEvent = toMachineEvent(event);
    return [innermost(), session].some((actor) => actor.getSnapshot().can(machineEvent));
  }

  /** Does something, and comes back with the screen it led to. What nobody takes is a mistake of the test. */
  async function act(event: ScreenEvent): Promise<Projected> {
    const machineEvent = toMachineEvent(event);
    const taker = [innermost(), session].find((actor) => actor.getSnapshot().can(machineEvent));
    if (taker === undefined) throw new Error(`nobody takes ${event.type} on ${screen().key}`);
    taker.send(machineEvent);
    return arrive();
  }

  function happen(event: MachineEvent): void {
    const inner = innermost();
    if (inner !== session) inner.send(event);
    session.send(event);
  }

  await act({ type: 'choose', choice: service.id });
  await act({ type: 'next' });
  if (service.identity !== 'none') {
    happen({ type: 'card.inserted' });
    await arrive();
    await act(world.line === 'offline' ? { type: 'next' } : { type: 'password', jwe: 'sealed' });
  }
  return {
    /** Requests put into the outbox, ratings and agreements among them. */
    submitted,
    /** By what each of them was made. */
    submittedBy,
    /** Papers asked for. */
    printed,
    screen,
    act,
    takes,
    /** The screen, if it is of this kind; anything else fails the test. */
    shows<K extends Projected['kind']>(kind: K, language: Language = 'zh'): Extract<Projected, { kind: K }> {
      const shown = screen(language);
      if (shown.kind !== kind) throw new Error(`expected ${kind}, and ${shown.kind} (${shown.key}) stands there`);
      return shown as Extract<Projected, { kind: K }>;
    },
    /** Tears the visit down; nothing of it goes on. */
    stop: () => session.stop(),
  };
}
