import type { KeyObject } from 'node:crypto';
import type { Parties } from '../../state-machines/contract/words/person.ts';
import type { Paper, PaperEvent, PaperState } from '../../state-machines/print-ledger/paper.ts';
import { issuedPaper, stepPaper } from '../../state-machines/print-ledger/paper.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';
import type { Opened, Vault } from './vault.ts';
import { tag } from './vault.ts';

/** Under whose name a paper was issued: travels with what is told of it later. */
export type PaperAuthority = { visit: string; trace: string; grant: string | null; parties: Parties | null };

/** A paper of the ledger. `id` is the key it was issued with. */
export type LedgerPaper = {
  id: string;
  issuedAtMs: number;
  paper: Paper;
  number: Opened<string>;
  authority: Opened<PaperAuthority>;
};

/** One step of a paper's life, as it was recorded. */
export type PaperStepRow = {
  atMs: number;
  event: PaperEvent['kind'] | 'issue';
  state: PaperState;
  sheets: number;
  reason: string | null;
};

type Row = {
  seq: number;
  id: string;
  number: Uint8Array;
  authority: Uint8Array;
  issued_at: number;
  state: PaperState;
  sheets: number;
  copies: number;
  job_sheets: number | null;
  job_copies: number | null;
  reason: string | null;
};

/** Enters a paper that was given its number. False where the number or the key is already there. */
export function enterPaper(
  database: WritableDatabase,
  vault: Vault,
  secret: KeyObject,
  { id, number, authority, nowMs }: { id: string; number: string; authority: PaperAuthority; nowMs: number },
): boolean {
  const entered =
    database.run(
      `INSERT INTO papers (id, number, number_tag, authority, issued_at, changed_at, state, sheets, copies)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING`,
      id,
      vault.seal({ table: 'papers', row: id, column: 'number' }, number),
      tag(secret, 'number', number),
      vault.seal({ table: 'papers', row: id, column: 'authority' }, authority),
      Math.floor(nowMs),
      Math.floor(nowMs),
      issuedPaper.state,
    ) === 1;
  if (entered) recordStep(database, id, nowMs, 'issue', issuedPaper);
  return entered;
}

/** Takes a paper one step further, if that step can happen now. */
export function movePaper(
  database: WritableDatabase,
  current: LedgerPaper,
  event: PaperEvent,
  nowMs: number,
): { ok: true; paper: Paper } | { ok: false; reason: 'not-now' } {
  const step = stepPaper(current.paper, event);
  if (!step.ok) return step;
  const { paper } = step;
  database.run(
    `UPDATE papers SET state = ?, sheets = ?, copies = ?, job_sheets = ?, job_copies = ?, reason = ?, changed_at = ? WHERE id = ?`,
    paper.state,
    paper.sheets,
    paper.copies,
    paper.job?.sheets ?? null,
    paper.job?.copies ?? null,
    paper.reason,
    Math.floor(nowMs),
    current.id,
  );
  recordStep(database, current.id, nowMs, event.kind, paper);
  return { ok: true, paper };
}

export function findPaper(database: ReadableDatabase, vault: Vault, id: string): LedgerPaper | null {
  const row = database.get<Row>('SELECT * FROM papers WHERE id = ?', id);
  return row ? asPaper(vault, row) : null;
}

/** The paper of a number, as staff name it. */
export function findPaperOfNumber(
  database: ReadableDatabase,
  vault: Vault,
  secret: KeyObject,
  number: string,
): LedgerPaper | null {
  const row = database.get<Row>('SELECT * FROM papers WHERE number_tag = ?', tag(secret, 'number', number));
  return row ? asPaper(vault, row) : null;
}

/** Papers in these states, oldest first. */
export function papersIn(database: ReadableDatabase, vault: Vault, states: readonly PaperState[]): LedgerPaper[] {
  return states
    .flatMap((state) => database.all<Row>('SELECT * FROM papers WHERE state = ?', state))
    .sort((a, b) => a.seq - b.seq)
    .map((row) => asPaper(vault, row));
}

/** The steps of a paper's life, in order. */
export function stepsOf(database: ReadableDatabase, id: string): PaperStepRow[] {
  return database.all<PaperStepRow>(
    'SELECT at AS atMs, event, state, sheets, reason FROM paper_steps WHERE paper = ? ORDER BY seq',
    id,
  );
}

function recordStep(
  database: WritableDatabase,
  id: string,
  nowMs: number,
  event: PaperStepRow['event'],
  paper: Paper,
): void {
  database.run(
    'INSERT INTO paper_steps (paper, at, event, state, sheets, reason) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    Math.floor(nowMs),
    event,
    paper.state,
    paper.sheets,
    paper.reason,
  );
}

function asPaper(vault: Vault, row: Row): LedgerPaper {
  return {
    id: row.id,
    issuedAtMs: row.issued_at,
    paper: {
      state: row.state,
      sheets: row.sheets,
      copies: row.copies,
      job:
        row.job_sheets === null || row.job_copies === null ? null : { sheets: row.job_sheets, copies: row.job_copies },
      reason: row.reason,
    },
    number: vault.open({ table: 'papers', row: row.id, column: 'number' }, row.number),
    authority: vault.open({ table: 'papers', row: row.id, column: 'authority' }, row.authority),
  };
}
