import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hallClock } from './hall-clock.ts';
import { openKeyFile } from './store/key-file.ts';
import { openStore } from './store/store.ts';

const dayMs = 86_400_000;
const atCentreMs = Date.UTC(2026, 10, 24, 1);

test.each([-400, -4, 4, 400])('a clock %i days off takes the centre’s time once it was heard', (days) => {
  let offsetMs: number | null = null;
  const now = hallClock({ clockOffsetMs: () => offsetMs }, () => atCentreMs + days * dayMs);
  expect(now()).toBe(atCentreMs + days * dayMs);
  offsetMs = -days * dayMs;
  expect(now()).toBe(atCentreMs);
});

test('a clock that is right to the minute is left alone, so that time is not seen to jump', () => {
  const now = hallClock({ clockOffsetMs: () => 59_000 }, () => atCentreMs);
  expect(now()).toBe(atCentreMs);
});

test('a request bears the time of the clock the store follows, and its age is told by the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-hall-clock-'));
  const keys = openKeyFile(join(folder, 'key.json'), randomBytes);
  if (!keys.ok) throw new Error(keys.reason);
  const isFourDaysBehind = () => atCentreMs - 4 * dayMs;
  const opened = openStore({
    path: join(folder, 'kiosk.db'),
    keys: keys.keys,
    nowMs: isFourDaysBehind,
    random: randomBytes,
  });
  if (!opened.ok) throw new Error(opened.reason);
  const { store } = opened;
  store.followClock(() => atCentreMs);
  const kept = store.submit({
    order: null,
    visit: store.newId(),
    trace: '',
    grant: 'grant',
    parties: null,
    body: { kind: 'rating', item: 'contact-change', itemVersion: 1, scores: { manner: 5 } },
  });
  expect(kept.ok).toBe(true);
  expect(store.lease({ limit: 1, which: 'fresh' })).toMatchObject({ rows: [{ request: { madeAt: atCentreMs } }] });
  expect(store.figures()).toMatchObject({ queue: { waiting: 1, oldestMs: 0 } });
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
