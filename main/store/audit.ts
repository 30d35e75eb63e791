import { hash as digest } from 'node:crypto';
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

/** A row as it stands in the file. */
export type AuditRow = {
  seq: number;
  at: number;
  event: string;
  about: string;
  trace: string;
  fields: string;
  detail: Uint8Array | null;
  detail_digest: Uint8Array | null;
  algorithm: string;
  prev: Uint8Array;
  hash: Uint8Array;
};

/** The first version bound the detail itself, so that it could never be wiped; rows it wrote are still checked. */
const firstAlgorithm = 'sha-256';
/** Binds a digest of the detail as it is stored. */
const algorithm = 'sha-256/detail-digest';
const noHash = Buffer.alloc(32);

/** Appends to the audit, and knows its end: reading it anew for each row costs as much as writing one. */
export class AuditLog {
  private readonly database: WritableDatabase;
  private readonly vault: Vault;
  /** Null where the end has to be read: at the start, and when a transaction was taken back. */
  private end: { seq: number; hash: Uint8Array } | null = null;

  constructor(database: WritableDatabase, vault: Vault) {
    this.database = database;
    this.vault = vault;
  }

  /** Appends an entry inside the caller's transaction, so that what is done and its record are one. */
  append(nowMs: number, entry: AuditEntry): void {
    const last = this.end ?? readEnd(this.database);
    const seq = last.seq + 1;
    const detail =
      entry.detail === undefined
        ? null
        : this.vault.seal({ table: 'audit', row: String(seq), column: 'detail' }, entry.detail);
    const row = {
      seq,
      at: Math.floor(nowMs),
      event: entry.event,
      about: entry.about,
      trace: entry.trace,
      fields: JSON.stringify(entry.fields ?? {}),
      detail,
      detail_digest: detail && digest('sha256', detail, 'buffer'),
      algorithm,
      prev: last.hash,
    };
    const hash = hashRow(row);
    this.database.run(
      `INSERT INTO audit (seq, at, event, about, trace, fields, detail, detail_digest, algorithm, prev, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      seq,
      row.at,
      row.event,
      row.about,
      row.trace,
      row.fields,
      row.detail,
      row.detail_digest,
      algorithm,
      row.prev,
      hash,
    );
    this.end = { seq, hash };
  }

  /** Something else may have written, or a transaction was taken back. */
  forget(): void {
    this.end = null;
  }

  /**
   * Wipes who acted and for whom from rows before an instant; what happened stays, and the chain holds. Rows are as old as their place in the order says: one that
   * a clock which ran ahead dated in the future goes with the next that is old enough, and one that a flat battery dated too early stays as long as those
   * before it. Gives how many.
   */
  wipeDetails({ beforeMs, nowMs }: { beforeMs: number; nowMs: number }): number {
    const [before, now] = [Math.floor(beforeMs), Math.floor(nowMs)];
    return this.database.run(
      `UPDATE audit SET detail = NULL WHERE detail IS NOT NULL AND algorithm <> ? AND seq <= (
         SELECT max(seq) FROM audit WHERE at < ? AND seq < coalesce(
           (SELECT min(seq) FROM audit WHERE at BETWEEN ? AND ?),
           (SELECT max(seq) + 1 FROM audit)
         )
       )`,
      firstAlgorithm,
      before,
      before,
      now,
    );
  }
}

function readEnd(database: ReadableDatabase): { seq: number; hash: Uint8Array } {
  const last = database.get<{ seq: number; hash: Uint8Array }>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  return last ?? { seq: 0, hash: noHash };
}

/** The latest instant of any entry, which need not be the last one's: the clock may have been set back since. 0 where there is none. */
export function latestAuditMs(database: ReadableDatabase): number {
  return database.get<{ at: number | null }>('SELECT max(at) AS at FROM audit')?.at ?? 0;
}

/** Walks the whole chain. A row changed, moved, inserted or taken out of the middle is found, and the first bad row named. */
export function checkAudit(database: ReadableDatabase): AuditCheck {
  let rows = 0;
  let prev: Uint8Array = noHash;
  for (const row of database.iterate<AuditRow>('SELECT * FROM audit ORDER BY seq')) {
    if (row.seq !== rows + 1 || !isBoundTo(prev, row)) return { ok: false, reason: 'broken-chain', seq: row.seq };
    rows += 1;
    prev = row.hash;
  }
  return { ok: true, rows };
}

/** Checks the last `count` entries, and names the requests that they say were kept and not what became of them. */
export function checkAuditEnd(
  database: ReadableDatabase,
  count: number,
): { ok: true; kept: string[] } | { ok: false; seq: number } {
  const rows = database
    .all<AuditRow>('SELECT * FROM audit ORDER BY seq DESC LIMIT ?', count + 1)
    .sort((a, b) => a.seq - b.seq);
  const kept = new Set<string>();
  // One before those that are checked; where there is none they begin the chain.
  let last = rows.length > count ? rows.shift() : null;
  for (const row of rows) {
    if (!doesFollow(last ?? null, row)) return { ok: false, seq: row.seq };
    if (row.event === 'request.kept') kept.add(row.about);
    // After its time even what became of it is wiped.
    if (row.event === 'request.done' || row.event === 'request.drop') kept.delete(row.about);
    last = row;
  }
  return { ok: true, kept: [...kept] };
}

/** Whether a row is whole and the next after `last`; null where it has to be the first. */
export function doesFollow(last: AuditRow | null, row: AuditRow): boolean {
  return row.seq === (last?.seq ?? 0) + 1 && isBoundTo(last?.hash ?? noHash, row);
}

function isBoundTo(prev: Uint8Array, row: AuditRow): boolean {
  return (
    (row.algorithm === firstAlgorithm || (row.algorithm === algorithm && isDetailTrue(row))) &&
    Buffer.compare(row.prev, prev) === 0 &&
    Buffer.compare(row.hash, hashRow(row)) === 0
  );
}

/** A detail that is there is the one that was written; one that is not was wiped. */
function isDetailTrue({ detail, detail_digest }: AuditRow): boolean {
  if (detail === null) return true;
  return detail_digest !== null && digest('sha256', detail, 'buffer').equals(detail_digest);
}

/** The hash covers every column; JSON keeps their borders apart. The sealed detail goes in as it is stored, so checking needs no key. */
function hashRow(row: Omit<AuditRow, 'hash'>): Buffer {
  const bound = row.algorithm === firstAlgorithm ? row.detail : row.detail_digest;
  const words = JSON.stringify([
    row.seq,
    row.at,
    row.event,
    row.about,
    row.trace,
    row.fields,
    bound && Buffer.from(bound).toString('base64'),
    row.algorithm,
  ]);
  return digest('sha256', Buffer.concat([row.prev, Buffer.from(words, 'utf8')]), 'buffer');
}
