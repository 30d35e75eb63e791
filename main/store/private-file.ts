import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Only the owner reads and writes. */
const ownerOnly = 0o600;

export type PrivateFile =
  /** `tightened`: others could read it until now; staff should know. */
  { ok: true; text: string; tightened: boolean } | { ok: false; reason: 'absent' | 'unreadable'; detail: string };

/** Reads a file of secrets, and takes it from others where they could read it. On Windows the folder's rights decide, not modes. */
export function readPrivateFile(path: string): PrivateFile {
  try {
    const text = readFileSync(path, 'utf8');
    const tightened = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
    if (tightened) chmodSync(path, ownerOnly);
    return { ok: true, text, tightened };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { ok: false, reason: code === 'ENOENT' ? 'absent' : 'unreadable', detail: code };
  }
}

/** Writes a file of secrets whole or not at all, and durably: beside it, synced, then renamed over it. */
export function writePrivateFile(
  path: string,
  text: string,
): { ok: true } | { ok: false; reason: 'unwritable'; detail: string } {
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(beside, 'wx', ownerOnly);
    try {
      try {
        writeSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(beside, path);
    } catch (error) {
      // A start is tried again and again: what it began to write must not pile up, the less as it is secret.
      rmSync(beside, { force: true });
      throw error;
    }
    syncFolder(dirname(path));
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: 'unwritable', detail: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}

/** `restored`: why it had to be written again; null where it was as it should be. */
export type KeptPrivateFile =
  | { ok: true; restored: 'absent' | 'changed' | null }
  | { ok: false; reason: 'unwritable'; detail: string };

/**
 * Sees to it that a file of secrets still says what its user holds in memory, and writes it again where it does not: what was sealed since would
 * be lost with the process. What stands in its place is set aside, never overwritten.
 */
export function keepPrivateFile(path: string, text: string, nowMs: number): KeptPrivateFile {
  const found = readPrivateFile(path);
  if (found.ok && found.text === text) return { ok: true, restored: null };
  const isAbsent = !found.ok && found.reason === 'absent';
  try {
    const aside = `${path}.replaced-${Math.floor(nowMs)}`;
    // Copied, so that a power cut never finds the place empty: what is written below takes it in one step. What is no file is moved.
    if (found.ok) copyFileSync(path, aside);
    else if (!isAbsent) renameSync(path, aside);
  } catch (error) {
    return { ok: false, reason: 'unwritable', detail: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
  const written = writePrivateFile(path, text);
  return written.ok ? { ok: true, restored: isAbsent ? 'absent' : 'changed' } : written;
}

/** A rename is durable once its folder is; Windows cannot open folders and syncs renames with the file. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
