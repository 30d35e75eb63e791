import { describe, expect, test } from 'vitest';
import type { Paper, PaperEvent, PaperState } from './paper.ts';
import { issuedPaper, outcomeOf, stepPaper } from './paper.ts';

function paperAfter(...events: PaperEvent[]): Paper {
  return events.reduce((paper, event) => {
    const step = stepPaper(paper, event);
    if (!step.ok) throw new Error(`${event.kind} cannot happen to a paper that is ${paper.state}`);
    return step.paper;
  }, issuedPaper);
}

const spool: PaperEvent = { kind: 'spool', sheets: 2, copies: 1 };
const start: PaperEvent = { kind: 'start' };
const failed = (sheets: number | null, reason = 'jam'): PaperEvent => ({
  kind: 'ended',
  how: 'failed',
  sheets,
  reason,
});
const completed: PaperEvent = { kind: 'ended', how: 'completed' };

describe('a numbered paper', () => {
  test('is told as printed, one copy, when its job completed', () => {
    expect(outcomeOf(paperAfter(spool, start, completed))).toEqual({ outcome: 'printed', copies: 1, reason: null });
  });

  test('is told nothing of while it is on its way', () => {
    expect(outcomeOf(paperAfter())).toBeNull();
    expect(outcomeOf(paperAfter(spool))).toBeNull();
    expect(outcomeOf(paperAfter(spool, start))).toBeNull();
  });

  test('completes also when the printer is too quick to be seen printing', () => {
    expect(paperAfter(spool, completed).state).toBe('printed');
  });

  test('may be spooled again when it is certain that no sheet came out', () => {
    const paper = paperAfter(spool, failed(0, 'paper-out'));
    expect(stepPaper(paper, spool).ok).toBe(true);
    expect(paper.reason).toBe('paper-out');
    expect(paperAfter(spool, failed(0), spool, start, completed).state).toBe('printed');
  });

  test('is void when some of its sheets came out and the rest did not', () => {
    const paper = paperAfter(spool, start, { kind: 'sheet-out', sheets: 1 }, failed(1));
    expect(paper).toMatchObject({ state: 'void', sheets: 1, copies: 0 });
    expect(stepPaper(paper, spool).ok).toBe(false);
  });

  test('is printed with the copies that are whole, when a job of several ends early', () => {
    const paper = paperAfter({ kind: 'spool', sheets: 2, copies: 3 }, start, failed(5));
    expect(outcomeOf(paper)).toEqual({ outcome: 'printed', copies: 2, reason: 'jam' });
  });

  test('is unknown when nobody can say whether a sheet came out', () => {
    expect(paperAfter(spool, start, failed(null, 'spooler-lost'))).toMatchObject({
      state: 'unknown',
      reason: 'spooler-lost',
    });
  });

  test('keeps a sheet that was seen, though the end of the job denies it', () => {
    expect(paperAfter(spool, start, { kind: 'sheet-out', sheets: 1 }, failed(0)).state).toBe('void');
  });

  test('is void when it is given up before it was spooled', () => {
    expect(paperAfter({ kind: 'void', reason: 'visitor-gone' })).toMatchObject({
      state: 'void',
      reason: 'visitor-gone',
    });
  });

  test('cannot be given up while the printer has it', () => {
    expect(stepPaper(paperAfter(spool), { kind: 'void', reason: 'visitor-gone' })).toEqual({
      ok: false,
      reason: 'not-now',
    });
  });

  test('is void after a power loss before it was spooled', () => {
    expect(paperAfter({ kind: 'interrupted' })).toMatchObject({ state: 'void', reason: 'interrupted' });
  });

  test('is unknown after a power loss at the spooler or the printer', () => {
    expect(paperAfter(spool, { kind: 'interrupted' }).state).toBe('unknown');
    expect(paperAfter(spool, start, { kind: 'interrupted' }).state).toBe('unknown');
  });

  test('that is unknown is settled by what staff find', () => {
    const paper = paperAfter(
      spool,
      { kind: 'interrupted' },
      { kind: 'found', outcome: 'printed', copies: 1, reason: 'in-tray' },
    );
    expect(outcomeOf(paper)).toEqual({ outcome: 'printed', copies: 1, reason: 'in-tray' });
  });

  test('is never printed twice: no walk of events reaches the spooler again after a sheet may have come out', () => {
    const events: PaperEvent[] = [
      spool,
      start,
      { kind: 'sheet-out', sheets: 1 },
      completed,
      failed(0),
      failed(1),
      failed(null),
      { kind: 'void', reason: 'x' },
      { kind: 'interrupted' },
      { kind: 'found', outcome: 'printed', copies: 1, reason: 'x' },
      { kind: 'found', outcome: 'void', reason: 'x' },
    ];
    type Walk = { paper: Paper; sheetMayExist: boolean; ended: boolean };
    const seen = new Set<string>();
    const reached = new Set<PaperState>();
    const walks: Walk[] = [{ paper: issuedPaper, sheetMayExist: false, ended: false }];
    for (let walk = walks.pop(); walk; walk = walks.pop()) {
      const key = JSON.stringify(walk);
      if (seen.has(key)) continue;
      seen.add(key);
      reached.add(walk.paper.state);
      if (walk.sheetMayExist) expect(stepPaper(walk.paper, spool).ok, key).toBe(false);
      if (walk.ended) expect(outcomeOf(walk.paper), key).not.toBeNull();
      for (const event of events) {
        const step = stepPaper(walk.paper, event);
        if (!step.ok) continue;
        const mayHave =
          event.kind === 'sheet-out' ||
          (event.kind === 'ended' && (event.how === 'completed' || event.sheets !== 0)) ||
          (event.kind === 'interrupted' && walk.paper.state !== 'issued');
        walks.push({
          paper: step.paper,
          sheetMayExist: walk.sheetMayExist || mayHave,
          ended: walk.ended || outcomeOf(walk.paper) !== null,
        });
      }
    }
    expect([...reached].sort()).toEqual(['issued', 'printed', 'printing', 'spooled', 'unknown', 'void']);
  });
});
