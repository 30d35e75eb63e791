import type { ReadableDatabase, WritableDatabase } from './database.ts';

/** Reads what was kept under a name; null where nothing was. Values are JSON and never personal. */
export function readSetting(database: ReadableDatabase, name: string): unknown {
  const row = database.get<{ value: string }>('SELECT value FROM settings WHERE name = ?', name);
  return row ? (JSON.parse(row.value) as unknown) : null;
}

export function writeSetting(database: WritableDatabase, name: string, value: unknown, nowMs: number): void {
  database.run(
    `INSERT INTO settings (name, value, changed_at) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
    name,
    JSON.stringify(value),
    Math.floor(nowMs),
  );
}

/** Set in a copy that was taken of a file that had vanished while it was in use: nothing was acknowledged after it. */
export const rescuedSetting = 'store-rescued';
