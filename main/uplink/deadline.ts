import type { CallFailure, CallResult } from './call-result.ts';
import type { Clock } from './clock.ts';

/** The end of a wait: by the clock, or by whoever waits. */
export type Deadline = {
  signal: AbortSignal;
  /** An abort is told as what it was: the deadline or the caller. */
  explain(failure: CallFailure): CallFailure;
  done(): void;
};

/** Begins a wait of at most `timeoutMs` that also ends with `outer`. */
export function withDeadline(clock: Clock, timeoutMs: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let passed = false;
  const undo = clock.after(timeoutMs, () => {
    passed = true;
    controller.abort();
  });
  const onAbort = () => controller.abort();
  if (outer?.aborted) controller.abort();
  outer?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    explain: (failure) =>
      failure.reason === 'cancelled' && passed
        ? { ok: false, reason: 'timeout', detail: `nothing within ${timeoutMs} ms` }
        : failure,
    done() {
      undo();
      outer?.removeEventListener('abort', onAbort);
    },
  };
}

/** The shared result, or `cancelled` for a caller whose signal goes first. */
export function unlessAborted<T>(result: Promise<CallResult<T>>, signal: AbortSignal): Promise<CallResult<T>> {
  const aborted: CallFailure = { ok: false, reason: 'cancelled', detail: 'aborted' };
  if (signal.aborted) return Promise.resolve(aborted);
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(aborted);
    signal.addEventListener('abort', onAbort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
