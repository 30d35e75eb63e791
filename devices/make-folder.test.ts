import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('makes a folder with all that is missing above it, and finds one that is there', () => {
  const path = join(folder, 'a', 'b', 'c');
  expect(makeFolder(path)).toEqual({ ok: true });
  expect(makeFolder(path)).toEqual({ ok: true });
  expect(statSync(path).isDirectory()).toBe(true);
});

test('says what stands in the way', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(makeFolder(join(folder, 'file'))).toEqual({ ok: false, detail: 'ENOTDIR' });
  expect(makeFolder(join(folder, 'file', 'below'))).toMatchObject({ ok: false, detail: 'ENOTDIR' });
});

// A data folder under /proc hung the start for ever: the hall saw a dead panel.
test.skipIf(process.platform !== 'linux')('answers also where the system has no such place', () => {
  expect(makeFolder('/proc/kiosk/data')).toMatchObject({ ok: false });
});
