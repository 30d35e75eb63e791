import type { ApduResult, ExchangeOptions } from './apdu-channel.ts';

/** The result of an exchange, or `timeout` or `cancelled` where the deadline or the caller's signal comes first. */
export function within(exchange: Promise<ApduResult>, { timeoutMs, signal }: ExchangeOptions): Promise<ApduResult> {
  if (signal?.aborted) return Promise.resolve({ ok: false, reason: 'cancelled', detail: 'cancelled before it began' });
  return new Promise((resolve) => {
    const settle = (result: ApduResult) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onAbort = () => settle({ ok: false, reason: 'cancelled', detail: 'cancelled by the caller' });
    const timer = setTimeout(
      () => settle({ ok: false, reason: 'timeout', detail: `no answer within ${timeoutMs} ms` }),
      timeoutMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    void exchange.then(settle);
  });
}
