import { connect, type Socket } from 'node:net';
import {
  type ApduChannel,
  type ApduResult,
  type ExchangeOptions,
  isAnswerToReset,
  type SlotState,
} from './apdu-channel.ts';
import { SlotBoard } from './slot-board.ts';
import { encodeFrame, FrameReader, VpcdControl } from './vpcd-framing.ts';
import { within } from './within.ts';

/** Waits between attempts to reach the slot, milliseconds; the last one repeats. */
const RECONNECT_DELAYS_MS = [20, 50, 100, 250, 500, 1_000];

/** An idle slot is asked this often whether it is still there, and has as long to answer, milliseconds. */
const HEARTBEAT_MS = 2_000;

/** How long the reader may stay silent while the connection is made anew before it counts as gone, milliseconds. */
const QUIET_RENEWAL_MS = 500;

type Pending = { awaits: 'answer' | 'answerToReset'; settle: (result: ApduResult) => void };

/**
 * A card slot behind a TCP address: the connection is the reader, the vpcd framing the wire.
 *
 * Beyond vpcd, where the connection itself is the card, the slot tells every change unasked: the card's answer to reset
 * when one is put in, an empty frame when it is pulled. Asked for the answer to reset it says the same.
 *
 * ```
 *   channel → slot   00 off | 01 on | 02 reset | 04 answer to reset?     (one byte)
 *                    command APDU                                        (more)
 *   slot → channel   answer to reset | empty: no card | response APDU
 * ```
 */
export class TcpApduChannel implements ApduChannel {
  private readonly host: string;
  private readonly port: number;
  private readonly board = new SlotBoard();
  private isOpen = false;
  private socket: Socket | null = null;
  private frames = new FrameReader();
  private pending: Pending | null = null;
  private isPowered = false;
  private attempt = 0;
  private wasReached = false;
  private timer: NodeJS.Timeout | undefined;
  /** Resolves when the slot has told its state on a connection being made anew. */
  private renewal: PromiseWithResolvers<void> | null = null;

  constructor({ host, port }: { host: string; port: number }) {
    this.host = host;
    this.port = port;
  }

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.attempt = 0;
    this.wasReached = false;
    this.board.show({ kind: 'noReader', reason: 'starting' });
    this.dial();
  }

  subscribe(listener: (slot: SlotState) => void): () => void {
    return this.board.subscribe(listener);
  }

  async connect(options: ExchangeOptions): Promise<ApduResult> {
    const ready = await this.whenReady(options);
    if (!ready.ok) return ready;
    if (this.isPowered) this.write(Uint8Array.of(VpcdControl.powerOff));
    this.write(Uint8Array.of(VpcdControl.powerOn));
    this.isPowered = true;
    const answer = await this.exchange(Uint8Array.of(VpcdControl.answerToReset), 'answerToReset', options);
    if (answer.ok && !isAnswerToReset(answer.bytes)) {
      return { ok: false, reason: 'card-mute', detail: `no valid answer to reset in ${answer.bytes.length} bytes` };
    }
    return answer;
  }

  async transmit(apdu: Uint8Array, options: ExchangeOptions): Promise<ApduResult> {
    // A single byte would be a control of the framing.
    if (apdu.length < 4) return { ok: false, reason: 'malformed-answer', detail: `an APDU of ${apdu.length} bytes` };
    const ready = await this.whenReady(options);
    if (!ready.ok) return ready;
    return this.exchange(apdu, 'answer', options);
  }

  async disconnect(): Promise<void> {
    if (!this.isPowered) return;
    this.isPowered = false;
    this.write(Uint8Array.of(VpcdControl.powerOff));
  }

  async renew(): Promise<void> {
    if (!this.isOpen || this.board.slot().kind === 'noReader') return;
    this.makeAnew();
    await this.renewal?.promise;
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.drop();
    this.settlePending({ ok: false, reason: 'cancelled', detail: 'the channel was closed' });
    this.finishRenewal();
    this.board.show({ kind: 'noReader', reason: 'closed' });
  }

  private dial(): void {
    this.frames = new FrameReader();
    this.isPowered = false;
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    this.socket = socket;
    socket.on('connect', () => this.write(Uint8Array.of(VpcdControl.answerToReset)));
    socket.on('data', (bytes) => {
      if (socket === this.socket) this.take(bytes);
    });
    // 'close' follows and tells all that matters.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (socket === this.socket) this.lost();
    });
    this.expectSignOfLife(socket);
  }

  private take(bytes: Uint8Array): void {
    const reading = this.frames.push(bytes);
    if (!reading.ok) {
      const wasAsked = this.pending !== null;
      this.settlePending({ ok: false, reason: 'malformed-answer', detail: `a frame of ${reading.length} bytes` });
      // Unasked nonsense could go on for ever: then the waits between attempts apply.
      if (wasAsked) this.makeAnew();
      else this.lost();
      return;
    }
    this.beat();
    for (const frame of reading.frames) this.takeFrame(frame);
  }

  private takeFrame(frame: Uint8Array): void {
    this.wasReached = true;
    if (frame.length === 0) {
      this.isPowered = false;
      this.settlePending({ ok: false, reason: 'card-gone', detail: 'the slot says it is empty' });
      this.board.show({ kind: 'empty', reader: this.name() });
    } else if (this.pending?.awaits === 'answer') {
      this.attempt = 0;
      this.settlePending(
        frame.length < 2
          ? { ok: false, reason: 'malformed-answer', detail: 'an answer shorter than a status word' }
          : { ok: true, bytes: frame },
      );
    } else {
      this.settlePending({ ok: true, bytes: frame });
      this.board.show({ kind: 'card', reader: this.name(), isMute: !isAnswerToReset(frame) });
    }
    this.finishRenewal();
  }

  /** One question, one answer. An answer that comes after its deadline would be taken for the next one's: start anew. */
  private async exchange(frame: Uint8Array, awaits: Pending['awaits'], options: ExchangeOptions): Promise<ApduResult> {
    if (this.pending !== null) return { ok: false, reason: 'in-use', detail: 'an exchange is under way' };
    const { promise, resolve } = Promise.withResolvers<ApduResult>();
    this.pending = { awaits, settle: resolve };
    this.write(frame);
    const result = await within(promise, options);
    if (!result.ok && (result.reason === 'timeout' || result.reason === 'cancelled')) {
      this.pending = null;
      if (this.isOpen && this.board.slot().kind === 'card') this.makeAnew();
    }
    return result;
  }

  private async whenReady(options: ExchangeOptions): Promise<ApduResult> {
    if (this.renewal !== null) {
      const renewed = this.renewal.promise.then((): ApduResult => ({ ok: true, bytes: new Uint8Array(0) }));
      const result = await within(renewed, options);
      if (!result.ok) return result;
    }
    const slot = this.board.slot();
    switch (slot.kind) {
      case 'noReader':
        return { ok: false, reason: 'reader-gone', detail: slot.reason };
      case 'empty':
        return { ok: false, reason: 'card-gone', detail: 'the slot is empty' };
      case 'card':
        return { ok: true, bytes: new Uint8Array(0) };
    }
  }

  /** A new connection in place of the old one; those who listen hear of it only when the reader does not come back soon. */
  private makeAnew(): void {
    this.drop();
    this.renewal ??= Promise.withResolvers<void>();
    this.settlePending({ ok: false, reason: 'comm-error', detail: 'the connection is made anew' });
    this.dial();
    this.timer = setTimeout(() => this.lost(), QUIET_RENEWAL_MS);
  }

  private lost(): void {
    this.drop();
    const reason = this.wasReached ? 'reader-unplugged' : 'connection-refused';
    this.settlePending({ ok: false, reason: 'reader-gone', detail: reason });
    this.board.show({ kind: 'noReader', reason });
    this.finishRenewal();
    if (!this.isOpen) return;
    const delayMs = RECONNECT_DELAYS_MS[Math.min(this.attempt, RECONNECT_DELAYS_MS.length - 1)];
    this.attempt += 1;
    this.timer = setTimeout(() => this.dial(), delayMs);
  }

  /** After a while of silence asks for a sign of life. */
  private beat(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      // While an answer is due, its own deadline watches the slot.
      if (this.pending !== null) {
        this.beat();
        return;
      }
      this.attempt = 0;
      this.write(Uint8Array.of(VpcdControl.answerToReset));
      if (this.socket !== null) this.expectSignOfLife(this.socket);
    }, HEARTBEAT_MS);
  }

  private expectSignOfLife(socket: Socket): void {
    if (this.renewal !== null) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (socket === this.socket) this.lost();
    }, HEARTBEAT_MS);
  }

  private write(payload: Uint8Array): void {
    this.socket?.write(encodeFrame(payload));
  }

  private drop(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.destroy();
  }

  private settlePending(result: ApduResult): void {
    const pending = this.pending;
    this.pending = null;
    pending?.settle(result);
  }

  private finishRenewal(): void {
    this.renewal?.resolve();
    this.renewal = null;
  }

  private name(): string {
    return `tcp ${this.host}:${this.port}`;
  }
}
