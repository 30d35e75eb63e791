import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from './log.ts';
import type { Kept } from './open-kept.ts';
import { openKept } from './open-kept.ts';

let folder: string;
let lines: Record<string, unknown>[];
const opened: Kept[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kiosk-kept-')), 'data');
  mkdirSync(folder);
  lines = [];
});
afterEach(() => {
  for (const { store } of opened.splice(0)) store.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const files = ['sealing-key.json', 'identity.json'];
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

function tryOpen() {
  return openKept({
    dataFolder: folder,
    nowMs: () => Date.UTC(2026, 10, 24),
    keyStore: undefined,
    startCheckChild: undefined,
    log: createLog({ write: (line) => lines.push(JSON.parse(line)), nowMs: () => 0, level: 'warn' }),
  });
}

function open(): Kept {
  const result = tryOpen();
  if (!result.ok) throw new Error(result.detail);
  opened.push(result.kept);
  return result.kept;
}

function keep({ store }: Kept): string {
  const body = { kind: 'agreement' as const, version: '1' };
  const kept = store.submit({ order: null, visit: '', trace: '', grant: null, parties: null, body });
  if (!kept.ok) throw new Error(kept.reason);
  return kept.id;
}

function closeAll(): void {
  for (const { store } of opened.splice(0)) store.close();
}

describe('the files of secrets', () => {
  test.each(files)('(%s) that is removed under a running kiosk is written again, for its user only', (file) => {
    const kept = open();
    const before = read(file);
    rmSync(join(folder, file));
    expect(kept.health().fault).toBeNull();
    expect(read(file)).toBe(before);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(lines).toMatchObject([{ event: 'store.file-restored', file, because: 'absent' }]);
    kept.health();
    expect(lines).toHaveLength(1);
  });

  test.each(files)('(%s) that is removed within a visit is there again before a request is acknowledged', (file) => {
    const kept = open();
    const before = read(file);
    rmSync(join(folder, file));
    keep(kept);
    expect(read(file)).toBe(before);
  });

  test('that cannot be written again let nothing be acknowledged', () => {
    const kept = open();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'no folder');
    expect(() => keep(kept)).toThrow('io-error');
  });

  test.each(files)('(%s) that is replaced is set aside, and stands again', (file) => {
    const kept = open();
    const before = read(file);
    writeFileSync(join(folder, file), 'another');
    expect(kept.health().fault).toBeNull();
    expect(read(file)).toBe(before);
    const aside = readdirSync(folder).find((name) => name.startsWith(`${file}.replaced-`)) ?? '';
    expect(read(aside)).toBe('another');
    expect(lines).toMatchObject([{ because: 'changed' }]);
  });

  test('that cannot be written again leave the kiosk out of service', () => {
    const kept = open();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'no folder');
    expect(kept.health().fault).toMatchObject({
      reason: 'io-error',
      detail: expect.stringMatching(/^sealing-key\.json/),
    });
    expect(kept.openStoreAnew()).toBe(false);
    expect(lines.at(-1)).toMatchObject({ event: 'store.not-reopened' });
  });

  test('that were changed by a rotation and an enrolment are kept as they became', () => {
    const kept = open();
    expect(kept.rotation.begin(5_000)).toEqual({ ok: true });
    const { publicKey: root } = kept.identity;
    expect(kept.identity.recordEnrolment({ kiosk: 'k', name: 'n', hall: 'h', epoch: 1, root })).toEqual({ ok: true });
    const became = files.map(read);
    for (const file of files) rmSync(join(folder, file));
    expect(kept.health().fault).toBeNull();
    expect(files.map(read)).toEqual(became);
  });
});

test('a data folder that goes under a running kiosk is made again with its keys, and loses nothing', () => {
  const kept = open();
  const id = keep(kept);
  rmSync(folder, { recursive: true });
  expect(kept.health().fault).toMatchObject({ reason: 'corrupt' });
  expect(kept.openStoreAnew()).toBe(true);
  expect(kept.health().fault).toBeNull();
  const later = keep(kept);
  closeAll();
  const { store } = open();
  for (const each of [id, later]) {
    expect(store.settlement(each)).toMatchObject({ settlement: { state: 'waiting' } });
  }
});

test('a key file that is gone at the start is asked for, and nothing is made in its place', () => {
  const id = keep(open());
  closeAll();
  const key = read('sealing-key.json');
  rmSync(join(folder, 'sealing-key.json'));
  const before = readFileSync(join(folder, 'kiosk.db'));
  for (let times = 0; times < 2; times += 1) {
    expect(tryOpen()).toMatchObject({ ok: false, reason: 'store-key-foreign' });
    expect(existsSync(join(folder, 'sealing-key.json'))).toBe(false);
    expect(readFileSync(join(folder, 'kiosk.db')).equals(before)).toBe(true);
  }
  writeFileSync(join(folder, 'sealing-key.json'), key);
  chmodSync(join(folder, 'sealing-key.json'), 0o600);
  expect(open().store.settlement(id)).toMatchObject({ settlement: { state: 'waiting' } });
});

test('so it is where only a backup is left', async () => {
  const kept = open();
  expect(await kept.store.backUp({ keep: 1 })).toMatchObject({ ok: true });
  closeAll();
  for (const file of ['sealing-key.json', 'kiosk.db']) rmSync(join(folder, file));
  expect(tryOpen()).toMatchObject({ ok: false, reason: 'store-key-foreign' });
});
