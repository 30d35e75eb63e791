import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../state-machines/contract/central/canonical.ts';
import type { CardClaim } from '../../state-machines/contract/central/identity.ts';
import type {
  CentralRequest,
  RequestAnswer,
  RequestBody,
  RequestKind,
} from '../../state-machines/contract/central/requests.ts';
import type { WritableDatabase } from './database.ts';
import type { Vault } from './vault.ts';
import { tag } from './vault.ts';

/** Where an open row is. `set-aside`: the centre refused it for good, or it cannot be read; it and its order's later rows wait for staff. */
type OpenState = 'waiting' | 'set-aside';

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
  /** With no grant: what the card in the slot said of its holder while the line was down. */
  card?: CardClaim | null;
  body: RequestBody;
  madeAtMs: number;
};

/**
 * A request as the centre takes it, but for its proof, which is made when it is sent (uplink/delivery.ts). Rows of kiosks that made it when the row
 * was written bring theirs.
 */
export type UnprovedRequest = Omit<CentralRequest, 'authority'> & {
  authority: Omit<CentralRequest['authority'], 'proof'>;
  proof: string | null;
};

/** A row on its way. `attempts` counts failures that were the row's own, not the line's. */
export type LeasedRow = { request: UnprovedRequest; attempts: number };

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

/**
 * What stands sealed in a row: with its instant, everything its proof says, so that what is proved when it is sent is what the visitor confirmed.
 * Rows of kiosks before this one carry the proof itself.
 */
type Sealed = {
  visit: string;
  trace: string;
  grant: string | null;
  card?: CardClaim;
  madeAt?: number;
  proof?: string;
  body: RequestBody;
};

export type Enqueued =
  | { ok: true; sequence: number; repeated: boolean }
  | { ok: false; reason: 'key-reused' | 'too-large' };

/** Which rows are wanted: those that never failed by themselves, or those that did. */
export type LeaseOrder = { limit: number; which: 'fresh' | 'failed-before' };

/** An open row, as far as its turn goes; what is sealed stays in the file. */
type OpenRow = {
  seq: number;
  id: string;
  orderTag: string | null;
  orderKey: string;
  sequence: number;
  kind: RequestKind;
  rank: number;
  madeAt: number;
  state: OpenState;
  attempts: number;
  nextAttemptAt: number;
  fingerprint: Uint8Array;
  refusal: string | null;
};

const columns = `seq, id, order_tag AS orderTag, order_key AS orderKey, sequence, kind, rank, made_at AS madeAt, state, attempts,
  next_attempt_at AS nextAttemptAt, fingerprint, refusal`;

/**
 * The rows on their way to the centre.
 *
 * A person's requests go in order, among those that are open: they share the order key of the first of them, and their sequence rises from 1. When
 * the last is settled, the next request begins a new order. So nothing is kept of a person who has nothing open, and a kiosk set back to a backup
 * never gives a sequence a second time.
 *
 * What must not be lost is in the file; whose turn it is, is in memory, read from the file once. So keeping a request touches one page of the
 * outbox and no index, and a lease writes nothing: after a crash nobody holds a row. Where a transaction is taken back, or another connection changed
 * the file, the store makes the memory void ({@link forget}) and the file is read again.
 */
export class Outbox {
  private readonly database: WritableDatabase;
  private readonly vault: Vault;
  private readonly secret: KeyObject;
  /** Null until read, and when what is remembered may not be true any more. */
  private open: Map<string, OpenRow> | null = null;
  /** Of each person who has something open, the open rows by sequence; a row whose order does not matter stands alone. */
  private readonly orders = new Map<string, OpenRow[]>();
  /** Rows somebody is delivering. */
  private readonly leased = new Set<string>();
  private lastSeq = 0;

  constructor(database: WritableDatabase, vault: Vault, secret: KeyObject) {
    this.database = database;
    this.vault = vault;
    this.secret = secret;
  }

  /** Makes what is remembered void. Who holds which row is not in the file, and stays. */
  forget(): void {
    this.open = null;
  }

  /** Writes a row inside the caller's transaction. The same id with the same body is the same row; with another body it is refused. */
  enqueue(entry: OutboxEntry, isNewId: boolean): Enqueued {
    const open = this.rows();
    const { id, body, grant, madeAtMs } = entry;
    const fingerprint = tag(this.secret, 'body', canonicalJson(body));
    const same = isNewId ? undefined : (open.get(id) ?? this.settledFingerprint(id));
    if (same) {
      return fingerprint.equals(same.fingerprint)
        ? { ok: true, sequence: same.sequence, repeated: true }
        : { ok: false, reason: 'key-reused' };
    }
    const card = entry.card ? { card: entry.card } : {};
    const madeAt = Math.floor(madeAtMs);
    const content: Sealed = { visit: entry.visit, trace: entry.trace, grant, ...card, madeAt, body };
    const sealed = this.vault.seal({ table: 'outbox', row: id, column: 'sealed' }, content);
    if (sealed.length > maxRowBytes) return { ok: false, reason: 'too-large' };

    const orderTag = entry.order === null ? null : tag(this.secret, 'order', entry.order).toString('base64url');
    const last = orderTag === null ? undefined : this.orders.get(orderTag)?.at(-1);
    const row: OpenRow = {
      seq: this.lastSeq + 1,
      id,
      orderTag,
      orderKey: last?.orderKey ?? id,
      sequence: (last?.sequence ?? 0) + 1,
      kind: body.kind,
      rank: madeAt + patienceMs[body.kind],
      madeAt,
      state: 'waiting',
      attempts: 0,
      nextAttemptAt: 0,
      fingerprint,
      refusal: null,
    };
    this.database.run(
      `INSERT INTO outbox (seq, id, order_tag, order_key, sequence, kind, rank, made_at, state, attempts, next_attempt_at, fingerprint, sealed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, 0, ?, ?)`,
      row.seq,
      id,
      orderTag,
      row.orderKey,
      row.sequence,
      row.kind,
      row.rank,
      madeAt,
      fingerprint,
      sealed,
    );
    this.remember(row);
    return { ok: true, sequence: row.sequence, repeated: false };
  }

  /**
   * Takes up to `limit` rows that may go now, best first: of each order only the first that is open, so that nothing overtakes within an
   * order, whatever the centre answers. Rows that do not open are set aside here and named.
   */
  lease({ limit, which, nowMs }: LeaseOrder & { nowMs: number }): { rows: LeasedRow[]; unreadable: string[] } {
    const now = Math.floor(nowMs);
    const rows: LeasedRow[] = [];
    const unreadable: string[] = [];
    let bytes = 0;
    const ready = this.heads()
      .filter((row) => row.attempts > 0 === (which === 'failed-before') && isDue(row, now))
      .sort((a, b) => a.rank - b.rank || a.seq - b.seq);
    for (const row of ready.slice(0, limit)) {
      const sealed = this.database.get<{ sealed: Uint8Array }>(
        'SELECT sealed FROM outbox WHERE seq = ?',
        row.seq,
      )?.sealed;
      bytes += sealed?.length ?? 0;
      if (rows.length > 0 && bytes > maxLeaseBytes) break;
      const opened = sealed && this.vault.open<Sealed>({ table: 'outbox', row: row.id, column: 'sealed' }, sealed);
      if (!opened?.ok) {
        this.setAside(row.id, { code: 'unreadable', detail: opened?.reason ?? 'absent' });
        unreadable.push(row.id);
        continue;
      }
      rows.push({ request: asRequest(row, opened.value), attempts: row.attempts });
    }
    return { rows, unreadable };
  }

  /** The centre carried the row out: it moves to what is settled, without what was sent. */
  finish(id: string, answer: RequestAnswer, nowMs: number): boolean {
    const row = this.rows().get(id);
    if (row?.state !== 'waiting') return false;
    const sealed = this.vault.seal({ table: 'settled', row: id, column: 'answer' }, answer);
    this.close(row, { state: 'done', answer: sealed, refusal: null, nowMs });
    return true;
  }

  /** The row cannot be delivered as it is. It stays open, so its order's later rows stay behind it. */
  setAside(id: string, refusal: Refusal): boolean {
    const row = this.rows().get(id);
    if (row?.state !== 'waiting') return false;
    // The centre's words may repeat what the visitor wrote.
    const detail = this.vault.seal({ table: 'outbox', row: id, column: 'detail' }, refusal.detail);
    this.database.run(
      `UPDATE outbox SET state = 'set-aside', refusal = ?, detail = ? WHERE seq = ?`,
      refusal.code,
      detail,
      row.seq,
    );
    row.state = 'set-aside';
    row.refusal = refusal.code;
    this.leased.delete(id);
    return true;
  }

  /** Marks rows that {@link lease} gave as somebody's. Once that is on the disk: rows of a transaction that was taken back are nobody's. */
  markLeased(rows: readonly LeasedRow[]): void {
    for (const { request } of rows) this.leased.add(request.id);
  }

  /** Gives leased rows back because the line failed. Nothing is counted against them, and nothing is written: this also works on a broken disk. */
  putBack(ids: readonly string[]): void {
    for (const id of ids) this.leased.delete(id);
  }

  /** Puts a leased row off by `afterMs` (at most {@link longestWaitMs}). `ownFault` counts against the row. */
  putOff(id: string, { nowMs, afterMs, ownFault }: { nowMs: number; afterMs: number; ownFault: boolean }): void {
    const row = this.rows().get(id);
    if (row?.state !== 'waiting' || !this.leased.has(id)) return;
    row.nextAttemptAt = Math.floor(nowMs + Math.min(Math.max(0, afterMs), longestWaitMs));
    row.attempts += ownFault ? 1 : 0;
    this.leased.delete(id);
    this.database.run(
      'UPDATE outbox SET next_attempt_at = ?, attempts = ? WHERE seq = ?',
      row.nextAttemptAt,
      row.attempts,
      row.seq,
    );
  }

  /** After a crash nobody waits any more for what was put off. Gives how many rows wait. */
  putAllBack(): number {
    this.leased.clear();
    const waiting = [...this.rows().values()].filter((row) => row.state === 'waiting');
    for (const row of waiting) row.nextAttemptAt = 0;
    return waiting.length;
  }

  /** Staff let a row that was set aside try again. */
  release(id: string): boolean {
    const row = this.rows().get(id);
    if (row?.state !== 'set-aside') return false;
    this.database.run(
      `UPDATE outbox SET state = 'waiting', refusal = NULL, detail = NULL, next_attempt_at = 0 WHERE seq = ?`,
      row.seq,
    );
    row.state = 'waiting';
    row.refusal = null;
    row.nextAttemptAt = 0;
    return true;
  }

  /**
   * Staff give a row up; its order's later rows go on. Where the centre never judged it, they move up into its turn: the centre would wait for it
   * for ever. None of them was ever sent, since only the first of an order is.
   */
  drop(id: string, nowMs: number): boolean {
    const row = this.rows().get(id);
    if (row?.state !== 'set-aside') return false;
    const code = row.refusal ?? '';
    const detail = this.refusalOf(row).detail;
    const answer = this.vault.seal({ table: 'settled', row: id, column: 'answer' }, detail);
    this.close(row, { state: 'dropped', answer, refusal: code, nowMs });
    if (!unjudged.includes(code)) return true;
    for (const later of this.orders.get(orderOf(row)) ?? []) {
      later.sequence -= 1;
      this.database.run('UPDATE outbox SET sequence = ? WHERE seq = ?', later.sequence, later.seq);
    }
    return true;
  }

  /** What became of a row; null where there is none with this id. */
  settlementOf(id: string): Settlement | null {
    const row = this.rows().get(id);
    if (row) return row.state === 'waiting' ? { state: 'waiting' } : { state: 'refused', refusal: this.refusalOf(row) };
    const settled = this.database.get<{ state: string; answer: Uint8Array | null; refusal: string | null }>(
      'SELECT state, answer, refusal FROM settled WHERE id = ?',
      id,
    );
    if (!settled) return null;
    const place = { table: 'settled', row: id, column: 'answer' };
    if (settled.state !== 'done') {
      const detail = settled.answer && this.vault.open<string>(place, settled.answer);
      return {
        state: 'refused',
        refusal: { code: settled.refusal ?? settled.state, detail: detail?.ok ? detail.value : '' },
      };
    }
    const answer = settled.answer && this.vault.open<RequestAnswer>(place, settled.answer);
    return answer?.ok
      ? { state: 'done', answer: answer.value }
      : { state: 'refused', refusal: { code: 'unreadable', detail: answer ? answer.reason : 'absent' } };
  }

  /** Whether every row that is on its way opens. */
  isReadable(): boolean {
    return [...this.rows().values()].every((row) => {
      const found = this.database.get<{ sealed: Uint8Array }>('SELECT sealed FROM outbox WHERE seq = ?', row.seq);
      return (
        row.refusal === 'unreadable' ||
        (found !== undefined && this.vault.open({ table: 'outbox', row: row.id, column: 'sealed' }, found.sealed).ok)
      );
    });
  }

  /** Rows that were set aside, oldest first. */
  setAsideRows(): SetAsideRow[] {
    return [...this.rows().values()]
      .filter((row) => row.state === 'set-aside')
      .map((row) => ({
        id: row.id,
        kind: row.kind,
        madeAtMs: row.madeAt,
        refusal: this.refusalOf(row),
        waitingBehind: (this.orders.get(orderOf(row)) ?? []).length - 1,
      }));
  }

  figures(nowMs: number): QueueFigures {
    let waiting = 0;
    let setAside = 0;
    let oldest = Number.POSITIVE_INFINITY;
    for (const row of this.rows().values()) {
      if (row.state === 'set-aside') {
        setAside += 1;
        continue;
      }
      waiting += 1;
      oldest = Math.min(oldest, row.madeAt);
    }
    return { waiting, oldestMs: waiting === 0 ? 0 : Math.max(0, Math.floor(nowMs) - oldest), setAside };
  }

  /** How long until the next row may go; null where none waits. Rows behind one that was set aside are not looked at. */
  nextDueInMs(nowMs: number): number | null {
    const now = Math.floor(nowMs);
    let soonest: number | null = null;
    for (const row of this.heads()) {
      const dueInMs = isDue(row, now) ? 0 : row.nextAttemptAt - now;
      soonest = Math.min(soonest ?? dueInMs, dueInMs);
    }
    return soonest;
  }

  /** Of every order the row whose turn it is, where it waits and nobody has it. */
  private heads(): OpenRow[] {
    this.rows();
    const heads: OpenRow[] = [];
    for (const [head] of this.orders.values()) {
      if (head?.state === 'waiting' && !this.leased.has(head.id)) heads.push(head);
    }
    return heads;
  }

  /** The open rows, read again where what is remembered may not be true. */
  private rows(): Map<string, OpenRow> {
    if (this.open) return this.open;
    const open = new Map<string, OpenRow>();
    this.open = open;
    this.orders.clear();
    this.lastSeq = 0;
    for (const row of this.database.iterate<OpenRow>(`SELECT ${columns} FROM outbox ORDER BY seq`)) this.remember(row);
    for (const rows of this.orders.values()) rows.sort((a, b) => a.sequence - b.sequence);
    for (const id of this.leased) if (!open.has(id)) this.leased.delete(id);
    return open;
  }

  private remember(row: OpenRow): void {
    this.open?.set(row.id, row);
    const order = this.orders.get(orderOf(row));
    if (order) order.push(row);
    else this.orders.set(orderOf(row), [row]);
    this.lastSeq = row.seq;
  }

  /** Takes a row out of the outbox, leaving what became of it. */
  private close(
    row: OpenRow,
    as: { state: 'done' | 'dropped'; answer: Uint8Array; refusal: string | null; nowMs: number },
  ): void {
    this.database.run('DELETE FROM outbox WHERE seq = ?', row.seq);
    this.database.run(
      `INSERT INTO settled (id, kind, made_at, settled_at, state, fingerprint, answer, refusal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.kind,
      row.madeAt,
      Math.floor(as.nowMs),
      as.state,
      row.fingerprint,
      as.answer,
      as.refusal,
    );
    this.leased.delete(row.id);
    this.open?.delete(row.id);
    const rest = (this.orders.get(orderOf(row)) ?? []).filter((other) => other !== row);
    if (rest.length > 0) this.orders.set(orderOf(row), rest);
    else this.orders.delete(orderOf(row));
  }

  private settledFingerprint(id: string): { fingerprint: Uint8Array; sequence: number } | undefined {
    const row = this.database.get<{ fingerprint: Uint8Array }>('SELECT fingerprint FROM settled WHERE id = ?', id);
    return row && { fingerprint: row.fingerprint, sequence: 0 };
  }

  private refusalOf({ seq, id, refusal }: OpenRow): Refusal {
    const row = this.database.get<{ detail: Uint8Array | null }>('SELECT detail FROM outbox WHERE seq = ?', seq);
    const detail = row?.detail && this.vault.open<string>({ table: 'outbox', row: id, column: 'detail' }, row.detail);
    return { code: refusal ?? '', detail: detail?.ok ? detail.value : '' };
  }
}

/** Which rows it stands in one line with. */
function orderOf(row: OpenRow): string {
  return row.orderTag ?? row.id;
}

/** What was kept, as it is told to the centre: of what is sealed and not of the open columns. */
function asRequest({ id, orderKey, sequence, madeAt: writtenAt }: OpenRow, sealed: Sealed): UnprovedRequest {
  const { visit, trace, grant, card, body, madeAt = writtenAt, proof = null } = sealed;
  const authority = { grant, ...(card ? { card } : {}) };
  return { id, order: orderKey, sequence, madeAt, visit, trace, authority, proof, body };
}

/** A row that seems to wait longer than any is told to was put off before the clock was set back, and may go. */
function isDue(row: OpenRow, now: number): boolean {
  return row.nextAttemptAt <= now || row.nextAttemptAt > now + longestWaitMs;
}
