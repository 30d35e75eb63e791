import type { WritableDatabase } from '../database.ts';

/** The print ledger: one row a numbered paper, and each step of its life. `number` and `authority` are sealed. */
export function createPapers(database: WritableDatabase): void {
  database.execute(`
    CREATE TABLE papers (
      seq        INTEGER PRIMARY KEY,
      -- The key it was issued with.
      id         TEXT NOT NULL UNIQUE,
      number     BLOB NOT NULL,
      -- Keyed fingerprint of the number, so that a paper is found by it.
      number_tag BLOB NOT NULL UNIQUE,
      authority  BLOB NOT NULL,
      issued_at  INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      state      TEXT NOT NULL CHECK (state IN ('issued', 'spooled', 'printing', 'printed', 'void', 'unknown')),
      sheets     INTEGER NOT NULL,
      copies     INTEGER NOT NULL,
      job_sheets INTEGER,
      job_copies INTEGER,
      reason     TEXT
    ) STRICT;
    CREATE INDEX papers_open ON papers (state) WHERE state IN ('issued', 'spooled', 'printing', 'unknown');

    CREATE TABLE paper_steps (
      seq    INTEGER PRIMARY KEY,
      paper  TEXT NOT NULL REFERENCES papers (id),
      at     INTEGER NOT NULL,
      event  TEXT NOT NULL,
      state  TEXT NOT NULL,
      sheets INTEGER NOT NULL,
      reason TEXT
    ) STRICT;
    CREATE INDEX paper_steps_by_paper ON paper_steps (paper, seq);
  `);
}
