/**
 * The social security card reader: a {@link Device} over an {@link ApduChannel}.
 *
 * Insert and take are events; a card is read by command. Pulling the card ends whatever is under way at once.
 */
import type { ApduChannel, ApduFailure, SlotState } from '../channels/apdu-channel.ts';
import { CommandQueue } from '../command-queue.ts';
import type { CommandOptions, Completion, Device, DeviceCapabilities, DeviceEvent, DeviceStatus } from '../device.ts';
import { StatusBoard } from '../status-board.ts';
import { type CardAuthentication, CardSession, type SessionFailure } from './card-session.ts';
import { meaningOfStatus, parseAnswer, verifyPin } from './codec.ts';
import { type CardReading, readRecords } from './reading.ts';

export type { CardAuthentication } from './card-session.ts';
export type { CardReading } from './reading.ts';

/** What became of a PIN given to the card. */
export type PinVerification = { kind: 'verified' } | { kind: 'wrong'; triesLeft: number } | { kind: 'locked' };

/** What every social security card reader does, on whichever wire. */
export interface CardReader extends Device {
  /**
   * Reads the card that is in. Every state the card itself can tell is a {@link CardReading} and a success; only a missing card or
   * reader, a deadline or a cancel is not.
   */
  readCard(options?: CommandOptions): Promise<Completion<CardReading>>;
}

/** What a reader can do that draws the card in; a plain slot can do none of it. */
export interface CardHolder {
  /** Opens or closes the gate for cards; a card inside stays. */
  allowEntry(isAllowed: boolean, options?: CommandOptions): Promise<Completion<null>>;
  /** Brings the card to the gate, where the visitor takes it. One that is forgotten there is kept by itself. */
  returnCard(options?: CommandOptions): Promise<Completion<null>>;
  /** Draws the card into the box, where staff find it; a `cardRetained` event says so. */
  retainCard(options?: CommandOptions): Promise<Completion<null>>;
}

/** Whether a device is one of those. */
export function isCardHolder(device: object): device is CardHolder {
  return 'returnCard' in device && 'retainCard' in device;
}

type SocialSecurityCardReaderOptions = {
  /** The name in the configuration, e.g. `card-reader`. */
  id: string;
  channel: ApduChannel;
  /** Where a PSAM or a remote HSM is at hand for third-generation cards; without it they are read in part. */
  authentication?: CardAuthentication;
  /** Longest wait for one answer of the card, milliseconds. */
  answerTimeoutMs?: number;
};

/** A command's deadline where its caller names none, milliseconds: longer than the whole ladder of tries. */
const COMMAND_TIMEOUT_MS = 10_000;

/** ISO/IEC 7816-3 lets a T=0 card wait a second at the usual settings; cards ask for more time in ways readers handle. */
const ANSWER_TIMEOUT_MS = 1_500;

/** How long opening waits for the reader to show, milliseconds; after that it comes up by itself when it does. */
const OPEN_TIMEOUT_MS = 3_000;

/**
 * What precedes each try at reading. A visitor who shoves the card in askew, or pulls it half out, costs a try: the first
 * repeat goes on as things are, the second powers the card anew, the third throws the channel away.
 */
const RUNGS = ['first', 'again', 'reconnect', 'renew'] as const;

export class SocialSecurityCardReader implements CardReader {
  readonly id: string;
  private readonly channel: ApduChannel;
  private readonly board = new StatusBoard();
  private readonly commands = new CommandQueue();
  private readonly session: CardSession;
  private readonly authentication: CardAuthentication | null;
  private undoSlot: (() => void) | null = null;
  private slot: SlotState = { kind: 'noReader', reason: 'starting' };
  private model = 'unknown';

  constructor({ id, channel, authentication, answerTimeoutMs = ANSWER_TIMEOUT_MS }: SocialSecurityCardReaderOptions) {
    this.id = id;
    this.channel = channel;
    this.authentication = authentication ?? null;
    this.session = new CardSession(channel, answerTimeoutMs);
  }

  get capabilities(): DeviceCapabilities {
    const features = this.authentication === null ? ['verify-pin'] : ['verify-pin', 'card-authentication'];
    return { kind: 'social-security-card', model: this.model, features };
  }

  status(): DeviceStatus {
    return this.board.status();
  }

  subscribe(listener: (event: DeviceEvent) => void): () => void {
    return this.board.subscribe(listener);
  }

  async open(options?: CommandOptions): Promise<Completion<DeviceStatus>> {
    if (this.undoSlot === null) {
      if (options?.signal?.aborted === true) return { ok: false, reason: 'cancelled', detail: 'before it began' };
      this.channel.open();
      this.undoSlot = this.channel.subscribe((slot) => this.see(slot));
    }
    return this.untilOnline(options);
  }

  async reset(options?: CommandOptions): Promise<Completion<DeviceStatus>> {
    if (this.undoSlot === null) return { ok: false, reason: 'deviceNotReady', detail: 'not open' };
    this.commands.endAll('cancelled', 'the reader is being reset');
    this.session.forget();
    await this.channel.renew();
    return this.untilOnline(options);
  }

  async close(): Promise<void> {
    this.undoSlot?.();
    this.undoSlot = null;
    this.commands.endAll('cancelled', 'the reader was closed');
    this.session.forget();
    if (this.slot.kind === 'card') this.board.publish({ type: 'cardTaken' });
    this.slot = { kind: 'noReader', reason: 'closed' };
    this.board.update({
      device: this.board.status().device === 'starting' ? 'starting' : 'offline',
      media: 'unknown',
      reason: 'closed',
    });
    await this.channel.close();
  }

  /** As {@link CardReader.readCard}; repeats by itself what may have failed by bad contact. */
  readCard(options?: CommandOptions): Promise<Completion<CardReading>> {
    return this.withCard(options, (signal) => this.climb(signal));
  }

  /**
   * Gives a PIN to the card, for cards that ask for one before they tell their holder. Never repeated by itself: each wrong
   * PIN costs the visitor a try. `invalidData` where the PIN is not six digits.
   */
  verifyPin(pin: string, options?: CommandOptions): Promise<Completion<PinVerification>> {
    const command = verifyPin(pin);
    if (command === null) {
      return Promise.resolve({ ok: false, reason: 'invalidData', detail: 'a PIN has six digits' });
    }
    return this.withCard<PinVerification>(options, async (signal) => {
      const entered = await this.session.enterApplication(signal);
      if (!entered.ok) return completionOf(entered.reason);
      if (entered.meaning.kind !== 'ok') {
        return { ok: false, reason: 'hardwareError', detail: 'no social security application' };
      }
      const answer = await this.session.sendOnce(command, signal);
      if (!answer.ok) return completionOf(answer.reason);
      const meaning = meaningOfStatus(parseAnswer(answer.bytes)?.sw ?? 0);
      if (meaning.kind === 'ok') return { ok: true, value: { kind: 'verified' } };
      if (meaning.kind === 'wrongPin') {
        return {
          ok: true,
          value: meaning.triesLeft === 0 ? { kind: 'locked' } : { kind: 'wrong', triesLeft: meaning.triesLeft },
        };
      }
      if (meaning.kind === 'refused' && meaning.reason === 'pin-locked') return { ok: true, value: { kind: 'locked' } };
      return { ok: false, reason: 'hardwareError', detail: 'the card does not verify PINs' };
    });
  }

  private async climb(signal: AbortSignal): Promise<Completion<CardReading>> {
    let failure: SessionFailure = 'comm-error';
    for (const rung of RUNGS) {
      if (rung === 'reconnect') this.session.forget();
      if (rung === 'renew') {
        this.session.forget();
        await this.channel.renew();
      }
      const reading = await readRecords(this.session, this.authentication, signal);
      if (reading.ok) return reading;
      failure = reading.reason;
      if (!isWorthAnotherTry(failure)) break;
    }
    if (failure === 'card-mute') return { ok: true, value: { kind: 'mute' } };
    if (isWorthAnotherTry(failure)) return { ok: true, value: { kind: 'unreadable', cause: failure } };
    return completionOf(failure);
  }

  private withCard<T>(
    options: CommandOptions | undefined,
    work: (signal: AbortSignal) => Promise<Completion<T>>,
  ): Promise<Completion<T>> {
    return this.commands.run(options, COMMAND_TIMEOUT_MS, async (signal) => {
      if (this.slot.kind === 'noReader') return { ok: false, reason: 'deviceNotReady', detail: this.slot.reason };
      if (this.slot.kind === 'empty') return { ok: false, reason: 'deviceNotReady', detail: 'no card' };
      return work(signal);
    });
  }

  private see(slot: SlotState): void {
    const had = this.slot.kind === 'card';
    this.slot = slot;
    switch (slot.kind) {
      case 'noReader':
        this.leave(had, slot.reason);
        this.board.update(
          slot.reason === 'starting'
            ? { device: 'starting', media: 'unknown', reason: null }
            : { device: 'noDevice', media: 'unknown', reason: slot.reason },
        );
        break;
      case 'empty':
        this.model = slot.reader;
        this.leave(had, 'no card');
        this.board.update({ device: 'online', media: 'notPresent', reason: null });
        break;
      case 'card':
        this.model = slot.reader;
        this.board.update({ device: 'online', media: 'present', reason: null });
        if (!had) this.board.publish({ type: 'cardInserted' });
        break;
    }
  }

  /** A reader that vanished with a card in it counts as the card taken: nobody can see the card any more. */
  private leave(had: boolean, why: string): void {
    this.session.forget();
    this.commands.endAll('deviceNotReady', why);
    if (had) this.board.publish({ type: 'cardTaken' });
  }

  private untilOnline(options: CommandOptions | undefined): Promise<Completion<DeviceStatus>> {
    const { promise, resolve } = Promise.withResolvers<Completion<DeviceStatus>>();
    const timeoutMs = Math.min(options?.timeoutMs ?? OPEN_TIMEOUT_MS, OPEN_TIMEOUT_MS);
    const notReady = (detail: string) => resolve({ ok: false, reason: 'deviceNotReady', detail });
    const timer = setTimeout(() => notReady(this.board.status().reason ?? 'no reader'), timeoutMs);
    const onAbort = () => resolve({ ok: false, reason: 'cancelled', detail: 'cancelled by the caller' });
    if (options?.signal?.aborted) onAbort();
    options?.signal?.addEventListener('abort', onAbort, { once: true });
    const undo = this.board.subscribe((event) => {
      if (event.type !== 'status') return;
      if (event.status.device === 'online') resolve({ ok: true, value: event.status });
      else if (event.status.reason !== null) notReady(event.status.reason);
    });
    return promise.finally(() => {
      clearTimeout(timer);
      options?.signal?.removeEventListener('abort', onAbort);
      undo();
    });
  }
}

/** What a bad contact, a half-pulled card or a hiccup of the reader looks like. */
function isWorthAnotherTry(
  reason: SessionFailure,
): reason is 'comm-error' | 'malformed-answer' | 'timeout' | 'card-mute' {
  return reason === 'comm-error' || reason === 'malformed-answer' || reason === 'timeout' || reason === 'card-mute';
}

function completionOf(reason: ApduFailure): {
  ok: false;
  reason: 'deviceNotReady' | 'hardwareError' | 'cancelled' | 'timeout' | 'invalidData';
  detail: string;
} {
  switch (reason) {
    case 'card-gone':
    case 'reader-gone':
    case 'in-use':
      return { ok: false, reason: 'deviceNotReady', detail: reason };
    case 'cancelled':
      return { ok: false, reason: 'cancelled', detail: reason };
    case 'timeout':
      return { ok: false, reason: 'timeout', detail: reason };
    case 'malformed-answer':
      return { ok: false, reason: 'invalidData', detail: reason };
    case 'card-mute':
    case 'comm-error':
      return { ok: false, reason: 'hardwareError', detail: reason };
  }
}
