CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_keeps_words BEFORE UPDATE OF seq, at, event, about, trace, fields, algorithm, prev, hash, detail_digest ON audit
 BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_wipes_only BEFORE UPDATE OF detail ON audit
 WHEN NEW.detail IS NOT NULL OR OLD.algorithm = 'sha-256'
 BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TABLE audit (
 seq INTEGER PRIMARY KEY,
 at INTEGER NOT NULL,
 event TEXT NOT NULL,
 about TEXT NOT NULL,
 trace TEXT NOT NULL,
 fields TEXT NOT NULL,
 detail BLOB,
 algorithm TEXT NOT NULL,
 prev BLOB NOT NULL,
 hash BLOB NOT NULL
 , detail_digest BLOB) STRICT;
CREATE TABLE journal (
 key TEXT PRIMARY KEY,
 kind TEXT NOT NULL CHECK (kind IN ('submission', 'issue', 'print', 'card')),
 began_at INTEGER NOT NULL,
 intent BLOB,
 settled_at INTEGER,
 outcome TEXT
 ) STRICT, WITHOUT ROWID;
CREATE TABLE "outbox" (
 seq INTEGER PRIMARY KEY,
 id TEXT NOT NULL,
 -- Keyed fingerprint of whose request it is; null where order does not matter.
 order_tag TEXT,
 -- What the centre orders by: the id of the first of the rows that were open together.
 order_key TEXT NOT NULL,
 sequence INTEGER NOT NULL,
 kind TEXT NOT NULL,
 -- Lower goes first: the instant it was made plus what its kind can wait, so that nothing starves.
 rank INTEGER NOT NULL,
 made_at INTEGER NOT NULL,
 state TEXT NOT NULL CHECK (state IN ('waiting', 'set-aside')),
 attempts INTEGER NOT NULL,
 next_attempt_at INTEGER NOT NULL,
 fingerprint BLOB NOT NULL,
 sealed BLOB NOT NULL,
 detail BLOB,
 refusal TEXT
 ) STRICT;
CREATE TABLE paper_steps (
 seq INTEGER PRIMARY KEY,
 paper TEXT NOT NULL REFERENCES papers (id),
 at INTEGER NOT NULL,
 event TEXT NOT NULL,
 state TEXT NOT NULL,
 sheets INTEGER NOT NULL,
 reason TEXT
 ) STRICT;
CREATE TABLE papers (
 seq INTEGER PRIMARY KEY,
 -- The key it was issued with.
 id TEXT NOT NULL UNIQUE,
 number BLOB NOT NULL,
 -- Keyed fingerprint of the number, so that a paper is found by it.
 number_tag BLOB NOT NULL UNIQUE,
 authority BLOB NOT NULL,
 issued_at INTEGER NOT NULL,
 changed_at INTEGER NOT NULL,
 state TEXT NOT NULL CHECK (state IN ('issued', 'spooled', 'printing', 'printed', 'void', 'unknown')),
 sheets INTEGER NOT NULL,
 copies INTEGER NOT NULL,
 job_sheets INTEGER,
 job_copies INTEGER,
 reason TEXT
 , wiped INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE secrets (
 name TEXT PRIMARY KEY,
 sealed BLOB NOT NULL
 ) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
 name TEXT PRIMARY KEY,
 value TEXT NOT NULL,
 changed_at INTEGER NOT NULL
 ) STRICT, WITHOUT ROWID;
CREATE TABLE settled (
 id TEXT PRIMARY KEY,
 kind TEXT NOT NULL,
 made_at INTEGER NOT NULL,
 settled_at INTEGER NOT NULL,
 state TEXT NOT NULL CHECK (state IN ('done', 'dropped', 'lost')),
 fingerprint BLOB NOT NULL,
 answer BLOB,
 refusal TEXT
 ) STRICT, WITHOUT ROWID;
CREATE INDEX journal_open ON journal (kind, began_at) WHERE settled_at IS NULL AND kind <> 'submission';
CREATE INDEX paper_steps_by_paper ON paper_steps (paper, seq);
CREATE INDEX papers_open ON papers (state) WHERE state IN ('issued', 'spooled', 'printing', 'unknown');
