/**
 * What became of a print job, decided from what spooler and printer say of it. Pure.
 *
 * CUPS says "completed" when its backend has handed the pages over, counts pages while filtering, keeps the printer's state of
 * the last job, and takes an answer it did not get for a job well done (cups/backend/ipp.c). So the spooler's word ends a job only
 * together with the printer's, where the printer can be asked, and "printed" is said only when nothing contradicts it.
 * A certificate wrongly told as printed is lost to the visitor; one wrongly told as unknown costs a look into the tray.
 */
import { hasEnded, type SpoolJob } from '../channels/spooler.ts';
import type { PrinterFault, PrintReason } from './reasons.ts';

/** How a print ended. `impressions` is the printer's own count, null where it does not count. */
export type PrintOutcome =
  | { kind: 'printed'; jobId: string; impressions: number | null }
  /** Certain: no sheet came out and none will. */
  | { kind: 'failed-before-paper'; reason: PrintReason; jobId: string | null }
  /** Unknown: a sheet, whole or in part, may have come out or may still come. */
  | { kind: 'failed-maybe-printed'; reason: PrintReason; jobId: string | null; impressions: number | null }
  /** Ended on the caller's wish; certain that no sheet came out and none will. */
  | { kind: 'cancelled'; jobId: string | null };

export type PrintProgress =
  | { state: 'submitted'; jobId: string }
  | { state: 'queued' }
  | { state: 'printing'; impressions: number | null }
  /** A person must help. Told before the job is handed over too. */
  | { state: 'waiting'; reason: PrinterFault | 'spooler-lost' }
  | { state: 'cancelling' };

/** One look at a job: what is said of it, and what stops the printer at that moment. */
export type Sighting = { job: SpoolJob; fault: PrinterFault | null };

/** What the looks so far have shown. */
export type Trail = {
  /** Sides to be printed in all: pages × copies. */
  expected: number;
  /** The spooler has begun with the job. */
  hasStarted: boolean;
  /** The printer has known the job. */
  wasAtPrinter: boolean;
  /** Highest count the printer gave. */
  impressions: number | null;
  /** A jam may hold a printed sheet that the count does not know. */
  hasJammed: boolean;
  /** Something without which no sheet can be fed stands since before the count was full. */
  stoodShort: boolean;
};

export type Verdict = { kind: 'going'; progress: PrintProgress } | { kind: 'ended'; outcome: PrintOutcome };

export function startTrail(expected: number): Trail {
  return {
    expected,
    hasStarted: false,
    wasAtPrinter: false,
    impressions: null,
    hasJammed: false,
    stoodShort: false,
  };
}

/** Takes one more look into account. `cancelFor` is why the kiosk has asked for the job's end, null while it has not. */
export function judge(
  trail: Trail,
  sighting: Sighting,
  cancelFor: PrintReason | null,
): { trail: Trail; verdict: Verdict } {
  const next = extend(trail, sighting);
  const { job, fault } = sighting;
  const side = job.atPrinter;
  const isSettled =
    side.kind === 'notAsked' || side.kind === 'absent' || (side.kind === 'known' && hasEnded(side.state));
  // A printer that has completed the job ends it: CUPS notices later, and prints it again if it was restarted in between.
  const isDoneAtPrinter = side.kind === 'known' && side.state === 'completed';
  if (isDoneAtPrinter || (hasEnded(job.state) && isSettled)) {
    return { trail: next, verdict: { kind: 'ended', outcome: outcomeOf(next, sighting, cancelFor) } };
  }
  return { trail: next, verdict: { kind: 'going', progress: progressOf(next, job, fault, cancelFor) } };
}

/** The outcome of a job that could not be followed to its end. */
export function giveUp(trail: Trail, jobId: string | null, reason: PrintReason): PrintOutcome {
  return { kind: 'failed-maybe-printed', reason, jobId, impressions: trail.impressions };
}

function extend(trail: Trail, { job, fault }: Sighting): Trail {
  const side = job.atPrinter;
  const counted = side.kind === 'known' ? side.impressions : null;
  const impressions = counted === null ? trail.impressions : Math.max(counted, trail.impressions ?? 0);
  const isShort = impressions === null || impressions < trail.expected;
  return {
    expected: trail.expected,
    hasStarted: trail.hasStarted || (job.state !== 'pending' && job.state !== 'held' && job.state !== 'cancelled'),
    wasAtPrinter: trail.wasAtPrinter || side.kind === 'known',
    impressions,
    hasJammed: trail.hasJammed || fault === 'paper-jam',
    stoodShort: stopsFeeding(fault) && (trail.stoodShort || isShort),
  };
}

/** Faults with which no sheet can be fed, so that a job completed under them is not believed. */
function stopsFeeding(fault: PrinterFault | null): boolean {
  return fault === 'paper-out' || fault === 'paper-jam' || fault === 'door-open';
}

function outcomeOf(trail: Trail, { job, fault }: Sighting, cancelFor: PrintReason | null): PrintOutcome {
  const side = job.atPrinter;
  // The printer's word comes first: CUPS calls a job cancelled that the printer finished, and completed that it dropped.
  const end = side.kind === 'known' ? side.state : job.state;
  if (end === 'completed') return completedOutcome(trail, job, fault);

  const reason: PrintReason = cancelFor ?? (fault === null ? (end === 'cancelled' ? 'cancelled' : 'aborted') : fault);
  if (!isWithoutPaper(trail, job)) {
    return { kind: 'failed-maybe-printed', reason, jobId: job.jobId, impressions: trail.impressions };
  }
  if (cancelFor === 'cancelled') return { kind: 'cancelled', jobId: job.jobId };
  return { kind: 'failed-before-paper', reason, jobId: job.jobId };
}

function completedOutcome(trail: Trail, { jobId, atPrinter }: SpoolJob, fault: PrinterFault | null): PrintOutcome {
  const { impressions, expected } = trail;
  const isCountedShort = impressions !== null && impressions < expected;
  // A printer whose power was cut knows nothing of the job it was printing, and CUPS calls that job completed.
  const isForgotten = atPrinter.kind === 'absent' && impressions === null;
  const isContradicted = isCountedShort || isForgotten || trail.stoodShort;
  // Toner that ran out leaves a sheet that may be blank.
  const doubt: PrintReason | null = isContradicted ? 'lying' : fault === 'toner-empty' ? 'toner-empty' : null;
  return doubt === null
    ? { kind: 'printed', jobId, impressions }
    : { kind: 'failed-maybe-printed', reason: doubt, jobId, impressions };
}

/** Certain that no sheet came: the spooler never began, or the printer, asked, never knew the job or counted nothing. */
function isWithoutPaper(trail: Trail, job: SpoolJob): boolean {
  if (trail.hasJammed) return false;
  if (!trail.hasStarted && !trail.wasAtPrinter) return true;
  const side = job.atPrinter;
  if (side.kind === 'absent') return !trail.wasAtPrinter && job.state === 'cancelled';
  return side.kind === 'known' && trail.impressions === 0;
}

function progressOf(
  trail: Trail,
  job: SpoolJob,
  fault: PrinterFault | null,
  cancelFor: PrintReason | null,
): PrintProgress {
  if (cancelFor !== null) return { state: 'cancelling' };
  if (job.atPrinter.kind === 'unreachable') return { state: 'waiting', reason: 'offline' };
  if (fault !== null) return { state: 'waiting', reason: fault };
  if (job.state === 'held') return { state: 'waiting', reason: 'stopped' };
  return trail.hasStarted ? { state: 'printing', impressions: trail.impressions } : { state: 'queued' };
}
