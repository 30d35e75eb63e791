import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertDurable, openReadable, openWritable, ReadableDatabase } from './database.ts';
import { guarded, StoreBroken, storeFailure } from './problem.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-database-'));
  path = join(folder, 'kiosk.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('opening', () => {
  test('is durable on the first open and on every later one', () => {
    for (let opens = 0; opens < 3; opens += 1) {
      const database = openWritable(path);
      expect(database.pragma('synchronous')).toBe(2);
      database.execute('CREATE TABLE IF NOT EXISTS t (x)');
      database.close();
    }
  });

  test.each(['synchronous = NORMAL', 'foreign_keys = OFF', 'journal_mode = DELETE'])(
    'is refused where somebody set %s',
    (pragma) => {
      openWritable(path).close();
      const native = new Database(path);
      native.pragma('synchronous = FULL');
      native.pragma('foreign_keys = ON');
      const database = new ReadableDatabase(native);
      assertDurable(database);
      native.pragma(pragma);
      expect(() => assertDurable(database)).toThrow(StoreBroken);
      native.close();
    },
  );
});

describe('a database to look at', () => {
  test('refuses a statement that writes, also one that reads as well', () => {
    openWritable(path).close();
    const database = openReadable(path);
    expect(() => database.all('CREATE TABLE t (x)')).toThrow();
    expect(database.get('SELECT 1 AS one')).toEqual({ one: 1 });
    database.close();
    const writable = openWritable(path);
    writable.execute('CREATE TABLE t (x)');
    expect(() => writable.get('INSERT INTO t VALUES (1) RETURNING x')).toThrow('a reading statement writes');
    writable.close();
  });
});

describe('a transaction', () => {
  test('takes back everything when its work throws, and joins the one around it', () => {
    const database = openWritable(path);
    database.execute('CREATE TABLE t (x INTEGER) STRICT');
    expect(() =>
      database.transaction(() => {
        database.transaction(() => database.run('INSERT INTO t VALUES (?)', 1));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(database.get('SELECT count(*) AS n FROM t')).toEqual({ n: 0 });
    database.transaction(() => database.run('INSERT INTO t VALUES (?)', 1));
    expect(database.get('SELECT count(*) AS n FROM t')).toEqual({ n: 1 });
    database.close();
  });

  test('says read-only where the system lets nothing be written', () => {
    openWritable(path).close();
    const native = new Database(path);
    native.pragma('query_only = ON');
    expect(guarded(() => native.exec('CREATE TABLE t (x)'))).toMatchObject({ ok: false, reason: 'read-only' });
    native.close();
  });
});

describe('problems', () => {
  test.each([
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_READONLY_DBMOVED', 'read-only'],
    ['SQLITE_CORRUPT_INDEX', 'corrupt'],
    ['SQLITE_NOTADB', 'corrupt'],
    ['SQLITE_BUSY_SNAPSHOT', 'locked'],
    ['SQLITE_IOERR_FSYNC', 'io-error'],
    ['SQLITE_CANTOPEN', 'io-error'],
  ])('%s is told as %s', (code, reason) => {
    expect(storeFailure(new Database.SqliteError('', code))).toEqual({ ok: false, reason, detail: code });
  });

  test('a broken constraint is a bug and is thrown on', () => {
    expect(storeFailure(new Database.SqliteError('', 'SQLITE_CONSTRAINT_UNIQUE'))).toBeNull();
    expect(() =>
      guarded(() => {
        throw new TypeError('bug');
      }),
    ).toThrow('bug');
  });
});
