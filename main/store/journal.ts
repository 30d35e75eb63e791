import type { ReadableDatabase, WritableDatabase } from './database.ts';
import type { Opened, Vault } from './vault.ts';

/** What is journalled before it is done, since it cannot be undone. A submission's entry is its row in the outbox. */
export type JournalKind = 'issue' | 'print' | 'card';

/** An intent that was never settled: whoever journalled it was stopped in between. */
export type OpenIntent<T> = { key: string; kind: JournalKind; beganAtMs: number; intent: Opened<T> | null };

/** Journals what is about to be done. False where the key is already there. */
export function beginIntent(
  database: WritableDatabase,
  vault: Vault,
  entry: { key: string; kind: JournalKind; nowMs: number; intent?: unknown },
): boolean {
  const sealed = entry.intent === undefined ? null : vault.seal(placeOf(entry.key), entry.intent);
  return (
    database.run(
      'INSERT INTO journal (key, kind, began_at, intent) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
      entry.key,
      entry.kind,
      Math.floor(entry.nowMs),
      sealed,
    ) === 1
  );
}

/** Closes an intent and wipes what it held. False where it is not open. */
export function settleIntent(database: WritableDatabase, key: string, outcome: string, nowMs: number): boolean {
  return (
    database.run(
      'UPDATE journal SET settled_at = ?, outcome = ?, intent = NULL WHERE key = ? AND settled_at IS NULL',
      Math.floor(nowMs),
      outcome,
      key,
    ) === 1
  );
}

/** Intents of a kind that are still open, oldest first. */
export function openIntents<T>(database: ReadableDatabase, vault: Vault, kind: JournalKind): OpenIntent<T>[] {
  return database
    .all<{ key: string; began_at: number; intent: Uint8Array | null }>(
      `SELECT key, began_at, intent FROM journal
       WHERE settled_at IS NULL AND kind <> 'submission' AND kind = ? ORDER BY began_at, key`,
      kind,
    )
    .map((row) => ({
      key: row.key,
      kind,
      beganAtMs: row.began_at,
      intent: row.intent && vault.open<T>(placeOf(row.key), row.intent),
    }));
}

function placeOf(key: string) {
  return { table: 'journal', row: key, column: 'intent' };
}
