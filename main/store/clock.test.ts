import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backupFolderOf, listBackups } from './backup.ts';
import type { LostRange } from './lost.ts';
import { openOrRebuild, reopenStore } from './rebuild.ts';
import { sealingKey } from './sealing.ts';
import type { Store } from './store.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const rightMs = Date.UTC(2026, 10, 24, 9, 0, 0);
const key = sealingKey(Buffer.alloc(32, 3));
const keys = { source: 'file' as const, current: key, find: () => key };

let folder: string;
let path: string;
let nowMs: number;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-clock-'));
  path = join(folder, 'kiosk.db');
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const options = () => ({ path, keys, nowMs: () => nowMs, random: randomBytes });

function start(atMs: number) {
  nowMs = atMs;
  const opened = openOrRebuild({ ...options(), isExpected: false });
  if (!opened.ok) throw new Error(`${opened.reason}: ${opened.detail}`);
  store = opened.store;
  return opened;
}

function keep(): string {
  nowMs += 1_000;
  const body = { kind: 'agreement' as const, version: '1' };
  const kept = store.submit({ order: null, visit: '', trace: '', grant: null, parties: null, body });
  if (!kept.ok) throw new Error(`${kept.reason}: ${kept.detail}`);
  return kept.id;
}

async function backUp(keepBackups = 2): Promise<string> {
  nowMs += hourMs;
  const taken = await store.backUp({ keep: keepBackups });
  if (!taken.ok) throw new Error(`${taken.reason}: ${taken.detail}`);
  return taken.backup.path;
}

function remove(): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
}

const isNamed = (lost: readonly LostRange[] | undefined, id: string) =>
  (lost ?? []).some(({ from, to }) => from <= id && id <= to);

const newest = () => listBackups(backupFolderOf(path))[0];

/** Whether a request is there, or named as lost. */
function isAnswered(id: string, lost: readonly LostRange[] | undefined): boolean {
  const found = store.settlement(id);
  return (found.ok && found.settlement !== null) || isNamed(lost, id);
}

// A clock two days ahead was set right at noon: every later backup deleted itself, and the one a rebuild began from was two days old.
const jumps: [name: string, fromMs: number, toMs: number][] = [
  ['back by two days', rightMs + 2 * dayMs, rightMs],
  ['back by years, from a clock at the end of its range', Date.UTC(2286, 10, 21), rightMs],
  ['back over the new year', Date.UTC(2027, 0, 1, 2), Date.UTC(2026, 11, 31, 20)],
  ['ahead over the new year', Date.UTC(2026, 11, 31, 20), Date.UTC(2027, 0, 1, 2)],
  ['ahead from a clock that had stopped', 0, rightMs],
];

describe.each(jumps)('a clock that is set %s', (_, fromMs, toMs) => {
  beforeEach(async () => {
    start(fromMs);
    keep();
    await backUp();
    await backUp();
    nowMs = toMs;
  });

  test('leaves what is backed up afterwards the newest, dated as the clock says', async () => {
    keep();
    const paths = [await backUp(), await backUp(), await backUp()];
    expect(listBackups(backupFolderOf(path)).map((backup) => backup.path)).toEqual([paths[2], paths[1]]);
    expect(newest()?.takenAtMs).toBe(nowMs);
    expect(store.lastBackupAtMs()).toBe(nowMs);
  });

  test('keeps no backup that still holds what was wiped', async () => {
    const taken = await backUp(1);
    expect(readdirSync(backupFolderOf(path)).map((name) => join(backupFolderOf(path), name))).toEqual([taken]);
  });

  test('loses nothing where the file is deleted under the running kiosk', async () => {
    const ids = [keep(), keep()];
    await backUp();
    ids.push(keep());
    remove();
    expect(store.writeSetting('x', 1)).toMatchObject({ ok: false, reason: 'corrupt' });
    expect(reopenStore(store, options())).toMatchObject({ ok: true, rebuilt: { because: 'gone', lost: [] } });
    for (const id of ids) expect(store.settlement(id)).toMatchObject({ settlement: { state: 'waiting' } });
  });

  test('begins a rebuild from the newest backup, and names what came after it', async () => {
    const before = [keep(), keep()];
    await backUp();
    const after = [keep(), keep()];
    store.close();
    remove();
    const { rebuilt } = start(nowMs);
    for (const id of before) expect(store.settlement(id)).toMatchObject({ settlement: { state: 'waiting' } });
    for (const id of after) expect(isNamed(rebuilt?.lost, id)).toBe(true);
    // What is kept from now on is not among what is named, nor after the next start.
    expect(isNamed(rebuilt?.lost, keep())).toBe(false);
    store.close();
    start(nowMs);
    expect(isNamed(rebuilt?.lost, keep())).toBe(false);
  });

  test('names what came after the last backup also where the clock was set in between', () => {
    const ids = [keep(), keep()];
    store.close();
    const restarted = start(nowMs);
    expect(restarted.rebuilt).toBeNull();
    ids.push(keep());
    store.close();
    remove();
    const { rebuilt } = start(nowMs + 1_000);
    for (const id of ids) expect(isAnswered(id, rebuilt?.lost)).toBe(true);
  });

  test('names what was kept before it, where nothing but memory knows the clock of then', () => {
    // The clock went there and back after the last backup, and the file is damaged under the running kiosk.
    const ids = [keep()];
    nowMs = fromMs + 5 * hourMs;
    ids.push(keep());
    nowMs = toMs;
    ids.push(keep());
    expect(store.letGo()).toEqual({ ok: true });
    remove();
    writeFileSync(path, 'no database');
    const reopened = reopenStore(store, options());
    if (!reopened.ok) throw new Error(reopened.reason);
    for (const id of ids) expect(isAnswered(id, reopened.rebuilt?.lost)).toBe(true);
  });
});

// The power was cut, the battery was flat or the clock goes on from where it was last written down, and the file is damaged: all at once.
test.each([
  ['in 1970', 0],
  ['a while before the cut', rightMs + hourMs + 1_500],
])('a clock that begins %s after a power cut hides nothing of what was lost in it', async (_, atMs) => {
  start(rightMs);
  keep();
  await backUp();
  const ids = [keep(), keep(), keep()];
  store.close();
  remove();
  const first = start(atMs);
  for (const id of ids) expect(isNamed(first.rebuilt?.lost, id)).toBe(true);
  const later = keep();
  expect(isNamed(first.rebuilt?.lost, later)).toBe(false);
  // And once more, before anybody was told.
  await backUp();
  ids.push(later, keep());
  store.close();
  remove();
  const second = start(atMs);
  for (const id of ids) expect(isAnswered(id, second.rebuilt?.lost)).toBe(true);
});

test('ids never go backwards, also over a restart', () => {
  start(rightMs + dayMs);
  const ahead = keep();
  nowMs = rightMs;
  const back = keep();
  store.close();
  start(rightMs);
  const restarted = keep();
  expect([back.slice(0, 13) >= ahead.slice(0, 13), restarted.slice(0, 13) >= ahead.slice(0, 13)]).toEqual([true, true]);
  nowMs = rightMs + 2 * dayMs;
  expect(keep() > restarted).toBe(true);
});

test('backups of earlier kiosks, named for the clock alone, are older than those taken since', async () => {
  start(rightMs);
  const kept = keep();
  const own = await backUp();
  for (const atMs of [rightMs + 3 * dayMs, rightMs - dayMs]) {
    const earlier = join(backupFolderOf(path), `kiosk-${String(atMs).padStart(13, '0')}.db`);
    copyFileSync(own, earlier);
    utimesSync(earlier, atMs / 1_000, atMs / 1_000);
  }
  rmSync(own);
  expect(listBackups(backupFolderOf(path)).map(({ takenAtMs }) => takenAtMs)).toEqual([
    rightMs + 3 * dayMs,
    rightMs - dayMs,
  ]);
  const taken = await backUp();
  expect(newest()?.path).toBe(taken);
  store.close();
  remove();
  expect(start(nowMs).rebuilt).toMatchObject({ because: 'gone', backupAtMs: nowMs });
  expect(store.settlement(kept)).toMatchObject({ settlement: { state: 'waiting' } });
});

// Killed between its copy and putting away what somebody had put in its place: the next start took up that, an older one, and said nothing.
test.each([
  ['nothing', []],
  ['an older one', ['']],
  ['an older one with a log of something else', ['', '-wal']],
  ['a log of something else', ['-wal']],
])('what was saved of a file that was taken away is taken up where %s stands in its place', async (_, endings) => {
  start(rightMs);
  const backup = await backUp();
  const id = keep();
  const log = readFileSync(`${path}-wal`);
  remove();
  expect(store.writeSetting('x', 1)).toMatchObject({ ok: false, reason: 'corrupt' });
  store.close();
  remove();
  for (const ending of endings) {
    if (ending === '') copyFileSync(backup, path);
    else writeFileSync(`${path}${ending}`, log);
  }
  const { rebuilt } = start(nowMs);
  expect(rebuilt).toMatchObject({ because: 'gone', lost: [] });
  expect(rebuilt?.setAside === null).toBe(endings.length === 0);
  for (const ending of endings) expect(existsSync(`${rebuilt?.setAside}${ending}`)).toBe(true);
  expect(store.settlement(id)).toMatchObject({ settlement: { state: 'waiting' } });
  expect(store.checkAudit()).toMatchObject({ ok: true });
});
