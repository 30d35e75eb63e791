import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backupFolderOf, listBackups } from './backup.ts';
import { openWritable } from './database.ts';
import type { LostRange } from './lost.ts';
import { openOrRebuild, reopenStore } from './rebuild.ts';
import { rebuiltSetting } from './rebuilt.ts';
import { sealingKey } from './sealing.ts';
import type { Store } from './store.ts';
import { openStore } from './store.ts';

const visit = '019ab000-0000-7000-8000-000000000001';
const canary = '望月街七百三十一号';
const key = sealingKey(Buffer.alloc(32, 3));
const keys = { source: 'file' as const, current: key, find: (id: Uint8Array) => (key.id.equals(id) ? key : undefined) };

let folder: string;
let path: string;
let nowMs: number;
const opened: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-rebuild-'));
  path = join(folder, 'kiosk.db');
  nowMs = Date.UTC(2026, 10, 24, 9, 0, 0);
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

const options = () => ({ path, keys, nowMs: () => nowMs, random: randomBytes });

function open(): Store {
  const result = openStore(options());
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  opened.push(result.store);
  return result.store;
}

function close(store: Store): void {
  opened.splice(opened.indexOf(store), 1);
  store.close();
}

function reopen() {
  const result = openOrRebuild(options());
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  opened.push(result.store);
  return result;
}

function keep(store: Store, order: string | null = null): string {
  nowMs += 1_000;
  const kept = store.submit({
    order,
    visit,
    trace: '',
    grant: null,
    parties: null,
    body: { kind: 'complaint', item: 'complaint', itemVersion: 1, values: { text: canary.repeat(20) } },
  });
  if (!kept.ok) throw new Error(`${kept.reason}: ${kept.detail}`);
  return kept.id;
}

function carryOut(store: Store, limit: number): void {
  const leased = store.lease({ limit, which: 'fresh' });
  if (!leased.ok) throw new Error(leased.reason);
  store.settle(leased.rows.map(({ request: { id } }) => ({ id, state: 'done', answer: { kind: 'rating' } })));
}

/** A working day: a backup in the middle, requests before and after, some carried out. */
async function day(): Promise<string[]> {
  const store = open();
  const ids = Array.from({ length: 15 }, (_, at) => keep(store, at % 3 === 0 ? 'somebody' : null));
  carryOut(store, 4);
  expect(await store.backUp({ keep: 2 })).toMatchObject({ ok: true });
  ids.push(...Array.from({ length: 15 }, () => keep(store)));
  carryOut(store, 6);
  close(store);
  return ids;
}

const isNamed = (lost: readonly LostRange[], id: string) => lost.some(({ from, to }) => from <= id && id <= to);

/** Whether a request is there and would be delivered with what the visitor wrote, or is settled. */
function isSafe(store: Store, id: string, deliverable: ReadonlySet<string>): boolean {
  const found = store.settlement(id);
  if (!found.ok || found.settlement === null) return false;
  return found.settlement.state !== 'waiting' || deliverable.has(id);
}

/** What would be delivered now and later: one after the other, as the centre takes them. */
function deliverAll(store: Store): Set<string> {
  const ids = new Set<string>();
  for (;;) {
    const leased = store.lease({ limit: 64, which: 'fresh' });
    if (!leased.ok) throw new Error(leased.reason);
    if (leased.rows.length === 0) return ids;
    for (const { request } of leased.rows) if ('values' in request.body) ids.add(request.id);
    store.settle(leased.rows.map(({ request: { id } }) => ({ id, state: 'done', answer: { kind: 'rating' } })));
  }
}

/** Makes the file one that does not hold. */
function damageOneRequest(): void {
  const store = open();
  const id = keep(store);
  close(store);
  const other = openWritable(path);
  other.run('UPDATE outbox SET sealed = zeroblob(60) WHERE id = ?', id);
  other.checkpoint('TRUNCATE');
  other.close();
}

/** Changes the file behind the store's back. */
function alter(sql: string, file: string = path): void {
  const database = openWritable(file);
  database.execute(sql);
  database.checkpoint('TRUNCATE');
  database.close();
}

/** It was set aside and built again, and every request is there or named as lost. */
function expectRebuilt(ids: readonly string[]): readonly LostRange[] {
  const { store, rebuilt } = reopen();
  expect(rebuilt).toMatchObject({ because: 'corrupt' });
  expect(existsSync(rebuilt?.setAside ?? '')).toBe(true);
  const deliverable = deliverAll(store);
  for (const id of ids) expect(isSafe(store, id, deliverable) || isNamed(rebuilt?.lost ?? [], id)).toBe(true);
  return rebuilt?.lost ?? [];
}

describe('a backup', () => {
  test('is taken while the kiosk works, can be opened, and has everything of its instant', async () => {
    const store = open();
    const before = keep(store);
    const taking = store.backUp({ keep: 2 });
    const meanwhile = keep(store);
    const taken = await taking;
    if (!taken.ok) throw new Error(taken.reason);
    const restored = openStore({ ...options(), path: taken.backup.path });
    if (!restored.ok) throw new Error(restored.reason);
    opened.push(restored.store);
    expect(restored.store.settlement(before)).toMatchObject({ settlement: { state: 'waiting' } });
    expect(restored.store.checkFile()).toEqual({ ok: true });
    expect(store.settlement(meanwhile)).toMatchObject({ settlement: { state: 'waiting' } });
  });

  test('leaves only the newest, readable by its user alone and by nobody without the key', async () => {
    const store = open();
    for (let times = 0; times < 4; times += 1) {
      keep(store);
      await store.backUp({ keep: 2 });
    }
    const backups = listBackups(backupFolderOf(path));
    expect(backups).toHaveLength(2);
    expect(readdirSync(backupFolderOf(path))).toHaveLength(2);
    for (const backup of backups) {
      expect(statSync(backup.path).mode & 0o777).toBe(0o600);
      expect(readFileSync(backup.path).includes(canary)).toBe(false);
    }
  });

  test('that cannot be written says so and leaves no draft', async () => {
    const store = open();
    writeFileSync(backupFolderOf(path), 'in the way');
    expect(await store.backUp({ keep: 2 })).toMatchObject({ ok: false, reason: 'io-error' });
  });
});

describe('a damaged database', () => {
  const damages: [name: string, damage: (bytes: Buffer, random: () => number) => Buffer | null][] = [
    ['truncated', (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length))],
    ['without its head', (bytes) => Buffer.concat([randomBytes(100), bytes.subarray(100)])],
    ['with a bit flipped', (bytes, random) => flip(bytes, 1, random)],
    ['with a hundred bits flipped', (bytes, random) => flip(bytes, 100, random)],
    ['with pages zeroed', (bytes, random) => zeroPages(bytes, 3, random)],
    ['empty', () => Buffer.alloc(0)],
    ['deleted', () => null],
  ];

  test.each(damages)(
    '%s is set aside and rebuilt; every acknowledged request is there or named as lost',
    async (_, damage) => {
      const ids = await day();
      const original = readFileSync(path);
      const safe: number[] = [];
      for (let turn = 0; turn < 4; turn += 1) {
        const damaged = damage(Buffer.from(original), randomOf(turn + 1));
        for (const ending of ['-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
        rmSync(`${path}.damaged`, { recursive: true, force: true });
        if (damaged) writeFileSync(path, damaged);
        else rmSync(path);
        const { store, rebuilt } = reopen();
        const lost = rebuilt?.lost ?? [];
        const deliverable = deliverAll(store);
        const kept = ids.filter((id) => isSafe(store, id, deliverable));
        const silent = ids.filter((id) => !kept.includes(id) && !isNamed(lost, id));
        expect(silent, `turn ${turn}`).toEqual([]);
        if (rebuilt) {
          expect(store.readSetting(rebuiltSetting)).toMatchObject({ ok: true, value: { because: rebuilt.because } });
          expect(store.checkAudit()).toMatchObject({ ok: true });
          // The backup of the middle of the day was there to begin from.
          expect(kept.length).toBeGreaterThanOrEqual(15);
        }
        safe.push(kept.length);
        close(store);
      }
      expect(safe.every((count) => count >= 15)).toBe(true);
    },
  );

  test('gives what can still be read of it beside the backup, and the damaged file stays for whoever looks into it', async () => {
    const ids = await day();
    const bytes = readFileSync(path);
    // One leaf of the outbox: its neighbours can be read.
    const at = bytes.lastIndexOf(ids.at(-3) ?? '');
    bytes.fill(0, Math.floor(at / 4096) * 4096, Math.floor(at / 4096) * 4096 + 4096);
    writeFileSync(path, bytes);
    const { store, rebuilt } = reopen();
    expect(rebuilt).toMatchObject({ because: 'corrupt' });
    expect(rebuilt?.salvaged).toBeGreaterThan(5);
    expect(existsSync(rebuilt?.setAside ?? '')).toBe(true);
    const deliverable = deliverAll(store);
    const missing = ids.filter((id) => !isSafe(store, id, deliverable));
    expect(missing.length).toBeLessThan(6);
    expect(missing.every((id) => isNamed(rebuilt?.lost ?? [], id))).toBe(true);
  });

  test('is rebuilt without a backup of what it still gives', async () => {
    const ids = await day();
    rmSync(backupFolderOf(path), { recursive: true });
    const bytes = readFileSync(path);
    bytes.fill(0, bytes.length - 4096);
    writeFileSync(path, bytes);
    const { store, rebuilt } = reopen();
    expect(rebuilt).not.toBeNull();
    expect(statSync(path).mode & 0o077).toBe(0);
    const deliverable = deliverAll(store);
    for (const id of ids) expect(isSafe(store, id, deliverable) || isNamed(rebuilt?.lost ?? [], id)).toBe(true);
  });

  test('names a paper that was asked for and is nowhere now: the centre may have given it a number', async () => {
    const store = open();
    const asked = { visit, trace: '', grant: 'g', parties: null, paper: { layout: 'proof-of-insurance' } } as const;
    const keys = [1, 2, 3, 4].map(() => {
      const issue = store.beginIssue(asked);
      if (!issue.ok) throw new Error(issue.reason);
      return issue.key;
    });
    store.settleIssue(keys[0] ?? '', { kind: 'issued', number: 'N-1' });
    store.settleIssue(keys[1] ?? '', { kind: 'refused', reason: 'not-permitted' });
    // Named once already, in a setting: those are not salvaged.
    store.settleIssue(keys[3] ?? '', { kind: 'lost', reason: 'damaged' });
    close(store);
    const other = openWritable(path);
    other.run('DELETE FROM journal WHERE key = ?', keys[2] ?? '');
    other.checkpoint('TRUNCATE');
    other.close();
    // A request whose sealed part was changed: the file is not what was written, and is rebuilt.
    damageOneRequest();
    const { rebuilt } = reopen();
    expect(keys.map((key) => rebuilt?.lost.some(({ from, to }) => from === key && to === key))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  // What came after the last readable entry is known to one rebuild only: the next one would have found a whole chain.
  test('names what an earlier rebuild lost as well, until the centre has heard it', async () => {
    const store = open();
    const id = keep(store);
    close(store);
    truncateSync(path, 4096);
    const first = reopen();
    expect(isNamed(first.rebuilt?.lost ?? [], id)).toBe(true);
    expect(await first.store.backUp({ keep: 1 })).toMatchObject({ ok: true });
    close(first.store);
    damageOneRequest();
    const second = reopen();
    expect(isNamed(second.rebuilt?.lost ?? [], id)).toBe(true);
    second.store.writeSetting(rebuiltSetting, null);
    expect(await second.store.backUp({ keep: 1 })).toMatchObject({ ok: true });
    close(second.store);
    damageOneRequest();
    expect(isNamed(reopen().rebuilt?.lost ?? [], id)).toBe(false);
  });

  test.each([2, 1, 0, 7, 11, -1])(
    'whose version a flipped bit made %i is built again, and loses nothing',
    async (version) => {
      const ids = await day();
      alter(`PRAGMA user_version = ${version}`);
      expect(expectRebuilt(ids)).toEqual([]);
    },
  );

  test.each([
    'DROP TABLE settled',
    'ALTER TABLE settings RENAME TO settinqs',
    'ALTER TABLE outbox RENAME COLUMN attempts TO attempus',
    'DROP INDEX paper_steps_by_paper',
    "INSERT INTO settings (name, value, changed_at) VALUES ('catalogue', '{;', 0)",
    "INSERT INTO settings (name, value, changed_at) VALUES ('store-rebuilt', ';', 0)",
  ])('(%s) is found out at the start, and built again', async (sql) => {
    const ids = await day();
    alter(sql);
    expectRebuilt(ids);
  });

  test('is not built of a backup that is damaged in the same way', async () => {
    const ids = await day();
    alter("INSERT INTO settings (name, value, changed_at) VALUES ('catalogue', '{;', 0)");
    const [backup] = listBackups(backupFolderOf(path));
    copyFileSync(path, backup?.path ?? '');
    expectRebuilt(ids);
  });

  test.each([
    ['garbage', () => writeFileSync(`${path}.rebuilt`, 'garbage')],
    ['nothing', () => writeFileSync(`${path}.rebuilt`, '')],
    ['a database of something else', () => alter('CREATE TABLE settings (name, value)', `${path}.rebuilt`)],
    ['a store that says nothing of a rebuild', () => copyFileSync(path, `${path}.rebuilt`)],
  ])('is opened as it is where %s lies in the place of a draft', async (_, put) => {
    const ids = await day();
    alter('PRAGMA optimize');
    put();
    const { store, rebuilt } = reopen();
    expect(rebuilt).toBeNull();
    expect(existsSync(`${path}.rebuilt`)).toBe(false);
    const deliverable = deliverAll(store);
    for (const id of ids) expect(isSafe(store, id, deliverable)).toBe(true);
  });

  test('leaves no draft of a rebuild that was broken off', async () => {
    await day();
    for (const ending of ['', '-wal']) writeFileSync(`${path}.rebuilding${ending}`, 'half of it');
    expect(reopen().rebuilt).toBeNull();
    expect(readdirSync(folder).filter((name) => name.includes('rebuilding'))).toEqual([]);
  });

  test('whose log alone is left is rebuilt, and the log of something else is not played into the new one', async () => {
    const ids = await day();
    const log = Buffer.alloc(4_000, 7);
    rmSync(path);
    writeFileSync(`${path}-wal`, log);
    const { store, rebuilt } = reopen();
    expect(readFileSync(`${rebuilt?.setAside}-wal`).equals(log)).toBe(true);
    const deliverable = deliverAll(store);
    for (const id of ids) expect(isSafe(store, id, deliverable) || isNamed(rebuilt?.lost ?? [], id)).toBe(true);
  });

  test('of a newer kiosk is refused untouched', async () => {
    await day();
    alter(`ALTER TABLE papers ADD COLUMN more TEXT; PRAGMA user_version = 7`);
    const before = readFileSync(path);
    expect(openOrRebuild(options())).toMatchObject({ ok: false, reason: 'newer-schema' });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('that only needs another key, or a newer kiosk, is left alone', async () => {
    await day();
    const other = sealingKey(randomBytes(32));
    const before = readFileSync(path);
    expect(
      openOrRebuild({ ...options(), keys: { source: 'file', current: other, find: () => undefined } }),
    ).toMatchObject({
      ok: false,
      reason: 'wrong-key',
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(existsSync(`${path}.damaged`)).toBe(false);
  });

  test('that is missing without a backup, at a kiosk that has worked before, has lost all that ever was', () => {
    const result = openOrRebuild({ ...options(), isExpected: true });
    if (!result.ok) throw new Error(result.reason);
    opened.push(result.store);
    expect(result.rebuilt).toMatchObject({ because: 'gone', setAside: null, backupAtMs: null });
    expect(isNamed(result.rebuilt?.lost ?? [], visit)).toBe(true);
  });

  test('that is not damaged is opened as it is', async () => {
    await day();
    expect(reopen().rebuilt).toBeNull();
  });
});

describe('a database that is taken away while it is in use', () => {
  test.each(['', '-wal'])('(kiosk.db%s) acknowledges nothing more, and is whole again at the next start', (ending) => {
    const store = open();
    const ids = [keep(store), keep(store)];
    rmSync(`${path}${ending}`);
    const submitted = store.submit({
      order: null,
      visit,
      trace: '',
      grant: null,
      parties: null,
      body: { kind: 'agreement', version: '1' },
    });
    expect(submitted).toMatchObject({ ok: false, reason: 'corrupt' });
    expect(store.writeSetting('x', 1)).toMatchObject({ ok: false });
    close(store);
    const { store: next, rebuilt } = reopen();
    expect(rebuilt).toMatchObject({ because: 'gone', lost: [] });
    for (const id of ids) expect(next.settlement(id)).toMatchObject({ settlement: { state: 'waiting' } });
  });

  test('is opened anew while the kiosk runs, and whoever works with the store goes on', () => {
    const store = open();
    const woken: string[] = [];
    store.onWork(() => woken.push('work'));
    const id = keep(store);
    expect(store.lease({ limit: 9, which: 'fresh' })).toMatchObject({ rows: [{ request: { id } }] });
    rmSync(path);
    rmSync(`${path}-wal`);
    expect(store.writeSetting('x', 1)).toMatchObject({ ok: false, reason: 'corrupt' });

    const again = reopenStore(store, options());
    expect(again).toMatchObject({ ok: true, rebuilt: { because: 'gone', lost: [] }, recovered: { requeued: 1 } });
    expect(woken).toEqual(['work', 'work']);
    // The answer to what was on its way in the meantime.
    expect(store.settle([{ id, state: 'done', answer: { kind: 'rating' } }])).toEqual({ ok: true });
    const later = keep(store);
    close(store);
    const { store: next, rebuilt } = reopen();
    expect(rebuilt).toBeNull();
    expect(next.settlement(id)).toMatchObject({ settlement: { state: 'done' } });
    expect(next.settlement(later)).toMatchObject({ settlement: { state: 'waiting' } });
  });

  test('is let go only once all of it is copied', () => {
    const store = open();
    const id = keep(store);
    rmSync(path);
    // No place for a copy.
    mkdirSync(`${path}.rebuilding`);
    expect(store.writeSetting('x', 1)).toMatchObject({ ok: false });
    expect(reopenStore(store, options())).toMatchObject({ ok: false });
    rmdirSync(`${path}.rebuilding`);
    expect(reopenStore(store, options())).toMatchObject({ ok: true, rebuilt: { lost: [] } });
    expect(store.settlement(id)).toMatchObject({ settlement: { state: 'waiting' } });
  });

  test('keeps nothing of a request that it refused', () => {
    const store = open();
    rmSync(path);
    const body = { kind: 'agreement' as const, version: '1' };
    expect(store.submit({ order: null, visit, trace: '', grant: null, parties: null, body })).toMatchObject({
      ok: false,
    });
    expect(reopenStore(store, options())).toMatchObject({ ok: true, recovered: { requeued: 0 } });
  });

  test('and replaced by another one is not mistaken for it', async () => {
    const store = open();
    const early = keep(store);
    const taken = await store.backUp({ keep: 1 });
    if (!taken.ok) throw new Error(taken.reason);
    const late = keep(store);
    const other = join(folder, 'other.db');
    copyFileSync(taken.backup.path, other);
    rmSync(path);
    copyFileSync(other, path);
    expect(store.writeSetting('x', 1)).toMatchObject({ ok: false, reason: 'corrupt' });
    close(store);
    const { store: next } = reopen();
    for (const id of [early, late]) expect(next.settlement(id)).toMatchObject({ settlement: { state: 'waiting' } });
  });
});

test('a file that is cut short while nobody looks loses nothing that the log still has', () => {
  const store = open();
  const id = keep(store);
  expect(store.checkpoint()).toEqual({ ok: true });
  truncateSync(path, 4096);
  close(store);
  const { store: next, rebuilt } = reopen();
  expect(next.settlement(id)).toSatisfy((found) => found.settlement !== null || isNamed(rebuilt?.lost ?? [], id));
});

function flip(bytes: Buffer, count: number, random: () => number): Buffer {
  for (let times = 0; times < count; times += 1) {
    const at = Math.floor(random() * bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
  }
  return bytes;
}

function zeroPages(bytes: Buffer, count: number, random: () => number): Buffer {
  for (let times = 0; times < count; times += 1) {
    const page = Math.floor((random() * bytes.length) / 4096);
    bytes.fill(0, page * 4096, (page + 1) * 4096);
  }
  return bytes;
}

/** The same numbers each run. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
