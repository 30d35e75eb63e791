import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  printerStatus,
  type WindowsAnswer,
  type WindowsJob,
  type Winspool,
  workOffline,
} from './spooler-winspool.ts';

export type WindowsSpoolerOptions = {
  /** The printer's name in Windows. */
  queue: string;
  /** Windows' spooler; `loadWinspool()` outside tests. */
  winspool: Winspool;
  /** Prints a PDF file and resolves when it has been handed to Windows; pdf-to-printer's `print` outside tests. */
  printFile: (path: string, options: { printer: string; copies: number; silent: boolean }) => Promise<void>;
};

const lookMs = 100;
/** After the printing program has ended its job is in the queue, or was never taken. */
const appearMs = 3_000;
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
 * asked. The file with the document exists only until SumatraPDF has ended.
 *
 * Tried over a table of functions in place of Windows; not on Windows.
 */
export class WindowsSpooler implements Spooler {
  readonly features = ['job-state', 'history-purged'] as const;
  private readonly options: WindowsSpoolerOptions;
  /** Jobs whose end was asked for: one that is gone then was cancelled. */
  private readonly cancelled = new Set<string>();

  constructor(options: WindowsSpoolerOptions) {
    this.options = options;
  }

  async printer(call: SpoolCall): Promise<SpoolResult<SpoolPrinter>> {
    const asked = await within(this.options.winspool.printer(this.options.queue), call);
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
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-print-'));
    const path = join(folder, `${submission.name}.pdf`);
    let isHandedOver = false;
    const { queue, printFile } = this.options;
    const printing = writeFile(path, submission.pdf, { mode: 0o600 })
      .then(() => printFile(path, { printer: queue, copies: submission.copies, silent: true }))
      .then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      .finally(() => {
        isHandedOver = true;
        return rm(folder, { recursive: true, force: true });
      });

    const untilMs = performance.now() + call.timeoutMs;
    let lastLookMs = Number.POSITIVE_INFINITY;
    for (;;) {
      if (isHandedOver && lastLookMs === Number.POSITIVE_INFINITY) lastLookMs = performance.now() + appearMs;
      const jobs = await this.jobs(call);
      const job = jobs.ok ? jobs.value.find((one) => documentOf(one) === `${submission.name}.pdf`) : undefined;
      if (job !== undefined) {
        await this.options.winspool.controlJob(queue, job.jobId, jobControl.retain);
        return done({ jobId: String(job.jobId) });
      }
      if (isHandedOver) {
        const refusal = await printing;
        if (refusal !== null) return failed('refused', refusal);
      }
      if (call.signal?.aborted === true) return failed('cancelled', 'by signal');
      if (performance.now() >= Math.min(untilMs, lastLookMs)) return failed('unsure', 'no job in the queue');
      await sleep(lookMs);
    }
  }

  async job(jobId: string, call: SpoolCall): Promise<SpoolResult<SpoolJob>> {
    const jobs = await this.jobs(call);
    if (!jobs.ok) return jobs;
    const job = jobs.value.find((one) => String(one.jobId) === jobId);
    if (job !== undefined) return done(toldOf(job));
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
  }

  private jobs(call: SpoolCall): Promise<SpoolResult<readonly WindowsJob[]>> {
    return within(this.options.winspool.jobs(this.options.queue), call);
  }

  private delete(jobId: string, call: SpoolCall): Promise<SpoolResult<null>> {
    return within(this.options.winspool.controlJob(this.options.queue, Number(jobId), jobControl.delete), call);
  }
}

/** The spooler of the Windows it runs on, or what is missing for it. */
export async function loadWindowsSpooler(
  queue: string,
): Promise<{ ok: true; spooler: WindowsSpooler } | { ok: false; detail: string }> {
  try {
    const { print } = await import('pdf-to-printer');
    return { ok: true, spooler: new WindowsSpooler({ queue, winspool: loadWinspool(), printFile: print }) };
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
    return failed(answer.reason === 'no-printer' ? 'unknown-printer' : 'unreachable', `Windows error ${answer.error}`);
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

function reasonsOf(status: number, table: readonly (readonly [number, string])[]): string[] {
  return table.filter(([bit]) => (status & bit) !== 0).map(([, reason]) => reason);
}

function done<T>(value: T): SpoolResult<T> {
  return { ok: true, value };
}

function failed(reason: SpoolFailure, detail: string): { ok: false; reason: SpoolFailure; detail: string } {
  return { ok: false, reason, detail };
}
