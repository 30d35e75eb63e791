import { createHash } from 'node:crypto';
import type { ReadableDatabase, WritableDatabase } from './database.ts';
import type { Vault } from './vault.ts';

/**
 * Something that happened. `about` is the id of the request, paper or visit; `fields` are plain words and numbers for anyone who may read the
 * log; `detail` is personal (who acted, for whom) and sealed.
 */
export type AuditEntry = {
  event: string;
  about: string;
  trace: string;
  fields?: Record<string, string | number | boolean | null>;
  detail?: unknown;
};

export type AuditCheck = { ok: true; rows: number } | { ok: false; reason: 'broken-chain'; seq: number };

type AuditRow = {
  seq: number;
  at: number;
  event: string;
  about: string;
  trace: string;
  fields: string;
  detail: Uint8Array | null;
  algorithm: string;
  prev: Uint8Array;
  hash: Uint8Array;
};

const algorithm = 'sha-256';
const noHash = Buffer.alloc(32);

/** Appends an entry inside the caller's transaction, so that what is done and its record are one. */
export function appendAudit(database: WritableDatabase, vault: Vault, nowMs: number, entry: AuditEntry): void {
  const last = database.get<{ seq: number; hash: Uint8Array }>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  const seq = (last?.seq ?? 0) + 1;
  const row = {
    seq,
    at: Math.floor(nowMs),
    event: entry.event,
    about: entry.about,
    trace: entry.trace,
    fields: JSON.stringify(entry.fields ?? {}),
    detail:
      entry.detail === undefined
        ? null
        : vault.seal({ table: 'audit', row: String(seq), column: 'detail' }, entry.detail),
    algorithm,
    prev: last?.hash ?? noHash,
  };
  database.run(
    `INSERT INTO audit (seq, at, event, about, trace, fields, detail, algorithm, prev, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.seq,
    row.at,
    row.event,
    row.about,
    row.trace,
    row.fields,
    row.detail,
    row.algorithm,
    row.prev,
    hashRow(row),
  );
}

/** Walks the whole chain. A row changed, moved, inserted or taken out of the middle is found, and the first bad row named. */
export function checkAudit(database: ReadableDatabase): AuditCheck {
  let rows = 0;
  let prev: Uint8Array = noHash;
  for (const row of database.iterate<AuditRow>('SELECT * FROM audit ORDER BY seq')) {
    const fits =
      row.seq === rows + 1 &&
      row.algorithm === algorithm &&
      Buffer.compare(row.prev, prev) === 0 &&
      Buffer.compare(row.hash, hashRow(row)) === 0;
    if (!fits) return { ok: false, reason: 'broken-chain', seq: row.seq };
    rows += 1;
    prev = row.hash;
  }
  return { ok: true, rows };
}

/** The hash covers every column; JSON keeps their borders apart. The sealed detail goes in as it is stored, so checking needs no key. */
function hashRow(row: Omit<AuditRow, 'hash'>): Buffer {
  const words = JSON.stringify([
    row.seq,
    row.at,
    row.event,
    row.about,
    row.trace,
    row.fields,
    row.detail && Buffer.from(row.detail).toString('base64'),
    row.algorithm,
  ]);
  return createHash('sha256').update(row.prev).update(words, 'utf8').digest();
}
