import type { TwoWayLink } from '../channels/byte-link.ts';
import {
  canAnswer,
  type FrameFlaw,
  type FrameState,
  frameOfCommand,
  meaningOfSw3,
  noFrame,
  readFrames,
  type SamCommand,
  type SamReply,
} from './codec.ts';

/** What came over the line that was no answer, for the log; never what was in it. */
export type LineFlaw =
  | FrameFlaw
  /** A reply nobody waited for, or not of a form the command under way can have. */
  | 'late-reply';

export type ExchangeFailure =
  | 'timeout'
  | 'gone'
  | 'cancelled'
  /** An answer came, with a wrong check byte. */
  | 'garbled';

type Exchanged = { ok: true; reply: SamReply } | { ok: false; reason: ExchangeFailure };

type Waiting = { command: SamCommand; settle: (exchanged: Exchanged) => void };

/** How long the module may take to tell its number, milliseconds. It needs no card for it. */
const NUMBER_TIMEOUT_MS = 800;

/**
 * Command and answer with the module, one at a time; the caller sees to that. Answers do not name their command: after one that was
 * given up, its answer is waited for, or else the module is asked for its number, which looks like no other answer, before anything
 * else is asked.
 */
export class SamLine {
  private readonly link: TwoWayLink;
  private readonly onFlaw: (flaw: LineFlaw) => void;
  private readonly undo: readonly (() => void)[];
  private state: FrameState = noFrame;
  private waiting: Waiting | null = null;
  private isGone = false;
  /** The command that was given up, and until when its answer may be expected, by `performance.now()`. */
  private owed: { command: SamCommand; untilMs: number } | null = null;
  private isInStep = true;

  constructor(link: TwoWayLink, onFlaw: (flaw: LineFlaw) => void) {
    this.link = link;
    this.onFlaw = onFlaw;
    this.undo = [
      link.onBytes((bytes) => this.receive(bytes)),
      link.onGone(() => {
        this.isGone = true;
        this.waiting?.settle({ ok: false, reason: 'gone' });
      }),
    ];
  }

  /** Stops listening. */
  release(): void {
    for (const undo of this.undo) undo();
    this.waiting?.settle({ ok: false, reason: 'cancelled' });
  }

  async exchange(command: SamCommand, timeoutMs: number, signal: AbortSignal): Promise<Exchanged> {
    if (!(await this.comeIntoStep(signal))) {
      if (signal.aborted) return { ok: false, reason: 'cancelled' };
      return { ok: false, reason: this.isGone ? 'gone' : 'timeout' };
    }
    return this.ask(command, timeoutMs, signal);
  }

  private async comeIntoStep(signal: AbortSignal): Promise<boolean> {
    if (this.owed !== null) {
      const { command, untilMs } = this.owed;
      const late = await this.listen(command, Math.max(0, untilMs - performance.now()), signal);
      if (signal.aborted || this.isGone) return false;
      this.owed = null;
      this.isInStep = late.ok || late.reason === 'garbled';
    }
    if (!this.isInStep) {
      const number = await this.ask('sam-number', NUMBER_TIMEOUT_MS, signal);
      this.owed = null;
      this.isInStep = number.ok && meaningOfSw3(number.reply.sw3).kind === 'ok';
    }
    return this.isInStep;
  }

  private async ask(command: SamCommand, timeoutMs: number, signal: AbortSignal): Promise<Exchanged> {
    if (this.isGone) return { ok: false, reason: 'gone' };
    if (signal.aborted) return { ok: false, reason: 'cancelled' };
    // Half a frame from before can only swallow the answer.
    this.state = noFrame;
    const untilMs = performance.now() + timeoutMs;
    const answer = this.listen(command, timeoutMs, signal);
    // A write that fails is followed by the link's end, and one that hangs by the deadline.
    void this.link.write(frameOfCommand(command));
    const exchanged = await answer;
    if (!exchanged.ok && exchanged.reason === 'cancelled') this.owed = { command, untilMs };
    if (!exchanged.ok && exchanged.reason === 'timeout') this.isInStep = false;
    return exchanged;
  }

  private listen(command: SamCommand, timeoutMs: number, signal: AbortSignal): Promise<Exchanged> {
    return new Promise((resolve) => {
      const settle = (exchanged: Exchanged) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.waiting = null;
        resolve(exchanged);
      };
      const abort = () => settle({ ok: false, reason: 'cancelled' });
      const timer = setTimeout(() => settle({ ok: false, reason: 'timeout' }), timeoutMs);
      signal.addEventListener('abort', abort, { once: true });
      this.waiting = { command, settle };
      if (signal.aborted) abort();
      else if (this.isGone) settle({ ok: false, reason: 'gone' });
    });
  }

  private receive(bytes: Uint8Array): void {
    const { state, replies, flaws } = readFrames(this.state, bytes);
    this.state = state;
    for (const reply of replies) {
      if (this.waiting !== null && canAnswer(this.waiting.command, reply)) {
        this.waiting.settle({ ok: true, reply: { ...reply, data: reply.data.slice() } });
      } else {
        this.onFlaw('late-reply');
        if (this.owed !== null && canAnswer(this.owed.command, reply)) this.owed = null;
      }
    }
    for (const flaw of flaws) {
      this.onFlaw(flaw);
      if (flaw === 'wrong-checksum') this.waiting?.settle({ ok: false, reason: 'garbled' });
    }
  }
}
