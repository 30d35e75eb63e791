import { setTimeout as sleep } from 'node:timers/promises';
import { AskedDevice, type AskedDeviceOptions } from '../asked-device.ts';
import type { ApduChannel, ApduFailure, ApduResult, ExchangeOptions, SlotState } from '../channels/apdu-channel.ts';
import { isAnswerToReset } from '../channels/apdu-channel.ts';
import { SlotBoard } from '../channels/slot-board.ts';
import { within } from '../channels/within.ts';
import type {
  CommandOptions,
  Completion,
  DeviceCapabilities,
  DeviceStatus,
  MediaState,
  RetainReason,
} from '../device.ts';
import {
  type CardAuthentication,
  type CardHolder,
  type CardReader,
  type CardReading,
  type PinVerification,
  SocialSecurityCardReader,
} from './adapter.ts';
import {
  type CardPosition,
  encodeFrame,
  MotorCommand,
  type MotorCommandCode,
  type MotorFlaw,
  type MotorMessage,
  type MotorResult,
  noFrame,
  readCondition,
  readFrames,
} from './motorised-frame.ts';

export type MotorisedCardReaderOptions = Omit<AskedDeviceOptions, 'noun'> & {
  authentication?: CardAuthentication;
  /** How long a card may wait at the gate before it is kept, 30 s unless told; null: it is never kept by itself. */
  takeMs?: number | null;
  /** What becomes of a card that lies inside when the line comes up; it is given out unless told. */
  cardInside?: 'return' | 'keep';
  /** Longest wait for one answer of the chip, 1.5 s unless told. */
  chipMs?: number;
  /** Told of bytes that are no frame, for the log. */
  onFlaw?: (flaw: MotorFlaw) => void;
};

const readMs = 10_000;
const moveMs = 8_000;
/** Drawing in, pushing out: a motor takes its time. */
const motionMs = 5_000;
const defaultChipMs = 1_500;

type Reply = Extract<MotorMessage, { kind: 'answer' }>;

/**
 * A social security card reader that holds the card. The chip is read by the ordinary {@link SocialSecurityCardReader} over this
 * reader's own wire.
 */
export class MotorisedCardReader extends AskedDevice implements CardReader, CardHolder {
  private readonly takeMs: number | null;
  private readonly cardInside: 'return' | 'keep';
  private readonly onFlaw: (flaw: MotorFlaw) => void;
  private readonly chip: ChipChannel;
  private readonly reader: SocialSecurityCardReader;
  private frames = noFrame;
  private waiting: ((reply: Reply | null) => void) | null = null;
  /** The exchange under way, and behind it those that wait for their turn. */
  private talk: Promise<unknown> = Promise.resolve();
  private position: CardPosition | null = null;
  /** Whose card there is: of one who put it in, told as inserted and not yet as taken, or one that was found inside. */
  private card: 'none' | 'visitors' | 'left-over' = 'none';
  /** Cards in the box behind the reader, as it counts them, and how many there were when it would take no more. */
  private cardsKept = 0;
  private fullAt = Number.POSITIVE_INFINITY;
  /** A card on its way into the box leaves the reader empty before the reader says that it is done. */
  private isKeeping = false;
  private isFreshLine = true;
  private isEntryWanted = true;
  private forgotten: NodeJS.Timeout | undefined;

  constructor(options: MotorisedCardReaderOptions) {
    super({ ...options, noun: 'card-reader' });
    this.takeMs = options.takeMs === undefined ? 30_000 : options.takeMs;
    this.cardInside = options.cardInside ?? 'return';
    this.onFlaw = options.onFlaw ?? (() => undefined);
    this.chip = new ChipChannel((command, data, options) => this.ask(command, data, options.timeoutMs, options.signal));
    const authentication = options.authentication === undefined ? {} : { authentication: options.authentication };
    this.reader = new SocialSecurityCardReader({
      id: options.id,
      channel: this.chip,
      answerTimeoutMs: options.chipMs ?? defaultChipMs,
      ...authentication,
    });
  }

  get capabilities(): DeviceCapabilities {
    const features = ['hold-card', 'return-card', 'retain-card', ...this.reader.capabilities.features];
    return { kind: 'social-security-card', model: 'motorised', features };
  }

  override async open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    await this.reader.open({ timeoutMs: 0 });
    return super.open(options);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.reader.close();
  }

  /** Reads the card that is held; see {@link SocialSecurityCardReader.readCard}. */
  readCard(options: CommandOptions = {}): Promise<Completion<CardReading>> {
    return this.run(options, readMs, (signal) => this.reader.readCard({ signal, timeoutMs: readMs }));
  }

  /** Gives a PIN to the card; see {@link SocialSecurityCardReader.verifyPin}. */
  verifyPin(pin: string, options: CommandOptions = {}): Promise<Completion<PinVerification>> {
    return this.run(options, readMs, (signal) => this.reader.verifyPin(pin, { signal, timeoutMs: readMs }));
  }

  allowEntry(isAllowed: boolean, options: CommandOptions = {}): Promise<Completion<null>> {
    this.isEntryWanted = isAllowed;
    return this.command(MotorCommand.allowEntry, Uint8Array.of(isAllowed ? 1 : 0), options);
  }

  returnCard(options: CommandOptions = {}): Promise<Completion<null>> {
    return this.command(MotorCommand.out, nothing, options);
  }

  retainCard(options: CommandOptions = {}): Promise<Completion<null>> {
    return this.retain('commanded', options);
  }

  protected take(bytes: Uint8Array): void {
    const read = readFrames(this.frames, bytes);
    this.frames = read.state;
    for (const flaw of read.flaws) this.onFlaw(flaw);
    for (const message of read.messages) {
      if (message.kind === 'position') this.see(message.position);
      else this.waiting?.(message);
    }
  }

  protected forget(): void {
    clearTimeout(this.forgotten);
    this.frames = noFrame;
    this.isFreshLine = true;
    this.position = null;
    this.waiting?.(null);
    this.chip.show({ kind: 'noReader', reason: 'reader-unplugged' });
    // Nobody can see the card any more.
    this.tellTaken();
    this.board.update({ media: 'unknown' });
  }

  protected async look(): Promise<Completion<Partial<DeviceStatus>>> {
    const reply = await this.ask(MotorCommand.state, nothing, this.answerMs);
    if (typeof reply === 'string') return failed(reply);
    const condition = reply.result === 'done' ? readCondition(reply.data) : null;
    if (condition === null) return { ok: false, reason: 'invalidData', detail: reply.result };
    this.cardsKept = condition.cardsKept;
    // A card that was there before the line was: whoever put it in has no visit any more.
    if (this.isFreshLine && ['inside', 'gate'].includes(condition.position)) this.card = 'left-over';
    const isLeftInside = this.isFreshLine && condition.position === 'inside';
    this.isFreshLine = false;
    if (isLeftInside) await this.giveOutLeftOver();
    else this.see(condition.position);
    if (condition.isEntryAllowed !== this.isEntryWanted) {
      await this.ask(MotorCommand.allowEntry, Uint8Array.of(this.isEntryWanted ? 1 : 0), this.answerMs);
    }
    return { ok: true, value: this.statusAt(this.position ?? 'empty') };
  }

  /** Out of the reader, or into its box where that is wanted and it takes it. */
  private async giveOutLeftOver(): Promise<void> {
    if (this.cardInside === 'keep' && (await this.moveIntoBox('left-inside')).ok) return;
    await this.ask(MotorCommand.out, nothing, motionMs);
  }

  private see(position: CardPosition): void {
    const was = this.position;
    if (position === was) return;
    this.position = position;
    clearTimeout(this.forgotten);
    // Pushed back in from the gate: a new beginning, whoever's it was.
    if (was === 'gate' && (position === 'entering' || position === 'inside')) this.tellTaken();
    this.chip.show(
      position === 'inside'
        ? { kind: 'card', reader: 'motorised', isMute: false }
        : { kind: 'empty', reader: 'motorised' },
    );
    this.board.update(this.statusAt(position));
    if (position === 'inside' && this.card === 'none') {
      this.card = 'visitors';
      this.board.publish({ type: 'cardInserted' });
    }
    if (position === 'empty' && !this.isKeeping) this.tellTaken();
    if (position === 'gate') this.present();
  }

  private present(): void {
    const { takeMs } = this;
    if (takeMs !== null) this.forgotten = setTimeout(() => void this.retain('forgotten', {}), takeMs);
    this.board.publish({ type: 'cardPresented', takeMs, isLeftOver: this.card === 'left-over' });
  }

  private tellTaken(): void {
    if (this.card === 'none') return;
    this.card = 'none';
    this.board.publish({ type: 'cardTaken' });
  }

  private retain(reason: RetainReason, options: CommandOptions): Promise<Completion<null>> {
    return this.run<null>(options, moveMs, async () => {
      // Taken in the last moment, while other commands were under way.
      if (reason === 'forgotten' && this.position !== 'gate') return { ok: true, value: null };
      return this.moveIntoBox(reason);
    });
  }

  private async moveIntoBox(reason: RetainReason): Promise<Completion<null>> {
    this.isKeeping = true;
    const reply = await this.ask(MotorCommand.keep, nothing, motionMs);
    this.isKeeping = false;
    const isKept = typeof reply === 'object' && reply.result === 'done';
    if (isKept) {
      clearTimeout(this.forgotten);
      this.cardsKept += 1;
      this.board.update({ media: 'retained', reason: this.boxReason() });
      this.board.publish({ type: 'cardRetained', reason });
    }
    if (isKept || this.position === 'empty') this.tellTaken();
    if (typeof reply === 'string') return failed(reply);
    if (reply.result === 'done') return { ok: true, value: null };
    if (reply.result === 'box-full') {
      this.fullAt = this.cardsKept;
      this.board.update({ reason: this.boxReason() });
    }
    return refused(reply.result);
  }

  private statusAt(position: CardPosition): Partial<DeviceStatus> {
    if (position !== 'jammed') return { device: 'online', media: mediaOf[position], reason: this.boxReason() };
    // A person has to free it: to dial anew would help nobody, and make a card that is still inside one that was taken.
    return { device: 'userError', media: 'jammed', reason: 'card-jammed' };
  }

  /** What staff have to know of the box, while the reader serves on. */
  private boxReason(): string | null {
    if (this.cardsKept < this.fullAt) this.fullAt = Number.POSITIVE_INFINITY;
    if (this.cardsKept >= this.fullAt) return 'card-box-full';
    return this.cardsKept > 0 ? 'card-kept' : null;
  }

  private command(code: MotorCommandCode, data: Uint8Array, options: CommandOptions): Promise<Completion<null>> {
    return this.run<null>(options, moveMs, async () => {
      const reply = await this.ask(code, data, motionMs);
      if (typeof reply === 'string') return failed(reply);
      return reply.result === 'done' ? { ok: true, value: null } : refused(reply.result);
    });
  }

  /**
   * One command, one answer, one after the other: the next is asked when the one before has its answer, or will have none, also where
   * nobody waits for that any more. What is given up before its turn is not asked.
   */
  private ask(
    code: MotorCommandCode,
    data: Uint8Array,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<Reply | 'silent' | 'unplugged'> {
    const asked = this.talk.then(() => (signal?.aborted === true ? 'silent' : this.speak(code, data, limitMs)));
    this.talk = asked;
    return asked;
  }

  /** After silence the line is dialled anew: a late answer would be the next command's. */
  private async speak(
    code: MotorCommandCode,
    data: Uint8Array,
    limitMs: number,
  ): Promise<Reply | 'silent' | 'unplugged'> {
    const over = new AbortController();
    const answered = new Promise<Reply | 'unplugged'>((resolve) => {
      this.waiting = (reply) => {
        if (reply === null) resolve('unplugged');
        else if (reply.command === code) resolve(reply);
      };
    });
    const wire = await this.write(encodeFrame(Uint8Array.of(code, ...data)));
    const late = sleep(limitMs, 'silent' as const, { signal: over.signal }).catch(() => 'silent' as const);
    const end = wire === 'taken' ? await Promise.race([answered, late]) : wire;
    over.abort();
    this.waiting = null;
    if (end === 'silent') this.redial();
    return end;
  }
}

const nothing = new Uint8Array(0);

/** The chip inside the reader, as the ordinary reader wants it. Exchanges come only from commands of the reader around it. */
class ChipChannel implements ApduChannel {
  private readonly board = new SlotBoard();
  private readonly ask: (
    code: MotorCommandCode,
    data: Uint8Array,
    options: ExchangeOptions,
  ) => Promise<Reply | 'silent' | 'unplugged'>;

  constructor(ask: ChipChannel['ask']) {
    this.ask = ask;
  }

  /** What the reader around it sees. */
  show(slot: SlotState): void {
    this.board.show(slot);
  }

  open(): void {}

  subscribe(listener: (slot: SlotState) => void): () => void {
    return this.board.subscribe(listener);
  }

  async connect(options: ExchangeOptions): Promise<ApduResult> {
    const answer = await this.exchange(MotorCommand.powerOn, nothing, options);
    if (!answer.ok || isAnswerToReset(answer.bytes)) return answer;
    return { ok: false, reason: 'card-mute', detail: 'no valid answer to reset' };
  }

  async transmit(apdu: Uint8Array, options: ExchangeOptions): Promise<ApduResult> {
    const answer = await this.exchange(MotorCommand.exchange, apdu, options);
    if (!answer.ok || answer.bytes.length >= 2) return answer;
    return { ok: false, reason: 'malformed-answer', detail: 'shorter than a status word' };
  }

  async disconnect(): Promise<void> {
    await this.exchange(MotorCommand.powerOff, nothing, { timeoutMs: defaultChipMs });
  }

  /** The line is the reader's to renew; the chip is powered anew. */
  async renew(): Promise<void> {
    if (this.board.slot().kind === 'card') await this.disconnect();
  }

  async close(): Promise<void> {
    this.show({ kind: 'noReader', reason: 'closed' });
  }

  private exchange(code: MotorCommandCode, data: Uint8Array, options: ExchangeOptions): Promise<ApduResult> {
    const slot = this.board.slot();
    if (slot.kind !== 'card') return Promise.resolve({ ok: false, reason: 'card-gone', detail: 'not inside' });
    return within(this.ask(code, data, options).then(apduResultOf), options);
  }
}

function apduResultOf(reply: Reply | 'silent' | 'unplugged'): ApduResult {
  if (reply === 'silent') return { ok: false, reason: 'timeout', detail: 'no answer' };
  if (reply === 'unplugged') return { ok: false, reason: 'reader-gone', detail: 'the line is gone' };
  if (reply.result === 'done') return { ok: true, bytes: reply.data };
  return { ok: false, reason: failureOf[reply.result], detail: reply.result };
}

const failureOf: Readonly<Record<Exclude<MotorResult, 'done'>, ApduFailure>> = {
  'no-card': 'card-gone',
  'chip-mute': 'card-mute',
  jammed: 'comm-error',
  'box-full': 'comm-error',
  'unknown-command': 'comm-error',
  'exchange-failed': 'comm-error',
};

const mediaOf: Readonly<Record<CardPosition, MediaState>> = {
  empty: 'notPresent',
  entering: 'entering',
  inside: 'present',
  gate: 'entering',
  jammed: 'jammed',
};

function failed(end: 'silent' | 'unplugged'): { ok: false; reason: 'timeout' | 'deviceNotReady'; detail: string } {
  return { ok: false, reason: end === 'silent' ? 'timeout' : 'deviceNotReady', detail: end };
}

function refused(result: Exclude<MotorResult, 'done'>): {
  ok: false;
  reason: 'deviceNotReady' | 'hardwareError';
  detail: string;
} {
  return { ok: false, reason: result === 'no-card' ? 'deviceNotReady' : 'hardwareError', detail: result };
}
