/** The encrypting PIN pad of docs/devices/pin-pad.md: a {@link PinPad} over a serial line, 9600 8N1. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dial, TwoWayLink } from '../channels/byte-link.ts';
import type { CommandOptions, Completion, DeviceCapabilities, DeviceStatus } from '../device.ts';
import { type Connected, notConnected, tenureOf } from '../link-keeper.ts';
import { LinkedDevice } from '../linked-device.ts';
import { decodeIdentity, decodePadState, type PadRefusal, type WrappedKey } from './codec.ts';
import { type ExchangeFailure, PadLine, type PadLineFlaw } from './pad-line.ts';
import type { KeyLoad, PinEntry, PinKey, PinPad, PinRequest } from './pin-pad.ts';

export type { PadLineFlaw } from './pad-line.ts';
export type * from './pin-pad.ts';

export type SerialPinPadOptions = {
  id: string;
  dial: Dial<TwoWayLink>;
  /** Between two tries at an unplugged or silent pad; 1 s unless told. */
  retryMs?: number;
  /** Longest wait for an answer; 1 s unless told. */
  answerMs?: number;
  /** Between two questions for its state; 5 s unless told. */
  pollMs?: number;
  /** Told of what was no answer, for the log. */
  onFlaw?: (flaw: PadLineFlaw) => void;
};

/** Six digits, by somebody who looks for each, milliseconds. */
const ENTRY_TIMEOUT_MS = 60_000;
const LOAD_TIMEOUT_MS = 10_000;
const SILENCES_TO_BE_LOST = 2;

const silent: Partial<DeviceStatus> = { device: 'offline', reason: 'pin-pad-silent' };
/** Opened by somebody: it has forgotten its keys, and nobody enters anything there again. */
const tampered: Partial<DeviceStatus> = { device: 'fraudAttempt', reason: 'pin-pad-tampered' };

export class SerialPinPad extends LinkedDevice<TwoWayLink> implements PinPad {
  private readonly options: Required<SerialPinPadOptions>;
  private line: PadLine | null = null;
  private model = 'unknown';
  private features: readonly string[] = [];

  /** A reset says hello anew, which resets the pad. */
  constructor(options: SerialPinPadOptions) {
    super({ id: options.id, noun: 'pin-pad', retryMs: options.retryMs ?? 1_000 });
    this.options = { retryMs: 1_000, answerMs: 1_000, pollMs: 5_000, onFlaw: () => undefined, ...options };
  }

  /** Known once it is open; the model is its serial number. */
  get capabilities(): DeviceCapabilities {
    return { kind: 'pin-pad', model: this.model, features: this.features };
  }

  loadMasterKey(key: WrappedKey, options?: CommandOptions): Promise<Completion<KeyLoad>> {
    return this.load('load-master-key', key, options);
  }

  loadWorkingKey(key: WrappedKey, options?: CommandOptions): Promise<Completion<KeyLoad>> {
    return this.load('load-working-key', key, options);
  }

  enterPin(request: PinRequest, onKey: (key: PinKey) => void, options?: CommandOptions): Promise<Completion<PinEntry>> {
    if (!/^\d{12,19}$/.test(request.account)) return Promise.resolve(invalid('the account is 12 to 19 digits'));
    if (request.minDigits < 4 || request.maxDigits > 12 || request.minDigits > request.maxDigits) {
      return Promise.resolve(invalid('a PIN is 4 to 12 digits'));
    }
    const timeoutMs = options?.timeoutMs ?? ENTRY_TIMEOUT_MS;
    // The pad's own deadline is the second: it holds where the kiosk dies under an entry.
    const timeoutSeconds = Math.min(255, Math.max(1, Math.ceil(timeoutMs / 1_000)));
    return this.withLine<PinEntry>(options, ENTRY_TIMEOUT_MS, (line, signal) =>
      this.enter(line, { ...request, timeoutSeconds }, onKey, signal),
    );
  }

  private async enter(
    line: PadLine,
    request: PinRequest & { timeoutSeconds: number },
    onKey: (key: PinKey) => void,
    signal: AbortSignal,
  ): Promise<Completion<PinEntry>> {
    const { algorithm, ...entry } = request;
    const ended = await line.enter({ kind: 'start-entry', ...entry }, this.options.answerMs, onKey, signal);
    if (!ended.ok) {
      // Whatever ended it, the pad forgets what was entered.
      await line.exchange({ kind: 'cancel-entry' }, this.options.answerMs, new AbortController().signal);
      return this.failureOf(ended.reason);
    }
    switch (ended.outcome.kind) {
      case 'cancelled':
        return { ok: true, value: { kind: 'cancelled-by-visitor' } };
      case 'timed-out':
        return { ok: true, value: { kind: 'timed-out' } };
      case 'block': {
        const { format, slot } = request;
        const { block } = ended.outcome;
        if (block.length !== (algorithm === 'tdes' ? 8 : 16)) return invalid('a block of another algorithm');
        return { ok: true, value: { kind: 'block', algorithm, format, slot, padSerialNumber: this.model, block } };
      }
    }
  }

  private load(
    kind: 'load-master-key' | 'load-working-key',
    key: WrappedKey,
    options: CommandOptions | undefined,
  ): Promise<Completion<KeyLoad>> {
    if (key.checkValue.length !== 3 || (key.wrapped.length !== 16 && key.wrapped.length !== 24)) {
      return Promise.resolve(invalid('a key is 16 or 24 bytes, its check value 3'));
    }
    return this.withLine<KeyLoad>(options, LOAD_TIMEOUT_MS, async (line, signal) => {
      const answer = await line.exchange({ kind, ...key }, this.options.answerMs, signal);
      if (answer.ok) return { ok: true, value: { kind: 'loaded' } };
      const { reason } = answer;
      if (reason === 'wrong-check-value' || reason === 'no-master-key' || reason === 'not-supported') {
        return { ok: true, value: { kind: 'refused', reason } };
      }
      return this.failureOf(reason);
    });
  }

  private withLine<T>(
    options: CommandOptions | undefined,
    defaultTimeoutMs: number,
    work: (line: PadLine, signal: AbortSignal) => Promise<Completion<T>>,
  ): Promise<Completion<T>> {
    return this.commands.run(options, defaultTimeoutMs, async (signal) => {
      if (this.line === null) {
        return { ok: false, reason: 'deviceNotReady', detail: this.board.status().reason ?? 'not connected' };
      }
      return work(this.line, signal);
    });
  }

  protected async connect(life: AbortSignal): Promise<Connected<TwoWayLink>> {
    const dialled = await this.options.dial();
    if (!dialled.ok) return notConnected(this.noun, dialled);
    const { answerMs, onFlaw } = this.options;
    const line = new PadLine(dialled.link, onFlaw);
    // An entry from before, e.g. of a kiosk that died under it, ends here.
    await line.exchange({ kind: 'reset' }, answerMs, life);
    const hello = await line.exchange({ kind: 'identify' }, answerMs, life);
    const identity = hello.ok ? decodeIdentity(hello.data) : null;
    const state = await this.askState(line, life);
    if (identity !== null && state === 'sound') {
      this.model = identity.serialNumber;
      this.features = identity.features;
      this.line = line;
      return { ok: true, link: dialled.link };
    }
    line.release();
    await dialled.link.close();
    return { ok: false, status: state === 'tampered' ? tampered : silent };
  }

  protected async serve(link: TwoWayLink, life: AbortSignal, up: () => void): Promise<Partial<DeviceStatus>> {
    const tenure = tenureOf(link, life, this.unplugged(), (detail) => this.commands.endAll('deviceNotReady', detail));
    const undoTampered = this.line?.onTampered(() => tenure.end(tampered, 'the pad was opened'));
    if (!tenure.over.aborted) {
      this.board.update({ device: 'online', reason: null });
      up();
    }
    let silences = 0;
    while (!tenure.over.aborted) {
      await sleep(this.options.pollMs, undefined, { signal: tenure.over }).catch(() => undefined);
      if (tenure.over.aborted) break;
      const state = await this.withLine<PadHealth>(undefined, ENTRY_TIMEOUT_MS * 2, async (line, signal) => ({
        ok: true,
        value: await this.askState(line, signal),
      }));
      silences = state.ok && state.value === 'silent' ? silences + 1 : 0;
      if (state.ok && state.value === 'tampered') tenure.end(tampered, 'the pad was opened');
      if (silences >= SILENCES_TO_BE_LOST) tenure.end(silent, 'the pad no longer answers');
    }
    undoTampered?.();
    this.line?.release();
    this.line = null;
    return tenure.release();
  }

  private async askState(line: PadLine, signal: AbortSignal): Promise<PadHealth> {
    const asked = await line.exchange({ kind: 'status' }, this.options.answerMs, signal);
    if (!asked.ok) return asked.reason === 'tampered' ? 'tampered' : 'silent';
    const state = decodePadState(asked.data);
    if (state === null) return 'silent';
    return state.isTampered ? 'tampered' : 'sound';
  }

  private failureOf(reason: ExchangeFailure | PadRefusal): Completion<never> {
    switch (reason) {
      case 'gone':
        return { ok: false, reason: 'deviceNotReady', detail: 'the pad was unplugged' };
      case 'cancelled':
        return { ok: false, reason: 'cancelled', detail: 'cancelled by the caller' };
      case 'timeout':
        return { ok: false, reason: 'timeout', detail: 'the pad did not answer' };
      case 'no-master-key':
      case 'no-working-key':
      case 'entry-open':
      case 'no-entry':
        return { ok: false, reason: 'deviceNotReady', detail: reason };
      case 'not-supported':
        return { ok: false, reason: 'notSupported', detail: reason };
      case 'tampered':
      case 'unknown-request':
      case 'unknown-result':
        return { ok: false, reason: 'hardwareError', detail: reason };
      case 'wrong-length':
      case 'wrong-check-value':
      case 'bad-account':
      case 'wrong-checksum':
        return invalid(reason);
    }
  }
}

type PadHealth = 'sound' | 'tampered' | 'silent';

function invalid(detail: string): { ok: false; reason: 'invalidData'; detail: string } {
  return { ok: false, reason: 'invalidData', detail };
}
