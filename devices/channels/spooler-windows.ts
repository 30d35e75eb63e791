import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  SpoolCall,
  Spooler,
  SpoolFailure,
  SpoolJob,
  SpoolJobState,
  SpoolPrinter,
  SpoolResult,
  SpoolSubmission,
} from './spooler.ts';
import {
  jobControl,
  jobStatus,
  loadWinspool,
  oneAtATime,
  printerStatus,
  type WindowsAnswer,
  type WindowsJob,
  type Winspool,
  workOffline,
} from './spooler-winspool.ts';
import { loadPrintByPackage, type PrintFile } from './sumatra-pdf.ts';

export type WindowsSpoolerOptions = {
  /** The printer's name in Windows. */
  queue: string;
  /** Windows' spooler; `loadWinspool()` outside tests. */
  winspool: Winspool;
  /** {@link loadPrintByPackage} outside tests. */
  printFile: PrintFile;
  /** Where documents lie while they are handed over; the system's folder for passing files unless told. */
  folder?: string;
};

const lookMs = 100;
/** After the printing program has ended its job is in the queue, or was never taken. */
const appearMs = 3_000;
/** So long a printing program may take to end when it was told to. */
const endMs = 2_000;
/** The folder of one document; the number of the process tells whether anybody still needs it. */
const handOverFolder = /^kiosk-print-(\d+)-/;
/** How this kiosk's documents are called: the submission's name, as a file. */
const ownDocument = /^[a-z0-9-]+-[0-9a-f]{8}\.pdf$/;

/** PRINTER_STATUS_* in the keywords of RFC 8011, so that one table of reasons serves all wires. */
const printerReasons: readonly (readonly [number, string])[] = [
  [printerStatus.paused, 'paused'],
  [printerStatus.paperJam, 'media-jam'],
  [printerStatus.paperOut, 'media-empty'],
  [printerStatus.paperProblem, 'media-needed'],
  [printerStatus.offline, 'offline'],
  [printerStatus.notAvailable, 'offline'],
  [printerStatus.outputBinFull, 'output-area-full'],
  [printerStatus.tonerLow, 'toner-low'],
  [printerStatus.noToner, 'toner-empty'],
  [printerStatus.doorOpen, 'door-open'],
];

/** JOB_STATUS_* the same: many drivers tell paper and power of the job only. */
const jobReasons: readonly (readonly [number, string])[] = [
  [jobStatus.paperOut, 'media-empty'],
  [jobStatus.offline, 'offline'],
];

/**
 * Windows' spooler: pdf-to-printer (SumatraPDF) prints the file, winspool tells what became of the job.
 *
 * SumatraPDF gives no job number; the job is known by its document's name. It is retained as soon as it is seen, since Windows
 * forgets a job the moment it is printed. Windows' page count is the spooler's, not the printer's, so the printer counts as not
 * asked. The file with the document exists only until SumatraPDF has ended; one of a kiosk that was killed goes before the next.
 *
 * While SumatraPDF runs, a job that is not there may still come. So it is ended before a hand-over is given up, and the queue's word
 * counts from then on; where it does not end, nobody can say what it will do, and its job is taken back when it comes.
 *
 * Tried over a table of functions in place of Windows; not on Windows.
 */
export class WindowsSpooler implements Spooler {
  readonly features = ['job-state', 'history-purged'] as const;
  private readonly queue: string;
  private readonly winspool: Winspool;
  private readonly printFile: PrintFile;
  private readonly folder: string;
  /** Jobs whose end was asked for: one that is gone then was cancelled. */
  private readonly cancelled = new Set<string>();
  /** Jobs that Windows has not yet said it keeps after printing. */
  private readonly unretained = new Set<string>();

  constructor({ queue, winspool, printFile, folder = tmpdir() }: WindowsSpoolerOptions) {
    this.queue = queue;
    this.winspool = oneAtATime(winspool);
    this.printFile = printFile;
    this.folder = folder;
  }

  async printer(call: SpoolCall): Promise<SpoolResult<SpoolPrinter>> {
    const asked = await within(this.winspool.printer(this.queue), call);
    if (!asked.ok) return asked;
    const jobs = await this.jobs(call);
    if (!jobs.ok) return jobs;
    const { status, attributes, driver } = asked.value;
    const reasons = reasonsOf(status, printerReasons);
    if ((attributes & workOffline) !== 0) reasons.push('offline');
    for (const job of jobs.value) reasons.push(...reasonsOf(job.status, jobReasons));
    const isStopped = (status & (printerStatus.error | printerStatus.userIntervention)) !== 0;
    const isBusy = (status & (printerStatus.printing | printerStatus.processing)) !== 0;
    return done({
      state: isStopped ? 'stopped' : isBusy ? 'processing' : 'idle',
      isAccepting: true,
      reasons: [...new Set(reasons)],
      supplies: [],
      model: driver,
    });
  }

  async submit(submission: SpoolSubmission, call: SpoolCall): Promise<SpoolResult<{ jobId: string }>> {
    const untilMs = performance.now() + call.timeoutMs;
    await this.sweep();
    const program = new AbortController();
    let hasEnded = false;
    const printing = this.handOver(submission, program.signal).finally(() => {
      hasEnded = true;
    });

    let lastLookMs = Number.POSITIVE_INFINITY;
    for (;;) {
      // Asked before the look: a job that is not seen after the program has ended was never taken.
      const isHandedOver = hasEnded;
      if (isHandedOver && lastLookMs === Number.POSITIVE_INFINITY) lastLookMs = performance.now() + appearMs;
      const look = { ...call, timeoutMs: Math.max(lookMs, untilMs - performance.now()) };
      const jobs = await this.jobs(look);
      const job = jobs.ok ? jobs.value.find((one) => isOf(one, submission)) : undefined;
      if (job !== undefined) {
        this.unretained.add(String(job.jobId));
        await this.retain(String(job.jobId), look);
        return done({ jobId: String(job.jobId) });
      }
      if (isHandedOver && jobs.ok) {
        const refusal = await printing;
        if (refusal !== null) return failed('refused', refusal);
      }
      const isCancelled = call.signal?.aborted === true;
      if (isCancelled || performance.now() >= Math.min(untilMs, lastLookMs)) {
        program.abort();
        await Promise.race([printing, sleep(endMs, undefined, { ref: false })]);
        const cut = await within(this.winspool.jobs(this.queue), { timeoutMs: endMs });
        if (!hasEnded || (cut.ok && cut.value.some((one) => isOf(one, submission)))) {
          void printing.then(() => this.takeBack(submission));
          return failed('untold', hasEnded ? 'cut off on its way' : 'the printing program does not end');
        }
        return isCancelled ? failed('cancelled', 'by signal') : failed('unsure', 'no job in the queue');
      }
      await sleep(lookMs);
    }
  }

  /** Has the printing program print the document. Resolves once it has ended: null, or why it refused. */
  private async handOver({ name, pdf, copies }: SpoolSubmission, signal: AbortSignal): Promise<string | null> {
    let folder: string | null = null;
    try {
      folder = await mkdtemp(join(this.folder, `kiosk-print-${process.pid}-`));
      const path = join(folder, `${name}.pdf`);
      await writeFile(path, pdf, { mode: 0o600 });
      await this.printFile(path, { printer: this.queue, copies, signal });
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      // One that cannot be removed goes with the next sweep.
      if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  /** A job that comes, or lies there cut off, when nobody waits for it any more. */
  private async takeBack(submission: SpoolSubmission): Promise<void> {
    const jobs = await this.winspool.jobs(this.queue);
    if (!jobs.ok) return;
    for (const job of jobs.value.filter((one) => isOf(one, submission))) {
      await this.winspool.controlJob(this.queue, job.jobId, jobControl.delete);
    }
  }

  /** Documents of a kiosk that was killed while it handed one over. */
  private async sweep(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    const left = names.filter((name) => !isRunning(Number(handOverFolder.exec(name)?.[1] ?? process.pid)));
    await Promise.all(
      left.map((name) => rm(join(this.folder, name), { recursive: true, force: true }).catch(() => undefined)),
    );
  }

  /** Windows is to keep the job after printing, so that its end can be read; asked again where it did not take it. */
  private async retain(jobId: string, call: SpoolCall): Promise<void> {
    if (!this.unretained.has(jobId)) return;
    const kept = await within(this.winspool.controlJob(this.queue, Number(jobId), jobControl.retain), call);
    if (kept.ok) this.unretained.delete(jobId);
  }

  async job(jobId: string, call: SpoolCall): Promise<SpoolResult<SpoolJob>> {
    const jobs = await this.jobs(call);
    if (!jobs.ok) return jobs;
    const job = jobs.value.find((one) => String(one.jobId) === jobId);
    if (job !== undefined) {
      await this.retain(jobId, call);
      return done(toldOf(job));
    }
    this.unretained.delete(jobId);
    if (this.cancelled.has(jobId)) {
      return done({ jobId, name: '', state: 'cancelled', reasons: [], atPrinter: { kind: 'notAsked' } });
    }
    return failed('unknown-job', 'not in the queue');
  }

  async ownJobs(call: SpoolCall): Promise<SpoolResult<readonly SpoolJob[]>> {
    const jobs = await this.jobs(call);
    if (!jobs.ok) return jobs;
    return done(jobs.value.filter((job) => ownDocument.test(documentOf(job))).map(toldOf));
  }

  async cancel(jobId: string, call: SpoolCall): Promise<SpoolResult<null>> {
    const job = await this.job(jobId, call);
    if (!job.ok) return job.reason === 'unknown-job' ? done(null) : job;
    if (job.value.state === 'completed') return done(null);
    this.cancelled.add(jobId);
    return this.delete(jobId, call);
  }

  async purge(jobId: string, call: SpoolCall): Promise<SpoolResult<null>> {
    this.cancelled.delete(jobId);
    const job = await this.job(jobId, call);
    if (!job.ok) return job.reason === 'unknown-job' ? done(null) : job;
    return this.delete(jobId, call);
  }

  async close(): Promise<void> {
    this.cancelled.clear();
    this.unretained.clear();
  }

  private jobs(call: SpoolCall): Promise<SpoolResult<readonly WindowsJob[]>> {
    return within(this.winspool.jobs(this.queue), call);
  }

  private delete(jobId: string, call: SpoolCall): Promise<SpoolResult<null>> {
    return within(this.winspool.controlJob(this.queue, Number(jobId), jobControl.delete), call);
  }
}

/** The spooler of the Windows it runs on, or what is missing for it. */
export function loadWindowsSpooler(
  queue: string,
): { ok: true; spooler: WindowsSpooler } | { ok: false; detail: string } {
  try {
    const printFile = loadPrintByPackage();
    return { ok: true, spooler: new WindowsSpooler({ queue, winspool: loadWinspool(), printFile }) };
  } catch (cause) {
    return { ok: false, detail: `winspool: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

/** Windows' answer, or the call's own end where that comes first. */
async function within<T>(answering: Promise<WindowsAnswer<T>>, call: SpoolCall): Promise<SpoolResult<T>> {
  if (call.signal?.aborted === true) return failed('cancelled', 'by signal');
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const ended = new Promise<SpoolResult<T>>((resolve) => {
    timer = setTimeout(() => resolve(failed('timed-out', `no answer in ${call.timeoutMs} ms`)), call.timeoutMs);
    abort = () => resolve(failed('cancelled', 'by signal'));
    call.signal?.addEventListener('abort', abort, { once: true });
  });
  const answered = answering.then((answer): SpoolResult<T> => {
    if (answer.ok) return answer;
    return failed(answer.reason === 'no-printer' ? 'unknown-printer' : 'unreachable', answer.detail);
  });
  try {
    return await Promise.race([answered, ended]);
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) call.signal?.removeEventListener('abort', abort);
  }
}

function toldOf(job: WindowsJob): SpoolJob {
  return {
    jobId: String(job.jobId),
    name: documentOf(job).replace(/\.pdf$/, ''),
    state: stateOf(job.status),
    reasons: reasonsOf(job.status, jobReasons),
    atPrinter: { kind: 'notAsked' },
  };
}

/** A deleted job outranks a printed one: what Windows still sends then is not known. */
function stateOf(status: number): SpoolJobState {
  const has = (bits: number) => (status & bits) !== 0;
  if (has(jobStatus.deleting | jobStatus.deleted)) return 'cancelled';
  if (has(jobStatus.printed | jobStatus.complete)) return 'completed';
  if (has(jobStatus.error | jobStatus.offline | jobStatus.paperOut | jobStatus.userIntervention | jobStatus.blocked)) {
    return 'stopped';
  }
  if (has(jobStatus.printing)) return 'processing';
  return has(jobStatus.paused) ? 'held' : 'pending';
}

/** The document's file name; Windows shows the path the printing program was given. */
function documentOf(job: WindowsJob): string {
  return basename(job.document.replaceAll('\\', '/'));
}

function isOf(job: WindowsJob, submission: SpoolSubmission): boolean {
  return documentOf(job) === `${submission.name}.pdf`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process runs too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function reasonsOf(status: number, table: readonly (readonly [number, string])[]): string[] {
  return table.filter(([bit]) => (status & bit) !== 0).map(([, reason]) => reason);
}

function done<T>(value: T): SpoolResult<T> {
  return { ok: true, value };
}

function failed(reason: SpoolFailure, detail: string): { ok: false; reason: SpoolFailure; detail: string } {
  return { ok: false, reason, detail };
}
