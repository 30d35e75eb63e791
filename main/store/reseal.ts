import type { WritableDatabase } from './database.ts';
import type { Vault } from './vault.ts';

/** Where sealed values stand. The audit's details have a key of their own (secrets.ts), which stands sealed among the secrets. */
const places = [
  { table: 'secrets', row: 'name', column: 'sealed' },
  { table: 'outbox', row: 'id', column: 'sealed' },
  { table: 'outbox', row: 'id', column: 'detail' },
  { table: 'settled', row: 'id', column: 'answer' },
  { table: 'papers', row: 'id', column: 'number' },
  { table: 'papers', row: 'id', column: 'authority' },
  { table: 'journal', row: 'key', column: 'intent' },
] as const;

/** How far a pass has come; begins at the first place and row. */
export type ResealAt = { place: number; after: string };

export const resealStart: ResealAt = { place: 0, after: '' };

/** Bytes 3 to 10 of a sealed value name its key (sealing.ts). */
const keyOf = (column: string): string => `substr(${column}, 3, 8)`;

/**
 * Seals up to `most` values anew that another key than the current one sealed, inside the caller's transaction. Gives where to go on, null at the
 * end. What does not open is left as it is: it is damaged, and no key will open it. Which rows are left is seen from the rows, so a pass
 * that was broken off is simply begun again.
 */
export function resealSome(database: WritableDatabase, vault: Vault, from: ResealAt, most: number): ResealAt | null {
  const at = places[from.place];
  if (at === undefined) return null;
  const { table, row, column } = at;
  const found = database.all<{ row: string; sealed: Uint8Array }>(
    `SELECT ${row} AS row, ${column} AS sealed FROM ${table}
     WHERE ${row} > ? AND ${column} IS NOT NULL AND ${keyOf(column)} <> ? ORDER BY ${row} LIMIT ?`,
    from.after,
    vault.currentKey(),
    most,
  );
  for (const each of found) {
    const place = { table, row: each.row, column };
    const opened = vault.open<unknown>(place, each.sealed);
    if (!opened.ok) continue;
    database.run(`UPDATE ${table} SET ${column} = ? WHERE ${row} = ?`, vault.seal(place, opened.value), each.row);
  }
  const last = found.at(-1);
  return found.length === most && last !== undefined
    ? { place: from.place, after: last.row }
    : { place: from.place + 1, after: '' };
}

/** Whether the audit holds details that another key sealed itself: kiosks before this one did; they are wiped in their time. */
export function isAuditSealedWith(database: WritableDatabase, keys: readonly Uint8Array[]): boolean {
  return keys.some(
    (key) =>
      database.get(`SELECT 1 FROM audit WHERE detail IS NOT NULL AND ${keyOf('detail')} = ? LIMIT 1`, key) !==
      undefined,
  );
}
