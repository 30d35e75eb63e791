/** What every step machine is given and what it ends with; and how its events are called. */
import type { Login } from '../contract/central/identity.ts';
import type { QueryName } from '../contract/central/queries.ts';
import type { ScreenEvent } from '../contract/screen.ts';
import type { DeviceNeed, Effects, Visit } from '../effects.ts';
import type { Answers, Service, StepKind, StepOfKind } from '../services/define-service.ts';
import type { TroubleReason } from '../troubles.ts';

/** A step begins with its data, the visit, and what earlier steps gathered. */
export type StepInput<K extends StepKind> = {
  step: StepOfKind<K>;
  service: Service;
  visit: Visit;
  login: Login | null;
  answers: Answers;
};

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
export type ScreenMachineEvent = {
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
  | { type: 'code.scanned'; text: string }
  | { type: 'paper.taken' }
  | { type: 'line'; state: 'online' | 'offline' }
  | { type: 'device'; need: DeviceNeed; reason: TroubleReason | null };

export type MachineEvent = ScreenMachineEvent | WorldEvent;

/** What a trouble's actions lead to; `again` is the step's own matter. */
export function leaveTrouble(choice: string): StepOutput | null {
  if (choice === 'home') return { go: 'home' };
  if (choice === 'leave') return { go: 'leave' };
  return null;
}

/** Loads what a step declared it wants to know, unless an earlier step of the same item already has. */
export async function load(
  effects: Pick<Effects, 'query'>,
  input: { name: QueryName | undefined; visit: Visit; login: Login | null; answers: Answers },
  signal: AbortSignal,
): Promise<{ ok: true; data: Answers['data'] } | { ok: false; reason: TroubleReason }> {
  const { name, visit, login, answers } = input;
  if (name === undefined || answers.data[name] !== undefined) return { ok: true, data: answers.data };
  const found = await effects.query(name, visit, login, signal);
  return found.ok ? { ok: true, data: { ...answers.data, [name]: found.answer } } : found;
}

/** Answers with loaded data in place. */
export function withData(answers: Answers, data: Answers['data']): Answers {
  return { ...answers, data: { ...answers.data, ...data } };
}
