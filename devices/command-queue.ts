import type { CommandOptions, Completion, CompletionCode } from './device.ts';

type Failure = { ok: false; reason: CompletionCode; detail: string };

type Pending = { end: (failure: Failure) => void };

/**
 * Carries out a device's commands one after the other and completes each exactly once: with its result, by its deadline,
 * by its caller's signal, or because the device itself says that all is over (pulled, unplugged, closed).
 *
 * A command that ended early is told so by the signal its work was given; the next one starts when that work has let go
 * of the hardware, so two commands never speak at once.
 */
export class CommandQueue {
  private readonly pending = new Set<Pending>();
  private last: Promise<unknown> = Promise.resolve();

  /** The deadline counts from the call and includes the wait for earlier commands. `work` never rejects. */
  run<T>(
    options: CommandOptions | undefined,
    defaultTimeoutMs: number,
    work: (signal: AbortSignal) => Promise<Completion<T>>,
  ): Promise<Completion<T>> {
    const outer = options?.signal;
    if (outer?.aborted) return Promise.resolve({ ok: false, reason: 'cancelled', detail: 'cancelled before it began' });

    const timeoutMs = options?.timeoutMs ?? defaultTimeoutMs;
    const inner = new AbortController();
    const { promise, resolve } = Promise.withResolvers<Completion<T>>();

    const settle = (completion: Completion<T>) => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onAbort);
      this.pending.delete(entry);
      resolve(completion);
    };
    const entry: Pending = {
      end: (failure) => {
        settle(failure);
        inner.abort();
      },
    };
    const onAbort = () => entry.end({ ok: false, reason: 'cancelled', detail: 'cancelled by the caller' });
    const timer = setTimeout(
      () => entry.end({ ok: false, reason: 'timeout', detail: `nothing within ${timeoutMs} ms` }),
      timeoutMs,
    );
    outer?.addEventListener('abort', onAbort, { once: true });
    this.pending.add(entry);

    this.last = this.last.then(async () => {
      if (!inner.signal.aborted) settle(await work(inner.signal));
    });
    return promise;
  }

  /** Completes every command under way or waiting with this failure. */
  endAll(reason: CompletionCode, detail: string): void {
    for (const entry of [...this.pending]) entry.end({ ok: false, reason, detail });
  }
}
