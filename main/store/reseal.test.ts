import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../uplink/test/manual-clock.ts';
import { openKeyFile } from './key-file.ts';
import { resealStart } from './reseal.ts';
import type { Store } from './store.ts';
import { openStore } from './store.ts';
import type { UpkeepEvent } from './upkeep.ts';
import { defaultUpkeepTimes, startUpkeep } from './upkeep.ts';

const visit = '019ab000-0000-7000-8000-000000000001';
const someone = { kind: 'person', idKind: 'resident-id', idNumber: '990101199001011234', name: '测试' } as const;
const parties = { actor: someone, subject: someone };

const dayMs = 24 * 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-reseal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Run = { store: Store; keys: Extract<ReturnType<typeof openKeyFile>, { ok: true }> };

function open(place: string): Run {
  const keys = openKeyFile(join(place, 'key.json'), randomBytes);
  if (!keys.ok) throw new Error(keys.reason);
  const path = join(place, 'kiosk.db');
  const opened = openStore({ path, keys: keys.keys, nowMs: Date.now, random: randomBytes });
  if (!opened.ok) throw new Error(`${opened.reason}: ${opened.detail}`);
  return { store: opened.store, keys };
}

/** One of everything that is sealed. Gives what has to be found again. */
function fill(store: Store): { waiting: string[]; done: string; setAside: string; paper: string } {
  const keep = () => {
    const body = { kind: 'agreement', version: '1' } as const;
    const kept = store.submit({ order: null, visit, trace: '', grant: null, parties, body });
    if (!kept.ok) throw new Error(kept.reason);
    return kept.id;
  };
  const [done, setAside] = [keep(), keep()];
  store.lease({ limit: 2, which: 'fresh' });
  store.settle([
    { id: done, state: 'done', answer: { kind: 'rating' } },
    { id: setAside, state: 'refused', code: 'malformed', detail: 'why' },
  ]);
  const issue = store.beginIssue({ visit, trace: '', grant: 'g', parties, paper: { layout: 'proof-of-insurance' } });
  if (!issue.ok) throw new Error(issue.reason);
  store.settleIssue(issue.key, { kind: 'issued', number: 'N-1' });
  store.beginIssue({ visit, trace: '', grant: 'g', parties, paper: { layout: 'proof-of-insurance' } });
  return { waiting: [keep(), keep(), keep()], done, setAside, paper: issue.key };
}

function expectAll({ store }: Run, { waiting, done, setAside, paper }: ReturnType<typeof fill>): void {
  for (const id of waiting) expect(store.settlement(id)).toMatchObject({ settlement: { state: 'waiting' } });
  const leased = store.lease({ limit: 9, which: 'fresh' });
  expect(leased).toMatchObject({ ok: true, unreadable: [] });
  expect(leased.ok && leased.rows.map(({ request }) => request.id)).toEqual(expect.arrayContaining(waiting));
  store.putBack(waiting);
  expect(store.settlement(done)).toMatchObject({ settlement: { state: 'done', answer: { kind: 'rating' } } });
  expect(store.settlement(setAside)).toMatchObject({ settlement: { state: 'refused', refusal: { detail: 'why' } } });
  expect(store.paper(paper)).toMatchObject({ paper: { number: { value: 'N-1' }, authority: { value: { parties } } } });
  expect(store.openIssues()).toMatchObject({ issues: [{ intent: { ok: true } }] });
  expect(store.checkFile()).toEqual({ ok: true });
  expect(store.checkAudit()).toMatchObject({ ok: true });
}

/** Every file of a folder and the folders in it, but the keys. */
function bytesOf(place: string): Buffer {
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== 'key.json' && statSync(join(place, name)).isFile(),
  );
  return Buffer.concat(files.map((name) => readFileSync(join(place, name))));
}

test('a kiosk killed at any step of a change of its key has lost nothing, and goes on with it', () => {
  const run = open(folder);
  const kept = fill(run.store);
  const images: string[] = [];
  /** What a kill would leave: the files as they are, nothing closed. */
  const kill = () => {
    const image = mkdtempSync(join(tmpdir(), 'kiosk-reseal-image-'));
    cpSync(folder, image, { recursive: true });
    images.push(image);
  };
  try {
    kill();
    run.keys.rotation.begin(1);
    kill();
    for (let at = resealStart; ; ) {
      const done = run.store.reseal(at, 1);
      if (!done.ok) throw new Error(done.reason);
      kill();
      if (done.next === null) break;
      at = done.next;
    }
    expect(run.keys.rotation.end()).toEqual({ ok: true });
    kill();
    expectAll(run, kept);
    expect(images.length).toBeGreaterThan(15);
    for (const image of images) {
      const left = open(image);
      for (let at = left.keys.rotation.former().length > 0 ? resealStart : null; at !== null; ) {
        const done = left.store.reseal(at, 2);
        if (!done.ok) throw new Error(done.reason);
        at = done.next;
      }
      if (left.keys.rotation.former().length > 0) left.keys.rotation.end();
      expectAll(left, kept);
      left.store.close();
    }
  } finally {
    run.store.close();
    for (const image of images) rmSync(image, { recursive: true, force: true });
  }
});

test.each([
  ['is a year old', defaultUpkeepTimes.keyAgeMs],
  ['was made by a clock that ran ahead', -2 * dayMs],
])(
  'upkeep changes a key that %s while nobody is there, and nothing that the former sealed is left',
  async (_, ageMs) => {
    const run = open(folder);
    const clock = new ManualClock(run.keys.rotation.madeAtMs + ageMs);
    const former = run.keys.keys.current.id;
    const kept = fill(run.store);
    await run.store.backUp({ keep: 2 });
    expect(bytesOf(folder).includes(former)).toBe(true);
    const events: UpkeepEvent[] = [];
    const told = Promise.withResolvers<void>();
    const upkeep = startUpkeep({
      store: run.store,
      clock,
      isIdle: () => true,
      isClockSound: () => true,
      retention: { settledMs: 30 * dayMs, auditMs: 183 * dayMs },
      rotation: run.keys.rotation,
      tell: (event) => {
        events.push(event);
        if (event.kind === 'failed' || (event.kind === 'key-rotation' && event.step === 'ended')) told.resolve();
      },
    });
    clock.advance(defaultUpkeepTimes.checkpointMs);
    await told.promise;
    await upkeep.stop();
    expect(events.slice(-2)).toEqual([
      { kind: 'key-rotation', step: 'begun' },
      { kind: 'key-rotation', step: 'ended' },
    ]);
    expect(run.keys.rotation.former()).toEqual([]);
    expect(bytesOf(folder).includes(former)).toBe(false);
    expectAll(run, kept);
    run.store.close();
    const again = open(folder);
    expectAll(again, kept);
    again.store.close();
  },
);
