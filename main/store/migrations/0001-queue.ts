import type { WritableDatabase } from '../database.ts';

/**
 * Settings, secrets, journal, outbox, audit.
 *
 * Nothing personal stands in clear: `sealed`, `intent`, `answer` and `detail` are sealed (sealing.ts), `order_key` and `fingerprint` are keyed
 * (vault.ts). Instants are epoch milliseconds of the kiosk's clock, which may jump; order comes from `sequence` and `seq` only.
 */
export function createQueue(database: WritableDatabase): void {
  database.execute(`
    CREATE TABLE settings (
      name       TEXT PRIMARY KEY,
      value      TEXT NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE secrets (
      name   TEXT PRIMARY KEY,
      sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What was meant, before anything irreversible is done. Open until settled_at is set.
    -- Keys are UUIDs of version 7: rows lie in the order they were made, as near as the clock goes.
    CREATE TABLE journal (
      key        TEXT PRIMARY KEY,
      kind       TEXT NOT NULL CHECK (kind IN ('submission', 'issue', 'print', 'card')),
      began_at   INTEGER NOT NULL,
      intent     BLOB,
      settled_at INTEGER,
      outcome    TEXT
    ) STRICT, WITHOUT ROWID;
    -- Submissions are followed in the outbox; this finds the few others that a crash left open.
    CREATE INDEX journal_open ON journal (kind, began_at) WHERE settled_at IS NULL AND kind <> 'submission';

    -- The last sequence given in each order. Outlives the rows, since a sequence is never used twice.
    CREATE TABLE orders (
      order_key TEXT PRIMARY KEY,
      last      INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outbox (
      seq             INTEGER PRIMARY KEY,
      id              TEXT NOT NULL UNIQUE,
      order_key       TEXT NOT NULL,
      sequence        INTEGER NOT NULL,
      kind            TEXT NOT NULL,
      -- Lower goes first: the instant it was made plus what its kind can wait, so that nothing starves.
      rank            INTEGER NOT NULL,
      made_at         INTEGER NOT NULL,
      state           TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'set-aside', 'dropped')),
      -- 1 while the row stands before later ones of its order.
      open            INTEGER NOT NULL,
      attempts        INTEGER NOT NULL,
      next_attempt_at INTEGER NOT NULL,
      fingerprint     BLOB NOT NULL,
      sealed          BLOB,
      answer          BLOB,
      refusal         TEXT,
      settled_at      INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX outbox_order ON outbox (order_key, sequence) WHERE open = 1;
    CREATE INDEX outbox_due ON outbox (rank) WHERE state = 'waiting';

    -- What happened, in order, each row bound to the one before by its hash (audit.ts).
    CREATE TABLE audit (
      seq       INTEGER PRIMARY KEY,
      at        INTEGER NOT NULL,
      event     TEXT NOT NULL,
      about     TEXT NOT NULL,
      trace     TEXT NOT NULL,
      fields    TEXT NOT NULL,
      detail    BLOB,
      algorithm TEXT NOT NULL,
      prev      BLOB NOT NULL,
      hash      BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  `);
}
