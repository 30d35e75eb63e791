import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { StoreFailure } from './problem.ts';
import { guarded } from './problem.ts';

/** A data folder that is this process's alone. Releasing twice is harmless. */
export type FolderHold = { ok: true; release(): void };

/**
 * Holds a data folder: a second kiosk on it would take the first one's print under way for one that was interrupted, and tell the centre so.
 * `locked` where another holds it. The lock is SQLite's on a file of its own, so the system lets go of it with the process, however that ends.
 */
export function holdFolder(folder: string): FolderHold | StoreFailure {
  return guarded<FolderHold | StoreFailure>(() => {
    const lock = new Database(join(folder, 'kiosk.lock'), { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      lock.close();
      throw error;
    }
    return { ok: true, release: () => lock.close() };
  });
}
