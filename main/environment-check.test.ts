import { beforeEach, expect, test } from 'vitest';
import { createEnvironmentCheck, type EnvironmentParts } from './environment-check.ts';
import { createLog } from './log.ts';
import type { StoreHealth } from './store/upkeep.ts';

const sound: StoreHealth = {
  fault: null,
  warnings: [],
  queue: { waiting: 0, oldestMs: 0, setAside: 0 },
  freeBytes: null,
  backupAtMs: 0,
  keySource: 'file',
};
const full = (free: number): StoreHealth => ({
  ...sound,
  fault: { ok: false, reason: 'disk-full', detail: `${free} bytes free` },
});
const corrupt: StoreHealth = { ...sound, fault: { ok: false, reason: 'corrupt', detail: 'taken away' } };

let lines: string[];
let said: string[];
let health: StoreHealth;
beforeEach(() => {
  lines = [];
  said = [];
  health = sound;
});

function check(parts: Partial<EnvironmentParts> = {}) {
  return createEnvironmentCheck({
    config: { devices: [], loginWays: ['card'], faceCheck: false },
    kept: { identity: { enrolment: () => ({}) } as never, health: () => health },
    openStoreAnew: async () => false,
    closedBecause: () => null,
    refusal: () => null,
    environment: () => ({ line: 'online', card: 'absent', idCard: 'absent', devices: {} as never }),
    log: createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'info' }),
    lostLines: () => 0,
    say: (text) => said.push(text),
    ...parts,
  });
}

const events = () => lines.map((line) => (JSON.parse(line) as { event: string }).event);

test('says once what the store lacks, however often it is looked at, and again when it comes back', async () => {
  const look = check();
  const { signal } = new AbortController();
  health = full(3);
  expect(await look(signal)).toEqual({ ok: false, reason: 'store-unusable' });
  health = full(2);
  await look(signal);
  expect(events()).toEqual(['store.fault', 'environment.refused']);
  health = sound;
  expect(await look(signal)).toMatchObject({ ok: true });
  health = full(1);
  await look(signal);
  expect(events()).toEqual(['store.fault', 'environment.refused', 'store.fault', 'environment.refused']);
});

test('serves on with a store that was opened anew, and says nothing of a fault that is over', async () => {
  health = corrupt;
  const look = check({
    openStoreAnew: async () => {
      health = sound;
      return true;
    },
  });
  expect(await look(new AbortController().signal)).toMatchObject({ ok: true });
  expect(events()).toEqual([]);
});

test('says once, outside the log too, that the log cannot be written, and lets visitors in', async () => {
  let lost = 0;
  const look = check({ lostLines: () => lost });
  const { signal } = new AbortController();
  await look(signal);
  expect(said).toEqual([]);
  lost = 3;
  expect(await look(signal)).toMatchObject({ ok: true });
  lost = 5;
  await look(signal);
  expect(said).toEqual(['the log cannot be written: 3 lines lost until now']);
  expect(events()).toEqual(['log.lines-lost']);
});

test('is closed by the centre with the words it gave, which go to the screen and stand in the log', async () => {
  const look = check({ closedBecause: () => '装修' });
  expect(await look(new AbortController().signal)).toEqual({
    ok: false,
    reason: 'out-by-staff',
    notice: '装修',
  });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ event: 'environment.refused', because: '装修' }]);
});

// A copied disk went on telling visitors "received" for days: what it took could never be delivered.
test('is closed where the centre takes it for a copy, with the digits staff compare, and open again by itself', async () => {
  let refusal: { shown: string | null } | null = { shown: '482915' };
  const look = check({ refusal: () => refusal, closedBecause: () => '装修' });
  const { signal } = new AbortController();
  expect(await look(signal)).toEqual({ ok: false, reason: 'not-this-epoch', shown: '482915' });
  refusal = { shown: null };
  expect(await look(signal)).toEqual({ ok: false, reason: 'not-this-epoch' });
  refusal = null;
  expect(await look(signal)).toMatchObject({ reason: 'out-by-staff' });
});
