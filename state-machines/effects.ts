/**
 * What the machines ask of the world. They name it here; `main/effects` does it. Every effect answers with a value: what can go
 * wrong in a hall is a {@link TroubleReason} and has a screen. A rejected promise is a bug.
 */
import type { Agreement } from './contract/central/catalogue.ts';
import type { PaperRequest } from './contract/central/certificates.ts';
import type {
  CardClaim,
  CardStanding,
  CodeAnswer,
  FaceAnswer,
  Login,
  PasswordAnswer,
  PinChallenge,
  PinProof,
} from './contract/central/identity.ts';
import type { QueryAnswer, QueryName } from './contract/central/queries.ts';
import type { RequestAnswer, RequestBody } from './contract/central/requests.ts';
import type { SecretEnvelope } from './contract/screen.ts';
import type { BookingTicket } from './contract/words/certificate.ts';
import type { FacePrompt } from './contract/words/face.ts';
import type { TroubleReason } from './troubles.ts';

/** A visit: one person at the terminal from the first touch to the wiped screen. `trace` follows it to the centre's log (6.3.2). */
export type Visit = { id: string; trace: string; startedAtMs: number };

/** What is true of the terminal besides the visitor. `paper` etc. are reasons a service cannot run; null is "ready". */
export type Environment = {
  line: 'online' | 'offline';
  card: 'absent' | 'present';
  /** A card that a motorised reader has given back lies at its gate, and is kept at this instant, epoch milliseconds, if nobody takes it. */
  cardKeptAtMs?: number | null;
  /** An identity card on the reader's plate. `untold`: one was laid there, and this reader cannot say whether it still is. */
  idCard: 'absent' | 'present' | 'untold';
  /** How a device stands, by the need it meets: null when it can serve, why it cannot, or that this terminal has none. */
  devices: Record<DeviceNeed, TroubleReason | 'not-fitted' | null>;
  /** Set where a code of an electronic card logs nobody in here, although there is a scanner: the configuration says so. */
  isCodeLoginOff?: true;
  /** Set where the reader draws cards in and holds them: the configuration says so. */
  isCardHeld?: true;
  /** Set where a face is taken in place of the password, if the centre takes one too: the configuration says so. */
  isFaceCheckOn?: true;
};

/** What a service can need. The configuration says which device meets it. */
export type DeviceNeed =
  | 'card-reader'
  | 'id-reader'
  | 'code-scanner'
  | 'document-printer'
  | 'receipt-printer'
  | 'pin-pad'
  | 'camera';

/** What a card told, good enough to ask the centre with, and the face its screen has until the centre gives one. */
export type CardRead = CardClaim & { maskedName: string; maskedNumber: string };

/** One entry the PIN pad is ready for: its working key has been put in. */
export type PadEntry = Pick<PinChallenge, 'slot' | 'suite' | 'account'> & { nonce: string };

/** How an entry on the PIN pad ended. `out`: the pad went, or was opened, in the middle of it. */
export type PadEntered = { ok: true; pin: PinProof } | { ok: false; because: 'cancelled' | 'timed-out' | 'out' };

/** A failure with its screen. `number` is the certificate or request number that was kept, where there is one. */
export type Failed = { ok: false; reason: TroubleReason; number?: string };

/** What became of a request: settled at the centre, or kept here and delivered later, under the number the visitor is told. */
export type Settled = { state: 'done'; number: string; answer: RequestAnswer } | { state: 'received'; number: string };

/**
 * What stands on a receipt, in Chinese as every paper; the effect adds hall, terminal and time above, and who is logged in (masked). `number` stands
 * large, and again as a QR code by which a counter or a kiosk's scanner finds it.
 */
export type Slip = {
  title: string;
  number: { label: string; value: string };
  rows: { label: string; value: string }[];
  notes: string[];
};

/**
 * What a print asks for: a sealed paper issued now, or an unsealed ticket, to which the effect adds the hall and who is logged in; or a slip on the
 * receipt printer.
 */
export type PrintOrder =
  | { kind: 'receipt'; slip: Slip; copies: 1 }
  | { kind: 'certificate'; paper: PaperRequest; copies: number }
  | { kind: 'ticket'; ticket: Omit<BookingTicket, 'layout' | 'version' | 'maskedName' | 'centre'>; copies: number };

/** How far a print is. `copy`: which of several. `waiting`: the printer wants staff; it goes on by itself until `untilMs`, then the job is cancelled. */
export type PrintProgress =
  | { state: 'issuing' | 'laying-out' | 'printing'; number: string | null; copy?: { at: number; of: number } }
  | { state: 'waiting'; reason: TroubleReason; untilMs: number; number: string | null };

export type PrintResult = { ok: true; number: string | null; pages: number; copies: number } | Failed;

/** A paper to look at before it is printed. `resource` names its pages, which travel beside the view. */
export type PaperPreview = {
  resource: string;
  pages: number;
  widthMm: number;
  heightMm: number;
  /** Where to look, numbered from the top. */
  spots: { n: number; label: PaperSpot; topPercent: number }[];
};

/** The places of a paper worth checking, as the layouts name them. */
export const paperSpots = ['person', 'unit', 'insurances', 'months', 'summary', 'years', 'facts'] as const;
export type PaperSpot = (typeof paperSpots)[number];

/** What a scanned or typed code turned out to be. */
export type CodeCheck =
  | {
      kind: 'genuine';
      by: 'signature' | 'centre';
      number: string;
      layout: string;
      maskedName: string;
      maskedNumber: string;
      issuer: string;
      issuedOn: string;
      /** What the centre knows since: good, withdrawn, or null where it could not be asked. */
      standing: 'good' | 'withdrawn' | 'void' | null;
    }
  | { kind: 'forged' | 'unknown-issuer' | 'not-ours' | 'unknown-code' }
  | { kind: 'issuer-not-admitted'; why: 'expired' | 'withdrawn' };

export type Effects = {
  /** Begins a visit: a new id (UUID version 7) and trace. */
  beginVisit(): Visit;
  /** Epoch milliseconds of the kiosk's clock. */
  nowMs(): number;
  /** Today in the hall, `YYYY-MM-DD`. */
  today(): string;
  /**
   * Whether the kiosk may serve (6.4.5), or the first reason against it; with `notice` where the centre closed it, in its own words; with `shown`
   * where it takes the kiosk for a copy, the digits that staff compare.
   */
  checkEnvironment(
    signal: AbortSignal,
  ): Promise<{ ok: true; environment: Environment } | (Failed & { notice?: string; shown?: string })>;
  readCard(visit: Visit, signal: AbortSignal): Promise<{ ok: true; card: CardRead } | Failed>;
  /** Reads the identity card on the plate. */
  readIdCard(visit: Visit, signal: AbortSignal): Promise<{ ok: true; card: CardRead } | Failed>;
  checkCard(visit: Visit, card: CardRead, signal: AbortSignal): Promise<{ ok: true; standing: CardStanding } | Failed>;
  /** Asks for what one password entry needs. `pad` is null where the password is typed on the screen. */
  challenge(
    visit: Visit,
    signal: AbortSignal,
  ): Promise<{ ok: true; envelope: SecretEnvelope; pad: PadEntry | null } | Failed>;
  provePassword(
    visit: Visit,
    card: CardRead,
    jwe: string,
    signal: AbortSignal,
  ): Promise<{ ok: true; answer: PasswordAnswer } | Failed>;
  /**
   * Lets the visitor type the password on the PIN pad; `onDigits` hears how many digits are entered, never which. `abandon`: nobody types any
   * more, and the pad forgets what was entered.
   */
  enterPin(
    visit: Visit,
    entry: PadEntry,
    onDigits: (digits: number) => void,
  ): { done: Promise<PadEntered>; abandon: () => void };
  provePin(
    visit: Visit,
    card: CardRead,
    pin: PinProof,
    signal: AbortSignal,
  ): Promise<{ ok: true; answer: PasswordAnswer } | Failed>;
  /** What somebody at the camera is asked to do this time: two poses or more, the first straight ahead. */
  facePrompts(): readonly FacePrompt[];
  /** A challenge for one try with a face. */
  faceChallenge(visit: Visit, signal: AbortSignal): Promise<{ ok: true; envelope: SecretEnvelope } | Failed>;
  /** Has the centre look at a face. The pictures are ciphertext here and stay so. */
  proveFace(
    visit: Visit,
    card: CardRead,
    prompts: readonly FacePrompt[],
    jwe: string,
    signal: AbortSignal,
  ): Promise<{ ok: true; answer: FaceAnswer } | Failed>;
  /** Asks the centre who shows this code of an electronic card. The code is opaque and spent by asking. */
  proveCode(visit: Visit, code: string, signal: AbortSignal): Promise<{ ok: true; answer: CodeAnswer } | Failed>;
  /** The agreement in force, from the signed catalogue. */
  agreement(): Agreement | null;
  /** Built-in items the centre has switched off, with the reason in both languages. */
  switchedOff(): ReadonlyMap<string, { zh: string; en: string }>;
  query<N extends QueryName>(
    name: N,
    visit: Visit,
    login: Login | null,
    signal: AbortSignal,
  ): Promise<{ ok: true; answer: QueryAnswer<N> } | Failed>;
  preview(
    visit: Visit,
    login: Login,
    paper: PaperRequest,
    signal: AbortSignal,
  ): Promise<{ ok: true; preview: PaperPreview } | Failed>;
  /**
   * Prints. The answer comes when printer and spooler say so. `abandon` is called when the visitor has gone: the sheet under way
   * finishes and is recorded, later ones are cancelled, and nobody hears the answer.
   */
  print(
    visit: Visit,
    login: Login | null,
    order: PrintOrder,
    onProgress: (progress: PrintProgress) => void,
  ): { done: Promise<PrintResult>; abandon: () => void };
  /**
   * Puts a request into the outbox (durable when `onKept` is called) and waits up to `waitMs` for the centre's word. With `waitMs` 0
   * nothing is waited for. `by`: what was proved at login; or, where the centre could not be asked, what a card says of its holder, which the centre
   * has a clerk check before it counts; null for nobody.
   */
  submit(
    visit: Visit,
    by: Login | CardRead | null,
    body: RequestBody,
    waitMs: number,
    signal?: AbortSignal,
    onKept?: () => void,
  ): Promise<{ ok: true; settled: Settled } | Failed>;
  checkCode(text: string, signal: AbortSignal): Promise<{ ok: true; check: CodeCheck } | Failed>;
  /** Calls staff: by the log now, by light and centre where a terminal has them. */
  callStaff(visit: Visit | null): void;
  /** Drops everything the visit left in memory (pages, grants), and tells the centre that it ended. */
  forget(visit: Visit, login: Login | null): void;
};
