import type { WritableDatabase } from '../database.ts';
import { StoreBroken } from '../problem.ts';
import { createQueue } from './0001-queue.ts';
import { createPapers } from './0002-papers.ts';
import { makeQueueLean } from './0003-lean-queue.ts';

/** Every step of the schema, in order, forward only. One that was shipped is never changed: a new one is added below it. */
const migrations: readonly ((database: WritableDatabase) => void)[] = [createQueue, createPapers, makeQueueLean];

/** The schema this kiosk writes. */
export const schemaVersion = migrations.length;

/** Marks the file as ours (PRAGMA application_id): `Skio`. */
export const applicationId = 0x536b696f;

/**
 * Brings the schema to `upTo`, each step in a transaction of its own, and gives the version it found. A file from a newer kiosk
 * and a file that is not ours are refused untouched.
 */
export function migrate(database: WritableDatabase, upTo: number = schemaVersion): number {
  const found = Number(database.pragma('user_version'));
  const owner = Number(database.pragma('application_id'));
  if (owner !== applicationId && (owner !== 0 || found !== 0 || hasTables(database))) {
    throw new StoreBroken('corrupt', 'the file is a database of something else');
  }
  if (found > schemaVersion) {
    throw new StoreBroken('newer-schema', `the file has schema ${found}, this kiosk knows ${schemaVersion}`);
  }
  migrations.slice(found, upTo).forEach((step, index) => {
    database.transaction(() => {
      step(database);
      database.execute(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${found + index + 1};`);
    });
  });
  return found;
}

function hasTables(database: WritableDatabase): boolean {
  return database.get('SELECT 1 FROM sqlite_schema LIMIT 1') !== undefined;
}
