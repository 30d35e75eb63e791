import { describe, expect, it } from 'vitest';
import type { PrinterSide, SpoolJob, SpoolJobState } from '../channels/spooler.ts';
import { giveUp, judge, type PrintProgress, type Sighting, startTrail, type Verdict } from './follow.ts';
import type { PrinterFault, PrintReason } from './reasons.ts';

function known(state: SpoolJobState, impressions: number | null = null): PrinterSide {
  return { kind: 'known', state, reasons: [], impressions };
}

/** A look: the spooler's word, the printer's, and what stops the printer. */
function seen(state: SpoolJobState, atPrinter: PrinterSide, fault: PrinterFault | null = null): Sighting {
  const job: SpoolJob = { jobId: '7', name: 'certificate-1', state, reasons: [], atPrinter };
  return { job, fault };
}

/** The last verdict of a row of looks at a job of two sides. */
function verdictOf(looks: readonly Sighting[], cancelFor: PrintReason | null = null): Verdict {
  let trail = startTrail(2);
  let verdict: Verdict | undefined;
  for (const look of looks) ({ trail, verdict } = judge(trail, look, cancelFor));
  if (verdict === undefined) throw new Error('no looks');
  return verdict;
}

function ended(looks: readonly Sighting[], cancelFor: PrintReason | null = null) {
  const verdict = verdictOf(looks, cancelFor);
  if (verdict.kind !== 'ended') throw new Error(`still ${verdict.progress.state}`);
  return verdict.outcome;
}

const absent: PrinterSide = { kind: 'absent' };
const notAsked: PrinterSide = { kind: 'notAsked' };
const unreachable: PrinterSide = { kind: 'unreachable' };

describe('a job that is completed', () => {
  it('is printed when spooler and printer say so and the count is full', () => {
    expect(ended([seen('processing', known('processing', 0)), seen('completed', known('completed', 2))])).toEqual({
      kind: 'printed',
      jobId: '7',
      impressions: 2,
    });
  });

  it('is printed on the spooler’s word where the printer cannot be asked and nothing stands in the way', () => {
    expect(ended([seen('completed', notAsked)])).toMatchObject({ kind: 'printed', impressions: null });
  });

  it('is not over while the printer still works on it, whatever the spooler says', () => {
    expect(verdictOf([seen('completed', known('processing', 1))])).toMatchObject({
      kind: 'going',
      progress: { state: 'printing', impressions: 1 },
    });
  });

  it('is over with the printer’s word, which CUPS notices later', () => {
    expect(ended([seen('processing', known('completed', 2))])).toMatchObject({ kind: 'printed', impressions: 2 });
  });

  it('is not over when the printer dropped it and the spooler tries again', () => {
    expect(verdictOf([seen('processing', known('aborted', 0))])).toMatchObject({ kind: 'going' });
  });

  it('is not over while the printer does not answer: CUPS takes that for done', () => {
    expect(verdictOf([seen('processing', known('processing', 1)), seen('completed', unreachable)])).toMatchObject({
      kind: 'going',
      progress: { state: 'waiting', reason: 'offline' },
    });
  });

  it.each([0, 1])('is a lie when the printer counted %i of 2 sides', (impressions) => {
    expect(ended([seen('completed', known('completed', impressions))])).toMatchObject({
      kind: 'failed-maybe-printed',
      reason: 'lying',
      impressions,
    });
  });

  it.each(['paper-out', 'paper-jam', 'door-open'] as const)(
    'is a lie under %s that stood before the count was full',
    (fault) => {
      const looks = [
        seen('processing', known('processing', 0), fault),
        seen('completed', known('completed', 2), fault),
      ];
      expect(ended(looks)).toMatchObject({ kind: 'failed-maybe-printed', reason: 'lying' });
    },
  );

  it('is a lie under paper-out where nothing counts', () => {
    expect(ended([seen('completed', notAsked, 'paper-out')])).toMatchObject({
      kind: 'failed-maybe-printed',
      reason: 'lying',
    });
  });

  it.each([
    ['once', [seen('processing', known('processing', null)), seen('completed', absent)]],
    ['never', [seen('processing', absent), seen('completed', absent)]],
  ])('is in doubt when the printer, asked, does not know it and nobody counted (it %s knew it)', (_, looks) => {
    expect(ended(looks)).toMatchObject({ kind: 'failed-maybe-printed', reason: 'lying' });
  });

  it('is printed when the printer counted all of it before it forgot it', () => {
    expect(ended([seen('processing', known('processing', 2)), seen('completed', absent)])).toMatchObject({
      kind: 'printed',
    });
  });

  it('is printed when its last sheet was the last in the tray', () => {
    const looks = [
      seen('processing', known('processing', 1)),
      seen('processing', known('processing', 2), 'paper-out'),
      seen('completed', known('completed', 2), 'paper-out'),
    ];
    expect(ended(looks)).toMatchObject({ kind: 'printed' });
  });

  it('is printed when paper was refilled on the way', () => {
    const looks = [
      seen('processing', known('processing', 1), 'paper-out'),
      seen('processing', known('processing', 1)),
      seen('completed', known('completed', 2)),
    ];
    expect(ended(looks)).toMatchObject({ kind: 'printed' });
  });

  it('is in doubt when the toner ran out, for the sheet may be blank', () => {
    expect(ended([seen('completed', known('completed', 2), 'toner-empty')])).toMatchObject({
      kind: 'failed-maybe-printed',
      reason: 'toner-empty',
    });
  });

  it('is printed although the kiosk asked for its end too late', () => {
    const looks = [seen('processing', known('processing', 1)), seen('cancelled', known('completed', 2))];
    expect(ended(looks, 'cancelled')).toMatchObject({ kind: 'printed' });
  });
});

describe('a job that was taken back', () => {
  it('is cancelled for certain when the spooler never began', () => {
    expect(ended([seen('pending', absent), seen('cancelled', absent)], 'cancelled')).toEqual({
      kind: 'cancelled',
      jobId: '7',
    });
  });

  it('is cancelled for certain when the printer, asked, never knew it', () => {
    expect(ended([seen('processing', absent), seen('cancelled', absent)], 'cancelled')).toMatchObject({
      kind: 'cancelled',
    });
  });

  it('failed before paper when the printer counted nothing and nobody helped', () => {
    const looks = [
      seen('processing', known('processing', 0), 'paper-out'),
      seen('cancelled', known('cancelled', 0), 'paper-out'),
    ];
    expect(ended(looks, 'paper-out')).toEqual({ kind: 'failed-before-paper', reason: 'paper-out', jobId: '7' });
  });

  it('may have printed after a jam, whatever the count says: a sheet is in the path', () => {
    const looks = [seen('processing', known('processing', 0), 'paper-jam'), seen('cancelled', known('cancelled', 0))];
    expect(ended(looks, 'paper-jam')).toMatchObject({ kind: 'failed-maybe-printed', reason: 'paper-jam' });
  });

  it('may have printed when a side was counted', () => {
    const looks = [seen('processing', known('processing', 1)), seen('cancelled', known('cancelled', 1))];
    expect(ended(looks, 'cancelled')).toMatchObject({
      kind: 'failed-maybe-printed',
      reason: 'cancelled',
      impressions: 1,
    });
  });

  it('may have printed where the printer cannot be asked and the spooler had begun', () => {
    const looks = [seen('processing', notAsked), seen('cancelled', notAsked)];
    expect(ended(looks, 'paper-out')).toMatchObject({ kind: 'failed-maybe-printed', reason: 'paper-out' });
  });

  it('is not over while the printer has yet to confirm', () => {
    const looks = [seen('processing', known('processing', 0)), seen('cancelled', known('processing', 0))];
    expect(verdictOf(looks, 'cancelled')).toMatchObject({ kind: 'going', progress: { state: 'cancelling' } });
  });

  it('is unknown when it could not be followed', () => {
    expect(giveUp({ ...startTrail(2), impressions: 1 }, '7', 'offline')).toEqual({
      kind: 'failed-maybe-printed',
      reason: 'offline',
      jobId: '7',
      impressions: 1,
    });
  });
});

describe('a job that others ended', () => {
  it('was cancelled by a hand at the printer', () => {
    const looks = [seen('processing', known('processing', 0)), seen('cancelled', known('cancelled', 0))];
    expect(ended(looks)).toMatchObject({ kind: 'failed-before-paper', reason: 'cancelled' });
  });

  it('was dropped by the printer although the spooler calls it completed', () => {
    expect(ended([seen('completed', known('aborted', 0))])).toMatchObject({
      kind: 'failed-before-paper',
      reason: 'aborted',
    });
  });

  it('was given up by the spooler with nobody to ask', () => {
    expect(ended([seen('processing', notAsked), seen('aborted', notAsked)])).toMatchObject({
      kind: 'failed-maybe-printed',
      reason: 'aborted',
    });
  });
});

describe('a job under way', () => {
  it.each<[string, Sighting, PrintProgress]>([
    ['queued', seen('pending', absent), { state: 'queued' }],
    ['printing', seen('processing', known('processing', 1)), { state: 'printing', impressions: 1 }],
    [
      'waiting for paper',
      seen('processing', known('processing', 1), 'paper-out'),
      { state: 'waiting', reason: 'paper-out' },
    ],
    ['held by the queue', seen('held', absent), { state: 'waiting', reason: 'stopped' }],
    ['at a printer that went silent', seen('processing', unreachable), { state: 'waiting', reason: 'offline' }],
  ])('is %s', (_, look, progress) => {
    expect(verdictOf([look])).toEqual({ kind: 'going', progress });
  });
});
