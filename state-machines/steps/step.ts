/** What every step machine is given and what it ends with; and how its events are called. */
import type { Login } from '../contract/central/identity.ts';
import type { QueryName } from '../contract/central/queries.ts';
import type { ScreenEvent } from '../contract/screen.ts';
import type { CardRead, DeviceNeed, Effects, Environment, Failed, Visit } from '../effects.ts';
import { levelOf } from '../identify/level.ts';
import type { Answers, Service, StepFacts, StepKind, StepOfKind } from '../services/define-service.ts';
import type { TroubleAction, TroubleReason } from '../troubles.ts';
import { troubles } from '../troubles.ts';

/** A step begins with its data, the visit, and what earlier steps gathered. */
export type StepInput<K extends StepKind> = {
  step: StepOfKind<K>;
  service: Service;
  visit: Visit;
  login: Login | null;
  /** What a card says of its holder, where the item is done by a card alone. */
  byCard: CardRead | null;
  answers: Answers;
  /** How the terminal's devices stood, and the line, when the step began. */
  devices: Environment['devices'];
  line: Environment['line'];
};

/** What a step's functions are asked with where what they decide depends on neither language nor mask; what goes out is in Chinese. */
export function plainFacts(
  { answers, ...known }: Pick<StepInput<StepKind>, 'answers' | 'login' | 'byCard'>,
  today = '',
): StepFacts {
  return { answers, language: 'zh', today, maskedName: null, level: levelOf(known) };
}

/** How a step ends: on with what it gathered, back, out to home, straight to the end of the item, or anew from its first step. */
export type StepOutput =
  | { go: 'on'; answers: Partial<Answers> }
  | { go: 'finish'; answers: Partial<Answers> }
  | { go: 'back' }
  /** To the item's first step, with nothing kept: another try is what helps. */
  | { go: 'restart' }
  | { go: 'home' }
  | { go: 'leave' };

/** Screen events as machines see them: `screen.next`, `screen.choose` … */
type ScreenMachineEvent = {
  [T in ScreenEvent['type']]: Omit<Extract<ScreenEvent, { type: T }>, 'type'> & { type: `screen.${T}` };
}[ScreenEvent['type']];

/** Names a screen event for the machines. */
export function toMachineEvent(event: ScreenEvent): ScreenMachineEvent {
  return { ...event, type: `screen.${event.type}` } as ScreenMachineEvent;
}

/** What the world tells the machines. Kiosk, session and step each take what concerns them. */
export type WorldEvent =
  | { type: 'card.inserted' }
  | { type: 'card.taken' }
  /**
   * A motorised reader has the card at its gate, where it can be taken; it is kept at this instant, if it is at all. `isLeftOver`: of a visit
   * that is over, since it lay inside when the reader came up.
   */
  | { type: 'card.presented'; keptAtMs: number | null; isLeftOver: boolean }
  /** An identity card was laid on its reader, or lifted from it; `untold`: the reader cannot say whether it still lies there. */
  | { type: 'idcard.placed' }
  | { type: 'idcard.lifted' }
  | { type: 'idcard.untold' }
  | { type: 'code.scanned'; text: string }
  /** A receipt hangs in its presenter, or was taken from it. */
  | { type: 'paper.presented' }
  | { type: 'paper.taken' }
  /** A motorised reader has kept a card that nobody took. */
  | { type: 'card.retained' }
  /** What the I/O board's inputs say; `isNear` is null where nothing tells whether somebody stands there. */
  | ({ type: 'board' } & BoardState)
  | { type: 'line'; state: 'online' | 'offline' }
  /** `isSlotEmpty`: a reader that tells of itself tells, too, that nothing lies in it. */
  | { type: 'device'; need: DeviceNeed; reason: TroubleReason | null; isSlotEmpty?: true };

/** The cabinet round the terminal: its door, the staff's key switch, and whether somebody stands in front. */
export type BoardState = { isDoorOpen: boolean; isKeyTurned: boolean; isNear: boolean | null };

const worldEventTypes: Record<WorldEvent['type'], true> = {
  'card.inserted': true,
  'card.taken': true,
  'card.presented': true,
  'idcard.placed': true,
  'idcard.lifted': true,
  'idcard.untold': true,
  'code.scanned': true,
  'paper.presented': true,
  'paper.taken': true,
  'card.retained': true,
  board: true,
  line: true,
  device: true,
};

/** Whether an event tells of the world. */
export function isWorldEvent(event: { type: string }): event is WorldEvent {
  return Object.hasOwn(worldEventTypes, event.type);
}

export type MachineEvent = ScreenMachineEvent | WorldEvent;

/** Any event; only `screen.next` and `screen.choose` mean something here. */
type TouchLike = { type: string; choice?: unknown };

/** What a visitor wants done about a trouble: the way on stands for the first thing it offers. What it does not offer is not taken. */
export function wantedOf(trouble: TroubleReason | null, event: TouchLike): TroubleAction | null {
  if (trouble === null) return null;
  const offered: readonly TroubleAction[] = troubles[trouble].actions;
  if (event.type === 'screen.next') return offered[0] ?? null;
  return event.type === 'screen.choose' ? (offered.find((action) => action === event.choice) ?? null) : null;
}

/** Where a visitor goes from a trouble who does not try again; null where they do, or want nothing. */
export function wayFrom(trouble: TroubleReason | null, event: TouchLike): { go: 'home' | 'leave' } | null {
  const wanted = wantedOf(trouble, event);
  return wanted === 'home' || wanted === 'leave' ? { go: wanted } : null;
}

/** What the centre has on file, or why it did not say. */
export type Loaded = { ok: true; data: Answers['data'] } | Failed;

/** Loads what a step declared it wants to know, unless an earlier step of the same item already has. */
export async function load(
  effects: Pick<Effects, 'query'>,
  input: { name: QueryName | undefined; visit: Visit; login: Login | null; answers: Answers },
  signal: AbortSignal,
): Promise<Loaded> {
  const { name, visit, login, answers } = input;
  if (name === undefined || answers.data[name] !== undefined) return { ok: true, data: answers.data };
  const found = await effects.query(name, visit, login, signal);
  return found.ok ? { ok: true, data: { ...answers.data, [name]: found.answer } } : found;
}

/** Answers with loaded data in place. */
export function withData(answers: Answers, data: Answers['data']): Answers {
  return { ...answers, data: { ...answers.data, ...data } };
}
