import type { TwoWayLink } from '../channels/byte-link.ts';
import {
  frameOfRequest,
  noPadFrame,
  type PadFlaw,
  type PadFrameState,
  type PadMessage,
  type PadRefusal,
  type PadRequest,
  readPadFrames,
} from './codec.ts';
import type { PinKey } from './pin-pad.ts';

/** What came over the line that was no answer, for the log; never what was in it. */
export type PadLineFlaw = PadFlaw | 'late-answer';

export type ExchangeFailure = 'timeout' | 'gone' | 'cancelled';

type Answered = { ok: true; data: Uint8Array } | { ok: false; reason: ExchangeFailure | PadRefusal };

type EntryEnd = Extract<PadMessage, { kind: 'entry-ended' }>['outcome'];
type Entered = { ok: true; outcome: EntryEnd } | { ok: false; reason: ExchangeFailure | PadRefusal };

/** At 9600 bits a second a byte takes a millisecond. */
const LONGEST_GAP_MS = 250;

/** Requests and answers with a pad, one at a time; the caller sees to that. Numbers keep late answers apart. */
export class PadLine {
  private readonly link: TwoWayLink;
  private readonly onFlaw: (flaw: PadLineFlaw) => void;
  private readonly undo: readonly (() => void)[];
  private readonly hearers = new Set<(message: PadMessage | 'gone') => boolean>();
  private readonly tamperListeners = new Set<() => void>();
  private state: PadFrameState = noPadFrame;
  private lastAtMs = 0;
  private number = 0;
  private isGone = false;

  constructor(link: TwoWayLink, onFlaw: (flaw: PadLineFlaw) => void) {
    this.link = link;
    this.onFlaw = onFlaw;
    this.undo = [
      link.onBytes((bytes) => this.receive(bytes)),
      link.onGone(() => {
        this.isGone = true;
        for (const hear of [...this.hearers]) hear('gone');
      }),
    ];
  }

  /** Stops listening; what waits ends. */
  release(): void {
    for (const undo of this.undo) undo();
    for (const hear of [...this.hearers]) hear('gone');
  }

  /** Told when the pad says it was opened. Returns the undo. */
  onTampered(listener: () => void): () => void {
    this.tamperListeners.add(listener);
    return () => this.tamperListeners.delete(listener);
  }

  exchange(request: PadRequest, timeoutMs: number, signal: AbortSignal): Promise<Answered> {
    return this.ask(request, this.nextNumber(), timeoutMs, signal);
  }

  /** Starts an entry and follows it to its end, which the signal brings at the latest. */
  async enter(
    request: Extract<PadRequest, { kind: 'start-entry' }>,
    answerMs: number,
    onKey: (key: PinKey) => void,
    signal: AbortSignal,
  ): Promise<Entered> {
    const number = this.nextNumber();
    const over = new AbortController();
    // Listening begins before the answer: a quick pad sends the first key right behind it.
    const ended = this.listen<Entered>(null, AbortSignal.any([signal, over.signal]), (message) => {
      if (!('number' in message) || message.number !== number) return null;
      if (message.kind === 'key') onKey({ key: message.key, digits: message.digits });
      return message.kind === 'entry-ended' ? { ok: true, outcome: message.outcome } : null;
    });
    const started = await this.ask(request, number, answerMs, signal);
    if (started.ok) return ended;
    over.abort();
    return started;
  }

  private ask(request: PadRequest, number: number, timeoutMs: number, signal: AbortSignal): Promise<Answered> {
    // Half a frame from before can only swallow the answer.
    this.state = noPadFrame;
    const answer = this.listen<Answered>(timeoutMs, signal, (message) =>
      message.kind === 'answer' && message.number === number ? message.result : null,
    );
    // A write that fails is followed by the link's end, and one that hangs by the deadline.
    if (!this.isGone) void this.link.write(frameOfRequest(request, number));
    return answer;
  }

  private nextNumber(): number {
    this.number = (this.number + 1) & 0xff;
    return this.number;
  }

  private listen<T>(
    timeoutMs: number | null,
    signal: AbortSignal,
    take: (message: PadMessage) => T | null,
  ): Promise<T | { ok: false; reason: ExchangeFailure }> {
    return new Promise((resolve) => {
      const settle = (result: T | { ok: false; reason: ExchangeFailure }) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.hearers.delete(hear);
        resolve(result);
      };
      const hear = (message: PadMessage | 'gone') => {
        if (message === 'gone') {
          settle({ ok: false, reason: 'gone' });
          return true;
        }
        const taken = take(message);
        if (taken !== null) settle(taken);
        return taken !== null;
      };
      const abort = () => settle({ ok: false, reason: 'cancelled' });
      const timer =
        timeoutMs === null ? undefined : setTimeout(() => settle({ ok: false, reason: 'timeout' }), timeoutMs);
      signal.addEventListener('abort', abort, { once: true });
      this.hearers.add(hear);
      if (signal.aborted) abort();
      else if (this.isGone) settle({ ok: false, reason: 'gone' });
    });
  }

  private receive(bytes: Uint8Array): void {
    const nowMs = performance.now();
    // A frame is sent in one go: what breaks off was noise, and would swallow the next.
    if (nowMs - this.lastAtMs > LONGEST_GAP_MS) this.state = noPadFrame;
    this.lastAtMs = nowMs;
    const { state, messages, flaws } = readPadFrames(this.state, bytes);
    this.state = state;
    for (const flaw of flaws) this.onFlaw(flaw);
    for (const message of messages) {
      if (message.kind === 'tampered') for (const listener of [...this.tamperListeners]) listener();
      let isTaken = false;
      for (const hear of [...this.hearers]) isTaken = hear(message) || isTaken;
      if (message.kind === 'answer' && !isTaken) this.onFlaw('late-answer');
    }
  }
}
