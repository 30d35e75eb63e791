import type { ByteLink, Dial } from '../channels/byte-link.ts';
import type { CommandOptions, Completion, DeviceCapabilities, DeviceStatus } from '../device.ts';
import { type Connected, notConnected, untilGone } from '../link-keeper.ts';
import { LinkedDevice } from '../linked-device.ts';
import { type ReportFlaw, readReport } from './codec.ts';
import { readSwipe, type Swipe } from './swipe.ts';

export type { ReportFlaw } from './codec.ts';
export { maskAccountNumber, type Swipe } from './swipe.ts';

export type MagneticStripeReaderOptions = {
  id: string;
  dial: Dial;
  /** Between two tries at an unplugged reader; 1 s unless told. */
  retryMs?: number;
  /** Told of reports that were none, for the log. */
  onFlaw?: (flaw: ReportFlaw) => void;
};

/** A visitor looks for the card, turns it, and swipes, milliseconds. */
const SWIPE_TIMEOUT_MS = 60_000;

/**
 * A magnetic stripe reader of MagTek's HID layout. A swipe belongs to whoever waits for it: one that nobody asked for is forgotten at
 * once, so that a stripe read by accident is in no memory and no event.
 */
export class MagneticStripeReader extends LinkedDevice<ByteLink> {
  private readonly dial: Dial;
  private readonly onFlaw: (flaw: ReportFlaw) => void;
  private waiting: ((swipe: Completion<Swipe>) => void) | null = null;
  private isUp = false;
  private model = '';

  constructor({ id, dial, retryMs = 1_000, onFlaw = () => undefined }: MagneticStripeReaderOptions) {
    super({ id, noun: 'stripe-reader', retryMs });
    this.dial = dial;
    this.onFlaw = onFlaw;
  }

  get capabilities(): DeviceCapabilities {
    return { kind: 'magnetic-stripe', model: this.model, features: ['track-1', 'track-2'] };
  }

  /** Waits for the next swipe. A bad one completes too, told as such: the visitor is asked to swipe again. */
  awaitSwipe(options?: CommandOptions): Promise<Completion<Swipe>> {
    return this.commands.run<Swipe>(options, SWIPE_TIMEOUT_MS, (signal) => {
      if (!this.isUp) {
        const detail = this.board.status().reason ?? 'not connected';
        return Promise.resolve({ ok: false, reason: 'deviceNotReady', detail });
      }
      return new Promise((resolve) => {
        const settle = (swipe: Completion<Swipe>) => {
          signal.removeEventListener('abort', stop);
          this.waiting = null;
          resolve(swipe);
        };
        const stop = () => settle({ ok: false, reason: 'cancelled', detail: 'nobody waits any more' });
        signal.addEventListener('abort', stop, { once: true });
        this.waiting = settle;
      });
    });
  }

  protected async connect(): Promise<Connected<ByteLink>> {
    const dialled = await this.dial();
    return dialled.ok ? dialled : notConnected(this.noun, dialled);
  }

  protected async serve(link: ByteLink, life: AbortSignal, up: () => void): Promise<Partial<DeviceStatus>> {
    this.model = link.name;
    const undo = link.onBytes((report) => this.hear(report));
    this.isUp = true;
    this.board.update({ device: 'online', reason: null });
    up();
    await untilGone(link, life);
    this.isUp = false;
    undo();
    this.commands.endAll(life.aborted ? 'cancelled' : 'deviceNotReady', 'the reader has gone');
    return this.unplugged();
  }

  private hear(bytes: Uint8Array): void {
    const report = readReport(bytes);
    if (!report.ok) this.onFlaw(report.reason);
    this.waiting?.(
      report.ok
        ? { ok: true, value: readSwipe(report.value) }
        : { ok: false, reason: 'invalidData', detail: report.reason },
    );
  }
}
