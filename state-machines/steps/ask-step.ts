/**
 * The steps in which a visitor says something: form, choose, read, sign, result, and a review without a paper. They differ in what
 * they show and in which answer they take; loading, troubles and the ways out are the same.
 */
import { assign, fromPromise, or, setup } from 'xstate';
import type { FormValues } from '../contract/words/form.ts';
import type { ProblemCode } from '../contract/words/validators.ts';
import { checkForm } from '../contract/words/validators.ts';
import type { Effects } from '../effects.ts';
import type { Answers } from '../services/define-service.ts';
import type { TroubleReason } from '../troubles.ts';
import { whenAnswered } from './answer.ts';
import type { Loaded, MachineEvent, StepInput, StepOutput } from './step.ts';
import { load, plainFacts, wantedOf, wayFrom, withData } from './step.ts';

type AskKind = 'form' | 'choose' | 'read' | 'sign' | 'result' | 'review';
export type AskInput = StepInput<AskKind>;

type Context = AskInput & {
  /** Rises with every refusal and every trouble, so that a second tap on the sheet before is stale. */
  turn: number;
  problems: Record<string, ProblemCode>;
  /** Whether the form was handed in as it stood. */
  isUnchanged: boolean;
  trouble: TroubleReason | null;
  output: StepOutput;
};

/** What an event says to a step of this kind, or null where it says nothing to it. */
function answerOf(context: Context, event: MachineEvent): StepOutput | null {
  const { step } = context;
  // A result is behind something that was carried out: there is no way back from it.
  if (event.type === 'screen.back') return step.kind === 'result' ? null : { go: 'back' };
  switch (step.kind) {
    case 'choose':
      if (event.type !== 'screen.choose') return null;
      return isOffered(context, event.choice)
        ? { go: 'on', answers: { choices: { ...context.answers.choices, [step.id]: event.choice } } }
        : null;
    case 'sign':
      return event.type === 'screen.sign' ? { go: 'on', answers: { strokes: event.strokes } } : null;
    case 'review':
      return event.type === 'screen.next' ? { go: 'on', answers: {} } : null;
    case 'read':
      if (event.type === 'screen.print' && step.print !== undefined) return { go: 'on', answers: {} };
      return event.type === 'screen.next' ? { go: 'finish', answers: {} } : null;
    case 'result': {
      // Whether an outcome earned a paper depends on data, not on language or mask.
      const result = step.show(plainFacts(context));
      const chosen = event.type === 'screen.choose' ? event.choice : null;
      const wantsPrint = event.type === 'screen.print' || chosen === 'print';
      const { devices } = context;
      if (wantsPrint && result.print !== undefined && devices['document-printer'] === null)
        return { go: 'on', answers: { printOn: 'paper' } };
      if (chosen === 'receipt' && result.receipt !== undefined && devices['receipt-printer'] === null)
        return { go: 'on', answers: { printOn: 'receipt' } };
      if (chosen === 'again' && result.again !== undefined) return { go: 'restart' };
      return event.type === 'screen.next' ? { go: 'finish', answers: {} } : null;
    }
    case 'form':
      return null;
  }
}

/** What the centre already knows of a field: `contact.mobile` is the field `mobile` of the query `contact`. */
export function prefilled(path: string | undefined, { data }: Answers): string | null {
  if (path === undefined) return null;
  const [query, key] = path.split('.');
  const known = (data as Record<string, unknown>)[query ?? ''];
  const value = typeof known === 'object' && known !== null ? (known as Record<string, unknown>)[key ?? ''] : null;
  return typeof value === 'string' ? value : null;
}

/**
 * Whether a form goes on without what it would look up: it cannot be had, or the form was filled in without it, and what was left empty then must not become
 * something taken away.
 */
function goesWithout({ step, login, line, answers }: Context): boolean {
  if (step.kind !== 'form' || step.withoutLoad === undefined) return false;
  return login === null || line === 'offline' || Object.keys(answers.values).length > 0;
}

/** Whether a form that is to change something changes nothing. */
function changesNothing({ step, answers }: Context, values: FormValues): boolean {
  if (step.kind !== 'form' || step.unchanged === undefined) return false;
  return step.fields.every((field) => (values[field.id] ?? '') === (prefilled(field.prefill, answers) ?? ''));
}

function isOffered(context: Context, choice: string): boolean {
  const { step } = context;
  if (step.kind !== 'choose') return false;
  // What is blocked depends on data, not on language or mask, so any language will do here.
  const sections = step.sections(plainFacts(context));
  return sections.some((section) => section.rows.some((row) => row.id === choice && row.blocked === undefined));
}

/** The machine of the asking steps. */
export function createAskStep(effects: Pick<Effects, 'query' | 'today'>) {
  return setup({
    types: {
      context: {} as Context,
      input: {} as AskInput,
      events: {} as MachineEvent,
      output: {} as StepOutput,
    },
    actors: {
      load: fromPromise(({ input, signal }: { input: Parameters<typeof load>[1]; signal: AbortSignal }) =>
        load(effects, input, signal),
      ),
    },
    guards: {
      isAnswer: ({ context, event }) => answerOf(context, event) !== null,
      isFilledRight: ({ context, event }) =>
        context.step.kind === 'form' &&
        event.type === 'screen.submit' &&
        checkForm(context.step.fields, event.values, { today: effects.today() }).ok &&
        !changesNothing(context, event.values),
      isLoaded: ({ context: { step, answers } }) => step.load === undefined || answers.data[step.load] !== undefined,
      goesWithout: ({ context }) => goesWithout(context),
      isForm: ({ context }) => context.step.kind === 'form',
      isLeaving: ({ context, event }) => wayFrom(context.trouble, event) !== null,
      isAgain: ({ context, event }) => wantedOf(context.trouble, event) === 'again',
    },
    actions: {
      keepAnswer: assign({ output: ({ context, event }) => answerOf(context, event) ?? context.output }),
      keepForm: assign({
        output: ({ context, event }): StepOutput => {
          if (context.step.kind !== 'form' || event.type !== 'screen.submit') return context.output;
          const { values } = checkForm(context.step.fields, event.values, { today: effects.today() });
          return { go: 'on', answers: { values: { ...context.answers.values, ...values } } };
        },
      }),
      keepProblems: assign(({ context, event }) => {
        if (context.step.kind !== 'form' || event.type !== 'screen.submit') return {};
        const checked = checkForm(context.step.fields, event.values, { today: effects.today() });
        return {
          turn: context.turn + 1,
          problems: checked.ok ? {} : checked.problems,
          isUnchanged: checked.ok,
          answers: { ...context.answers, values: { ...context.answers.values, ...checked.values } },
        };
      }),
      keepLeaving: assign({
        output: ({ context, event }): StepOutput => wayFrom(context.trouble, event) ?? context.output,
      }),
    },
  }).createMachine({
    id: 'ask',
    context: ({ input }) => ({
      ...input,
      turn: 0,
      problems: {},
      isUnchanged: false,
      trouble: null,
      output: { go: 'back' },
    }),
    initial: 'loading',
    // Whether a result can be printed may change while it stands there, and whether anything can be looked up.
    on: {
      line: { actions: assign({ line: ({ event }) => event.state }) },
      device: {
        actions: assign({
          devices: ({ context, event }) => ({ ...context.devices, [event.need]: event.reason }),
        }),
      },
    },
    states: {
      loading: {
        // At once, or a screen that says "looking it up" would flash between two others.
        always: { guard: or(['isLoaded', 'goesWithout']), target: 'asking' },
        invoke: {
          src: 'load',
          input: ({ context }) => ({
            name: context.step.load,
            visit: context.visit,
            login: context.login,
            answers: context.answers,
          }),
          onDone: whenAnswered<Context, Loaded>({
            right: { target: 'asking', keep: ({ data }, { answers }) => ({ answers: withData(answers, data) }) },
            trouble: { target: 'trouble', keep: ({ reason }, { turn }) => ({ trouble: reason, turn: turn + 1 }) },
          }),
        },
        on: { 'screen.back': { target: 'done', actions: 'keepAnswer' } },
      },
      asking: {
        on: {
          'screen.submit': [
            { guard: 'isFilledRight', target: 'done', actions: 'keepForm' },
            { guard: 'isForm', actions: 'keepProblems' },
          ],
          'screen.back': { guard: 'isAnswer', target: 'done', actions: 'keepAnswer' },
          'screen.choose': { guard: 'isAnswer', target: 'done', actions: 'keepAnswer' },
          'screen.next': { guard: 'isAnswer', target: 'done', actions: 'keepAnswer' },
          'screen.print': { guard: 'isAnswer', target: 'done', actions: 'keepAnswer' },
          'screen.sign': { guard: 'isAnswer', target: 'done', actions: 'keepAnswer' },
        },
      },
      trouble: {
        on: {
          'screen.choose': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'loading' },
          ],
          'screen.next': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'loading' },
          ],
          'screen.back': { target: 'done', actions: 'keepAnswer' },
        },
      },
      done: { type: 'final' },
    },
    output: ({ context }): StepOutput => {
      if (context.output.go !== 'on' && context.output.go !== 'finish') return context.output;
      return { ...context.output, answers: { data: context.answers.data, ...context.output.answers } };
    },
  });
}
