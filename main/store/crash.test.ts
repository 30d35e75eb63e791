import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKeyFile } from './key-file.ts';
import { openStore } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the kiosk, kills it after so many acknowledgements, and gives every line it managed to say. */
async function runAndKill(path: string, keyPath: string, lines: number): Promise<string[]> {
  const script = fileURLToPath(new URL('test/visitor-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, path, keyPath], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => {
    said.push(line);
    if (said.length === lines) child.kill('SIGKILL');
  });
  await Promise.all([once(child, 'exit'), once(reader, 'close')]);
  return said;
}

test('a kiosk killed in the middle of a print has every acknowledged request, and its paper is accounted for', async () => {
  const path = join(folder, 'kiosk.db');
  const keyPath = join(folder, 'key.json');
  for (const lines of [2, 40]) {
    const [paper = '', ...acknowledged] = await runAndKill(path, keyPath, lines);
    const keys = openKeyFile(keyPath, randomBytes);
    if (!keys.ok) throw new Error(keys.reason);
    const opened = openStore({
      path,
      keys: keys.keys,
      nowMs: Date.now,
      random: randomBytes,
    });
    if (!opened.ok) throw new Error(opened.reason);
    const { store } = opened;
    expect(acknowledged.length).toBeGreaterThanOrEqual(lines - 1);
    expect(store.recover()).toMatchObject({
      papers: [{ id: paper.replace('paper ', ''), number: 'N-000001', outcome: 'unknown' }],
    });
    for (const id of acknowledged) {
      expect(store.settlement(id)).toEqual({ ok: true, settlement: { state: 'waiting' } });
    }
    const leased = store.lease({ limit: 100_000, which: 'fresh' });
    const bodies = leased.ok ? leased.rows.map((row) => row.request.body) : [];
    expect(bodies).toContainEqual({
      kind: 'print-outcome',
      number: 'N-000001',
      outcome: 'unknown',
      copies: 0,
      reason: 'interrupted',
    });
    expect(store.checkAudit()).toMatchObject({ ok: true });
    store.close();
    for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
  }
});
