import { setTimeout as sleep } from 'node:timers/promises';
import { AskedDevice, type AskedDeviceOptions } from '../asked-device.ts';
import { joinBytes } from '../bytes.ts';
import type { CommandOptions, Completion, DeviceCapabilities, DeviceStatus, SupplyState } from '../device.ts';
import {
  askFullStatus,
  askRealTime,
  askWhenDone,
  decodeCondition,
  faultOf,
  noAnswerYet,
  type PrinterAnswer,
  type PrinterCondition,
  type ReceiptFault,
  readAnswers,
  realTimeTopics,
  recoverAndClear,
  recoverAndGoOn,
} from './codec.ts';
import { type Rasterise, rasteriseNothing } from './rasterise.ts';
import { cut, encodeReceipt, paper80mm, type Receipt, type ReceiptPaper } from './receipt.ts';

export type { ReceiptFault } from './codec.ts';
export type { Rasterise } from './rasterise.ts';
export type { Receipt, ReceiptLine, ReceiptPaper } from './receipt.ts';

/** Why a receipt did not come, or may not have come, each with its line in the operator's guide. */
export type ReceiptReason =
  | ReceiptFault
  /** A character that neither the printer nor any font at hand has. */
  | 'unprintable'
  | 'code-too-long'
  /** No answer, a wrong one, or no printer any more while it printed. */
  | 'silent'
  | 'garbled'
  | 'unplugged'
  /** It names no fault and gets no further. */
  | 'stalled'
  | 'timed-out'
  | 'cancelled';

/** How a receipt ended. */
export type ReceiptOutcome =
  /** The printer has carried out everything up to the cut, and nothing it says contradicts it. */
  | { kind: 'printed' }
  /** Certain: nothing is on paper and nothing will be. `characters` are those that cannot be printed: personal data, not for logs. */
  | { kind: 'failed-before-paper'; reason: ReceiptReason; characters: readonly string[] }
  /** The receipt, whole or in part, may be on paper. */
  | { kind: 'failed-maybe-printed'; reason: ReceiptReason };

export type ReceiptProgress = { state: 'printing' } | { state: 'waiting'; reason: ReceiptFault };

export type PrintReceiptOptions = CommandOptions & {
  onProgress?: (progress: ReceiptProgress) => void;
  /** How long a person has to help before the receipt is given up; 60 s unless told. */
  attentionMs?: number;
};

export type ReceiptPrinterOptions = Omit<AskedDeviceOptions, 'noun'> & {
  paper?: ReceiptPaper;
  rasterise?: Rasterise;
  /** A presenter that tells whether the receipt was taken, asked by full status; unknown to ordinary printers, which stay silent. */
  hasPresenter?: boolean;
  /** How long one block may take without a fault being named; 10 s unless told. */
  stallMs?: number;
  /** Between two looks at a printer at work; 250 ms unless told. */
  pollMs?: number;
};

const defaults = { stallMs: 10_000, pollMs: 250, attentionMs: 60_000, printMs: 180_000 };

type Failure = 'silent' | 'garbled' | 'unplugged';
type AnswerKind = Exclude<PrinterAnswer['kind'], 'garbage'>;
type Answered<K extends AnswerKind> = Extract<PrinterAnswer, { kind: K }>;

/**
 * A receipt printer that speaks ESC/POS and answers.
 *
 * A receipt goes out in small blocks, each followed by a question that the printer answers when it has carried the block out: so a slow
 * printer is never overrun, "printed" is the printer's own word, and one that runs out of paper holds little that a refill could
 * print for somebody else. {@link print} completes with `ok: false` only if nothing was sent.
 */
export class ReceiptPrinter extends AskedDevice {
  private readonly paper: ReceiptPaper;
  private readonly rasterise: Rasterise;
  private readonly hasPresenter: boolean;
  private readonly timing: { stallMs: number; pollMs: number };
  private answers = noAnswerYet;
  private readonly waiting = new Map<AnswerKind, (answer: PrinterAnswer | Failure) => void>();
  /** Bytes that answered nothing, since the receipt under way began. */
  private noise = 0;
  private isTicketOut = false;
  /** Part of a receipt hangs in the printer: cut off before the next one. */
  private hasLeftover = false;

  constructor(options: ReceiptPrinterOptions) {
    super({ ...options, noun: 'receipt-printer' });
    this.paper = options.paper ?? paper80mm;
    this.rasterise = options.rasterise ?? rasteriseNothing;
    this.hasPresenter = options.hasPresenter ?? false;
    this.timing = { stallMs: options.stallMs ?? defaults.stallMs, pollMs: options.pollMs ?? defaults.pollMs };
  }

  get capabilities(): DeviceCapabilities {
    const features = ['judged-outcome', 'cut', ...(this.hasPresenter ? ['presenter'] : [])];
    return { kind: 'receipt-printer', model: 'ESC/POS', features };
  }

  /** Prints and follows the receipt to the cut. A part of an earlier one that hangs in the printer is cut off first. */
  async print(receipt: Receipt, options: PrintReceiptOptions = {}): Promise<Completion<ReceiptOutcome>> {
    const encoded = encodeReceipt(receipt, this.paper, this.rasterise);
    if (!encoded.ok) {
      const characters = encoded.reason === 'unprintable' ? encoded.characters : [];
      return ended({ kind: 'failed-before-paper', reason: encoded.reason, characters });
    }
    const job = { hasBegun: false };
    const completion = await this.run<ReceiptOutcome>(options, defaults.printMs, async (signal) => {
      const obstacle = await this.awaitReady(options, signal);
      if (obstacle !== null) return obstacle;
      job.hasBegun = true;
      options.onProgress?.({ state: 'printing' });
      const reason = await this.send(encoded.blocks, options, signal);
      this.hasLeftover = reason !== null;
      return ended(reason === null ? { kind: 'printed' } : { kind: 'failed-maybe-printed', reason });
    });
    // Whatever ended the command, once bytes were out nobody knows that there is no paper.
    if (completion.ok || !job.hasBegun) return completion;
    const reason = { timeout: 'timed-out', cancelled: 'cancelled' } as const;
    const told =
      completion.reason === 'timeout' || completion.reason === 'cancelled' ? reason[completion.reason] : 'unplugged';
    return ended({ kind: 'failed-maybe-printed', reason: told });
  }

  protected take(bytes: Uint8Array): void {
    const read = readAnswers(this.answers, bytes);
    this.answers = read.state;
    for (const answer of read.answers) {
      if (answer.kind === 'garbage') {
        this.noise += 1;
        for (const settle of [...this.waiting.values()]) settle('garbled');
        continue;
      }
      const settle = this.waiting.get(answer.kind);
      if (settle === undefined) this.noise += 1;
      else settle(answer);
    }
  }

  protected forget(): void {
    this.answers = noAnswerYet;
    for (const settle of [...this.waiting.values()]) settle('unplugged');
  }

  protected async look(): Promise<Completion<Partial<DeviceStatus>>> {
    const condition = await this.condition();
    if (typeof condition === 'string') return failed(condition);
    if (!this.hasPresenter) return { ok: true, value: statusOf(condition) };
    const full = await this.ask('full', askFullStatus);
    if (typeof full === 'string') return failed(full);
    if (full.status.isTicketInPresenter !== this.isTicketOut) {
      this.isTicketOut = full.status.isTicketInPresenter;
      this.board.publish({ type: this.isTicketOut ? 'paperPresented' : 'paperTaken' });
    }
    return { ok: true, value: statusOf({ ...condition, isJammed: full.status.isJammed }) };
  }

  /** Waits until the printer can print; null then, else how the command completes. Nothing was sent yet. */
  private async awaitReady(
    options: PrintReceiptOptions,
    signal: AbortSignal,
  ): Promise<Completion<ReceiptOutcome> | null> {
    const untilMs = performance.now() + (options.attentionMs ?? defaults.attentionMs);
    let told: ReceiptFault | null = null;
    for (;;) {
      const condition = await this.condition();
      if (signal.aborted) return { ok: false, reason: 'cancelled', detail: 'before anything was printed' };
      if (typeof condition === 'string') return failed(condition);
      const fault = faultOf(condition);
      this.board.update({ device: 'online', reason: null, ...statusOf(condition) });
      if (fault === null) return null;
      if (fault !== told) options.onProgress?.({ state: 'waiting', reason: fault });
      told = fault;
      if (performance.now() >= untilMs) {
        return ended({ kind: 'failed-before-paper', reason: fault, characters: [] });
      }
      // A knife that stuck lets go when it is told to; what an error left in the buffer belongs to nobody any more.
      if (fault === 'cutter') await this.write(recoverAndClear);
      await sleep(this.timing.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Sends block after block; null when all were carried out, else why it is not certain. */
  private async send(
    blocks: readonly Uint8Array[],
    options: PrintReceiptOptions,
    signal: AbortSignal,
  ): Promise<ReceiptReason | null> {
    this.noise = 0;
    const all = this.hasLeftover ? [cut, ...blocks] : blocks;
    for (const block of all) {
      const reason = signal.aborted ? 'cancelled' : await this.sendBlock(block, options, signal);
      if (reason === null) continue;
      await this.write(recoverAndClear);
      return reason;
    }
    const condition = await this.condition();
    if (typeof condition === 'string') return condition;
    this.board.update({ device: 'online', reason: null, ...statusOf(condition) });
    // A byte of noise may look like the answer: with a fault that stops printing it is not believed, even if the roll ended just now.
    const fault = faultOf(condition);
    if (fault !== null && fault !== 'recovering') return fault;
    // An answer to nothing that was asked: one that was believed may have been noise too.
    return this.noise > 0 ? 'garbled' : null;
  }

  /** One block, until the printer has carried it out. */
  private async sendBlock(
    block: Uint8Array,
    options: PrintReceiptOptions,
    signal: AbortSignal,
  ): Promise<ReceiptReason | null> {
    const attentionMs = options.attentionMs ?? defaults.attentionMs;
    const over = new AbortController();
    const done = this.awaitAnswer('done', over.signal);
    try {
      const wire = await this.write(joinBytes(block, askWhenDone));
      if (wire !== 'taken') return wire;
      const startedMs = performance.now();
      let faultSinceMs: number | null = null;
      let told: ReceiptFault | null = null;
      for (;;) {
        const answer = await Promise.race([done, pause(this.timing.pollMs, signal)]);
        if (typeof answer === 'object') return null;
        if (answer !== 'waited') return answer;
        if (signal.aborted) return 'cancelled';
        const condition = await this.condition();
        if (typeof condition === 'string') return condition;
        const fault = faultOf(condition);
        this.board.update({ device: 'online', reason: null, ...statusOf(condition) });
        if (fault === null) {
          faultSinceMs = null;
          told = null;
          if (performance.now() - startedMs > this.timing.stallMs) return 'stalled';
          continue;
        }
        faultSinceMs ??= performance.now();
        if (fault !== told) options.onProgress?.({ state: 'waiting', reason: fault });
        if (fault === 'cutter' && told === null) await this.write(recoverAndGoOn);
        told = fault;
        if (fault === 'broken' || performance.now() - faultSinceMs >= attentionMs) return fault;
      }
    } finally {
      over.abort();
    }
  }

  /** The four real-time answers, asked one after the other since nothing tells them apart. */
  private async condition(): Promise<PrinterCondition | Failure> {
    const bytes: number[] = [];
    for (const topic of realTimeTopics) {
      const answer = await this.ask('realTime', askRealTime(topic));
      if (typeof answer === 'string') return answer;
      bytes.push(answer.byte);
    }
    const [one = 0, two = 0, three = 0, four = 0] = bytes;
    const condition = decodeCondition([one, two, three, four]);
    if (condition === null) return 'garbled';
    if (!this.hasPresenter || !condition.hasError) return condition;
    // Why it stopped: printers with a presenter tell a jam in their full status.
    const full = await this.ask('full', askFullStatus);
    return typeof full === 'string' ? full : { ...condition, isJammed: full.status.isJammed };
  }

  /** One question, one answer. After silence the line is dialled anew, since an answer that comes late would be the next one's. */
  private async ask<K extends AnswerKind>(kind: K, question: Uint8Array): Promise<Answered<K> | Failure> {
    const over = new AbortController();
    const answer = this.awaitAnswer(kind, over.signal);
    const wire = await this.write(question);
    if (wire !== 'taken') {
      over.abort();
      return wire;
    }
    const late = sleep(this.answerMs, 'silent' as const, { signal: over.signal }).catch(() => 'silent' as const);
    const first = await Promise.race([answer, late]);
    over.abort();
    if (first === 'silent') this.redial();
    return first;
  }

  /** The next answer of a kind; given up with the signal. */
  private awaitAnswer<K extends AnswerKind>(kind: K, over: AbortSignal): Promise<Answered<K> | Failure> {
    return new Promise((resolve) => {
      const settle = (answer: PrinterAnswer | Failure) => {
        if (this.waiting.get(kind) === settle) this.waiting.delete(kind);
        resolve(answer as Answered<K> | Failure);
      };
      this.waiting.set(kind, settle);
      over.addEventListener('abort', () => settle('silent'), { once: true });
    });
  }
}

function statusOf(condition: PrinterCondition): Partial<DeviceStatus> {
  const fault = faultOf(condition);
  const isOut = condition.isPaperOut || condition.isStoppedForPaper;
  const paper: SupplyState = condition.isJammed ? 'jammed' : isOut ? 'out' : condition.isPaperLow ? 'low' : 'ok';
  return {
    device: deviceOf(fault),
    paper,
    cover: condition.isCoverOpen ? 'open' : 'closed',
    reason: fault === null ? null : reasonOf[fault],
  };
}

function deviceOf(fault: ReceiptFault | null): DeviceStatus['device'] {
  switch (fault) {
    case null:
      return 'online';
    case 'recovering':
      return 'deviceBusy';
    case 'broken':
    case 'cutter':
      return 'hardwareError';
    case 'offline':
      return 'offline';
    case 'cover-open':
    case 'paper-out':
    case 'jammed':
      return 'userError';
  }
}

/** In the keywords of document printers, so that staff learn one set. */
const reasonOf: Readonly<Record<ReceiptFault, string>> = {
  jammed: 'media-jam',
  broken: 'printer-broken',
  cutter: 'cutter-error',
  'cover-open': 'cover-open',
  'paper-out': 'media-empty',
  recovering: 'printer-recovering',
  offline: 'printer-offline',
};

function failed(failure: Failure): { ok: false; reason: 'timeout' | 'invalidData' | 'deviceNotReady'; detail: string } {
  const reason = { silent: 'timeout', garbled: 'invalidData', unplugged: 'deviceNotReady' } as const;
  return { ok: false, reason: reason[failure], detail: failure };
}

function ended(outcome: ReceiptOutcome): Completion<ReceiptOutcome> {
  return { ok: true, value: outcome };
}

function pause(ms: number, signal: AbortSignal): Promise<'waited'> {
  return sleep(ms, 'waited' as const, { signal }).catch(() => 'waited' as const);
}
