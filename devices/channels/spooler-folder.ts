import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { makeFolder } from '../make-folder.ts';
import type {
  PrinterSide,
  SpoolCall,
  Spooler,
  SpoolFailure,
  SpoolJob,
  SpoolJobState,
  SpoolPrinter,
  SpoolResult,
  SpoolSubmission,
} from './spooler.ts';
import { hasEnded } from './spooler.ts';

const controlSchema = z.object({
  /** What is wrong with the printer, as `printer-state-reasons` keywords. It waits while something stops it, as printers do. */
  faults: z.array(
    z.enum([
      'media-empty',
      'media-low',
      'media-jam',
      'door-open',
      'toner-low',
      'toner-empty',
      'output-area-full',
      'paused',
      'offline',
    ]),
  ),
  /** A printer that puts out nothing, says "completed", and counts no sheet, or all of them. */
  lies: z.enum(['counts-nothing', 'counts-all']).nullable(),
  /** How the spooler answers: as it should, late, with nonsense, not at all, or it is gone. */
  answers: z.enum(['ok', 'slow', 'garbled', 'hang', 'gone']),
  /** Time for one side, milliseconds. */
  sheetMs: z.number().int().min(0).max(600_000),
});

/** What a person does to the folder printer, from the same process or from another through {@link FolderPrinterControl}. */
export type FolderPrinterState = z.infer<typeof controlSchema>;

const healthy: FolderPrinterState = { faults: [], lies: null, answers: 'ok', sheetMs: 1_500 };

/**
 * The folder printer's condition, kept in `printer.json` inside its folder, so that the dock, another process, can put it out of
 * paper. Fields that are missing are as in a healthy printer; a file that cannot be read counts as healthy.
 */
export class FolderPrinterControl {
  readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, 'printer.json');
  }

  read(): FolderPrinterState {
    try {
      const parsed = controlSchema.partial().safeParse(JSON.parse(readFileSync(this.path, 'utf8')));
      return parsed.success ? { ...healthy, ...withoutUndefined(parsed.data) } : healthy;
    } catch {
      return healthy;
    }
  }

  /** Changes the named fields. The file is replaced at once, so that a reader never sees half of it. */
  change(change: Partial<FolderPrinterState>): FolderPrinterState {
    const next = controlSchema.parse({ ...this.read(), ...change });
    const draft = `${this.path}.${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, `${JSON.stringify(next, null, 2)}\n`);
    renameSync(draft, this.path);
    return next;
  }
}

type FolderJob = {
  jobId: string;
  submission: SpoolSubmission;
  state: SpoolJobState;
  impressions: number;
  isCancelAsked: boolean;
};

const tickMs = 20;
const slowAnswerMs = 60;
/** Faults under which no sheet moves. */
const stopping = new Set<string>([
  'media-empty',
  'media-jam',
  'door-open',
  'toner-empty',
  'output-area-full',
  'paused',
  'offline',
]);

/**
 * A printer for demonstrations: it takes the time a printer takes and then lays the PDF into a folder as `<jobId>.pdf` (further
 * copies as `<jobId>-2.pdf` …). It lives inside the kiosk: with the kiosk's end its jobs end, and what is not in the folder by
 * then was not printed.
 */
export class FolderSpooler implements Spooler {
  readonly features = ['job-state', 'printer-asked', 'history-purged'] as const;
  private readonly folder: string;
  private readonly control: FolderPrinterControl;
  private readonly jobs = new Map<string, FolderJob>();
  private engine: Promise<void> | null = null;
  private isClosed = false;

  /** Makes the folder; throws where it cannot be. */
  constructor(folder: string) {
    const made = makeFolder(folder);
    if (!made.ok) throw new Error(`${folder}: ${made.detail}`);
    this.folder = folder;
    this.control = new FolderPrinterControl(folder);
  }

  async printer(call: SpoolCall): Promise<SpoolResult<SpoolPrinter>> {
    return this.answer(call, () => {
      const { faults } = this.control.read();
      const isStopped = faults.some((fault) => stopping.has(fault));
      const isBusy = [...this.jobs.values()].some((job) => job.state === 'processing');
      const printer: SpoolPrinter = {
        state: isStopped && isBusy ? 'stopped' : isBusy ? 'processing' : 'idle',
        isAccepting: true,
        reasons: faults,
        supplies: [],
        model: 'Folder printer (demonstration)',
      };
      return done(printer);
    });
  }

  async submit(submission: SpoolSubmission, call: SpoolCall): Promise<SpoolResult<{ jobId: string }>> {
    return this.answer(call, () => {
      const jobId = `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
      this.jobs.set(jobId, { jobId, submission, state: 'pending', impressions: 0, isCancelAsked: false });
      this.isClosed = false;
      this.engine ??= this.run().finally(() => {
        this.engine = null;
      });
      return done({ jobId });
    });
  }

  async job(jobId: string, call: SpoolCall): Promise<SpoolResult<SpoolJob>> {
    return this.answer(call, () => {
      const job = this.jobs.get(jobId);
      return job === undefined ? this.earlierJob(jobId) : done(this.told(job));
    });
  }

  async ownJobs(call: SpoolCall): Promise<SpoolResult<readonly SpoolJob[]>> {
    return this.answer(call, () => done([...this.jobs.values()].map((job) => this.told(job))));
  }

  async cancel(jobId: string, call: SpoolCall): Promise<SpoolResult<null>> {
    return this.answer(call, () => {
      const job = this.jobs.get(jobId);
      if (job !== undefined) job.isCancelAsked = true;
      return done(null);
    });
  }

  async purge(jobId: string, call: SpoolCall): Promise<SpoolResult<null>> {
    return this.answer(call, () => {
      const job = this.jobs.get(jobId);
      if (job !== undefined && hasEnded(job.state)) this.jobs.delete(jobId);
      return done(null);
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.engine;
  }

  /** A job of an earlier life: printed if its paper lies in the folder, otherwise it ended with that life. */
  private earlierJob(jobId: string): SpoolResult<SpoolJob> {
    if (!/^[0-9a-z]+-[0-9a-f]{8}$/.test(jobId)) return failed('unknown-job', 'never submitted');
    const isPrinted = existsSync(join(this.folder, `${jobId}.pdf`));
    const state = isPrinted ? 'completed' : 'aborted';
    const impressions = isPrinted ? null : 0;
    return done({ jobId, name: '', state, reasons: [], atPrinter: { kind: 'known', state, reasons: [], impressions } });
  }

  private told(job: FolderJob): SpoolJob {
    const isSilent = this.control.read().faults.includes('offline');
    const atPrinter: PrinterSide = isSilent
      ? { kind: 'unreachable' }
      : { kind: 'known', state: job.state, reasons: [], impressions: job.impressions };
    return { jobId: job.jobId, name: job.submission.name, state: job.state, reasons: [], atPrinter };
  }

  /** Prints one job after the other until none is left. */
  private async run(): Promise<void> {
    for (;;) {
      const job = [...this.jobs.values()].find((candidate) => candidate.state === 'pending');
      if (job === undefined || this.isClosed) return;
      await this.print(job);
    }
  }

  private async print(job: FolderJob): Promise<void> {
    const { pages, copies } = job.submission;
    if (job.isCancelAsked) {
      job.state = 'cancelled';
      return;
    }
    job.state = 'processing';
    while (job.impressions < pages * copies) {
      const end = await this.printSide(job);
      if (end === 'done') continue;
      if (end === 'lied') {
        job.impressions = this.control.read().lies === 'counts-nothing' ? 0 : pages * copies;
        job.state = 'completed';
      } else job.state = end;
      return;
    }
    const laidOut = this.layOut(job);
    job.impressions = pages * laidOut;
    job.state = laidOut === copies ? 'completed' : 'aborted';
  }

  /** One side: as long as it takes, longer while something stops the printer. A sheet that is moving finishes. */
  private async printSide(job: FolderJob): Promise<'done' | 'lied' | 'cancelled' | 'aborted'> {
    let movedMs = 0;
    for (;;) {
      const { faults, lies, sheetMs } = this.control.read();
      if (this.isClosed) return 'aborted';
      const isStopped = lies === null && faults.some((fault) => stopping.has(fault));
      if (job.isCancelAsked && (isStopped || movedMs === 0)) return 'cancelled';
      if (isStopped) movedMs = 0;
      else if (movedMs >= sheetMs) break;
      const stepMs = Math.min(tickMs, Math.max(sheetMs - movedMs, 1));
      await sleep(stepMs);
      if (!isStopped) movedMs += stepMs;
    }
    if (this.control.read().lies !== null) return 'lied';
    job.impressions += 1;
    return 'done';
  }

  /** Answers how many copies lie there: a full disk is this printer's breakdown. Under the name of the draft nobody takes half a paper for a whole one. */
  private layOut(job: FolderJob): number {
    for (let copy = 1; copy <= job.submission.copies; copy += 1) {
      const name = copy === 1 ? job.jobId : `${job.jobId}-${copy}`;
      const draft = join(this.folder, `.${name}.part`);
      try {
        writeFileSync(draft, job.submission.pdf);
        renameSync(draft, join(this.folder, `${name}.pdf`));
      } catch {
        return copy - 1;
      }
    }
    return job.submission.copies;
  }

  private async answer<T>(call: SpoolCall, act: () => SpoolResult<T>): Promise<SpoolResult<T>> {
    const untilMs = performance.now() + call.timeoutMs;
    const { answers } = this.control.read();
    if (answers === 'slow') await sleep(slowAnswerMs);
    for (;;) {
      if (call.signal?.aborted === true) return failed('cancelled', 'by signal');
      const now = this.control.read().answers;
      if (now === 'gone') return failed('unreachable', 'switched off for the demonstration');
      if (now === 'garbled') return failed('garbled', 'nonsense for the demonstration');
      if (now !== 'hang') return act();
      if (performance.now() >= untilMs) return failed('timed-out', 'no answer');
      await sleep(tickMs);
    }
  }
}

function done<T>(value: T): SpoolResult<T> {
  return { ok: true, value };
}

function failed(reason: SpoolFailure, detail: string): { ok: false; reason: SpoolFailure; detail: string } {
  return { ok: false, reason, detail };
}

function withoutUndefined(change: Partial<Record<keyof FolderPrinterState, unknown>>): Partial<FolderPrinterState> {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Partial<FolderPrinterState>;
}
