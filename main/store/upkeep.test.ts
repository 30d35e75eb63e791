import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../uplink/test/manual-clock.ts';
import { backupFolderOf, listBackups } from './backup.ts';
import { sealingKey } from './sealing.ts';
import type { Store } from './store.ts';
import { openStore } from './store.ts';
import type { UpkeepEvent } from './upkeep.ts';
import { defaultLimits, defaultUpkeepTimes, startUpkeep, storeHealth } from './upkeep.ts';

const dayMs = 24 * 3_600_000;

let folder: string;
let path: string;
let clock: ManualClock;
let store: Store;
const events: UpkeepEvent[] = [];
const waiting: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-upkeep-'));
  path = join(folder, 'kiosk.db');
  clock = new ManualClock();
  events.length = 0;
  const key = sealingKey(randomBytes(32));
  const keys = { source: 'file' as const, current: key, find: () => key };
  const opened = openStore({ path, keys, nowMs: () => clock.nowMs(), random: randomBytes });
  if (!opened.ok) throw new Error(opened.reason);
  store = opened.store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(isIdle: () => boolean, isClockSound = () => true) {
  return startUpkeep({
    store,
    clock,
    isIdle,
    isClockSound,
    retention: { settledMs: 30 * dayMs, auditMs: 183 * dayMs },
    tell: (event) => {
      events.push(event);
      for (const go of waiting.splice(0)) go();
    },
  });
}

async function eventOf(kind: UpkeepEvent['kind'], count = 1): Promise<void> {
  while (events.filter((event) => event.kind === kind).length < count) {
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  await clock.waitOf(defaultUpkeepTimes.checkpointMs);
}

test('wipes and backs up at its first quiet minute, and again when it is time', async () => {
  const upkeep = start(() => true);
  clock.advance(defaultUpkeepTimes.checkpointMs);
  await eventOf('backed-up');
  expect(events.map((event) => event.kind)).toEqual(['wiped', 'backed-up']);
  while (events.length < 3) {
    clock.advance(defaultUpkeepTimes.checkpointMs);
    await clock.waitOf(defaultUpkeepTimes.checkpointMs);
  }
  expect(events.at(-1)?.kind).toBe('backed-up');
  expect(listBackups(backupFolderOf(path))).toHaveLength(2);
  await upkeep.stop();
});

test('wipes nothing by a clock that nobody has held against another', async () => {
  const upkeep = start(
    () => true,
    () => false,
  );
  clock.advance(defaultUpkeepTimes.checkpointMs);
  await eventOf('backed-up');
  expect(events.map((event) => event.kind)).toEqual(['backed-up']);
  await upkeep.stop();
});

// A rebuild after a power cut learns from a backup alone how far ids had gone before the clock was set back.
test('backs up once more in the minute after the clock was set back', async () => {
  const rightMs = clock.nowMs();
  clock.setWall(rightMs + 2 * dayMs);
  const upkeep = start(() => true);
  clock.advance(defaultUpkeepTimes.checkpointMs);
  await eventOf('backed-up');
  store.submit({
    order: null,
    visit: store.newId(),
    trace: '',
    grant: null,
    parties: null,
    body: { kind: 'agreement', version: '1' },
  });
  clock.setWall(rightMs);
  clock.advance(defaultUpkeepTimes.checkpointMs);
  await eventOf('backed-up', 2);
  for (let minutes = 0; minutes < 5; minutes += 1) {
    clock.advance(defaultUpkeepTimes.checkpointMs);
    await clock.waitOf(defaultUpkeepTimes.checkpointMs);
  }
  expect(events.map((event) => event.kind)).toEqual(['wiped', 'backed-up', 'backed-up']);
  await upkeep.stop();
});

test('does nothing while a visitor is there', async () => {
  const upkeep = start(() => false);
  for (let minutes = 0; minutes < 5; minutes += 1) {
    clock.advance(defaultUpkeepTimes.checkpointMs);
    await clock.waitOf(defaultUpkeepTimes.checkpointMs);
  }
  expect(events).toEqual([]);
  await upkeep.stop();
});

const health = (changes: object = {}) =>
  storeHealth({ store, path, keySource: 'file', nowMs: clock.nowMs(), freeBytes: () => 10 ** 12, ...changes });

test('is healthy where all is well, and says where the key is', async () => {
  await store.backUp({ keep: 1 });
  expect(health()).toMatchObject({ fault: null, warnings: [], keySource: 'file', backupAtMs: clock.nowMs() });
});

test('warns long before the disk is full, and lets nobody begin once a large request might not fit', () => {
  expect(health({ freeBytes: () => 10 ** 9 })).toMatchObject({
    fault: null,
    warnings: ['disk-nearly-full', 'no-backup'],
  });
  expect(health({ freeBytes: () => 10 ** 6 })).toMatchObject({ fault: { reason: 'disk-full' } });
});

test('warns of a queue that is long or old, and lets nobody begin once it is full', () => {
  const limits = { ...defaultLimits, warnRows: 1, mostRows: 2 };
  const keep = () =>
    store.submit({
      order: null,
      visit: store.newId(),
      trace: '',
      grant: null,
      parties: null,
      body: { kind: 'agreement', version: '1' },
    });
  keep();
  expect(health({ limits })).toMatchObject({ fault: null, warnings: ['queue-long', 'no-backup'] });
  clock.advance(limits.warnAgeMs);
  expect(health()).toMatchObject({ fault: null, warnings: ['queue-old', 'no-backup'] });
  keep();
  expect(health({ limits })).toMatchObject({ fault: { reason: 'queue-full' } });
});

test('says so where the file was taken away', () => {
  rmSync(path);
  expect(health()).toMatchObject({ fault: { reason: 'corrupt' } });
});
