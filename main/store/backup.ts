import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CheckBackup } from './backup-check.ts';
import { openReadable } from './database.ts';
import { applicationId, checkSchema } from './migrations/index.ts';
import type { StoreFailure } from './problem.ts';
import { guarded, guardedOpening, storeFailure } from './problem.ts';
import { areSettingsReadable } from './settings.ts';

/**
 * A backup that was read through from end to end. `turn` rises from each to the next, whatever the clock does; `takenAtMs` is what the clock
 * said, which may have been set since.
 */
export type Backup = { path: string; turn: number; takenAtMs: number; bytes: number };

/**
 * The name carries the turn: the instant it was taken, or one more than the turn before where the clock stands behind that. Kiosks that knew nothing of
 * turns named theirs by the instant alone, so those are found and counted on from.
 */
const name = /^kiosk-(\d{13,16})\.db$/;

/** Where backups lie: beside the database, since what they save from is a damaged file, not a stolen disk. */
export function backupFolderOf(databasePath: string): string {
  return `${databasePath}.backups`;
}

/**
 * Takes a backup while the kiosk works: `copy` writes it beside its final name (better-sqlite3's online backup), `check` reads it through, and only then is it
 * renamed; so what stands under a backup's name is one. Those of earlier turns beyond `keep` are removed: they hold what was wiped since.
 */
export async function takeBackup(options: {
  folder: string;
  takenAtMs: number;
  keep: number;
  copy: (path: string) => Promise<void>;
  check: CheckBackup;
}): Promise<{ ok: true; backup: Backup } | StoreFailure> {
  const { folder, takenAtMs, keep } = options;
  const last = listBackups(folder)[0]?.turn ?? -1;
  const turn = Math.max(Math.floor(takenAtMs), last + 1);
  const path = join(folder, `kiosk-${String(turn).padStart(13, '0')}.db`);
  const draft = `${path}.draft`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const left of readdirSync(folder)) if (left.includes('.draft')) rmSync(join(folder, left), { force: true });
    closeSync(openSync(draft, 'w', 0o600));
    await options.copy(draft);
    const checked = await options.check(draft);
    if (!checked.ok) return checked;
    if (!checked.isSound) return { ok: false, reason: 'io-error', detail: 'a backup that cannot be read back' };
    // By the kiosk's clock, as every other instant of the store.
    utimesSync(draft, takenAtMs / 1_000, takenAtMs / 1_000);
    const { size: bytes } = statSync(draft);
    sync(draft);
    renameSync(draft, path);
    sync(folder);
    const earlier = listBackups(folder).filter((backup) => backup.turn < turn);
    for (const old of earlier.slice(keep - 1)) rmSync(old.path, { force: true });
    return { ok: true, backup: { path, turn, takenAtMs, bytes } };
  } catch (error) {
    // On a disk that turned read-only it stays, until the next backup takes it away.
    guarded(() => rmSync(draft, { force: true }));
    const failure = storeFailure(error);
    if (failure) return failure;
    throw error;
  }
}

/** The backups there are, the last one taken first; not yet read through. */
export function listBackups(folder: string): Backup[] {
  try {
    return readdirSync(folder)
      .flatMap((file) => {
        const turn = Number(name.exec(file)?.[1] ?? Number.NaN);
        if (Number.isNaN(turn)) return [];
        const path = join(folder, file);
        const found = statSync(path, { throwIfNoEntry: false });
        return found ? [{ path, turn, takenAtMs: Math.round(found.mtimeMs), bytes: found.size }] : [];
      })
      .sort((a, b) => b.turn - a.turn);
  } catch {
    return [];
  }
}

/** Whether anything sealed lies at a store's place: its file, a draft of one, what was set aside, or backups. */
export function isAnythingSealed(path: string): boolean {
  const isFilled = (file: string) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (['', '-wal', '.rebuilt'].some((ending) => isFilled(`${path}${ending}`))) return true;
  return existsSync(`${path}.damaged`) || listBackups(backupFolderOf(path)).length > 0;
}

/** Whether a file is a kiosk's database, every page of it can be read, and it has its schema. One of a newer kiosk is sound too. */
export function isSound(path: string): boolean {
  const read = checkSound(path);
  return read.ok || read.reason === 'newer-schema';
}

/** The same, with what was found: `corrupt`, `newer-schema`, or why it cannot be read now. */
export function checkSound(path: string): { ok: true } | StoreFailure {
  const damage = (detail: string): StoreFailure => ({ ok: false, reason: 'corrupt', detail });
  try {
    return guardedOpening(() => {
      const database = openReadable(path);
      try {
        if (database.pragma('application_id') !== applicationId) return damage('not ours');
        if (database.pragma('integrity_check') !== 'ok') return damage('a page does not hold');
        checkSchema(database);
        return areSettingsReadable(database) ? { ok: true as const } : damage('a setting is garbled');
      } finally {
        database.close();
      }
    });
  } finally {
    for (const ending of ['-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
  }
}

/** Makes a file or a folder durable. Windows knows no such thing for folders, and syncs a file only for those who may write it. */
export function sync(path: string): void {
  const isFolder = statSync(path).isDirectory();
  if (isFolder && process.platform === 'win32') return;
  const file = openSync(path, isFolder ? 'r' : 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
