import { setTimeout as sleep } from 'node:timers/promises';
import type { Dial, TwoWayLink } from './channels/byte-link.ts';
import type { CommandOptions, Completion, DeviceStatus } from './device.ts';
import { type Connected, notConnected } from './link-keeper.ts';
import { LinkedDevice } from './linked-device.ts';

export type AskedDeviceOptions = {
  id: string;
  dial: Dial<TwoWayLink>;
  /** Stands in status reasons, e.g. `board` gives `board-unplugged`. */
  noun: string;
  /** Between two tries at a device that is not there, 1 s unless told. */
  retryMs?: number;
  /** Between two looks at an idle device, 2 s unless told. */
  watchMs?: number;
  /** Longest wait for one answer, 1 s unless told. */
  answerMs?: number;
};

const defaults = { retryMs: 1_000, watchMs: 2_000, answerMs: 1_000 };

/**
 * What every device that answers questions over a serial line or a socket does alike: it is asked for the physical truth, watched
 * while idle, and dialled again when it has fallen silent. An adapter brings its language: {@link take} and {@link look}.
 *
 * A device counts as online when it has answered its first look; a port that opens proves no device behind it.
 */
export abstract class AskedDevice extends LinkedDevice<TwoWayLink> {
  protected readonly answerMs: number;
  private readonly dial: Dial<TwoWayLink>;
  private readonly watchMs: number;
  private busy = 0;
  /** While connected: aborted to dial anew. */
  private connection: AbortController | null = null;
  private isSilent = false;
  private link: TwoWayLink | null = null;

  constructor({ id, dial, noun, retryMs, watchMs, answerMs }: AskedDeviceOptions) {
    super({ id, noun, retryMs: retryMs ?? defaults.retryMs });
    this.dial = dial;
    this.watchMs = watchMs ?? defaults.watchMs;
    this.answerMs = answerMs ?? defaults.answerMs;
  }

  /** Bytes from the wire, as it cuts them. */
  protected abstract take(bytes: Uint8Array): void;

  /** Asks the device what is true now. Ends by its own deadlines and at once when the signal comes. */
  protected abstract look(signal: AbortSignal): Promise<Completion<Partial<DeviceStatus>>>;

  /** Forgets half-received bytes and questions under way: the wire is a new one, or gone. */
  protected abstract forget(): void;

  /** One command after the other; `work` ends soon when its signal comes, and never rejects. */
  protected async run<T>(
    options: CommandOptions,
    defaultTimeoutMs: number,
    work: (signal: AbortSignal) => Promise<Completion<T>>,
  ): Promise<Completion<T>> {
    this.busy += 1;
    try {
      return await this.commands.run(options, defaultTimeoutMs, async (signal) => {
        if (this.link === null)
          return { ok: false, reason: 'deviceNotReady', detail: this.status().reason ?? 'not open' };
        return work(signal);
      });
    } finally {
      this.busy -= 1;
    }
  }

  /** Whether the wire took the bytes: `silent` when it did not within the time of one answer, `unplugged` when it refused them. */
  protected async write(bytes: Uint8Array): Promise<'taken' | 'silent' | 'unplugged'> {
    if (this.link === null) return 'unplugged';
    const late = new AbortController();
    const deadline = sleep(this.answerMs, 'silent' as const, { signal: late.signal }).catch(() => 'silent' as const);
    const taking = this.link.write(bytes).then((isTaken) => (isTaken ? ('taken' as const) : ('unplugged' as const)));
    const end = await Promise.race([taking, deadline]);
    late.abort();
    return end;
  }

  /** Hangs up and dials anew: a late answer must not be taken for the next one's. */
  protected redial(): void {
    this.isSilent = true;
    this.connection?.abort();
  }

  protected async connect(): Promise<Connected<TwoWayLink>> {
    const dialled = await this.dial();
    return dialled.ok ? dialled : notConnected(this.noun, dialled);
  }

  /** From the dialled link until it goes, is dropped, or the device is closed. */
  protected async serve(link: TwoWayLink, life: AbortSignal, up: () => void): Promise<Partial<DeviceStatus>> {
    const connection = new AbortController();
    this.connection = connection;
    this.isSilent = false;
    const over = AbortSignal.any([life, connection.signal]);
    this.link = link;
    this.forget();
    let left: Partial<DeviceStatus> = {};
    const leave = (status: Partial<DeviceStatus>, detail: string) => {
      left = status;
      connection.abort();
      // Before the status says so: who hears of the loss must find nothing left of what the device had told.
      this.forget();
      if (life.aborted) return;
      this.board.update(status);
      this.commands.endAll('deviceNotReady', detail);
    };
    const undoBytes = link.onBytes((bytes) => this.take(bytes));
    const undoGone = link.onGone(() => leave(this.unplugged(), `${this.noun} unplugged`));
    let isFirst = true;
    while (!over.aborted) {
      if (isFirst || this.busy === 0) {
        isFirst = false;
        const seen = await this.run({ signal: over }, this.answerMs * 10, (signal) => this.look(signal));
        if (over.aborted) break;
        if (!seen.ok) {
          const flaw = seen.reason === 'invalidData' ? 'garbled' : 'silent';
          leave({ device: 'offline', reason: `${this.noun}-${flaw}` }, `${this.noun} ${flaw}`);
          break;
        }
        this.board.update({ device: 'online', reason: null, ...seen.value });
      }
      up();
      await sleep(this.watchMs, undefined, { signal: over }).catch(() => undefined);
    }
    undoGone();
    undoBytes();
    this.link = null;
    this.forget();
    // The command that heard nothing ends by itself, and says so.
    return this.isSilent && left.device === undefined ? { device: 'offline', reason: `${this.noun}-silent` } : left;
  }
}
