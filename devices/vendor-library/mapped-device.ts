import { setTimeout as sleep } from 'node:timers/promises';
import { CommandQueue } from '../command-queue.ts';
import type {
  CommandOptions,
  Completion,
  CompletionCode,
  Device,
  DeviceCapabilities,
  DeviceEvent,
  DeviceKind,
  DeviceStatus,
} from '../device.ts';
import { StatusBoard } from '../status-board.ts';
import type {
  ChannelState,
  OperationChannel,
  OperationFailure,
  OperationRefusal,
  OperationResult,
} from './operations.ts';

export type MappedDeviceOptions = {
  id: string;
  kind: DeviceKind;
  channel: OperationChannel;
  /** Between two looks whether a card is there; 500 ms unless told. */
  pollMs?: number;
  /** An operation's deadline where its caller names none; 15 s unless told. */
  commandMs?: number;
};

/** The operation by which a card is noticed: success is a card, `no-card` none, `not-ready` a reader that is gone. */
const presence = 'present';
const presenceMs = 3_000;
const openMs = 15_000;

/**
 * A device that its vendor's own software drives, reached by named operations. What an operation's texts mean is the caller's: a card
 * reader reads them as a card, a pad as a block.
 */
export class MappedDevice implements Device {
  readonly id: string;
  private readonly kind: DeviceKind;
  private readonly channel: OperationChannel;
  private readonly pollMs: number;
  private readonly commandMs: number;
  private readonly board = new StatusBoard();
  private readonly commands = new CommandQueue();
  private life: AbortController | null = null;
  private undoChannel: (() => void) | null = null;
  private polling: Promise<void> = Promise.resolve();
  private state: ChannelState = { kind: 'starting' };
  private busy = 0;
  private hasCard = false;

  constructor(options: MappedDeviceOptions) {
    this.id = options.id;
    this.kind = options.kind;
    this.channel = options.channel;
    this.pollMs = options.pollMs ?? 500;
    this.commandMs = options.commandMs ?? 15_000;
  }

  get capabilities(): DeviceCapabilities {
    const features = this.channel.has(presence) ? ['vendor-software', 'card-events'] : ['vendor-software'];
    return { kind: this.kind, model: this.channel.name, features };
  }

  status(): DeviceStatus {
    return this.board.status();
  }

  subscribe(listener: (event: DeviceEvent) => void): () => void {
    return this.board.subscribe(listener);
  }

  async open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (this.life === null) {
      if (options.signal?.aborted === true) return { ok: false, reason: 'cancelled', detail: 'before it began' };
      this.life = new AbortController();
      this.board.update({ device: 'starting', reason: null });
      this.channel.open();
      this.undoChannel = this.channel.subscribe((state) => this.see(state));
      this.polling = this.poll(this.life.signal);
    }
    return this.untilKnown(options);
  }

  /** Ends what is under way and starts the vendor's software anew. */
  async reset(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    const { life } = this;
    if (life === null) return { ok: false, reason: 'deviceNotReady', detail: 'not open' };
    this.commands.endAll('cancelled', 'the device is being reset');
    this.board.update({ device: 'starting', reason: null });
    await this.channel.renew();
    await this.look(life.signal);
    return this.untilKnown(options);
  }

  async close(): Promise<void> {
    const { life } = this;
    this.life = null;
    this.undoChannel?.();
    this.undoChannel = null;
    this.commands.endAll('cancelled', 'the device was closed');
    life?.abort();
    await this.polling;
    await this.channel.close();
    this.setCard(false);
    if (life !== null) this.board.update({ device: 'offline', media: 'unknown', reason: 'closed' });
  }

  /** Performs an operation of the mapping, `cancelled` and `timeout` included as refusals of the device have theirs. */
  async perform(
    operation: string,
    inputs: Readonly<Record<string, string>> = {},
    options: CommandOptions = {},
  ): Promise<Completion<Readonly<Record<string, string>>>> {
    const result = await this.attempt(operation, inputs, options);
    if (!result.ok) return result;
    return result.value.ok ? { ok: true, value: result.value.fields } : completionOf(result.value);
  }

  /** The same, with the device's refusals as a value; only a device that is not there, a deadline and a cancel are failures. */
  async attempt(
    operation: string,
    inputs: Readonly<Record<string, string>> = {},
    options: CommandOptions = {},
  ): Promise<Completion<OperationResult>> {
    if (this.life === null) return { ok: false, reason: 'deviceNotReady', detail: 'not open' };
    this.busy += 1;
    try {
      return await this.commands.run<OperationResult>(options, this.commandMs, async (signal) => {
        if (this.state.kind !== 'up') return { ok: false, reason: 'deviceNotReady', detail: this.state.kind };
        const timeoutMs = options.timeoutMs ?? this.commandMs;
        const result = await this.channel.perform(operation, inputs, { timeoutMs, signal });
        if (!result.ok && result.reason === 'not-ready') this.showUnplugged();
        return isDeviceGone(result) ? completionOf(result) : { ok: true, value: result };
      });
    } finally {
      this.busy -= 1;
    }
  }

  private see(state: ChannelState): void {
    this.state = state;
    if (state.kind === 'down') {
      this.commands.endAll('deviceNotReady', state.reason);
      this.setCard(false);
      this.board.update({ device: 'noDevice', media: 'unknown', reason: state.reason });
    } else if (state.kind === 'up' && this.life !== null) {
      // Online when it has been asked what is true.
      void this.look(this.life.signal);
    }
  }

  private async poll(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      await sleep(this.pollMs, undefined, { signal: life }).catch(() => undefined);
      if (this.busy === 0 && this.channel.has(presence)) await this.look(life);
    }
  }

  /** Whether a card is there; a device that has none to tell is online when its software is. */
  private async look(life: AbortSignal): Promise<void> {
    if (this.state.kind !== 'up') return;
    if (!this.channel.has(presence)) {
      this.board.update({ device: 'online', reason: null });
      return;
    }
    this.busy += 1;
    const seen = await this.commands.run<OperationResult>({ signal: life }, presenceMs * 2, async (signal) => ({
      ok: true,
      value: await this.channel.perform(presence, {}, { timeoutMs: presenceMs, signal }),
    }));
    this.busy -= 1;
    if (life.aborted || !seen.ok) return;
    const result = seen.value;
    if (result.ok || result.reason === 'no-card') {
      this.board.update({ device: 'online', media: result.ok ? 'present' : 'notPresent', reason: null });
      this.setCard(result.ok);
    } else if (result.reason === 'not-ready') this.showUnplugged();
    else if (result.reason === 'garbled') {
      this.board.update({ device: 'hardwareError', media: 'unknown', reason: 'vendor-software-garbled' });
    } else if (result.reason !== 'gone' && result.reason !== 'cancelled') {
      this.board.update({ device: 'hardwareError', media: 'unknown', reason: `reader-${result.reason}` });
    }
  }

  private showUnplugged(): void {
    this.setCard(false);
    this.board.update({ device: 'noDevice', media: 'unknown', reason: 'reader-unplugged' });
  }

  private setCard(isThere: boolean): void {
    if (isThere === this.hasCard) return;
    this.hasCard = isThere;
    this.board.publish({ type: isThere ? 'cardInserted' : 'cardTaken' });
  }

  private untilKnown(options: CommandOptions): Promise<Completion<DeviceStatus>> {
    const { promise, resolve } = Promise.withResolvers<Completion<DeviceStatus>>();
    const timer = setTimeout(
      () => resolve({ ok: false, reason: 'timeout', detail: "the vendor's software has not started" }),
      options.timeoutMs ?? openMs,
    );
    const abort = () => resolve({ ok: false, reason: 'cancelled', detail: 'by the caller' });
    if (options.signal?.aborted === true) abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    const undo = this.board.subscribe((event) => {
      if (event.type !== 'status' || event.status.device === 'starting') return;
      if (event.status.device === 'online') resolve({ ok: true, value: event.status });
      else resolve({ ok: false, reason: 'deviceNotReady', detail: event.status.reason ?? event.status.device });
    });
    return promise.finally(() => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      undo();
    });
  }
}

type Refused = Extract<OperationResult, { ok: false }>;

function isDeviceGone(result: OperationResult): result is Refused {
  if (result.ok) return false;
  return ['gone', 'timeout', 'cancelled', 'not-ready', 'unknown-operation'].includes(result.reason);
}

const completions: Readonly<Record<OperationRefusal | OperationFailure, CompletionCode>> = {
  gone: 'deviceNotReady',
  timeout: 'timeout',
  cancelled: 'cancelled',
  garbled: 'invalidData',
  'unknown-operation': 'notSupported',
  'no-card': 'deviceNotReady',
  'not-ready': 'deviceNotReady',
  busy: 'deviceNotReady',
  mute: 'hardwareError',
  unreadable: 'hardwareError',
  failed: 'hardwareError',
  'other-application': 'userError',
  blocked: 'userError',
  'pin-required': 'userError',
  'pin-locked': 'userError',
  'user-cancelled': 'userError',
  'not-supported': 'notSupported',
};

/** How a refusal completes a command; the vendor's code stands in the detail. */
export function completionOf({ reason, detail }: Refused): { ok: false; reason: CompletionCode; detail: string } {
  return { ok: false, reason: completions[reason], detail: `${reason} (${detail})` };
}
