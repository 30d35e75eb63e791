/** A submission: into the outbox first, then a few seconds' wait for the centre's word. It is safe once the visitor is told so. */
import { assign, fromPromise, setup } from 'xstate';
import type { Effects, Failed, Settled } from '../effects.ts';
import type { TroubleReason } from '../troubles.ts';
import { whenAnswered } from './answer.ts';
import type { MachineEvent, StepInput, StepOutput } from './step.ts';
import { plainFacts, wayFrom } from './step.ts';

type SubmitInput = StepInput<'submit'>;

/** How long the screen waits for settlement before it says "received". */
export const settlementWaitMs = 6_000;

type SubmitEvent = { type: 'submit.kept' };
type Submitted = { ok: true; settled: Settled } | Failed;

type Context = SubmitInput & {
  /** Whether the request is in the outbox: from then on it reaches the centre, whether anybody still waits here or not. */
  isKept: boolean;
  turn: number;
  trouble: TroubleReason | null;
  /** By what staff find a request that was refused; null where nothing was kept. */
  number: string | null;
  output: StepOutput;
};

/** The machine of a submission. There is no way back from it: what is submitted is submitted. */
export function createSubmitStep(effects: Pick<Effects, 'submit' | 'today'>) {
  return setup({
    types: {
      context: {} as Context,
      input: {} as SubmitInput,
      events: {} as MachineEvent | SubmitEvent,
      output: {} as StepOutput,
    },
    actors: {
      submit: fromPromise(
        async ({
          input,
          signal,
        }: {
          input: SubmitInput & { onKept: () => void };
          signal: AbortSignal;
        }): Promise<Submitted> => {
          const request = input.step.body(plainFacts(input, effects.today()));
          const body = { ...request, item: input.service.id, itemVersion: input.service.version };
          return effects.submit(input.visit, input.login ?? input.byCard, body, settlementWaitMs, signal, input.onKept);
        },
      ),
    },
    guards: { isLeaving: ({ context, event }) => wayFrom(context.trouble, event) !== null },
    actions: {
      keepLeaving: assign({
        output: ({ context, event }): StepOutput => wayFrom(context.trouble, event) ?? context.output,
      }),
    },
  }).createMachine({
    id: 'submit',
    context: ({ input }) => ({ ...input, isKept: false, turn: 0, trouble: null, number: null, output: { go: 'home' } }),
    initial: 'sending',
    states: {
      sending: {
        on: { 'submit.kept': { actions: assign({ isKept: true }) } },
        invoke: {
          src: 'submit',
          input: ({ context, self }) => ({ ...context, onKept: () => self.send({ type: 'submit.kept' }) }),
          onDone: whenAnswered<Context, Submitted, MachineEvent | SubmitEvent>({
            right: { target: 'done', keep: ({ settled }) => ({ output: { go: 'on', answers: { settled } } }) },
            trouble: { target: 'trouble', keep: ({ reason, number = null }) => ({ trouble: reason, number }) },
          }),
        },
      },
      trouble: {
        on: {
          'screen.choose': { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
          'screen.next': { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
        },
      },
      done: { type: 'final' },
    },
    output: ({ context }) => context.output,
  });
}
