/**
 * A print and the taking of the paper. The effect follows the job to its end even when this step has gone: a sheet under way
 * finishes and is recorded (`print-ledger`), later ones are cancelled.
 */
import { assign, fromCallback, sendParent, setup } from 'xstate';
import type { Effects, PrintOrder, PrintProgress, PrintResult } from '../effects.ts';
import type { TroubleReason } from '../troubles.ts';
import type { MachineEvent, StepInput, StepOutput } from './step.ts';
import { plainFacts, wantedOf, wayFrom } from './step.ts';

type PrintInput = StepInput<'print'>;

type PrintEvent = { type: 'print.progress'; progress: PrintProgress } | { type: 'print.done'; result: PrintResult };

type Context = PrintInput & {
  progress: PrintProgress;
  result: Extract<PrintResult, { ok: true }> | null;
  trouble: TroubleReason | null;
  /** Rises whenever the print stops, goes on or is tried again, so that a tap on the screen before is stale. */
  turn: number;
  /** Number of the paper, known once issued. */
  number: string | null;
  output: StepOutput;
};

const isWaiting = ({ state }: PrintProgress): boolean => state === 'waiting';

/** Whether it is a slip that is printed: the visitor chose one, or there is nothing else. */
export function isReceiptPrint({ step, answers }: Pick<PrintInput, 'step' | 'answers'>): boolean {
  return step.receipt !== undefined && (answers.printOn === 'receipt' || step.order === undefined);
}

/** What is printed: a slip where the visitor chose one or there is nothing else, otherwise the paper. Papers are in Chinese whatever the screen speaks. */
export function orderOf(input: PrintInput, today: string): PrintOrder {
  const { step } = input;
  const facts = plainFacts(input, today);
  const { order, receipt } = step;
  if (receipt !== undefined && isReceiptPrint(input)) return { kind: 'receipt', slip: receipt(facts), copies: 1 };
  if (order === undefined) throw new Error(`${step.id} prints nothing`);
  return order(facts);
}

/** The machine of a print. */
export function createPrintStep(effects: Pick<Effects, 'print' | 'today'>) {
  return setup({
    types: {
      context: {} as Context,
      input: {} as PrintInput,
      events: {} as MachineEvent | PrintEvent,
      output: {} as StepOutput,
    },
    actors: {
      print: fromCallback<PrintEvent, PrintInput>(({ input, sendBack }) => {
        const order = orderOf(input, effects.today());
        let isListening = true;
        const job = effects.print(input.visit, input.login, order, (progress) => {
          if (isListening) sendBack({ type: 'print.progress', progress });
        });
        job.done.then((result) => {
          if (!isListening) return;
          // First: what the result leads to stops this actor, and an ended job is not to be given up.
          isListening = false;
          sendBack({ type: 'print.done', result });
        });
        return () => {
          if (isListening) job.abandon();
          isListening = false;
        };
      }),
    },
    guards: {
      isPrinted: ({ event }) => event.type === 'print.done' && event.result.ok,
      isLeaving: ({ context, event }) => wayFrom(context.trouble, event) !== null,
      isAgain: ({ context, event }) => wantedOf(context.trouble, event) === 'again',
    },
    actions: {
      keepResult: assign(({ context, event }) => {
        if (event.type !== 'print.done') return {};
        return event.result.ok
          ? {
              result: event.result,
              number: event.result.number,
              output: { go: 'finish', answers: {} } satisfies StepOutput,
            }
          : { trouble: event.result.reason, number: event.result.number ?? null, turn: context.turn + 1 };
      }),
      keepLeaving: assign({
        output: ({ context, event }): StepOutput => wayFrom(context.trouble, event) ?? context.output,
      }),
    },
  }).createMachine({
    id: 'print',
    context: ({ input }) => ({
      ...input,
      progress: { state: 'issuing', number: null },
      result: null,
      trouble: null,
      turn: 0,
      number: null,
      output: { go: 'home' },
    }),
    initial: 'printing',
    states: {
      printing: {
        // A waiting printer is no idle visitor: attendance rests while the machine works.
        entry: sendParent({ type: 'step.works' }),
        exit: sendParent({ type: 'step.waits' }),
        invoke: { src: 'print', input: ({ context }) => context },
        on: {
          'print.progress': {
            actions: assign(({ context, event: { progress } }) => ({
              progress,
              number: progress.number,
              turn: isWaiting(progress) === isWaiting(context.progress) ? context.turn : context.turn + 1,
            })),
          },
          'print.done': [
            { guard: 'isPrinted', target: 'taking', actions: 'keepResult' },
            { target: 'trouble', actions: 'keepResult' },
          ],
        },
      },
      taking: {
        on: { 'screen.next': { target: 'done' }, 'paper.taken': { target: 'done' } },
      },
      trouble: {
        on: {
          'screen.choose': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'printing' },
          ],
          'screen.next': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'printing' },
          ],
        },
      },
      done: { type: 'final' },
    },
    output: ({ context }) => context.output,
  });
}
