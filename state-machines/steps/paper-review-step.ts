/** A review with the paper itself: the draft is fetched and laid out, the visitor chooses copies and confirms. Nothing is issued yet. */
import { assign, fromPromise, setup } from 'xstate';
import type { PaperRequest } from '../contract/central/certificates.ts';
import type { Login } from '../contract/central/identity.ts';
import type { Effects, Failed, PaperPreview, Visit } from '../effects.ts';
import type { TroubleReason } from '../troubles.ts';
import { whenAnswered } from './answer.ts';
import type { MachineEvent, StepInput, StepOutput } from './step.ts';
import { plainFacts, wantedOf, wayFrom } from './step.ts';

type PaperReviewInput = StepInput<'review'>;

type Context = PaperReviewInput & {
  copies: number;
  preview: PaperPreview | null;
  /** Rises with every trouble, so that a second tap on the one before is stale. */
  turn: number;
  trouble: TroubleReason | null;
  output: StepOutput;
};

type Drafted = { ok: true; preview: PaperPreview } | Failed;

/** The machine of a review that shows a paper. */
export function createPaperReviewStep(effects: Pick<Effects, 'preview' | 'today'>) {
  return setup({
    types: {
      context: {} as Context,
      input: {} as PaperReviewInput,
      events: {} as MachineEvent,
      output: {} as StepOutput,
    },
    actors: {
      preview: fromPromise(
        async ({
          input,
          signal,
        }: {
          input: { visit: Visit; login: Login | null; paper: PaperRequest | undefined };
          signal: AbortSignal;
        }): Promise<Drafted> => {
          const { visit, login, paper } = input;
          if (login === null || paper === undefined) return { ok: false, reason: 'not-permitted' };
          return effects.preview(visit, login, paper, signal);
        },
      ),
    },
    guards: {
      isLeaving: ({ context, event }) => wayFrom(context.trouble, event) !== null,
      isAgain: ({ context, event }) => wantedOf(context.trouble, event) === 'again',
      isPossibleCount: ({ context, event }) => {
        const range = context.step.copies;
        return (
          event.type === 'screen.copies' && range !== undefined && event.value >= range.min && event.value <= range.max
        );
      },
    },
    actions: {
      goBack: assign({ output: { go: 'back' } as StepOutput }),
      keepLeaving: assign({
        output: ({ context, event }): StepOutput => wayFrom(context.trouble, event) ?? context.output,
      }),
    },
  }).createMachine({
    id: 'paper-review',
    context: ({ input }) => ({ ...input, copies: 1, preview: null, turn: 0, trouble: null, output: { go: 'back' } }),
    initial: 'drafting',
    states: {
      drafting: {
        invoke: {
          src: 'preview',
          input: ({ context }) => ({
            visit: context.visit,
            login: context.login,
            paper: context.step.paper?.(plainFacts(context, effects.today())),
          }),
          onDone: whenAnswered<Context, Drafted>({
            right: { target: 'reviewing', keep: ({ preview }) => ({ preview }) },
            trouble: { target: 'trouble', keep: ({ reason }, { turn }) => ({ trouble: reason, turn: turn + 1 }) },
          }),
        },
        on: { 'screen.back': { target: 'done', actions: 'goBack' } },
      },
      reviewing: {
        on: {
          'screen.copies': { guard: 'isPossibleCount', actions: assign({ copies: ({ event }) => event.value }) },
          'screen.next': {
            target: 'done',
            actions: assign({
              output: ({ context }): StepOutput => ({ go: 'on', answers: { copies: context.copies } }),
            }),
          },
          'screen.back': { target: 'done', actions: 'goBack' },
        },
      },
      trouble: {
        on: {
          'screen.choose': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'drafting' },
          ],
          'screen.next': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'drafting' },
          ],
          'screen.back': { target: 'done', actions: 'goBack' },
        },
      },
      done: { type: 'final' },
    },
    output: ({ context }) => context.output,
  });
}
