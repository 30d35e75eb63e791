import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CheckBackup } from './backup-check.ts';
import { openReadable } from './database.ts';
import { applicationId, checkSchema } from './migrations/index.ts';
import type { StoreFailure } from './problem.ts';
import { guardedOpening, storeFailure } from './problem.ts';
import { areSettingsReadable } from './settings.ts';

/** A backup that was read through from end to end. */
export type Backup = { path: string; takenAtMs: number; bytes: number };

const name = /^kiosk-(\d{13})\.db$/;

/** Where backups lie: beside the database, since what they save from is a damaged file, not a stolen disk. */
export function backupFolderOf(databasePath: string): string {
  return `${databasePath}.backups`;
}

/**
 * Takes a backup while the kiosk works: `copy` writes it beside its final name (better-sqlite3's online backup), `check` reads it through, and only then is it
 * renamed; so what stands under a backup's name is one. Older ones beyond `keep` are removed: they hold what was wiped since.
 */
export async function takeBackup(options: {
  folder: string;
  takenAtMs: number;
  keep: number;
  copy: (path: string) => Promise<void>;
  check: CheckBackup;
}): Promise<{ ok: true; backup: Backup } | StoreFailure> {
  const { folder, takenAtMs, keep } = options;
  const path = join(folder, fileName(takenAtMs));
  const draft = `${path}.draft`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const left of readdirSync(folder)) if (left.includes('.draft')) rmSync(join(folder, left), { force: true });
    closeSync(openSync(draft, 'w', 0o600));
    await options.copy(draft);
    const checked = await options.check(draft);
    if (!checked.ok) return checked;
    if (!checked.isSound) return { ok: false, reason: 'io-error', detail: 'a backup that cannot be read back' };
    sync(draft);
    renameSync(draft, path);
    sync(folder);
    for (const old of listBackups(folder).slice(keep)) rmSync(old.path, { force: true });
    return { ok: true, backup: { path, takenAtMs, bytes: statSync(path).size } };
  } catch (error) {
    if (existsSync(draft)) rmSync(draft);
    const failure = storeFailure(error);
    if (failure) return failure;
    throw error;
  }
}

/** Copies a file that vanished while it was in use, `copy` in one piece: it stands among the backups, as the newest. */
export function rescue(options: { folder: string; nowMs: number; copy: (path: string) => void }): void {
  const { folder, nowMs } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, fileName(nowMs));
  const draft = `${path}.draft`;
  rmSync(draft, { force: true });
  options.copy(draft);
  chmodSync(draft, 0o600);
  sync(draft);
  renameSync(draft, path);
  sync(folder);
}

function fileName(atMs: number): string {
  return `kiosk-${String(Math.floor(atMs)).padStart(13, '0')}.db`;
}

/** The backups there are, newest first; not yet read through. */
export function listBackups(folder: string): Backup[] {
  try {
    return readdirSync(folder)
      .flatMap((file) => {
        const takenAtMs = Number(name.exec(file)?.[1] ?? Number.NaN);
        const path = join(folder, file);
        return Number.isNaN(takenAtMs) ? [] : [{ path, takenAtMs, bytes: statSync(path).size }];
      })
      .sort((a, b) => b.takenAtMs - a.takenAtMs);
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

/** Makes a file or a folder durable. Windows knows no such thing for folders. */
export function sync(path: string): void {
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
