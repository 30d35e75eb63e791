import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, type Spooler, type SpoolFailure, type SpoolPrinter, type SpoolResult } from '../channels/spooler.ts';
import type {
  CommandOptions,
  Completion,
  CompletionCode,
  Device,
  DeviceCapabilities,
  DeviceEvent,
  DeviceStatus,
} from '../device.ts';
import { StatusBoard } from '../status-board.ts';
import { giveUp, judge, type PrintOutcome, type PrintProgress, startTrail, type Trail } from './follow.ts';
import { faultOf, type PrinterFault, type PrintReason, statusOf } from './reasons.ts';

export type { PrintOutcome, PrintProgress } from './follow.ts';
export type { PrinterFault, PrintReason } from './reasons.ts';

export type PrintJob = {
  pdf: Uint8Array;
  /** Pages of the PDF, at least 1: what the printer's count is held against. */
  pages: number;
  copies: number;
  /** Small letters, digits and hyphens, at most 40, e.g. `certificate`: it stands in queues and logs, so a name cannot. */
  title: string;
};

export type PrintOptions = CommandOptions & {
  onProgress?: (progress: PrintProgress) => void;
  /** How long a person has to help (paper, jam, door) before the job is taken back; 120 s unless told. */
  attentionMs?: number;
  /**
   * Aborted when nobody waits for the paper any more: a job that is queued or waits for help is taken back, a sheet under way
   * finishes and is told. `signal` takes the job back in any state.
   */
  visitorGone?: AbortSignal;
};

type DocumentPrinterOptions = {
  id: string;
  spooler: Spooler;
  /** Between two looks at a job under way; 250 ms unless told. */
  pollMs?: number;
  /** Between two looks at the idle printer; 2 s unless told. */
  watchMs?: number;
  /** Longest wait for one answer of the spooler; 5 s unless told. */
  answerMs?: number;
  /** Longest time in which a document is handed over; 20 s unless told: on Windows a program has to start for it. */
  handOverMs?: number;
  /** How long a cancellation may take to be confirmed before its outcome is unknown; 20 s unless told. */
  confirmMs?: number;
};

const defaults = { pollMs: 250, watchMs: 2_000, answerMs: 5_000, handOverMs: 20_000, confirmMs: 20_000 };
/** How long an outcome waits for the spooler to let go of its job. */
const clearMs = 3_000;
const defaultAttentionMs = 120_000;
const defaultPrintMs = 600_000;

/**
 * A printer for A4 documents behind a spooler.
 *
 * {@link print} completes with `ok: false` only if nothing was handed to the spooler; from then on it completes with the outcome,
 * which says whether paper came. A job is taken back when nobody helped in time, and its end is confirmed, so that a refill never
 * prints for somebody who has gone. After its end the job's document and history are purged. What an earlier life of the kiosk left
 * with the spooler is taken back as soon as the spooler answers.
 */
export class DocumentPrinter implements Device {
  readonly id: string;
  private readonly spooler: Spooler;
  private readonly timing: typeof defaults;
  private readonly board = new StatusBoard();
  private model = '';
  /** While open: aborted by close. */
  private life: AbortController | null = null;
  private watching: Promise<void> = Promise.resolve();
  /** Jobs that are over and that the spooler has not let go of yet. */
  private readonly leftovers = new Set<string>();
  /** Whether the spooler was asked for jobs of an earlier life. */
  private hasSwept = false;
  /** Commands are carried out one after the other. */
  private turn: Promise<unknown> = Promise.resolve();
  private printsUnderWay = 0;

  constructor(options: DocumentPrinterOptions) {
    this.id = options.id;
    this.spooler = options.spooler;
    this.timing = {
      pollMs: options.pollMs ?? defaults.pollMs,
      watchMs: options.watchMs ?? defaults.watchMs,
      answerMs: options.answerMs ?? defaults.answerMs,
      handOverMs: options.handOverMs ?? defaults.handOverMs,
      confirmMs: options.confirmMs ?? defaults.confirmMs,
    };
  }

  get capabilities(): DeviceCapabilities {
    return { kind: 'document-printer', model: this.model, features: this.spooler.features };
  }

  status(): DeviceStatus {
    return this.board.status();
  }

  subscribe(listener: (event: DeviceEvent) => void): () => void {
    return this.board.subscribe(listener);
  }

  /** A print has its own patience: staff have `attentionMs` to mend what no recovery from here can. */
  isBusy(): boolean {
    return this.printsUnderWay > 0;
  }

  /** Asks the printer once and goes on watching it. Fails when spooler or printer queue are not there; comes up by itself later. */
  async open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (this.life === null) {
      if (options.signal?.aborted === true) return { ok: false, reason: 'cancelled', detail: 'before it began' };
      this.life = new AbortController();
      this.watching = this.watch(this.life.signal);
    }
    return this.ask(this.life.signal, options);
  }

  /** Takes back and purges every job of the kiosk that the spooler still knows. */
  async reset(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    return this.inTurn(options, async (command) => {
      const jobs = await this.spooler.ownJobs(this.call(command));
      if (!jobs.ok) return this.failed(command, jobs.reason, jobs.detail);
      for (const job of jobs.value) {
        await this.clear(job.jobId);
      }
      return this.ask(command.signal, {});
    });
  }

  async close(): Promise<void> {
    const life = this.life;
    this.life = null;
    life?.abort();
    await this.watching;
    await this.turn;
    await this.spooler.close();
    if (life !== null) this.board.update({ device: 'offline', reason: 'closed' });
  }

  /**
   * Prints and follows the job to its end. `timeoutMs` (10 minutes unless told) covers everything but the confirmation of a
   * cancellation. Progress is told on change.
   */
  async print(job: PrintJob, options: PrintOptions = {}): Promise<Completion<PrintOutcome>> {
    const flaw = flawOf(job);
    if (flaw !== null) return { ok: false, reason: 'invalidData', detail: flaw };
    this.printsUnderWay += 1;
    return this.carryOut(job, options).finally(() => {
      this.printsUnderWay -= 1;
    });
  }

  private carryOut(job: PrintJob, options: PrintOptions): Promise<Completion<PrintOutcome>> {
    return this.inTurn({ timeoutMs: defaultPrintMs, ...options }, async (command) => {
      const attention = new Attention(options);
      const obstacle = await this.awaitReady(command, attention);
      if (obstacle !== null) return obstacle;

      const name = `${job.title}-${randomBytes(4).toString('hex')}`;
      const submission = { pdf: job.pdf, pages: job.pages, copies: job.copies, name };
      const submitted = await this.spooler.submit(submission, callOf(this.timing.handOverMs, command.signal));
      let jobId: string;
      if (submitted.ok) jobId = submitted.value.jobId;
      else if (submitted.reason === 'refused') return notBegun('stopped');
      else if (submitted.reason === 'unknown-printer') return notBegun('unknown-printer');
      else if (submitted.reason === 'unreachable') return this.failed(command, 'unreachable', submitted.detail);
      else {
        // Cut off while the document was handed over: the spooler may or may not have taken it.
        const found = submitted.reason === 'untold' ? 'unknown' : await this.findByName(name);
        if (found === 'absent') return this.failed(command, submitted.reason, submitted.detail);
        if (found === 'unknown') return ended(giveUp(startTrail(0), null, 'spooler-lost'));
        jobId = found.jobId;
      }
      attention.report({ state: 'submitted', jobId });
      return ended(await this.follow(jobId, job.pages * job.copies, command, attention));
    });
  }

  /**
   * Tells what became of a job of an earlier life of the kiosk: one that is on paper by now is told as printed, a sheet under way
   * finishes, anything still waiting is taken back.
   */
  async settle(jobId: string, sides: number, options: PrintOptions = {}): Promise<Completion<PrintOutcome>> {
    return this.inTurn({ timeoutMs: defaultPrintMs, ...options }, async (command) => {
      const attention = new Attention({ ...options, visitorGone: AbortSignal.abort() });
      return ended(await this.follow(jobId, sides, command, attention));
    });
  }

  /** Waits until the printer can print; null then, else how the command completes. Nothing is with the spooler yet. */
  private async awaitReady(command: Command, attention: Attention): Promise<Completion<PrintOutcome> | null> {
    for (;;) {
      const answer = await this.look(command.signal);
      if (command.ended !== null) return this.failed(command, 'cancelled', 'before it was handed over');
      if (attention.hasVisitorGone) return ended({ kind: 'cancelled', jobId: null });
      if (!answer.ok) {
        if (answer.reason === 'unknown-printer') return notBegun('unknown-printer');
        return this.failed(command, answer.reason, answer.detail);
      }
      const fault = faultOf(answer.value);
      if (fault === null) {
        attention.stop();
        return null;
      }
      attention.report({ state: 'waiting', reason: fault });
      if (attention.isOver()) return notBegun(fault);
      await pause(this.timing.pollMs, command.signal);
    }
  }

  /** Follows a job to its end and purges it. */
  private async follow(jobId: string, sides: number, command: Command, attention: Attention): Promise<PrintOutcome> {
    let trail: Trail = startTrail(sides);
    let cancelFor: PrintReason | null = null;
    let confirmUntilMs = Number.POSITIVE_INFINITY;
    for (;;) {
      const look = await this.sight(jobId, trail, cancelFor);
      if (look.kind === 'ended') {
        await this.clear(jobId);
        return look.outcome;
      }
      trail = look.trail;
      attention.report(look.progress);

      if (performance.now() > confirmUntilMs) {
        await this.clear(jobId);
        return giveUp(trail, jobId, cancelFor ?? 'timed-out');
      }
      if (cancelFor === null) {
        cancelFor = cancelReason(command, attention, look.progress);
        if (cancelFor !== null) {
          attention.report({ state: 'cancelling' });
          confirmUntilMs = performance.now() + this.timing.confirmMs;
          await this.spooler.cancel(jobId, this.confirmCall());
          continue;
        }
      }
      await pause(this.timing.pollMs, cancelFor === null ? command.signal : undefined);
    }
  }

  /**
   * Takes a job that is over out of the spooler, document and history, and sees that it is gone. A spooler that still works on it
   * is told to stop; one that does not let go in time is asked again while the printer is idle.
   */
  private async clear(jobId: string): Promise<void> {
    const untilMs = performance.now() + Math.min(clearMs, this.timing.confirmMs);
    this.leftovers.add(jobId);
    for (;;) {
      if (await this.isCleared(jobId)) return;
      if (performance.now() > untilMs) return;
      await pause(this.timing.pollMs, undefined);
    }
  }

  /** One try at removing a job. */
  private async isCleared(jobId: string): Promise<boolean> {
    const job = await this.spooler.job(jobId, this.confirmCall());
    if (job.ok && hasEnded(job.value.state)) {
      const purged = await this.spooler.purge(jobId, this.confirmCall());
      if (purged.ok) this.leftovers.delete(jobId);
    } else if (job.ok) await this.spooler.cancel(jobId, this.confirmCall());
    else if (job.reason === 'unknown-job') this.leftovers.delete(jobId);
    return !this.leftovers.has(jobId);
  }

  /** One look at a job under way and at the printer. */
  private async sight(
    jobId: string,
    trail: Trail,
    cancelFor: PrintReason | null,
  ): Promise<{ kind: 'ended'; outcome: PrintOutcome } | { kind: 'going'; trail: Trail; progress: PrintProgress }> {
    const job = await this.spooler.job(jobId, this.confirmCall());
    if (!job.ok) {
      if (job.reason === 'unknown-job' || job.reason === 'unknown-printer') {
        return { kind: 'ended', outcome: giveUp(trail, jobId, 'spooler-lost') };
      }
      return { kind: 'going', trail, progress: { state: 'waiting', reason: 'spooler-lost' } };
    }
    const printer = await this.look(undefined);
    const fault = printer.ok ? faultOf(printer.value) : null;
    const judged = judge(trail, { job: job.value, fault }, cancelFor);
    return judged.verdict.kind === 'ended'
      ? judged.verdict
      : { kind: 'going', trail: judged.trail, progress: judged.verdict.progress };
  }

  private async findByName(name: string): Promise<{ jobId: string } | 'absent' | 'unknown'> {
    const jobs = await this.spooler.ownJobs(this.confirmCall());
    if (!jobs.ok) return 'unknown';
    return jobs.value.find((job) => job.name === name) ?? 'absent';
  }

  /** Asks the printer and tells the listeners what changed. */
  private async look(signal: AbortSignal | undefined): Promise<SpoolResult<SpoolPrinter>> {
    const answer = await this.spooler.printer(callOf(this.timing.answerMs, signal));
    // An answer that nobody waited for any more says nothing about the printer.
    if (this.life === null || (!answer.ok && answer.reason === 'cancelled')) return answer;
    if (answer.ok && this.model === '') this.model = answer.value.model;
    this.board.update(statusOf(answer));
    return answer;
  }

  private async ask(life: AbortSignal, options: CommandOptions): Promise<Completion<DeviceStatus>> {
    const command = new Command(life, options);
    try {
      if (command.ended !== null) return this.failed(command, 'cancelled', 'before it began');
      const answer = await this.look(command.signal);
      return answer.ok ? { ok: true, value: this.board.status() } : this.failed(command, answer.reason, answer.detail);
    } finally {
      command.dispose();
    }
  }

  private async watch(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      await pause(this.timing.watchMs, life);
      if (life.aborted) return;
      const printer = await this.look(life);
      if (!printer.ok) continue;
      if (!this.hasSwept) await this.inTurn({ timeoutMs: defaultPrintMs }, (command) => this.sweep(command));
      for (const jobId of this.leftovers) await this.isCleared(jobId);
    }
  }

  /**
   * Jobs of an earlier life, after power loss: nobody waits for their paper, and the refill would print them for whoever stands
   * there then. A sheet under way finishes; the rest is taken back and purged. What became of their papers staff have to see.
   */
  private async sweep(command: Command): Promise<Completion<null>> {
    const jobs = await this.spooler.ownJobs(this.call(command));
    if (!jobs.ok) return this.failed(command, jobs.reason, jobs.detail);
    this.hasSwept = true;
    for (const { jobId } of jobs.value) {
      await this.follow(jobId, 0, command, new Attention({ visitorGone: AbortSignal.abort() }));
    }
    return { ok: true, value: null };
  }

  private async inTurn<T>(
    options: CommandOptions,
    act: (command: Command) => Promise<Completion<T>>,
  ): Promise<Completion<T>> {
    const life = this.life;
    if (life === null) return { ok: false, reason: 'deviceNotReady', detail: 'not open' };
    const command = new Command(life.signal, options);
    const before = this.turn;
    const run = (async (): Promise<Completion<T>> => {
      await Promise.race([before, command.over]);
      if (command.ended !== null) return this.failed(command, 'cancelled', 'before its turn');
      return act(command);
    })();
    this.turn = Promise.allSettled([before, run]);
    try {
      return await run;
    } finally {
      command.dispose();
    }
  }

  /** How a command completes that left nothing with the spooler. */
  private failed<T>(command: Command, reason: SpoolFailure, detail: string): Completion<T> {
    if (command.ended !== null) return { ok: false, reason: command.ended, detail };
    return { ok: false, reason: completionOf[reason], detail };
  }

  private call(command: Command) {
    return callOf(this.timing.answerMs, command.signal);
  }

  /** For looks that must be had even though the command is over. */
  private confirmCall() {
    return callOf(this.timing.answerMs, undefined);
  }
}

const completionOf: Readonly<Record<SpoolFailure, CompletionCode>> = {
  unreachable: 'deviceNotReady',
  unsure: 'deviceNotReady',
  untold: 'deviceNotReady',
  'unknown-printer': 'deviceNotReady',
  'unknown-job': 'invalidData',
  refused: 'deviceNotReady',
  garbled: 'hardwareError',
  'timed-out': 'timeout',
  cancelled: 'cancelled',
};

/** The ends a command can meet from outside, as one signal. */
class Command {
  readonly signal: AbortSignal;
  readonly over: Promise<void>;
  private timer: NodeJS.Timeout | undefined;
  private readonly timeout = new AbortController();
  private readonly sources: readonly AbortSignal[];

  constructor(life: AbortSignal, options: CommandOptions) {
    if (options.timeoutMs !== undefined) {
      this.timer = setTimeout(() => this.timeout.abort(), options.timeoutMs);
    }
    this.sources = options.signal === undefined ? [life] : [life, options.signal];
    this.signal = AbortSignal.any([...this.sources, this.timeout.signal]);
    this.over = new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else this.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Why the command is over; null while it is not. */
  get ended(): 'cancelled' | 'timeout' | null {
    if (this.sources.some((source) => source.aborted)) return 'cancelled';
    return this.timeout.signal.aborted ? 'timeout' : null;
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}

/** Tells progress on change, and measures how long a person has been needed. */
class Attention {
  private readonly options: PrintOptions;
  private last = '';
  private sinceMs: number | null = null;

  constructor(options: PrintOptions) {
    this.options = options;
  }

  report(progress: PrintProgress): void {
    if (progress.state === 'waiting') this.sinceMs ??= performance.now();
    else this.stop();
    const text = JSON.stringify(progress);
    if (text === this.last) return;
    this.last = text;
    this.options.onProgress?.(progress);
  }

  stop(): void {
    this.sinceMs = null;
  }

  get hasVisitorGone(): boolean {
    return this.options.visitorGone?.aborted === true;
  }

  /** Nobody helped in time, or nobody waits any more. */
  isOver(): boolean {
    if (this.sinceMs === null) return false;
    const limitMs = this.hasVisitorGone ? 0 : (this.options.attentionMs ?? defaultAttentionMs);
    return performance.now() - this.sinceMs >= limitMs;
  }
}

/** Why a job under way is to be taken back now; null to let it go on. */
function cancelReason(command: Command, attention: Attention, progress: PrintProgress): PrintReason | null {
  if (command.ended === 'cancelled') return 'cancelled';
  if (command.ended === 'timeout') return progress.state === 'waiting' ? progress.reason : 'timed-out';
  if (progress.state === 'waiting' && attention.isOver()) return progress.reason;
  if (progress.state === 'queued' && attention.hasVisitorGone) return 'cancelled';
  return null;
}

function flawOf(job: PrintJob): string | null {
  if (Buffer.from(job.pdf.subarray(0, 5)).toString('latin1') !== '%PDF-') return 'not a PDF';
  if (!Number.isInteger(job.pages) || job.pages < 1) return 'pages';
  if (!Number.isInteger(job.copies) || job.copies < 1 || job.copies > 99) return 'copies';
  return /^[a-z0-9-]{1,40}$/.test(job.title) ? null : 'title';
}

function notBegun(reason: PrinterFault | 'unknown-printer'): Completion<PrintOutcome> {
  return ended({ kind: 'failed-before-paper', reason, jobId: null });
}

function ended(outcome: PrintOutcome): Completion<PrintOutcome> {
  return { ok: true, value: outcome };
}

function callOf(timeoutMs: number, signal: AbortSignal | undefined) {
  return signal === undefined ? { timeoutMs } : { timeoutMs, signal };
}

/** Waits, or less when the signal comes. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
