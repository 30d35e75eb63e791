/** Waits for a code, scanned or typed, and has it checked. Works without login and without the line. */
import { assign, fromPromise, setup } from 'xstate';
import type { CodeCheck, Effects, Failed } from '../effects.ts';
import type { TroubleReason } from '../troubles.ts';
import { whenAnswered } from './answer.ts';
import type { MachineEvent, StepInput, StepOutput } from './step.ts';
import { wantedOf, wayFrom } from './step.ts';

/** `scanned`: a code that was held up before anybody asked for it; empty where none was. */
type ScanInput = StepInput<'scan'> & { scanned: string };

type Context = ScanInput & { text: string; turn: number; trouble: TroubleReason | null; output: StepOutput };

type Checked = { ok: true; check: CodeCheck } | Failed;

/** The machine of a scan. */
export function createScanStep(effects: Pick<Effects, 'checkCode'>) {
  return setup({
    types: { context: {} as Context, input: {} as ScanInput, events: {} as MachineEvent, output: {} as StepOutput },
    actors: {
      check: fromPromise(
        ({ input, signal }: { input: { text: string }; signal: AbortSignal }): Promise<Checked> =>
          effects.checkCode(input.text, signal),
      ),
    },
    guards: {
      isLeaving: ({ context, event }) => wayFrom(context.trouble, event) !== null,
      isAgain: ({ context, event }) => wantedOf(context.trouble, event) === 'again',
    },
    actions: {
      goBack: assign({ output: { go: 'back' } as StepOutput }),
      keepLeaving: assign({
        output: ({ context, event }): StepOutput => wayFrom(context.trouble, event) ?? context.output,
      }),
    },
  }).createMachine({
    id: 'scan',
    context: ({ input }) => ({ ...input, text: input.scanned, turn: 0, trouble: null, output: { go: 'back' } }),
    initial: 'beginning',
    states: {
      beginning: {
        always: [{ guard: ({ context }) => context.text !== '', target: 'checking' }, { target: 'waiting' }],
      },
      waiting: {
        on: {
          'code.scanned': { target: 'checking', actions: assign({ text: ({ event }) => event.text }) },
          'screen.code': { target: 'checking', actions: assign({ text: ({ event }) => event.text }) },
          'screen.back': { target: 'done', actions: 'goBack' },
        },
      },
      checking: {
        invoke: {
          src: 'check',
          input: ({ context }) => ({ text: context.text }),
          onDone: whenAnswered<Context, Checked>({
            right: { target: 'done', keep: ({ check }) => ({ output: { go: 'on', answers: { check } } }) },
            trouble: { target: 'trouble', keep: ({ reason }, { turn }) => ({ trouble: reason, turn: turn + 1 }) },
          }),
        },
      },
      trouble: {
        on: {
          'screen.choose': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'waiting' },
          ],
          'screen.next': [
            { guard: 'isLeaving', target: 'done', actions: 'keepLeaving' },
            { guard: 'isAgain', target: 'waiting' },
          ],
          'screen.back': { target: 'done', actions: 'goBack' },
        },
      },
      done: { type: 'final' },
    },
    output: ({ context }) => context.output,
  });
}
