/**
 * What a document printer needs of the thing that spools for it, whether CUPS, Windows or a folder.
 *
 * A spooler is asked, never believed beyond what it can know: its own queue's word for a job and the printer's word are two
 * fields, because a spooler says "completed" when it has handed the pages over.
 */

/** A job's life in the words of RFC 8011, 5.3.7. */
export type SpoolJobState = 'pending' | 'held' | 'processing' | 'stopped' | 'completed' | 'aborted' | 'cancelled';

/** What the printer itself says of a job, apart from what the spooler says. */
export type PrinterSide =
  /** The wire cannot ask the printer. */
  | { kind: 'notAsked' }
  /** The printer was asked and did not answer. */
  | { kind: 'unreachable' }
  /** The printer answers and does not know the job: not yet, or no more. */
  | { kind: 'absent' }
  | {
      kind: 'known';
      state: SpoolJobState;
      /** `job-state-reasons` keywords. */
      reasons: readonly string[];
      /** Sides the printer says it has put on paper; null when it does not count. */
      impressions: number | null;
    };

export type SpoolJob = {
  jobId: string;
  /** The neutral name the job was submitted with. */
  name: string;
  state: SpoolJobState;
  /** `job-state-reasons` keywords of the spooler. */
  reasons: readonly string[];
  atPrinter: PrinterSide;
};

export type SpoolPrinter = {
  /** RFC 8011 `printer-state`: 3, 4, 5. */
  state: 'idle' | 'processing' | 'stopped';
  /** False when the queue refuses new jobs. */
  isAccepting: boolean;
  /** `printer-state-reasons`, with or without `-report`, `-warning`, `-error`; `offline` when the printer does not answer. */
  reasons: readonly string[];
  supplies: readonly Supply[];
  /** For staff, e.g. `HP LaserJet M404`. */
  model: string;
};

/** One toner, ink or waste box. `levelPercent` is null where the printer does not say. */
export type Supply = { name: string; kind: string; levelPercent: number | null };

/**
 * Why a spooler did not answer as asked.
 * `unreachable`: nothing was handed over. `unsure`: the wire broke after something may have been handed over, and the queue knows it
 * by its name if so. `untold`: a sheet may have come or may yet come, and the queue cannot tell; the spooler takes the job back when it
 * can.
 */
export type SpoolFailure =
  | 'unreachable'
  | 'unsure'
  | 'untold'
  | 'unknown-printer'
  | 'unknown-job'
  | 'refused'
  | 'garbled'
  | 'timed-out'
  | 'cancelled';

export type SpoolResult<T> = { ok: true; value: T } | { ok: false; reason: SpoolFailure; detail: string };

/** Every call ends: with its answer, after `timeoutMs`, or by `signal`. */
export type SpoolCall = { timeoutMs: number; signal?: AbortSignal };

export type SpoolSubmission = {
  pdf: Uint8Array;
  /** Shown in queues and logs, so never personal. Unique to this submission. */
  name: string;
  pages: number;
  copies: number;
};

export interface Spooler {
  /** Named abilities: `job-state`, `printer-asked` (the printer's own word is had), `supplies`, `history-purged`. */
  readonly features: readonly string[];
  /** The printer's state, asked now. */
  printer(call: SpoolCall): Promise<SpoolResult<SpoolPrinter>>;
  submit(submission: SpoolSubmission, call: SpoolCall): Promise<SpoolResult<{ jobId: string }>>;
  job(jobId: string, call: SpoolCall): Promise<SpoolResult<SpoolJob>>;
  /** The kiosk's own jobs that the spooler still knows, ended ones included. */
  ownJobs(call: SpoolCall): Promise<SpoolResult<readonly SpoolJob[]>>;
  /** Asks for the job's end. Succeeds for a job that has ended; whether paper came is told by {@link job}. */
  cancel(jobId: string, call: SpoolCall): Promise<SpoolResult<null>>;
  /** Removes the document and the line in the history of a job that has ended. Succeeds when there is nothing to remove. */
  purge(jobId: string, call: SpoolCall): Promise<SpoolResult<null>>;
  /** Lets go of connections and timers. Closing twice is harmless; a call after it opens anew. */
  close(): Promise<void>;
}

/** A job in one of these states changes no more. */
export function hasEnded(state: SpoolJobState): boolean {
  return state === 'completed' || state === 'aborted' || state === 'cancelled';
}
