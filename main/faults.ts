/**
 * Exceptions nobody caught: bugs of ours, or a machine that is broken. What runs on after one may promise what it cannot keep, so the
 * kiosk ends at once and is started anew; the store knows what was promised.
 */
import type { Log } from './log.ts';

/** The part of `process` that is used. */
interface FaultSource {
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
}

/**
 * Ends the kiosk on a fault, once. Without it Electron shows the visitor a dialogue with a stack, and goes on after a rejection as if
 * nothing had been promised.
 */
export function endOnFault(source: FaultSource, { log, end }: { log: Log; end: () => void }): void {
  let isEnding = false;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    source.on(event, (error) => {
      log.error('kiosk.fault', { during: event, cause: describeFault(error) });
      if (isEnding) return;
      isEnding = true;
      end();
    });
  }
}

/** The error's kind and place. Its message may quote what a visitor typed. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `${error.name} ${place?.trim() ?? ''}`.trim();
}
