import type { PrintOutcome } from '../../devices/document-printer/adapter.ts';
import type { PrintProgress } from '../../state-machines/effects.ts';
import type { PaperParts } from './paper-parts.ts';
import { troubleOfPrint } from './paper-troubles.ts';

/** Hands a job to the printer and follows it to its end. What was never handed over counts as failed before paper. */
export async function followPrint(
  { printer, nowMs, attentionMs }: Pick<PaperParts, 'printer' | 'nowMs' | 'attentionMs'>,
  job: { pdf: Uint8Array; pages: number; copies: number; title: string },
  { number, copy }: { number: string | null; copy: { at: number; of: number } | null },
  tell: (progress: PrintProgress) => void,
  visitorGone: AbortSignal,
  onStart: () => void,
): Promise<PrintOutcome> {
  if (printer === null) return { kind: 'failed-before-paper', reason: 'unknown-printer', jobId: null };
  let hasStarted = false;
  let waitsUntilMs: number | null = null;
  const completed = await printer.print(job, {
    attentionMs,
    visitorGone,
    onProgress: (progress) => {
      if (progress.state === 'printing' && !hasStarted) {
        hasStarted = true;
        onStart();
      }
      if (progress.state === 'waiting') {
        waitsUntilMs ??= nowMs() + attentionMs;
        tell({ state: 'waiting', reason: troubleOfPrint(progress.reason), untilMs: waitsUntilMs, number });
      } else {
        waitsUntilMs = null;
        tell({ state: 'printing', number, ...(copy === null ? {} : { copy }) });
      }
    },
  });
  if (completed.ok) return completed.value;
  return {
    kind: 'failed-before-paper',
    reason: completed.reason === 'cancelled' ? 'cancelled' : 'offline',
    jobId: null,
  };
}
