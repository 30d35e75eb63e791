import type { WritableDatabase } from './database.ts';
import type { PaperAuthority } from './papers.ts';
import type { Vault } from './vault.ts';

/** How long what is settled is kept, in milliseconds: answers and who a paper was for; who acted, in the audit. */
export type Retention = { settledMs: number; auditMs: number };

/** What a wipe took away. */
export type Wiped = { requests: number; papers: number; intents: number; auditDetails: number };

/** Sealed in the place of what was wiped, so that a row that was wiped is not taken for one that was damaged; whose visit it was stands in the audit. */
const nobody = { grant: null, parties: null };

/**
 * Takes away what is personal in rows that were settled before, inside the caller's transaction. What happened, and every paper's number, stay.
 * Instants are the kiosk's clock: one that jumped ahead wipes too early, so upkeep asks whether it is sound. By a sound one nothing was settled in the future: what
 * a clock that ran ahead dated so is as old as today, or it would be kept for years.
 */
export function wipeSettled(
  database: WritableDatabase,
  vault: Vault,
  { settledBeforeMs, nowMs }: { settledBeforeMs: number; nowMs: number },
): Omit<Wiped, 'auditDetails'> {
  const [before, now] = [Math.floor(settledBeforeMs), Math.floor(nowMs)];
  database.run('UPDATE settled SET settled_at = ? WHERE settled_at > ?', now, now);
  database.run(
    `UPDATE papers SET changed_at = ? WHERE state IN ('printed', 'void', 'unknown') AND changed_at > ? AND wiped = 0`,
    now,
    now,
  );
  database.run('UPDATE journal SET settled_at = ? WHERE settled_at > ?', now, now);
  const requests = database.run('DELETE FROM settled WHERE settled_at < ?', before);
  // Nobody finds a paper after that time of which it is not known whether it came out: its number and its state stay, and can still be settled.
  const papers = database.all<{ id: string; authority: Uint8Array }>(
    `SELECT id, authority FROM papers WHERE state IN ('printed', 'void', 'unknown') AND changed_at < ? AND wiped = 0`,
    before,
  );
  for (const { id, authority } of papers) {
    const place = { table: 'papers', row: id, column: 'authority' };
    const opened = vault.open<PaperAuthority>(place, authority);
    const { visit, trace } = opened.ok ? opened.value : { visit: id, trace: '' };
    const wiped: PaperAuthority = { visit, trace, ...nobody };
    database.run('UPDATE papers SET authority = ?, wiped = 1 WHERE id = ?', vault.seal(place, wiped), id);
  }
  const intents = database.run('DELETE FROM journal WHERE settled_at < ?', before);
  return { requests, papers: papers.length, intents };
}
