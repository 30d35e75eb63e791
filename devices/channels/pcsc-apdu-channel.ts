import type { ApduChannel, ApduFailure, ApduResult, ExchangeOptions, SlotState } from './apdu-channel.ts';
import { isAnswerToReset } from './apdu-channel.ts';
import {
  type PcscCard,
  PcscCode,
  type PcscContext,
  type PcscLibrary,
  PLUG_AND_PLAY_READER,
  ReaderStateBit,
  type WatchedReader,
} from './pcsc-library.ts';
import { SlotBoard } from './slot-board.ts';
import { within } from './within.ts';

/** Waits between attempts to reach the card service, milliseconds; the last one repeats. */
const SERVICE_DELAYS_MS = [50, 100, 250, 500, 1_000] as const;

/**
 * One wait for a change, milliseconds. Short of for ever, so that a cancel that came too early costs seconds, and a
 * process that ends without closing the channel ends all the same.
 */
const WATCH_SLICE_MS = 2_000;

/** How soon a cancel is repeated, milliseconds. */
const WAKE_AGAIN_MS = 20;

/** How long closing waits for a native call that a hanging reader keeps, milliseconds. */
const LET_GO_MS = 500;

/** What talking to the card stands on. */
type Line = { context: PcscContext | null; card: PcscCard | null };

type PcscChannelOptions = {
  library: PcscLibrary;
  /** Part of the reader's name; without it the first reader is taken. */
  readerName?: string;
};

/**
 * A card slot behind PC/SC. Watching and talking use a context each, so that neither blocks the other.
 *
 * pcscd or the Windows service may stop (Windows stops it when the last reader is unplugged) and come back: every context
 * dies with it, so both are made anew. The card is connected shared; nothing else on a kiosk should touch it (on Windows
 * switch off certificate propagation).
 */
export class PcscApduChannel implements ApduChannel {
  private readonly library: PcscLibrary;
  private readonly readerName: string;
  private readonly board = new SlotBoard();
  private isOpen = false;
  /** Counts openings: a watch ends when it is not the current one's any more. */
  private opening = 0;
  private watching: Promise<void> = Promise.resolve();
  private watchContext: PcscContext | null = null;
  private wakeUp: (() => void) | null = null;
  private reader: string | null = null;
  private line: Line = { context: null, card: null };
  /** The native call under way on the talking side; it cannot be cancelled, only waited for. */
  private talking: Promise<unknown> | null = null;
  private isOneAbandoned = false;

  constructor({ library, readerName = '' }: PcscChannelOptions) {
    this.library = library;
    this.readerName = readerName;
  }

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.board.show({ kind: 'noReader', reason: 'starting' });
    this.opening += 1;
    const isCurrent = this.isCurrentFrom(this.opening);
    this.watching = this.watching.then(() => this.watch(isCurrent));
  }

  subscribe(listener: (slot: SlotState) => void): () => void {
    return this.board.subscribe(listener);
  }

  connect(options: ExchangeOptions): Promise<ApduResult> {
    return this.talk(options, async (line) => {
      await this.letCardGo(line);
      const { reader } = this;
      if (reader === null) return { ok: false, reason: 'reader-gone', detail: 'no reader' };
      const { code, card } = await this.connectCard(line, reader);
      if (card === null) return failure(code);
      line.card = card;
      const atr = await this.library.answerToReset(card);
      if (atr.code !== PcscCode.success) return failure(atr.code);
      if (!isAnswerToReset(atr.value)) return { ok: false, reason: 'card-mute', detail: 'no valid answer to reset' };
      return { ok: true, bytes: atr.value };
    });
  }

  /** A context whose service went away meanwhile stays dead, and looks as if the reader were gone: then once more with one of its own. */
  private async connectCard(line: Line, reader: string): Promise<{ code: number; card: PcscCard | null }> {
    const isOldContext = line.context !== null;
    if (line.context === null) {
      const established = await this.library.establishContext();
      if (established.code !== PcscCode.success) return { code: established.code, card: null };
      line.context = established.value;
    }
    const { code, value: card } = await this.library.connect(line.context, reader);
    if (code === PcscCode.success) return { code, card };
    if (reasonOf(code) !== 'reader-gone') return { code, card: null };
    await this.letLineGo(line);
    return isOldContext ? this.connectCard(line, reader) : { code, card: null };
  }

  transmit(apdu: Uint8Array, options: ExchangeOptions): Promise<ApduResult> {
    return this.talk(options, async ({ card }) => {
      if (card === null) return { ok: false, reason: 'comm-error', detail: 'no card is connected' };
      const { code, value } = await this.library.transmit(card, apdu);
      if (code !== PcscCode.success) return failure(code);
      if (value.length < 2) return { ok: false, reason: 'malformed-answer', detail: 'shorter than a status word' };
      return { ok: true, bytes: value };
    });
  }

  async disconnect(): Promise<void> {
    await this.talk({ timeoutMs: LET_GO_MS }, async (line) => {
      await this.letCardGo(line);
      return { ok: true, bytes: new Uint8Array(0) };
    });
  }

  async renew(): Promise<void> {
    const released = await this.talk({ timeoutMs: LET_GO_MS }, async (line) => {
      await this.letLineGo(line);
      return { ok: true, bytes: new Uint8Array(0) };
    });
    if (!released.ok) this.abandon();
  }

  async close(): Promise<void> {
    if (this.isOpen) {
      this.isOpen = false;
      this.opening += 1;
    }
    // A cancel that comes between two waits is lost.
    this.wake();
    const again = setInterval(() => this.wake(), WAKE_AGAIN_MS);
    await Promise.all([this.watching, this.renew()]);
    clearInterval(again);
    if (!this.isOpen) this.board.show({ kind: 'noReader', reason: 'closed' });
  }

  /** One native conversation at a time; the caller hears by its deadline, whether or not the call came back. */
  private async talk(options: ExchangeOptions, conversation: (line: Line) => Promise<ApduResult>): Promise<ApduResult> {
    if (this.talking !== null) {
      const over = this.talking.then((): ApduResult => ({ ok: true, bytes: new Uint8Array(0) }));
      const waited = await within(over, options);
      if (!waited.ok) return waited;
      return this.talk(options, conversation);
    }
    const slot = this.board.slot();
    const result = conversation(this.line);
    const ended = result.then(() => {
      if (this.talking === ended) this.talking = null;
    });
    this.talking = ended;
    const gone = Promise.withResolvers<ApduResult>();
    // A hanging driver may keep the call long after the card has left.
    const undo = this.board.subscribe((now) => {
      if (slot.kind !== 'card' || now.kind === 'card') return;
      gone.resolve({
        ok: false,
        reason: now.kind === 'empty' ? 'card-gone' : 'reader-gone',
        detail: 'seen by the watch',
      });
    });
    const answered = await within(Promise.race([result, gone.promise]), options);
    undo();
    return answered;
  }

  /**
   * Leaves a call that does not come back to itself and goes on with a new context; the old one is released when the call
   * returns. One at most: each holds a thread of Node's pool, and the pool has four.
   */
  private abandon(): void {
    if (this.talking === null || this.isOneAbandoned) return;
    const { line, talking } = this;
    this.isOneAbandoned = true;
    this.talking = null;
    this.line = { context: null, card: null };
    void talking.then(async () => {
      await this.letLineGo(line);
      this.isOneAbandoned = false;
    });
  }

  private async letCardGo(line: Line, disposition: 'leave' | 'unpower' = 'unpower'): Promise<void> {
    const { card } = line;
    line.card = null;
    if (card !== null) await this.library.disconnect(card, disposition);
  }

  /** The handle of a card that has gone: kept until the next card, letting it go would cost that one its power. */
  private async forgetCard(): Promise<void> {
    await this.talk({ timeoutMs: LET_GO_MS }, async (line) => {
      await this.letCardGo(line, 'leave');
      return { ok: true, bytes: new Uint8Array(0) };
    });
  }

  private async letLineGo(line: Line): Promise<void> {
    await this.letCardGo(line);
    const { context } = line;
    line.context = null;
    if (context !== null) await this.library.releaseContext(context);
  }

  private isCurrentFrom(opening: number): () => boolean {
    return () => this.opening === opening;
  }

  private async watch(isCurrent: () => boolean): Promise<void> {
    let attempt = 0;
    while (isCurrent()) {
      const { code, value: context } = await this.library.establishContext();
      if (code === PcscCode.success) {
        this.watchContext = context;
        attempt = 0;
        await this.watchReaders(context, isCurrent);
        this.watchContext = null;
        await this.library.releaseContext(context);
        if (isCurrent()) this.readerGone('card-service-down');
      } else {
        this.readerGone('card-service-down');
      }
      if (!isCurrent()) return;
      await this.pause(SERVICE_DELAYS_MS[Math.min(attempt, SERVICE_DELAYS_MS.length - 1)] ?? 0);
      attempt += 1;
    }
  }

  /** Until closed, or until the service goes away. */
  private async watchReaders(context: PcscContext, isCurrent: () => boolean): Promise<void> {
    let plugAndPlay: WatchedReader = { name: PLUG_AND_PLAY_READER, state: ReaderStateBit.unaware };
    let watched = null as WatchedReader | null;
    while (isCurrent()) {
      const list = await this.library.listReaders(context);
      if (list.code !== PcscCode.success && list.code !== PcscCode.noReadersAvailable) return;
      const name = list.value.find((reader) => reader.includes(this.readerName)) ?? null;
      if (name === null) {
        watched = null;
        this.readerGone('reader-unplugged');
      } else if (watched?.name !== name) {
        watched = { name, state: ReaderStateBit.unaware };
      }

      const asked = watched === null ? [plugAndPlay] : [plugAndPlay, watched];
      const change = await this.library.statusChange(context, asked, WATCH_SLICE_MS);
      if (!isCurrent()) return;
      if (change.code === PcscCode.unknownReader || change.code === PcscCode.readerUnavailable) {
        watched = null;
        await this.pause(SERVICE_DELAYS_MS[0]);
        continue;
      }
      const isQuiet = change.code === PcscCode.timeout || change.code === PcscCode.cancelled;
      if (isQuiet) continue;
      if (change.code !== PcscCode.success) return;

      const [nextPlugAndPlay, nextWatched] = change.value;
      if (nextPlugAndPlay !== undefined)
        plugAndPlay = { ...nextPlugAndPlay, state: acknowledged(nextPlugAndPlay.state) };
      if (nextWatched !== undefined && watched !== null) {
        this.show(watched.state, nextWatched);
        watched = { name: watched.name, state: acknowledged(nextWatched.state) };
      }
    }
  }

  private show(before: number, { name, state }: WatchedReader): void {
    this.reader = name;
    if ((state & (ReaderStateBit.unknown | ReaderStateBit.unavailable)) !== 0) {
      this.readerGone('reader-unplugged');
    } else if ((state & ReaderStateBit.present) !== 0) {
      // A card swapped between two looks: the counter of insertions and removals moved by two or more.
      const wasPresent = (before & ReaderStateBit.present) !== 0;
      if (wasPresent && before >>> 16 !== state >>> 16) {
        this.board.show({ kind: 'empty', reader: name });
        void this.forgetCard();
      }
      this.board.show({ kind: 'card', reader: name, isMute: (state & ReaderStateBit.mute) !== 0 });
    } else {
      this.board.show({ kind: 'empty', reader: name });
      void this.forgetCard();
    }
  }

  private readerGone(reason: 'reader-unplugged' | 'card-service-down'): void {
    this.reader = null;
    this.board.show({ kind: 'noReader', reason });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private wake(): void {
    this.wakeUp?.();
    if (this.watchContext !== null) this.library.cancel(this.watchContext);
  }
}

function acknowledged(state: number): number {
  return state & ~ReaderStateBit.changed;
}

function failure(code: number): ApduResult {
  return { ok: false, reason: reasonOf(code), detail: `PC/SC 0x${code.toString(16).padStart(8, '0')}` };
}

function reasonOf(code: number): ApduFailure {
  switch (code) {
    case PcscCode.removedCard:
    case PcscCode.noSmartcard:
      return 'card-gone';
    case PcscCode.unresponsiveCard:
    case PcscCode.unpoweredCard:
    case PcscCode.unsupportedCard:
    case PcscCode.protoMismatch:
      return 'card-mute';
    case PcscCode.sharingViolation:
      return 'in-use';
    case PcscCode.unknownReader:
    case PcscCode.readerUnavailable:
    case PcscCode.noReadersAvailable:
    case PcscCode.noService:
    case PcscCode.serviceStopped:
    case PcscCode.commError:
    case PcscCode.invalidHandle:
      return 'reader-gone';
    default:
      return 'comm-error';
  }
}
