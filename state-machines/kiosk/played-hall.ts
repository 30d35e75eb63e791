/**
 * For tests of the machines: a whole terminal in memory. Kiosk, visit, steps and projections are the real ones and time is moved by
 * hand; only the effects are played, since they are the border of what can be decided here.
 */
import { createActor } from 'xstate';
import type { Login } from '../contract/central/identity.ts';
import type { RequestBody } from '../contract/central/requests.ts';
import type { ScreenEvent } from '../contract/screen.ts';
import type {
  CardRead,
  Effects,
  Environment,
  PadEntered,
  PadEntry,
  PrintOrder,
  PrintProgress,
  PrintResult,
  Visit,
} from '../effects.ts';
import type { Answers, Service } from '../services/define-service.ts';
import { services as everyService } from '../services/index.ts';
import type { SessionSnapshot } from '../session/project.ts';
import type { WorldEvent } from '../steps/step.ts';
import { deliverTouch, deliverWorld } from './deliver.ts';
import { createKiosk } from './machine.ts';
import type { Shown } from './project.ts';
import { projectKiosk } from './project.ts';

/** Today in the played hall, a Tuesday, and the instant its clock starts at. */
export const hallDay = '2026-11-24';
const hallStartMs = Date.UTC(2026, 10, 24, 1, 0, 0);
export const hallTimes = { idleMs: 60_000, warningMs: 20_000 };

export const holder = {
  kind: 'person',
  idKind: 'resident-id',
  idNumber: '890101197803150019',
  name: '张建国',
} as const;
export const holderLogin: Login = {
  grant: 'grant-1',
  parties: { actor: holder, subject: holder },
  level: 'verified',
  expiresAt: hallStartMs + 3_600_000,
  agreementAccepted: null,
  unreadMessages: 0,
};
export const readCard: CardRead = {
  kind: 'social-security-card',
  cardNumber: 'Y00890001',
  identificationCode: '',
  regionCode: '890100',
  idNumber: holder.idNumber,
  maskedName: '张**',
  maskedNumber: '890***********0019',
};
export const readIdCard: CardRead = {
  kind: 'resident-id-card',
  idNumber: holder.idNumber,
  name: holder.name,
  validUntil: '2039-05-31',
  sam: '',
  maskedName: '张**',
  maskedNumber: '890***********0019',
};
/** What the screen would have encrypted; opaque here. */
export const jwe = 'sealed-password';

/** What the centre has on file of the holder. */
export const onFile = {
  contact: { mobile: '19900000001', postalCode: '890100', address: '云川市东湖区滨江路1号', email: '' },
  'contribution-record': {
    asOf: hallDay,
    insurances: [
      { kind: '企业职工基本养老保险', state: '参保', firstMonth: '2026-08', lastMonth: '2026-10', months: 3 },
    ],
    months: ['2026-08', '2026-09', '2026-10'].map((month) => ({
      month,
      unit: '云川示例科技有限公司',
      baseCents: 800_000,
      unitCents: 128_000,
      personCents: 64_000,
      state: 'arrived' as const,
    })),
    deemedMonths: 0,
    accountCents: 192_000,
  },
  'booking-offers': {
    matters: [
      { id: 'transfer', name: '关系转移', window: '6号窗口' },
      { id: 'pension', name: '退休待遇', window: '7号窗口' },
    ],
    days: [
      {
        date: '2026-11-26',
        times: [
          { from: '09:00', to: '09:30', matter: 'transfer', free: 2 },
          { from: '09:30', to: '10:00', matter: 'transfer', free: 0 },
        ],
      },
    ],
  },
  bookings: [{ number: 'A018', matter: '关系转移', window: '6号窗口', date: '2026-11-26', from: '09:00', to: '09:30' }],
} satisfies Answers['data'];

/** A print the test carries on: it tells how far it is and how it ends. */
type PlayedPrint = {
  order: PrintOrder;
  tell(progress: PrintProgress): void;
  end(result: PrintResult): void;
  /** How often the machines gave it up, before and after its end. */
  abandoned: { under: number; after: number };
};

/** An entry on the PIN pad that the test carries on. */
type PlayedPadEntry = {
  entry: PadEntry;
  press(digits: number): void;
  end(entered: PadEntered): void;
  /** How often it was given up. */
  abandoned: number;
};

/** What a challenge gives the pad. */
function padEntry(ordinal: number): PadEntry {
  return { nonce: `nonce-${ordinal}-sixteen`, slot: 1, suite: 'sm4-iso-4', account: '4321987654321098' };
}

export type HallOptions = {
  /** Effects that do otherwise than a hall where everything works. */
  effects?: Partial<Effects>;
  services?: readonly Service[];
  /** The times in force; {@link hallTimes} where they stay. */
  times?: () => typeof hallTimes;
  /** What the check at the start finds. */
  found?: Partial<Environment>;
};

/** Opens a hall: the kiosk is started and has done what it does by itself. */
export async function openHall(options: HallOptions = {}) {
  const { services = everyService } = options;
  const clock = new HallClock();
  const nowMs = (): number => hallStartMs + clock.elapsedMs;
  const visits: Visit[] = [];
  const forgotten: { visit: string; login: Login | null }[] = [];
  const submitted: RequestBody[] = [];
  const prints: PlayedPrint[] = [];
  const staffCalls: (string | null)[] = [];
  const padEntries: PlayedPadEntry[] = [];
  let envelopes = 0;

  const effects: Effects = {
    beginVisit() {
      const visit = { id: `visit-${visits.length + 1}`, trace: `trace-${visits.length + 1}`, startedAtMs: nowMs() };
      visits.push(visit);
      return visit;
    },
    nowMs,
    today: () => hallDay,
    checkEnvironment: async () => ({
      ok: true,
      environment: {
        line: 'online',
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
        ...options.found,
      },
    }),
    readCard: async () => ({ ok: true, card: { ...readCard } }),
    readIdCard: async () => ({ ok: true, card: { ...readIdCard } }),
    checkCard: async (_visit, { maskedName, maskedNumber }) => ({
      ok: true,
      standing: { state: 'in-order', maskedName, maskedNumber, attemptsLeft: 5 },
    }),
    challenge: async (visit) => ({
      ok: true,
      envelope: {
        key: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k' },
        kiosk: 'kiosk-1',
        visit: visit.id,
        nonce: `nonce-${++envelopes}`,
      },
      pad: options.found?.devices?.['pin-pad'] === null ? padEntry(envelopes) : null,
    }),
    enterPin(_visit, entry, onDigits) {
      const { promise, resolve } = Promise.withResolvers<PadEntered>();
      const played: PlayedPadEntry = { entry, press: onDigits, end: resolve, abandoned: 0 };
      padEntries.push(played);
      return {
        done: promise,
        abandon: () => {
          played.abandoned += 1;
        },
      };
    },
    provePin: async () => ({ ok: true, answer: { state: 'right', login: holderLogin } }),
    provePassword: async () => ({ ok: true, answer: { state: 'right', login: holderLogin } }),
    proveCode: async () => ({ ok: true, answer: { state: 'right', login: holderLogin } }),
    facePrompts: () => ['straight', 'left', 'near'],
    faceChallenge: (visit, signal) => effects.challenge(visit, signal),
    proveFace: async () => ({ ok: true, answer: { state: 'right', login: holderLogin } }),
    agreement: () => null,
    switchedOff: () => new Map(),
    query: async (name) => ({ ok: true, answer: onFile[name] as never }),
    preview: async () => ({
      ok: true,
      preview: { resource: 'paper-1', pages: 1, widthMm: 210, heightMm: 297, spots: [] },
    }),
    print(_visit, _login, order, onProgress) {
      const { promise, resolve } = Promise.withResolvers<PrintResult>();
      let hasEnded = false;
      const print: PlayedPrint = {
        order,
        tell: onProgress,
        end(result) {
          hasEnded = true;
          resolve(result);
        },
        abandoned: { under: 0, after: 0 },
      };
      prints.push(print);
      return {
        done: promise,
        abandon: () => {
          print.abandoned[hasEnded ? 'after' : 'under'] += 1;
        },
      };
    },
    submit: async (_visit, _login, body) => {
      submitted.push(body);
      return { ok: true, settled: { state: 'received', number: `K1-00000${submitted.length}` } };
    },
    checkCode: async () => ({ ok: true, check: { kind: 'unknown-code' } }),
    callStaff: (visit) => staffCalls.push(visit?.id ?? null),
    forget: (visit, login) => forgotten.push({ visit: visit.id, login }),
    ...options.effects,
  };

  const kiosk = createActor(createKiosk(effects, { services, times: options.times ?? (() => hallTimes) }), { clock });
  kiosk.start();
  await settle();

  /** Lets every effect that has answered be heard; those a test holds back stay held. */
  async function settle(): Promise<void> {
    // The longest way from an effect's answer to a machine's next state is some ten turns of the queue; waits of no time are over.
    for (let turn = 0; turn < 40; turn += 1) {
      await Promise.resolve();
      clock.fire(clock.elapsedMs);
    }
  }

  function shown(): Shown {
    return projectKiosk(
      kiosk.getSnapshot(),
      { hall: '云川大厅', terminal: '3号机', hotline: '12333' },
      { nowMs: nowMs(), today: hallDay },
      { services, switchedOff: effects.switchedOff() },
    );
  }

  const hall = {
    kiosk,
    effects,
    nowMs,
    settle,
    shown,
    visits,
    /** Visits whose memory was dropped, and for whom. */
    forgotten,
    /** Requests put into the outbox, ratings and agreements among them. */
    submitted,
    prints,
    /** Entries begun on the PIN pad. */
    padEntries,
    /** Visits staff were called to; null where nobody was in one. */
    staffCalls,
    /** The last print begun. */
    print(): PlayedPrint {
      const print = prints.at(-1);
      if (print === undefined) throw new Error('nothing was printed');
      return print;
    },
    /** The visit as its machine has it; null where there is none. */
    session(): SessionSnapshot | null {
      return (kiosk.getSnapshot().children.session?.getSnapshot() as SessionSnapshot | undefined) ?? null;
    },
    /** What the visitor sees, if it is of this kind; anything else fails the test. */
    shows<K extends Shown['step']['kind']>(kind: K): Extract<Shown['step'], { kind: K }> {
      const { step } = shown();
      if (step.kind !== kind) throw new Error(`expected ${kind}, and ${step.kind} (${step.id}) stands there`);
      return step as Extract<Shown['step'], { kind: K }>;
    },
    /** Does something at the screen; answers whether anybody took it. */
    async touch(event: ScreenEvent): Promise<boolean> {
      const isTaken = deliverTouch(kiosk, event);
      await settle();
      return isTaken;
    },
    /** Several things, one after the other, each of which must be taken. */
    async act(...events: ScreenEvent[]): Promise<void> {
      for (const event of events) {
        if (!(await hall.touch(event))) throw new Error(`nobody takes ${event.type} on ${shown().step.id}`);
      }
    },
    async happen(event: WorldEvent): Promise<void> {
      deliverWorld(kiosk, event);
      await settle();
    },
    async elapse(ms: number): Promise<void> {
      const untilMs = clock.elapsedMs + ms;
      while (clock.fire(untilMs)) await settle();
      clock.elapsedMs = untilMs;
      await settle();
    },
    /** From the first screen to an item's facts. */
    async choose(item: string): Promise<void> {
      await hall.act({ type: 'start' }, { type: 'choose', choice: item });
    },
    /** From the first screen, through the password, to the item's first step. */
    async begin(item: string): Promise<void> {
      await hall.choose(item);
      await hall.act({ type: 'next' });
      if (shown().step.kind !== 'identify') return;
      await hall.happen({ type: 'card.inserted' });
      await hall.act({ type: 'password', jwe });
    },
    /** Ends the terminal; nothing of it goes on. */
    close: () => kiosk.stop(),
  };
  return hall;
}

/** Time by hand. Unlike XState's own simulated clock, what is set while time passes falls due within the same stretch. */
class HallClock {
  elapsedMs = 0;
  private lastId = 0;
  private readonly waits = new Map<number, { dueMs: number; callback: (...values: unknown[]) => void }>();

  setTimeout(callback: (...values: unknown[]) => void, ms: number): number {
    this.lastId += 1;
    this.waits.set(this.lastId, { dueMs: this.elapsedMs + ms, callback });
    return this.lastId;
  }

  clearTimeout(id: number): void {
    this.waits.delete(id);
  }

  /** Moves on to what falls due next, and calls it; false where nothing does until then. */
  fire(untilMs: number): boolean {
    const [next] = [...this.waits]
      .filter(([, { dueMs }]) => dueMs <= untilMs)
      .sort(([, a], [, b]) => a.dueMs - b.dueMs);
    if (next === undefined) return false;
    const [id, { dueMs, callback }] = next;
    this.waits.delete(id);
    this.elapsedMs = Math.max(this.elapsedMs, dueMs);
    callback();
    return true;
  }
}

export type Hall = Awaited<ReturnType<typeof openHall>>;
