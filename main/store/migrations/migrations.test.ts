import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReadableDatabase, WritableDatabase } from '../database.ts';
import { openWritable } from '../database.ts';
import { sealingKey } from '../sealing.ts';
import { fingerprintSecret } from '../secrets.ts';
import { writeSetting } from '../settings.ts';
import { openStore } from '../store.ts';
import { tag, Vault } from '../vault.ts';
import { migrate, schemaVersion, shapeOf } from './index.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-migrations-'));
  path = join(folder, 'kiosk.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = sealingKey(randomBytes(32));
const keys = { source: 'file' as const, current: key, find: (id: Uint8Array) => (key.id.equals(id) ? key : undefined) };

function schemaOf(database: ReadableDatabase): string {
  const rows = database.all<{ sql: string }>(
    `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name`,
  );
  return `${rows.map((row) => `${row.sql.replaceAll(/ +/g, ' ')};`).join('\n')}\n`;
}

function shipped(version: number): string {
  return readFileSync(new URL(`schemas/${String(version).padStart(4, '0')}.sql`, import.meta.url), 'utf8');
}

const rowId = '019ab000-0000-7000-8000-000000000002';

/** A row as a kiosk of that version wrote it. */
function keepRow(database: WritableDatabase, vault: Vault, version: number): void {
  const content = {
    visit: '019ab000-0000-7000-8000-000000000001',
    trace: '',
    grant: null,
    proof: 'proof',
    body: { kind: 'agreement', version: '1' },
  };
  const order = tag(fingerprintSecret(database, vault), 'order', 'somebody').toString('base64url');
  const open = version < 3 ? ['open, ', '1, '] : ['', ''];
  database.run(
    `INSERT INTO outbox (seq, id, order_key, sequence, kind, rank, made_at, state, ${open[0]} attempts, next_attempt_at, fingerprint, sealed)
     VALUES (1, ?, ?, 1, 'agreement', 0, 0, 'waiting', ${open[1]} 0, 0, ?, ?)`,
    rowId,
    order,
    randomBytes(32),
    vault.seal({ table: 'outbox', row: rowId, column: 'sealed' }, content),
  );
}

const versions = Array.from({ length: schemaVersion }, (_, at) => at + 1);

describe('the schema', () => {
  test.each(versions)('of version %i is still the one that was shipped', (version) => {
    const database = openWritable(path);
    migrate(database, version);
    expect(schemaOf(database)).toBe(shipped(version));
    database.close();
  });

  test.each([0, ...versions])(
    'of version %i is brought to the newest, and what was in it is still there',
    (version) => {
      const database = openWritable(path);
      migrate(database, version);
      if (version >= 1) {
        const vault = new Vault(keys, randomBytes);
        writeSetting(database, 'epoch', 7, 0);
        keepRow(database, vault, version);
      }
      database.close();

      const opened = openStore({ path, keys, nowMs: () => 1, random: randomBytes });
      if (!opened.ok) throw new Error(opened.reason);
      const { store } = opened;
      if (version >= 1) {
        expect(store.readSetting('epoch')).toEqual({ ok: true, value: 7 });
        expect(store.lease({ limit: 9, which: 'fresh' })).toMatchObject({
          rows: [{ request: { body: { version: '1' } } }],
        });
      }
      store.close();
      const again = openWritable(path);
      expect(again.pragma('user_version')).toBe(schemaVersion);
      expect(schemaOf(again)).toBe(shipped(schemaVersion));
      again.close();
    },
  );

  test('of each version has another shape, by which a file is told from one of another', () => {
    const database = openWritable(path);
    const shapes = versions.map((version) => {
      migrate(database, version);
      return shapeOf(database).sort().join();
    });
    database.close();
    expect(new Set(shapes).size).toBe(schemaVersion);
  });

  test('moves what was settled out of the outbox, and goes on where every order stood', () => {
    const database = openWritable(path);
    migrate(database, 2);
    const vault = new Vault(keys, randomBytes);
    keepRow(database, vault, 2);
    // Of the same order: one that the centre carried out before, and one that staff gave up.
    database.execute(`
      INSERT INTO outbox SELECT 2, 'done-1', order_key, 1, kind, 0, 5, 'done', 0, 0, 0, fingerprint, NULL, NULL, NULL, 6 FROM outbox WHERE seq = 1;
      UPDATE outbox SET sequence = 2 WHERE seq = 1;
      INSERT INTO journal (key, kind, began_at) VALUES ('done-1', 'submission', 5), ('print-1', 'print', 5);
    `);
    migrate(database);
    expect(database.all('SELECT id, state, made_at, settled_at FROM settled')).toEqual([
      { id: 'done-1', state: 'done', made_at: 5, settled_at: 6 },
    ]);
    expect(database.all('SELECT id, sequence, state FROM outbox')).toEqual([
      { id: rowId, sequence: 2, state: 'waiting' },
    ]);
    expect(database.all('SELECT key FROM journal')).toEqual([{ key: 'print-1' }]);
    database.close();
  });

  test('stays at its version when a step fails in the middle', () => {
    const database = openWritable(path);
    migrate(database, 1);
    // The second step cannot make its table: the file is as if it had not been tried.
    database.execute('CREATE TABLE paper_steps (x)');
    const before = schemaOf(database);
    expect(() => migrate(database)).toThrow('already exists');
    expect(database.pragma('user_version')).toBe(1);
    expect(schemaOf(database)).toBe(before);
    database.close();
  });
});
