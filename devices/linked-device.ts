import { setTimeout as sleep } from 'node:timers/promises';
import type { Dial, TwoWayLink } from './channels/byte-link.ts';
import { CommandQueue } from './command-queue.ts';
import type { CommandOptions, Completion, Device, DeviceCapabilities, DeviceEvent, DeviceStatus } from './device.ts';
import { StatusBoard } from './status-board.ts';

export type LinkedDeviceOptions = {
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

const defaults = { retryMs: 1_000, watchMs: 2_000, answerMs: 1_000, openMs: 5_000 };

/**
 * What every device that answers over a serial line or a socket does alike: it is dialled, asked for the physical truth, watched while
 * idle, and dialled again when it has gone or fallen silent. An adapter brings its language: {@link take} and {@link look}.
 *
 * A device counts as online when it has answered its first look; a port that opens proves no device behind it.
 */
export abstract class LinkedDevice implements Device {
  readonly id: string;
  protected readonly board = new StatusBoard();
  protected readonly answerMs: number;
  private readonly dial: Dial<TwoWayLink>;
  private readonly noun: string;
  private readonly retryMs: number;
  private readonly watchMs: number;
  private readonly commands = new CommandQueue();
  private busy = 0;
  /** While open: aborted by close. */
  private life: AbortController | null = null;
  /** While connected: aborted to dial anew. */
  private connection: AbortController | null = null;
  private link: TwoWayLink | null = null;
  private keeping: Promise<void> = Promise.resolve();
  private tried: Promise<void> = Promise.resolve();

  constructor(options: LinkedDeviceOptions) {
    this.id = options.id;
    this.dial = options.dial;
    this.noun = options.noun;
    this.retryMs = options.retryMs ?? defaults.retryMs;
    this.watchMs = options.watchMs ?? defaults.watchMs;
    this.answerMs = options.answerMs ?? defaults.answerMs;
  }

  abstract readonly capabilities: DeviceCapabilities;

  /** Bytes from the wire, as it cuts them. */
  protected abstract take(bytes: Uint8Array): void;

  /** Asks the device what is true now. Ends by its own deadlines and at once when the signal comes. */
  protected abstract look(signal: AbortSignal): Promise<Completion<Partial<DeviceStatus>>>;

  /** Forgets half-received bytes and questions under way: the wire is a new one, or gone. */
  protected abstract forget(): void;

  status(): DeviceStatus {
    return this.board.status();
  }

  subscribe(listener: (event: DeviceEvent) => void): () => void {
    return this.board.subscribe(listener);
  }

  async open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (options.signal?.aborted === true) return { ok: false, reason: 'cancelled', detail: 'before it began' };
    if (this.life === null) {
      this.life = new AbortController();
      const { promise, resolve } = Promise.withResolvers<void>();
      this.tried = promise;
      this.keeping = this.keep(this.life.signal, resolve);
    }
    return this.ready(options);
  }

  /** Ends what is under way, hangs up and connects anew. */
  async reset(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (this.life === null) return { ok: false, reason: 'deviceNotReady', detail: 'not open' };
    await this.hangUp('the device is being reset');
    return this.open(options);
  }

  async close(): Promise<void> {
    if (this.life === null) {
      await this.keeping;
      return;
    }
    await this.hangUp('the device was closed');
    this.board.update({ device: 'offline', reason: 'closed' });
  }

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
    this.connection?.abort();
  }

  private async hangUp(why: string): Promise<void> {
    this.commands.endAll('cancelled', why);
    this.life?.abort();
    this.life = null;
    await this.keeping;
  }

  private async ready(options: CommandOptions): Promise<Completion<DeviceStatus>> {
    const ended = new AbortController();
    const deadline = sleep(options.timeoutMs ?? defaults.openMs, 'timeout' as const, { signal: ended.signal });
    const { promise: aborted, resolve } = Promise.withResolvers<'cancelled'>();
    const abort = () => resolve('cancelled');
    options.signal?.addEventListener('abort', abort, { once: true });
    const tried = this.tried.then(() => 'tried' as const);
    const end = await Promise.race([tried, aborted, deadline.catch(() => 'tried' as const)]);
    ended.abort();
    options.signal?.removeEventListener('abort', abort);
    if (end !== 'tried') return { ok: false, reason: end, detail: 'no first answer yet' };
    const status = this.status();
    if (isWithin(status)) return { ok: true, value: status };
    return { ok: false, reason: 'deviceNotReady', detail: status.reason ?? 'not open' };
  }

  private async keep(life: AbortSignal, onTried: () => void): Promise<void> {
    while (!life.aborted) {
      const dialled = await this.dial();
      if (dialled.ok) {
        await this.hold(dialled.link, life, onTried);
        this.link = null;
        this.forget();
        await dialled.link.close();
      } else if (!life.aborted) {
        this.board.update(statusOf(this.noun, dialled.reason));
      }
      onTried();
      if (!life.aborted) await sleep(this.retryMs, undefined, { signal: life }).catch(() => undefined);
    }
  }

  /** From the dialled link until it goes, is dropped, or the device is closed. */
  private async hold(link: TwoWayLink, life: AbortSignal, onTried: () => void): Promise<void> {
    const connection = new AbortController();
    this.connection = connection;
    const over = AbortSignal.any([life, connection.signal]);
    this.link = link;
    this.forget();
    const undoBytes = link.onBytes((bytes) => this.take(bytes));
    const undoGone = link.onGone(() => {
      connection.abort();
      // Before the status says so: who hears of the loss must find nothing left of what the device had told.
      this.forget();
      if (life.aborted) return;
      this.board.update(statusOf(this.noun, 'not-there'));
      this.commands.endAll('deviceNotReady', `${this.noun} unplugged`);
    });
    let flaw: 'silent' | 'garbled' | null = null;
    let isFirst = true;
    while (!over.aborted) {
      if (isFirst || this.busy === 0) {
        isFirst = false;
        const seen = await this.run({ signal: over }, this.answerMs * 10, (signal) => this.look(signal));
        if (over.aborted) break;
        if (seen.ok) this.board.update({ device: 'online', reason: null, ...seen.value });
        else {
          flaw = seen.reason === 'invalidData' ? 'garbled' : 'silent';
          break;
        }
      }
      onTried();
      await sleep(this.watchMs, undefined, { signal: over }).catch(() => undefined);
    }
    undoGone();
    undoBytes();
    if (flaw !== null && !life.aborted) {
      this.forget();
      this.board.update({ device: 'offline', reason: `${this.noun}-${flaw}` });
      this.commands.endAll('deviceNotReady', `${this.noun} ${flaw}`);
    }
  }
}

/** A device that answers is there, even if a person has to see to it: then its status says so. */
function isWithin(status: DeviceStatus): boolean {
  return status.device === 'online' || status.device === 'userError' || status.device === 'deviceBusy';
}

function statusOf(noun: string, reason: 'not-there' | 'not-allowed' | 'failed'): Partial<DeviceStatus> {
  switch (reason) {
    case 'not-there':
      return { device: 'noDevice', reason: `${noun}-unplugged` };
    case 'not-allowed':
      return { device: 'offline', reason: `${noun}-not-allowed` };
    case 'failed':
      return { device: 'hardwareError', reason: `${noun}-failed` };
  }
}
