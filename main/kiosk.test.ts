import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { startKiosk } from './kiosk.ts';
import { openKeyFile } from './store/key-file.ts';
import { openStore } from './store/store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-start-'));
  mkdirSync(join(folder, 'data'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start() {
  const file = join(folder, 'kiosk.json');
  writeFileSync(
    file,
    JSON.stringify({
      hall: '云川市政务服务中心',
      terminal: '3号机',
      address: '云川市东湖区滨江路1号',
      centre: { url: 'https://centre.example' },
      dataFolder: 'data',
      devices: [],
    }),
  );
  const read = readConfig(file);
  if (!read.ok) throw new Error(read.detail);
  return startKiosk(read.config, { name: 'headless' });
}

test('a key file that another machine or user has sealed is told as that, not as a broken store', async () => {
  const keyStore = { encrypt: (text: string) => Buffer.from(text), decrypt: () => '' };
  openKeyFile(join(folder, 'data/sealing-key.json'), randomBytes, keyStore);
  expect(await start()).toMatchObject({ ok: false, reason: 'store-key-foreign' });
});

test('so is a database that another key has sealed', async () => {
  openKeyFile(join(folder, 'data/sealing-key.json'), randomBytes);
  const keys = openKeyFile(join(folder, 'other-key.json'), randomBytes);
  if (!keys.ok) throw new Error(keys.reason);
  const path = join(folder, 'data/kiosk.db');
  const opened = openStore({ path, keys: keys.keys, nowMs: Date.now, random: randomBytes });
  if (!opened.ok) throw new Error(opened.reason);
  opened.store.close();
  expect(await start()).toMatchObject({ ok: false, reason: 'store-key-foreign' });
});

test('a key file that is damaged leaves the store unusable', async () => {
  writeFileSync(join(folder, 'data/sealing-key.json'), '{}');
  expect(await start()).toMatchObject({ ok: false, reason: 'store-unusable' });
});
