/**
 * Kiosk ⇄ screen: events in, views out.
 *
 * The screen shows a {@link View} and sends {@link ScreenMessage}s. Views are plain JSON whose text is already in the visitor's
 * language; they come from our own main process and are types only, so that the first screen's script carries no schema
 * library. What the screen sends is checked by schema, since a screen may be anything that found the socket.
 */
import { z } from 'zod';
import type { FacePrompt } from './words/face.ts';
import { maxFaceJweLength } from './words/face.ts';
import type { ValidatorName } from './words/form.ts';
import type { Language } from './words/text.ts';
import { languages } from './words/text.ts';

/** Version of this contract; kiosk and screen ship together, so any other version is refused. */
export const screenContract = 1;

// ---- Views -------------------------------------------------------------------------------------------------------------

export type Theme = 'light' | 'light-contrast' | 'dark';
export type TextSize = 'normal' | 'large';
/** How the screen looks and speaks for this visitor; undone when the visit ends. */
export type Appearance = { language: Language; theme: Theme; size: TextSize; lowReach: boolean };

/** Top of every screen. It changes by itself and makes no touch stale. */
export type Header = {
  hall: string;
  terminal: string;
  hotline: string;
  /** Epoch milliseconds of the kiosk's clock. */
  nowMs: number;
  line: { state: 'online' | 'offline'; text: string };
  /** Masked name of who is logged in. */
  visitor: string | null;
  appearance: Appearance;
  /** Whether staff have been called. */
  helpCalled: boolean;
  /** The camera the screen is to watch over; absent where the terminal has none. */
  camera?: CameraWish;
};

/** Which camera is meant: one whose name contains `label`, or the one of this `deviceId`; the first where neither is told. */
export type CameraWish = { label?: string; deviceId?: string };

/**
 * How the camera stands, as the screen sees it. `none`: no camera, or none that is meant; `denied`: the browser does not let this page use it;
 * `busy`: another program has it; `unplugged`: it went while it was used.
 */
export const cameraStates = ['available', 'none', 'denied', 'busy', 'unplugged'] as const;
export type CameraState = (typeof cameraStates)[number];

/** The largest button, bottom right. `missing` says what is still wanted, and then stands in the button's place. */
export type WayOn = { label: string; icon?: IconName; missing?: string };

/** What every step has. */
export type StepFrame = {
  /** Answered by events; a new one for every screen, never reused within a kiosk's run. */
  id: string;
  /** What to do now, verb first. */
  title: string;
  hint?: string;
  progress?: { at: number; of: number };
  /** Label of "back", absent where there is no way back. */
  back?: string;
  /** Label of "end the visit", absent outside a visit. */
  end?: string;
  wayOn?: WayOn;
  /** A flat sentence where there is no way on. */
  aside?: { icon: IconName; text: string };
  /** A word about this step at the right of the head, e.g. that it is done on the spot. */
  tag?: { icon: IconName; text: string };
  /** Set when the time left matters: the ring. Epoch milliseconds. */
  endsAtMs?: number;
  /** Technical terms in this step's texts, explained at a touch. */
  terms?: { word: string; meaning: string }[];
};

/** Names of icons in `renderer/ui/icons`. A service names one; unknown names are a type error. */
export const iconNames = [
  'print',
  'search',
  'edit',
  'calendar',
  'chat',
  'book',
  'bell',
  'text-size',
  'end',
  'back',
  'right',
  'card',
  'id-card',
  'code',
  'check',
  'close',
  'minus',
  'plus',
  'zoom',
  'backspace',
  'all',
  'unit',
  'paper',
  'warning',
  'info',
  'clock',
  'phone',
  'person',
  'shield',
  'pen',
  'star',
  'window',
  'ticket',
  'offline',
  'lock',
  'look-up',
  'certificate',
  'record',
  'wallet',
  'receipt',
  'transfer',
  'renew',
  'place',
  'message',
  'free',
] as const;
export type IconName = (typeof iconNames)[number];

/** `icon` and `note` show where three facts stand large beside a picture; elsewhere they are left out. */
export type LabelledValue = { label: string; value: string; icon?: IconName; note?: string };

/** Something to choose from a list. `blocked` says why it cannot be chosen now; it stays visible. */
export type Choice = {
  id: string;
  title: string;
  summary?: string;
  icon?: IconName;
  tag?: string;
  initials?: string;
  blocked?: string;
};

/** A field as the screen shows it. `problem` is set where the kiosk refused what was sent. */
export type FieldView = {
  id: string;
  kind: 'line' | 'paragraph' | 'digits' | 'mobile' | 'id-number' | 'date' | 'choice';
  label: string;
  hint?: string;
  required: boolean;
  maxLength: number;
  validators: readonly ValidatorName[];
  choices?: { id: string; label: string }[];
  /** What is known already. */
  value: string;
  problem?: string;
};

/** What the screen process encrypts a password to: the centre's key, bound to kiosk, visit and a nonce used once. */
export type SecretEnvelope = {
  /** Public P-256 key of the centre, JWK. */
  key: { kty: 'EC'; crv: 'P-256'; x: string; y: string; kid: string };
  kiosk: string;
  visit: string;
  nonce: string;
};

/** A part of something to read. Amounts and months are already in words, except in charts. */
export type ReadBlock =
  | { kind: 'figures'; figures: { label: string; value: string; unit?: string }[] }
  | {
      kind: 'years';
      title: string;
      /** One bar a year; `months` paid of twelve, `gaps` are months (1-12) not paid though insured before and after. */
      years: { year: number; months: number; gaps: number[]; amountCents: number }[];
      legend: { paid: string; gap: string };
    }
  | { kind: 'gaps'; title: string; gaps: { from: string; to: string; text: string }[]; none: string }
  | { kind: 'table'; title: string; columns: string[]; rows: string[][] }
  | { kind: 'text'; title?: string; paragraphs: string[] };

/** One line of what the machine is doing, in order. `note` is the outcome so far. */
export type Stage = { label: string; state: 'done' | 'now' | 'todo'; note?: string };

/** A paper shown before or after it is printed: pages are resources fetched beside the view (`PaperPages`). */
export type PaperView = {
  resource: string;
  pages: number;
  widthMm: number;
  heightMm: number;
  spots: { n: number; label: string; topPercent: number }[];
};

/** What a paper or card is waiting to be taken. `stuck`: nobody but staff can take it. */
export type Takeable = {
  id: 'paper' | 'receipt' | 'card' | 'id-card';
  title: string;
  text: string;
  state: 'coming' | 'waiting' | 'taken' | 'stuck';
};

/**
 * A sentence that counts down: `{seconds}` in it stands for the whole seconds left until the step's `endsAtMs`, which the screen
 * fills in by itself, so that no view has to be sent every second.
 */
export type CountdownText = string;

/** The steps, by kind: one screen each. */
export type StepView = StepFrame &
  (
    | {
        kind: 'attract';
        /** Posters. `item` is the service a poster speaks of: a touch on it may begin there (`start` with `item`). */
        scenes: { title: string; text: string; art: 'print' | 'record' | 'check'; item?: string }[];
        start: string;
        /** How the last visit ended or what it left behind, for whoever still stands there: for a while, and nothing personal. */
        notice?: { icon: IconName; title: string; text: string };
        /** Whether somebody stands in front, where the terminal can tell: with nobody there the screen is dimmed. */
        isNear?: boolean;
      }
    | {
        kind: 'home';
        groups: Choice[];
        common: Choice[];
        everything: Choice[];
        searchHint: string;
        commonTitle: string;
        nothingFound: string;
      }
    | { kind: 'list'; sections: { title: string; rows: Choice[] }[]; empty: string }
    | { kind: 'facts'; main: LabelledValue[]; more: LabelledValue[]; blocked?: string; art: IconName }
    | {
        kind: 'identify';
        /** `text` says how to hold the thing, or why it cannot be used now, `where` in few words where on this machine (the picture of the machine stands above it). */
        ways: { id: 'card' | 'id-card' | 'code'; title: string; text: string; where?: string; available: boolean }[];
        reading: boolean;
        problem?: { title: string; text: string; code: string };
      }
    | {
        kind: 'password';
        who: { name: string; number: string };
        digits: 6;
        note: string;
        problem?: string;
        envelope: SecretEnvelope;
        busy: boolean;
        labels: { clear: string; backspace: string; entered: string };
        /** Set while the digits are typed on the PIN pad: how many are, and what to do there. The screen then has no keys. */
        pad?: { digits: number; title: string; text: string; keys: string };
        /** Ways round: a forgotten password, another document. */
        actions?: Choice[];
      }
    | {
        /** A face in place of the password: the screen asks for one pose after the other, takes a picture at the end of each and seals them. */
        kind: 'camera';
        who: { name: string; number: string };
        poses: { prompt: FacePrompt; text: string }[];
        /** How long each pose is held, milliseconds. */
        poseMs: number;
        /** `ready` stands on the preview before the visitor has begun, `note` below it. */
        ready: string;
        note: string;
        problem?: string;
        envelope: SecretEnvelope;
        /** The pictures are on their way: the camera is off. */
        busy: boolean;
      }
    | { kind: 'agreement'; version: string; sections: { title: string; text: string }[]; decline: string }
    /** `known` is what need not be filled in, shown above the fields. */
    | {
        kind: 'form';
        fields: FieldView[];
        known?: { title: string; rows: LabelledValue[] };
        /** What is wrong with the form as a whole: no single field is. */
        problem?: string;
      }
    | {
        kind: 'choose';
        sections: { title: string; rows: Choice[] }[];
        layout: 'rows' | 'days' | 'times';
        empty: string;
      }
    | {
        kind: 'review';
        rows: LabelledValue[];
        risks: string[];
        paper?: PaperView;
        copies?: { value: number; min: number; max: number; label: string };
      }
    | { kind: 'sign'; statement: string; rows: LabelledValue[]; labels: { again: string; here: string; empty: string } }
    | {
        kind: 'working';
        activity: 'print' | 'receipt' | 'send' | 'read' | 'check';
        text: string;
        detail?: string;
        stages?: Stage[];
        /** How far the work itself is, e.g. page 1 of 2. Takes the place of the head's steps. */
        progress?: { at: number; of: number };
      }
    /** `tabs` show the same thing for another kind of insurance, year … ; choosing one is an ordinary `choose`. */
    | {
        kind: 'read';
        blocks: ReadBlock[];
        asOf?: string;
        print?: { label: string; blocked?: string };
        tabs?: { chosen: string; choices: Choice[] };
      }
    | { kind: 'scan'; text: string; typed: { label: string; length: number; placeholder: string }; problem?: string }
    | {
        kind: 'result';
        tone: 'done' | 'received' | 'refused' | 'problem';
        text: string;
        rows: LabelledValue[];
        actions: Choice[];
        code?: string;
      }
    | { kind: 'take'; things: Takeable[]; reminder?: CountdownText }
    | { kind: 'rate'; indicators: { id: string; label: string }[]; levels: string[]; skip: string }
    | { kind: 'still-there'; countdownText: CountdownText; stay: string; leave: string }
    | {
        kind: 'trouble';
        happened: string;
        kept: string;
        todo: string;
        code: string;
        /** Where the machine itself must be seen to: the picture of what staff will do. */
        art: 'paper-out' | 'jam' | 'door' | 'offline' | 'card' | 'lock' | 'plain';
        /** What was kept, large beside the picture: a number, a date. */
        rows?: LabelledValue[];
        actions: Choice[];
      }
    /** `centreSays` is why, where the centre closed it, in its own words and language: one plain line of at most 200 characters. */
    | { kind: 'out-of-service'; happened: string; centreSays?: string; todo: string; code: string }
  );

export type StepKind = StepView['kind'];
/** The view of one kind, e.g. `StepOf<'password'>`. */
export type StepOf<K extends StepKind> = Extract<StepView, { kind: K }>;

/** What the screen shows. `seq` rises by one with every view, over the kiosk's whole run. */
export type View = { contract: typeof screenContract; seq: number; header: Header; step: StepView };

// ---- Events ------------------------------------------------------------------------------------------------------------

const shortId = z.string().min(1).max(80);
/** What a visitor can rate. */
const ratedAspects = ['completeness', 'ease', 'speed', 'satisfaction'] as const;

/** Pen strokes: points in per mille of the pad's width and height, with milliseconds since the first. */
const strokeSchema = z
  .array(z.tuple([z.number().min(0).max(1000), z.number().min(0).max(1000), z.number().min(0)]))
  .min(1)
  .max(6000);

/** What a visitor can do. Which of them a step takes is the machine's to say. */
export const screenEventSchema = z.discriminatedUnion('type', [
  /** A sign of life: any touch that means nothing else. */
  z.strictObject({ type: z.literal('touch') }),
  /** Begins a visit; with `item`, at that item, where the first screen's poster of it was touched. */
  z.strictObject({ type: z.literal('start'), item: shortId.optional() }),
  z.strictObject({ type: z.literal('next') }),
  z.strictObject({ type: z.literal('back') }),
  z.strictObject({ type: z.literal('end') }),
  z.strictObject({ type: z.literal('help') }),
  z.strictObject({ type: z.literal('stay') }),
  z.strictObject({ type: z.literal('choose'), choice: shortId }),
  z.strictObject({ type: z.literal('submit'), values: z.record(z.string().max(64), z.string().max(4000)) }),
  /** Compact JWE; main cannot open it. */
  z.strictObject({
    type: z.literal('password'),
    jwe: z
      .string()
      .min(50)
      .max(4000)
      .regex(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/),
  }),
  /** Pictures of a face, as a password: main cannot open it. */
  z.strictObject({
    type: z.literal('still'),
    jwe: z
      .string()
      .min(50)
      .max(maxFaceJweLength)
      .regex(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/),
  }),
  /** How the camera stands, told again every few seconds on whatever screen: it is told to that device. */
  z.strictObject({ type: z.literal('camera'), state: z.enum(cameraStates) }),
  z.strictObject({
    type: z.literal('sign'),
    // As many points as a row of the outbox takes with ease, and ten times what a name wants.
    strokes: z
      .array(strokeSchema)
      .min(1)
      .max(60)
      .refine((strokes) => strokes.reduce((points, stroke) => points + stroke.length, 0) <= 6000),
  }),
  z.strictObject({ type: z.literal('copies'), value: z.number().int().min(1).max(20) }),
  z.strictObject({ type: z.literal('print') }),
  /** A code typed by hand; or by a scanner that types (keyboard wedge), which is told to that device, on whatever screen. */
  z.strictObject({ type: z.literal('code'), text: z.string().min(1).max(4000), by: z.enum(['hand', 'wedge']) }),
  z.strictObject({
    type: z.literal('rate'),
    scores: z.partialRecord(z.enum(ratedAspects), z.number().int().min(1).max(5)),
  }),
  z.strictObject({
    type: z.literal('appearance'),
    language: z.enum(languages).optional(),
    theme: z.enum(['light', 'light-contrast', 'dark']).optional(),
    size: z.enum(['normal', 'large']).optional(),
    lowReach: z.boolean().optional(),
  }),
  /**
   * The screen itself broke and starts anew. `name` is the kind of error and `at` where in our script, never the error's own words,
   * which might hold what a visitor typed.
   */
  z.strictObject({
    type: z.literal('broken'),
    // What is of another form is not told: it might be a visitor's words, and the event itself must still arrive.
    name: z
      .string()
      .regex(/^[A-Z][A-Za-z]{0,39}$/)
      .catch('unknown'),
    at: z
      .string()
      .regex(/^(?:[\w.-]{1,60}\.(?:tsx?|js):\d{1,7}:\d{1,7}(?: (?!$)|$)){0,6}$/)
      .catch('unknown'),
  }),
]);
export type ScreenEvent = z.infer<typeof screenEventSchema>;

/** One message of the screen: the event, the step it answers, and an id by which a resend is known. */
export const screenMessageSchema = z.strictObject({
  contract: z.literal(screenContract),
  id: z.string().min(8).max(64),
  step: shortId,
  event: screenEventSchema,
});
export type ScreenMessage = z.infer<typeof screenMessageSchema>;

/** What became of a message. `stale`: the step has gone; `not-now`: the step does not take this; `malformed`: not of the schema. */
export type ScreenAnswer = { ok: true } | { ok: false; reason: 'stale' | 'not-now' | 'malformed' };

/** Pages of a paper, fetched beside the view. SVG text or a PNG data URL per page, `null` once the step has gone. */
export type PaperPages = { mime: 'image/svg+xml' | 'image/png'; pages: string[] } | null;

/**
 * The screen's end of a host (`main/hosts`): the same over IPC and WebSocket. Listening delivers the current view at once;
 * sending never rejects (a lost host shows as no view, which the screen says).
 */
export interface ScreenHost {
  /**
   * Starts listening; returns the undo. `onLost` is called when the kiosk's process cannot be reached, and `onView` again once it can.
   * Where another page serves instead of this one it is given `takeOver`: nothing is tried by itself then, or the two would take the
   * kiosk from each other for ever.
   */
  listen(onView: (view: View) => void, onLost: (takeOver?: () => void) => void): () => void;
  send(message: ScreenMessage): Promise<ScreenAnswer>;
  paper(resource: string): Promise<PaperPages>;
}
