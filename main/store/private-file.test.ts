import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePrivateFile } from './private-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-private-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('leaves nothing beside a file that could not be written', () => {
  // On a full disk each retried start left one more draft of a key.
  mkdirSync(join(folder, 'key.json'));

  expect(writePrivateFile(join(folder, 'key.json'), 'secret')).toMatchObject({ ok: false, reason: 'unwritable' });

  expect(readdirSync(folder)).toEqual(['key.json']);
});
