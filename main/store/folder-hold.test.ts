import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdFolder } from './folder-hold.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-hold-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function hold() {
  const held = holdFolder(folder);
  if (!held.ok) throw new Error(held.reason);
  return held;
}

/** What another process is told. */
function elsewhere(): string {
  const module = JSON.stringify(join(import.meta.dirname, 'folder-hold.ts'));
  const script = `import(${module}).then(({ holdFolder }) => console.log(holdFolder(${JSON.stringify(folder)}).reason ?? 'held'))`;
  return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim();
}

test('a folder has one holder, in this process and in others, until it is released', () => {
  const held = hold();
  expect(holdFolder(folder)).toMatchObject({ ok: false, reason: 'locked' });
  expect(elsewhere()).toBe('locked');
  held.release();
  held.release();
  hold().release();
});

test('a holder that was killed holds nothing any more', () => {
  expect(elsewhere()).toBe('held');
  hold().release();
});

test('a lock that cannot be had is a reason, not a crash', () => {
  mkdirSync(join(folder, 'kiosk.lock'));
  expect(holdFolder(folder)).toMatchObject({ ok: false, reason: 'io-error' });
});
