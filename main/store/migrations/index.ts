import type { ReadableDatabase, WritableDatabase } from '../database.ts';
import { openInMemory } from '../database.ts';
import { StoreBroken } from '../problem.ts';
import { createQueue } from './0001-queue.ts';
import { createPapers } from './0002-papers.ts';
import { makeQueueLean } from './0003-lean-queue.ts';

/**
 * Every step of the schema, in order, forward only. One that was shipped is never changed: a new one is added below it. Each changes a table, a column
 * or a name, by which a file is told from one of another version whatever number it carries.
 */
const migrations: readonly ((database: WritableDatabase) => void)[] = [createQueue, createPapers, makeQueueLean];

/** The schema this kiosk writes. */
export const schemaVersion = migrations.length;

/** Marks the file as ours (PRAGMA application_id): `Skio`. */
export const applicationId = 0x536b696f;

/**
 * Brings the schema to `upTo`, each step in a transaction of its own, and gives the version it found. A file from a newer kiosk
 * and a file that is not ours are refused untouched; one whose schema is not that of its number is damaged.
 */
export function migrate(database: WritableDatabase, upTo: number = schemaVersion): number {
  const found = Number(database.pragma('user_version'));
  const owner = Number(database.pragma('application_id'));
  if (owner !== applicationId && (owner !== 0 || found !== 0 || hasTables(database))) {
    throw new StoreBroken('corrupt', 'the file is a database of something else');
  }
  checkSchema(database);
  migrations.slice(found, upTo).forEach((step, index) => {
    database.transaction(() => {
      step(database);
      database.execute(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${found + index + 1};`);
    });
  });
  return found;
}

/**
 * Throws `newer-schema` or `corrupt` where a file does not have the schema of the version it carries; what somebody added besides does no harm. A
 * file is really newer where its schema is another than ours too: over our own, a larger number was made by a flipped bit.
 */
export function checkSchema(database: ReadableDatabase): void {
  const version = Number(database.pragma('user_version'));
  const found = shapeOf(database);
  const known = knownShape(Math.max(0, Math.min(version, schemaVersion)));
  const lacks = known.find((part) => !found.includes(part));
  if (version > schemaVersion && (lacks !== undefined || found.length > known.length)) {
    throw new StoreBroken('newer-schema', `the file has schema ${version}, this kiosk knows ${schemaVersion}`);
  }
  if (version < 0 || version > schemaVersion || lacks !== undefined) {
    throw new StoreBroken('corrupt', `the file does not have schema ${version}: ${lacks ?? 'no such version'}`);
  }
}

/** Every table with its columns, every index and trigger; not their wording, which is SQLite's own after a change. */
export function shapeOf(database: ReadableDatabase): string[] {
  return database
    .all<Record<string, string | number | null>>(
      `SELECT kept.type AS kept, kept.name AS of, kept.tbl_name AS at, info.name AS name, info.type, info."notnull", info.pk
       FROM sqlite_schema AS kept LEFT JOIN pragma_table_info(iif(kept.type = 'table', kept.name, NULL)) AS info`,
    )
    .map((row) => Object.values(row).join(' '));
}

const knownShapes = new Map<number, readonly string[]>();

function knownShape(version: number): readonly string[] {
  const known = knownShapes.get(version);
  if (known !== undefined) return known;
  const database = openInMemory();
  try {
    for (const step of migrations.slice(0, version)) step(database);
    const shape = shapeOf(database);
    knownShapes.set(version, shape);
    return shape;
  } finally {
    database.close();
  }
}

function hasTables(database: WritableDatabase): boolean {
  return database.get('SELECT 1 FROM sqlite_schema LIMIT 1') !== undefined;
}
