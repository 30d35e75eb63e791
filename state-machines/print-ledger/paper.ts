/**
 * The life of one numbered paper, from the centre's number to an end the centre is told of.
 *
 * ```
 *           spool              start             end: completed
 *  issued ─────────▶ spooled ─────────▶ printing ───────────────▶ printed
 *    ▲  │              │                   │ end, a whole copy out ▶ printed
 *    │  │ void         │ end, no sheet out │ end, less than that   ▶ void
 *    └──┼──────────────┴───────────────────┘ end, nobody knows     ▶ unknown ─ found ─▶ printed, void
 *       ▼
 *     void
 * ```
 *
 * A number is spooled again only from `issued`, and a paper returns there only when it is certain that no sheet came out: so no two
 * jobs can carry one number. Copies of one job are collated: the second begins when the first is whole. Power loss and crashes are the
 * event `interrupted`.
 */

/** Where a paper is. `unknown`: a sheet may have come out; staff have to look. */
export type PaperState = 'issued' | 'spooled' | 'printing' | 'printed' | 'void' | 'unknown';

export type Paper = {
  state: PaperState;
  /** Sheets known to have come out. */
  sheets: number;
  /** Whole copies known to have come out. */
  copies: number;
  /** What the last job asked for: sheets of one copy, and copies. Null before the first. */
  job: { sheets: number; copies: number } | null;
  /** Keyword for what ended or interrupted the last job, e.g. `paper-out`, `visitor-gone`; null if nothing did. */
  reason: string | null;
};

/**
 * What can happen to a paper. `ended.sheets` is how many sheets of the job came out in all; null where the printer or the spooler
 * cannot say.
 */
export type PaperEvent =
  /** Recorded before the job is handed over, so that a crash in between is not taken for "never printed". */
  | { kind: 'spool'; sheets: number; copies: number }
  | { kind: 'start' }
  | { kind: 'sheet-out'; sheets: number }
  | { kind: 'ended'; how: 'completed' }
  | { kind: 'ended'; how: 'cancelled' | 'failed'; sheets: number | null; reason: string }
  /** The paper is given up before any sheet came out. */
  | { kind: 'void'; reason: string }
  /** The kiosk started and finds the paper as it was left. */
  | { kind: 'interrupted' }
  /** Staff looked into the printer and the tray. */
  | { kind: 'found'; outcome: 'printed'; copies: number; reason: string }
  | { kind: 'found'; outcome: 'void'; reason: string };

type PaperStep = { ok: true; paper: Paper } | { ok: false; reason: 'not-now' };

/** A paper that has just been given its number. */
export const issuedPaper: Paper = { state: 'issued', sheets: 0, copies: 0, job: null, reason: null };

/** The paper after an event; `not-now` where the event cannot happen to a paper in this state. */
export function stepPaper(paper: Paper, event: PaperEvent): PaperStep {
  switch (event.kind) {
    case 'spool':
      return paper.state === 'issued'
        ? to({ ...paper, state: 'spooled', job: { sheets: event.sheets, copies: event.copies }, reason: null })
        : notNow;
    case 'start':
      return paper.state === 'spooled' ? to({ ...paper, state: 'printing' }) : notNow;
    case 'sheet-out':
      return isAtPrinter(paper)
        ? to({ ...paper, state: 'printing', sheets: Math.max(paper.sheets, event.sheets) })
        : notNow;
    case 'ended':
      return isAtPrinter(paper) ? to(afterJob(paper, event)) : notNow;
    case 'void':
      return paper.state === 'issued' ? to({ ...paper, state: 'void', reason: event.reason }) : notNow;
    case 'interrupted':
      return interrupted(paper);
    case 'found':
      return paper.state === 'unknown'
        ? to({
            ...paper,
            state: event.outcome,
            copies: event.outcome === 'printed' ? event.copies : 0,
            reason: event.reason,
          })
        : notNow;
  }
}

/** What the centre is told when a paper comes to rest; null while it is on its way. */
export function outcomeOf(
  paper: Paper,
): { outcome: 'printed' | 'void' | 'unknown'; copies: number; reason: string | null } | null {
  switch (paper.state) {
    case 'printed':
    case 'void':
    case 'unknown':
      return { outcome: paper.state, copies: paper.copies, reason: paper.reason };
    case 'issued':
    case 'spooled':
    case 'printing':
      return null;
  }
}

const notNow: PaperStep = { ok: false, reason: 'not-now' };

function to(paper: Paper): PaperStep {
  return { ok: true, paper };
}

function isAtPrinter(paper: Paper): boolean {
  return paper.state === 'spooled' || paper.state === 'printing';
}

function afterJob(paper: Paper, event: Extract<PaperEvent, { kind: 'ended' }>): Paper {
  const job = paper.job ?? { sheets: 1, copies: 1 };
  if (event.how === 'completed') {
    return { ...paper, state: 'printed', sheets: job.sheets * job.copies, copies: job.copies, reason: null };
  }
  const { reason } = event;
  if (event.sheets === null) return { ...paper, state: 'unknown', reason };
  // Sheets already seen are a fact, whatever a job's end says of itself.
  const sheets = Math.max(paper.sheets, event.sheets);
  if (sheets === 0) return { ...paper, state: 'issued', reason };
  const copies = Math.floor(sheets / job.sheets);
  return { ...paper, state: copies > 0 ? 'printed' : 'void', sheets, copies, reason };
}

function interrupted(paper: Paper): PaperStep {
  switch (paper.state) {
    case 'issued':
      // Spooling is recorded before it is done, so this paper was never near a printer, and its visitor is gone.
      return to({ ...paper, state: 'void', reason: 'interrupted' });
    case 'spooled':
    case 'printing':
      return to({ ...paper, state: 'unknown', reason: 'interrupted' });
    case 'printed':
    case 'void':
    case 'unknown':
      return notNow;
  }
}
