import type { WritableDatabase } from '../database.ts';

/**
 * Fewer pages a request, and nothing kept that is not needed (docs/decisions/7-store.md).
 *
 * `outbox` holds only what is still open; its order is kept in memory (outbox.ts), so that it needs no index. What is settled moves to `settled`,
 * without its body. Rows are ordered among those that are open, so that nothing has to be remembered of a person whose requests are all settled. An
 * outbox row is its own journal entry. The audit binds a digest of its detail, so that the detail can be wiped while the
 * chain still holds: rows of algorithm `sha-256` bind the detail itself and keep it.
 */
export function makeQueueLean(database: WritableDatabase): void {
  database.execute(`
    CREATE TABLE settled (
      id          TEXT PRIMARY KEY,
      kind        TEXT NOT NULL,
      made_at     INTEGER NOT NULL,
      settled_at  INTEGER NOT NULL,
      state       TEXT NOT NULL CHECK (state IN ('done', 'dropped', 'lost')),
      fingerprint BLOB NOT NULL,
      answer      BLOB,
      refusal     TEXT
    ) STRICT, WITHOUT ROWID;
    INSERT INTO settled (id, kind, made_at, settled_at, state, fingerprint, answer, refusal)
      SELECT id, kind, made_at, coalesce(settled_at, made_at), state, fingerprint, answer, refusal
      FROM outbox WHERE state IN ('done', 'dropped');

    CREATE TABLE open_rows (
      seq             INTEGER PRIMARY KEY,
      id              TEXT NOT NULL,
      -- Keyed fingerprint of whose request it is; null where order does not matter.
      order_tag       TEXT,
      -- What the centre orders by: the id of the first of the rows that were open together.
      order_key       TEXT NOT NULL,
      sequence        INTEGER NOT NULL,
      kind            TEXT NOT NULL,
      -- Lower goes first: the instant it was made plus what its kind can wait, so that nothing starves.
      rank            INTEGER NOT NULL,
      made_at         INTEGER NOT NULL,
      state           TEXT NOT NULL CHECK (state IN ('waiting', 'set-aside')),
      attempts        INTEGER NOT NULL,
      next_attempt_at INTEGER NOT NULL,
      fingerprint     BLOB NOT NULL,
      sealed          BLOB NOT NULL,
      detail          BLOB,
      refusal         TEXT
    ) STRICT;
    INSERT INTO open_rows
      SELECT seq, id, iif(order_key = id, NULL, order_key), order_key, sequence, kind, rank, made_at, iif(state = 'set-aside', state, 'waiting'), attempts, next_attempt_at,
        fingerprint, sealed, iif(state = 'set-aside', answer, NULL), refusal
      FROM outbox WHERE open = 1 AND sealed IS NOT NULL;
    DROP TABLE outbox;
    DROP TABLE orders;
    ALTER TABLE open_rows RENAME TO outbox;

    DELETE FROM journal WHERE kind = 'submission';

    ALTER TABLE papers ADD COLUMN wiped INTEGER NOT NULL DEFAULT 0;

    ALTER TABLE audit ADD COLUMN detail_digest BLOB;
    DROP TRIGGER audit_keeps_words;
    CREATE TRIGGER audit_keeps_words BEFORE UPDATE OF seq, at, event, about, trace, fields, algorithm, prev, hash, detail_digest ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_wipes_only BEFORE UPDATE OF detail ON audit
      WHEN NEW.detail IS NOT NULL OR OLD.algorithm = 'sha-256'
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  `);
}
