import type { AnyMachineSnapshot, SnapshotFrom } from 'xstate';
import type { IdentifyOutput } from '../identify/login-setup.ts';
import { type createPrintStep, isReceiptPrint } from '../steps/print-step.ts';
import type { createSubmitStep } from '../steps/submit-step.ts';
import type { Parting, SessionContext } from './context.ts';

type PrintSnapshot = SnapshotFrom<ReturnType<typeof createPrintStep>>;
type SubmitSnapshot = SnapshotFrom<ReturnType<typeof createSubmitStep>>;

/** What a visit leaves behind that stood at `session` until now. `isCut`: ended by a card that is gone, not by a word of the visitor. */
export function partingOf(context: SessionContext, session: AnyMachineSnapshot, isCut: boolean): Parting | null {
  if (session.matches({ serving: 'printing' })) {
    const print = session.children.step?.getSnapshot() as PrintSnapshot | undefined;
    if (print?.matches('taking')) return isReceiptPrint(print.context) ? 'receipt-in-slot' : 'paper-in-tray';
    const state = print?.matches('printing') ? print.context.progress.state : null;
    // A printer that waits for staff is not waited for: the job is taken back.
    if (state === 'printing') return 'paper-coming';
  }
  if (session.matches({ serving: 'submitting' })) {
    const submit = session.children.step?.getSnapshot() as SubmitSnapshot | undefined;
    if (submit?.context.isKept) return 'request-received';
  }
  if (!isCut) return null;
  if (session.matches('serving') && context.answers.settled !== null) return 'request-received';
  const isUnderWay = session.matches('identifying') || session.matches('agreeing') || session.matches('serving');
  return isUnderWay ? 'card-taken' : null;
}

/** Whether a visit ends by a card that is gone: the login says so of itself, everything else hears it from the reader. */
export function isCut(event: { type: string; output?: unknown }): boolean {
  if (event.type === 'card.taken') return true;
  const output = event.output as IdentifyOutput | undefined;
  return event.type === 'xstate.done.actor.login' && output?.ok === false && output.go === 'card-gone';
}
