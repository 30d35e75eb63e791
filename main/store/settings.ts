import type { ReadableDatabase, WritableDatabase } from './database.ts';
import { StoreBroken } from './problem.ts';

/** Reads what was kept under a name; null where nothing was. Values are JSON and never personal. One that is not is damage: `corrupt`. */
export function readSetting(database: ReadableDatabase, name: string): unknown {
  const row = database.get<{ value: string }>('SELECT value FROM settings WHERE name = ?', name);
  if (!row) return null;
  try {
    return JSON.parse(row.value) as unknown;
  } catch {
    throw new StoreBroken('corrupt', `a setting is garbled: ${name}`);
  }
}

/** Whether every setting can be read. */
export function areSettingsReadable(database: ReadableDatabase): boolean {
  return database.get('SELECT 1 FROM settings WHERE NOT json_valid(value) LIMIT 1') === undefined;
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
