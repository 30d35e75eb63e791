import Database from 'better-sqlite3';

/**
 * Why the store cannot do what it was asked. Each is a screen and a line for staff: `newer-schema` the file was written by a newer
 * kiosk; `wrong-key` the sealing key at hand is not the one the file was sealed with; `corrupt` the file is damaged or is
 * not ours; `read-only`, `disk-full`, `locked`, `io-error` what the operating system said.
 */
export type StoreProblem = 'newer-schema' | 'wrong-key' | 'corrupt' | 'read-only' | 'disk-full' | 'locked' | 'io-error';

/** A failure of the store itself; `detail` is for logs and never holds a visitor's data. */
export type StoreFailure = { ok: false; reason: StoreProblem; detail: string };

/** Thrown inside a transaction to roll it back, and turned into a value at the store's edge. */
export class StoreBroken extends Error {
  readonly reason: StoreProblem;

  constructor(reason: StoreProblem, detail: string) {
    super(detail);
    this.name = 'StoreBroken';
    this.reason = reason;
  }
}

/** SQLite's result codes (sqlite.org/rescode.html) that are the world's fault; extended codes begin with these. */
const problems: readonly (readonly [code: string, reason: StoreProblem])[] = [
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_PERM', 'read-only'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_FORMAT', 'corrupt'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_PROTOCOL', 'locked'],
  ['SQLITE_IOERR', 'io-error'],
  ['SQLITE_CANTOPEN', 'io-error'],
];

/** What the operating system says of files (errno(3)) that is more than `io-error`. */
const fileProblems: Readonly<Record<string, StoreProblem>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
};

/** What went wrong as a value, or null where the error is a bug and has to be thrown on. */
export function storeFailure(error: unknown): StoreFailure | null {
  if (error instanceof StoreBroken) return { ok: false, reason: error.reason, detail: error.message };
  if (isSystemError(error)) return { ok: false, reason: fileProblems[error.code] ?? 'io-error', detail: error.code };
  if (!(error instanceof Database.SqliteError)) return null;
  const known = problems.find(([code]) => error.code === code || error.code.startsWith(`${code}_`));
  return known ? { ok: false, reason: known[1], detail: error.code } : null;
}

/** A call to the operating system that failed, as Node tells it. */
function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/**
 * The same while a file is being opened. What is asked of it then is right for every file of ours, so an SQL error (no such column, a table that is
 * there already, a file format of no version) is the file's and not ours: `corrupt`.
 */
export function guardedOpening<T>(work: () => T): T | StoreFailure {
  return guarded(() => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_ERROR') throw error;
      throw new StoreBroken('corrupt', error.message);
    }
  });
}

/** Runs `work` and gives the store's failures as values; bugs are thrown on. */
export function guarded<T>(work: () => T): T | StoreFailure {
  try {
    return work();
  } catch (error) {
    const failure = storeFailure(error);
    if (failure) return failure;
    throw error;
  }
}
