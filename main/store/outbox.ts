import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../state-machines/contract/central/canonical.ts';
import type {
  CentralRequest,
  RequestAnswer,
  RequestBody,
  RequestKind,
} from '../../state-machines/contract/central/requests.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';
import type { Vault } from './vault.ts';
import { tag } from './vault.ts';

/**
 * Where a row is. `set-aside`: the centre refused it for good, or it cannot be read; it and its order's later rows wait for staff.
 * `dropped`: staff gave it up.
 */
export type OutboxState = 'waiting' | 'leased' | 'done' | 'set-aside' | 'dropped';

/**
 * Why a row was set aside: the centre's code; `unreadable` where its sealed part does not open; `undeliverable` where the centre's door turned
 * it away before the centre could judge it.
 */
export type Refusal = { code: string; detail: string };

/** Codes of rows the centre never judged: to it, their turn has not come yet. */
const unjudged: readonly string[] = ['unreadable', 'undeliverable'];

/** What became of a row, as the screen asks it. */
export type Settlement =
  | { state: 'waiting' }
  | { state: 'done'; answer: RequestAnswer }
  | { state: 'refused'; refusal: Refusal };

/** What a row is made of. `order` null: its order does not matter. */
export type OutboxEntry = {
  id: string;
  order: string | null;
  visit: string;
  trace: string;
  grant: string | null;
  body: RequestBody;
  madeAtMs: number;
};

/** The kiosk's word that a request was made under a grant, as a compact JWS (contract: requestSchema). */
export type ProveRequest = (claims: {
  id: string;
  body: RequestBody;
  grant: string | null;
  madeAtMs: number;
}) => string;

/** A row on its way. `attempts` counts failures that were the row's own, not the line's. */
export type LeasedRow = { request: CentralRequest; attempts: number };

/** A row that was set aside, for maintenance. `waitingBehind` is how many of its order wait for it. */
export type SetAsideRow = { id: string; kind: string; madeAtMs: number; refusal: Refusal; waitingBehind: number };

/** Figures of the queue: for the heartbeat and the health page. `oldestMs` is the age of the oldest waiting row, 0 if none. */
export type QueueFigures = { waiting: number; oldestMs: number; setAside: number };

/** Longest a row may be once sealed. Well above a full-page signature. */
export const maxRowBytes = 256 * 1024;

/** Longest the rows of one lease may be together, unless it is a single one: a batch has to fit into what a web server takes, often 1 MB. */
const maxLeaseBytes = 512 * 1024;

/**
 * Longest a row is told to wait before it is tried again. A row that seems to wait longer was put back before the clock was set back, and
 * may go.
 */
export const longestWaitMs = 30 * 60_000;

/**
 * How long a kind can wait behind others, in milliseconds: it goes as if it had been made that much later. So a print outcome overtakes
 * the ratings of the last hours, and still no rating waits for ever.
 */
const patienceMs: Record<RequestKind, number> = {
  application: 0,
  booking: 0,
  'booking-cancel': 0,
  complaint: 0,
  agreement: 0,
  'print-outcome': 10 * 60_000,
  rating: 4 * 60 * 60_000,
};

/** What stands sealed in a row. */
type Sealed = { visit: string; trace: string; grant: string | null; proof: string; body: RequestBody };

type Row = {
  id: string;
  order_key: string;
  sequence: number;
  made_at: number;
  attempts: number;
  sealed: Uint8Array;
};

export type Enqueued =
  | { ok: true; sequence: number; repeated: boolean }
  | { ok: false; reason: 'key-reused' | 'too-large' };

/** Writes a row inside the caller's transaction. The same id with the same body is the same row; with another body it is refused. */
export function enqueue(
  database: WritableDatabase,
  vault: Vault,
  secret: KeyObject,
  prove: ProveRequest,
  entry: OutboxEntry,
): Enqueued {
  const fingerprint = tag(secret, 'body', canonicalJson(entry.body));
  const same = database.get<{ sequence: number; fingerprint: Uint8Array }>(
    'SELECT sequence, fingerprint FROM outbox WHERE id = ?',
    entry.id,
  );
  if (same) {
    return fingerprint.equals(same.fingerprint)
      ? { ok: true, sequence: same.sequence, repeated: true }
      : { ok: false, reason: 'key-reused' };
  }
  const { id, body, grant, madeAtMs } = entry;
  const content: Sealed = {
    visit: entry.visit,
    trace: entry.trace,
    grant,
    proof: prove({ id, body, grant, madeAtMs }),
    body,
  };
  const sealed = vault.seal({ table: 'outbox', row: id, column: 'sealed' }, content);
  if (sealed.length > maxRowBytes) return { ok: false, reason: 'too-large' };

  const orderKey = entry.order === null ? id : tag(secret, 'order', entry.order).toString('base64url');
  const sequence = entry.order === null ? 1 : nextSequence(database, orderKey);
  const madeAt = Math.floor(madeAtMs);
  database.run(
    `INSERT INTO outbox (id, order_key, sequence, kind, rank, made_at, state, open, attempts, next_attempt_at, fingerprint, sealed)
     VALUES (?, ?, ?, ?, ?, ?, 'waiting', 1, 0, 0, ?, ?)`,
    id,
    orderKey,
    sequence,
    body.kind,
    madeAt + patienceMs[body.kind],
    madeAt,
    fingerprint,
    sealed,
  );
  return { ok: true, sequence, repeated: false };
}

function nextSequence(database: WritableDatabase, orderKey: string): number {
  const row = database.change<{ last: number }>(
    `INSERT INTO orders (order_key, last) VALUES (?, 1)
     ON CONFLICT (order_key) DO UPDATE SET last = last + 1 RETURNING last`,
    orderKey,
  );
  if (!row) throw new Error('an upsert returns its row');
  return row.last;
}

/** Which rows are wanted: those that never failed by themselves, or those that did. */
export type LeaseOrder = { limit: number; which: 'fresh' | 'failed-before' };

/**
 * Takes up to `limit` rows that may go now, best first: of each order only the first that is open, so that nothing overtakes within an
 * order, whatever the centre answers. Rows that do not open are set aside here and named.
 */
export function lease(
  database: WritableDatabase,
  vault: Vault,
  { limit, which, nowMs }: LeaseOrder & { nowMs: number },
): { rows: LeasedRow[]; unreadable: string[] } {
  const rows: LeasedRow[] = [];
  const unreadable: string[] = [];
  let bytes = 0;
  for (const row of database.all<Row>(
    `SELECT id, order_key, sequence, made_at, attempts, sealed FROM outbox AS o
     WHERE state = 'waiting' AND (next_attempt_at <= ? OR next_attempt_at > ?) AND (attempts > 0) = ?
       AND sequence = (SELECT min(sequence) FROM outbox WHERE open = 1 AND order_key = o.order_key)
     ORDER BY rank LIMIT ?`,
    Math.floor(nowMs),
    Math.floor(nowMs) + longestWaitMs,
    which === 'fresh' ? 0 : 1,
    limit,
  )) {
    bytes += row.sealed.length;
    if (rows.length > 0 && bytes > maxLeaseBytes) break;
    const opened = vault.open<Sealed>({ table: 'outbox', row: row.id, column: 'sealed' }, row.sealed);
    if (!opened.ok) {
      setAside(database, vault, row.id, { code: 'unreadable', detail: opened.reason }, nowMs);
      unreadable.push(row.id);
      continue;
    }
    database.run(`UPDATE outbox SET state = 'leased' WHERE id = ?`, row.id);
    rows.push({ request: asRequest(row, opened.value), attempts: row.attempts });
  }
  return { rows, unreadable };
}

function asRequest(row: Row, { visit, trace, grant, proof, body }: Sealed): CentralRequest {
  return {
    id: row.id,
    order: row.order_key,
    sequence: row.sequence,
    madeAt: row.made_at,
    visit,
    trace,
    authority: { grant, proof },
    body,
  };
}

/** The centre carried the row out. */
export function finish(
  database: WritableDatabase,
  vault: Vault,
  id: string,
  answer: RequestAnswer,
  nowMs: number,
): boolean {
  return (
    database.run(
      `UPDATE outbox SET state = 'done', open = 0, answer = ?, settled_at = ? WHERE id = ? AND state IN ('waiting', 'leased')`,
      vault.seal({ table: 'outbox', row: id, column: 'answer' }, answer),
      Math.floor(nowMs),
      id,
    ) === 1
  );
}

/** The row cannot be delivered as it is. It stays open, so its order's later rows stay behind it. */
export function setAside(
  database: WritableDatabase,
  vault: Vault,
  id: string,
  refusal: Refusal,
  nowMs: number,
): boolean {
  // The centre's words may repeat what the visitor wrote.
  const detail = vault.seal({ table: 'outbox', row: id, column: 'refusal' }, refusal.detail);
  return (
    database.run(
      `UPDATE outbox SET state = 'set-aside', refusal = ?, answer = ?, settled_at = ?
       WHERE id = ? AND state IN ('waiting', 'leased')`,
      refusal.code,
      detail,
      Math.floor(nowMs),
      id,
    ) === 1
  );
}

/** Puts a leased row back, to go again after `afterMs` (at most {@link longestWaitMs}). `ownFault` counts against the row; a line that is down does not. */
export function putBack(
  database: WritableDatabase,
  id: string,
  { nowMs, afterMs, ownFault }: { nowMs: number; afterMs: number; ownFault: boolean },
): void {
  database.run(
    `UPDATE outbox SET state = 'waiting', next_attempt_at = ?, attempts = attempts + ? WHERE id = ? AND state = 'leased'`,
    Math.floor(nowMs + Math.min(Math.max(0, afterMs), longestWaitMs)),
    ownFault ? 1 : 0,
    id,
  );
}

/** Puts every leased row back: after a crash nobody holds them. */
export function putAllBack(database: WritableDatabase): number {
  return database.run(`UPDATE outbox SET state = 'waiting', next_attempt_at = 0 WHERE state = 'leased'`);
}

/** Staff let a row that was set aside try again. */
export function releaseSetAside(database: WritableDatabase, id: string): boolean {
  return (
    database.run(
      `UPDATE outbox SET state = 'waiting', refusal = NULL, answer = NULL, settled_at = NULL, next_attempt_at = 0
       WHERE id = ? AND state = 'set-aside'`,
      id,
    ) === 1
  );
}

/**
 * Staff give a row up; its order's later rows go on. Where the centre never judged it, they move up into its turn: the centre would wait for it
 * for ever. None of them was ever sent, since only the first of an order is.
 */
export function dropSetAside(database: WritableDatabase, id: string, nowMs: number): boolean {
  const row = database.change<{ order_key: string; sequence: number; refusal: string }>(
    `UPDATE outbox SET state = 'dropped', open = 0, settled_at = ? WHERE id = ? AND state = 'set-aside'
     RETURNING order_key, sequence, refusal`,
    Math.floor(nowMs),
    id,
  );
  if (!row) return false;
  if (unjudged.includes(row.refusal)) closeGap(database, row.order_key, row.sequence);
  return true;
}

function closeGap(database: WritableDatabase, orderKey: string, gap: number): void {
  const later = database.all<{ id: string }>(
    'SELECT id FROM outbox WHERE open = 1 AND order_key = ? AND sequence > ? ORDER BY sequence',
    orderKey,
    gap,
  );
  // One by one, upwards: two rows never hold one turn in between.
  for (const { id } of later) database.run('UPDATE outbox SET sequence = sequence - 1 WHERE id = ?', id);
  database.run('UPDATE orders SET last = last - 1 WHERE order_key = ?', orderKey);
}

/** What became of a row; null where there is none with this id. */
export function settlementOf(database: ReadableDatabase, vault: Vault, id: string): Settlement | null {
  const row = database.get<{ state: OutboxState; answer: Uint8Array | null; refusal: string | null }>(
    'SELECT state, answer, refusal FROM outbox WHERE id = ?',
    id,
  );
  if (!row) return null;
  if (row.state === 'waiting' || row.state === 'leased') return { state: 'waiting' };
  if (row.state === 'done' && row.answer) {
    const answer = vault.open<RequestAnswer>({ table: 'outbox', row: id, column: 'answer' }, row.answer);
    return answer.ok
      ? { state: 'done', answer: answer.value }
      : { state: 'refused', refusal: { code: 'unreadable', detail: answer.reason } };
  }
  return { state: 'refused', refusal: refusalOf(vault, { id, ...row }) };
}

export function setAsideRows(database: ReadableDatabase, vault: Vault): SetAsideRow[] {
  return database
    .all<RefusalColumns & { kind: string; made_at: number; behind: number }>(
      `SELECT id, kind, made_at, refusal, answer,
         (SELECT count(*) FROM outbox AS b WHERE b.open = 1 AND b.order_key = o.order_key AND b.sequence > o.sequence) AS behind
       FROM outbox AS o WHERE state = 'set-aside' ORDER BY seq`,
    )
    .map((row) => ({
      id: row.id,
      kind: row.kind,
      madeAtMs: row.made_at,
      refusal: refusalOf(vault, row),
      waitingBehind: row.behind,
    }));
}

export function queueFigures(database: ReadableDatabase, nowMs: number): QueueFigures {
  const row = database.get<{ waiting: number; oldest: number | null; aside: number }>(
    `SELECT count(*) FILTER (WHERE state <> 'set-aside') AS waiting, min(made_at) FILTER (WHERE state <> 'set-aside') AS oldest,
       count(*) FILTER (WHERE state = 'set-aside') AS aside FROM outbox WHERE open = 1`,
  );
  return {
    waiting: row?.waiting ?? 0,
    oldestMs: row?.oldest === null || row === undefined ? 0 : Math.max(0, Math.floor(nowMs) - row.oldest),
    setAside: row?.aside ?? 0,
  };
}

/** How long until the next row may go; null where none waits. Rows behind one that was set aside are not looked at. */
export function nextDueInMs(database: ReadableDatabase, nowMs: number): number | null {
  const row = database.get<{ at: number | null }>(
    `SELECT min(CASE WHEN next_attempt_at > ? THEN 0 ELSE next_attempt_at END) AS at FROM outbox AS o
     WHERE state = 'waiting' AND sequence = (SELECT min(sequence) FROM outbox WHERE open = 1 AND order_key = o.order_key)`,
    Math.floor(nowMs) + longestWaitMs,
  );
  return row?.at === undefined || row.at === null ? null : Math.max(0, row.at - Math.floor(nowMs));
}

type RefusalColumns = { id: string; refusal: string | null; answer: Uint8Array | null };

function refusalOf(vault: Vault, { id, refusal, answer }: RefusalColumns): Refusal {
  const detail = answer && vault.open<string>({ table: 'outbox', row: id, column: 'refusal' }, answer);
  return { code: refusal ?? 'dropped', detail: detail?.ok ? detail.value : '' };
}
