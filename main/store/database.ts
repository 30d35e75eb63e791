import Database from 'better-sqlite3';
import { StoreBroken } from './problem.ts';

/** What may be bound to a statement. */
export type Bound = string | number | bigint | Uint8Array | null;

/**
 * A database that can be asked. Functions that only look take this type, so that what they cannot do is in their signature;
 * a statement that would write is refused here as well.
 */
export class ReadableDatabase {
  protected readonly native: Database.Database;
  /** Preparing costs more than running: each text is prepared once. */
  private readonly prepared = new Map<string, Database.Statement<Bound[], unknown>>();

  constructor(native: Database.Database) {
    this.native = native;
  }

  /** The first row, or undefined. `Row` is the shape of the columns in `sql`. */
  get<Row>(sql: string, ...parameters: Bound[]): Row | undefined {
    return this.reading(sql).get(...parameters) as Row | undefined;
  }

  all<Row>(sql: string, ...parameters: Bound[]): Row[] {
    return this.reading(sql).all(...parameters) as Row[];
  }

  iterate<Row>(sql: string, ...parameters: Bound[]): IterableIterator<Row> {
    return this.reading(sql).iterate(...parameters) as IterableIterator<Row>;
  }

  pragma(name: string): string | number {
    return this.native.pragma(name, { simple: true }) as string | number;
  }

  /** Changes whenever another connection has changed the file, never by changes of this one (PRAGMA data_version). */
  dataVersion(): number {
    return this.reading('PRAGMA data_version').pluck().get() as number;
  }

  close(): void {
    this.prepared.clear();
    this.native.close();
  }

  protected statement(sql: string): Database.Statement<Bound[], unknown> {
    const known = this.prepared.get(sql);
    if (known) return known;
    const fresh = this.native.prepare<Bound[], unknown>(sql);
    this.prepared.set(sql, fresh);
    return fresh;
  }

  private reading(sql: string): Database.Statement<Bound[], unknown> {
    const statement = this.statement(sql);
    if (!statement.readonly) throw new Error(`a reading statement writes: ${sql}`);
    return statement;
  }
}

/** A database that can be changed too. */
export class WritableDatabase extends ReadableDatabase {
  /** Runs a changing statement and gives the number of rows changed. */
  run(sql: string, ...parameters: Bound[]): number {
    return this.statement(sql).run(...parameters).changes;
  }

  /** Runs a changing statement with RETURNING and gives its first row. */
  change<Row>(sql: string, ...parameters: Bound[]): Row | undefined {
    return this.statement(sql).get(...parameters) as Row | undefined;
  }

  /** Several statements without parameters: schemas. */
  execute(sql: string): void {
    this.native.exec(sql);
  }

  /** Copies the whole database to a file while it is in use, a few pages a turn of the event loop (better-sqlite3's online backup). */
  async backUp(path: string): Promise<void> {
    await this.native.backup(path, { progress: () => backupPages });
  }

  /** Copies it at once, in one piece. */
  copyInto(path: string): void {
    this.statement('VACUUM INTO ?').run(path);
  }

  /** Moves the log into the database. `TRUNCATE` waits for readers, and leaves an empty log. False where somebody was in the way. */
  checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): boolean {
    return this.statement(`PRAGMA wal_checkpoint(${mode})`).pluck().get() === 0;
  }

  /**
   * All of `work` or nothing, durable when this returns. The write lock is taken at the start, so that nothing read inside can be
   * changed by another connection before it is written back. Inside another transaction it joins that one.
   */
  transaction<T>(work: () => T): T {
    if (this.native.inTransaction) return work();
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself (disk full, I/O error); a second ROLLBACK would hide the cause.
      if (this.native.inTransaction) this.run('ROLLBACK');
      throw error;
    }
  }
}

/** A turn of a backup: some 5 ms on a slow disk. */
const backupPages = 64;
const defaultBusyTimeoutMs = 2_000;
/** Pages kept in memory, in KB. */
const cacheKb = 16 * 1024;
/**
 * Pages after which a commit moves the log into the database by itself. The kiosk does that while nobody waits (upkeep.ts); this is the bound for a
 * hall that never stands still. A log that was full once is written over, which a disk syncs in half the time of a file that grows: so it is
 * short, 4 MB.
 */
const longestLogPages = 1_000;
/** PRAGMA synchronous: 1 NORMAL, 2 FULL (sqlite.org/pragma.html#pragma_synchronous). */
const synchronousFull = 2;

/**
 * Opens a database for writing: WAL, `synchronous = FULL`, foreign keys, and each of them asserted.
 *
 * better-sqlite3 opens an existing WAL file with NORMAL, which may lose the last commits when the power goes; that is why FULL is set
 * on every open and then read back. `maxBytes` caps the file: reaching it is the same `disk-full` as a full disk.
 */
export function openWritable(
  path: string,
  { maxBytes, busyTimeoutMs = defaultBusyTimeoutMs }: { maxBytes?: number; busyTimeoutMs?: number } = {},
): WritableDatabase {
  const native = new Database(path, { timeout: busyTimeoutMs });
  try {
    native.pragma('journal_mode = WAL');
    native.pragma('synchronous = FULL');
    native.pragma('foreign_keys = ON');
    native.pragma('trusted_schema = OFF');
    // What is deleted is overwritten, in the file and (by the checkpoint that empties it) in the log.
    native.pragma('secure_delete = ON');
    native.pragma(`cache_size = -${cacheKb}`);
    native.pragma(`wal_autocheckpoint = ${longestLogPages}`);
    const database = new WritableDatabase(native);
    assertDurable(database);
    if (maxBytes !== undefined) {
      native.pragma(`max_page_count = ${Math.floor(maxBytes / Number(database.pragma('page_size')))}`);
    }
    return database;
  } catch (error) {
    native.close();
    throw error;
  }
}

/** An empty database that is gone when it is closed. */
export function openInMemory(): WritableDatabase {
  return new WritableDatabase(new Database(':memory:'));
}

/** Opens an existing database for looking only. */
export function openReadable(path: string): ReadableDatabase {
  return new ReadableDatabase(
    new Database(path, { timeout: defaultBusyTimeoutMs, readonly: true, fileMustExist: true }),
  );
}

/** Refuses a connection that would acknowledge before the disk has it. */
export function assertDurable(database: ReadableDatabase): void {
  const found = {
    journal_mode: database.pragma('journal_mode'),
    synchronous: database.pragma('synchronous'),
    foreign_keys: database.pragma('foreign_keys'),
  };
  if (found.journal_mode !== 'wal' || found.synchronous !== synchronousFull || found.foreign_keys !== 1) {
    throw new StoreBroken('io-error', `not durable: ${JSON.stringify(found)}`);
  }
}
