import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backupFolderOf } from './backup.ts';
import { checkApart } from './backup-check.ts';
import { sealingKey } from './sealing.ts';
import { openStore } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-backup-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a backup is read through in a process of its own while this one goes on, and one that is damaged is found', async () => {
  const path = join(folder, 'kiosk.db');
  const key = sealingKey(randomBytes(32));
  let turns = 0;
  let turnsWhileChecked = 0;
  const apart = checkApart();
  const opened = openStore({
    path,
    keys: { source: 'file', current: key, find: () => key },
    nowMs: Date.now,
    random: randomBytes,
    async checkBackup(draft) {
      turns = 0;
      const checked = await apart(draft);
      turnsWhileChecked = turns;
      return checked;
    },
  });
  if (!opened.ok) throw new Error(opened.reason);
  const { store } = opened;
  const turning = setInterval(() => {
    turns += 1;
  }, 1);
  const taken = await store.backUp({ keep: 2 });
  clearInterval(turning);
  store.close();
  if (!taken.ok) throw new Error(taken.detail);
  expect(turnsWhileChecked).toBeGreaterThan(0);
  expect(readdirSync(backupFolderOf(path))).toHaveLength(1);

  const damaged = join(folder, 'damaged.db');
  const bytes = readFileSync(taken.backup.path);
  writeFileSync(damaged, bytes.fill(0, 4096, 8192));
  expect(await apart(damaged)).toEqual({ ok: true, isSound: false });
  expect(await apart(taken.backup.path)).toEqual({ ok: true, isSound: true });
}, 60_000);
