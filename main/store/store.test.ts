import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RequestBody } from '../../state-machines/contract/central/requests.ts';
import { requestSchema } from '../../state-machines/contract/central/requests.ts';
import type { Parties } from '../../state-machines/contract/words/person.ts';
import { openKeyFile } from './key-file.ts';
import { lostSetting } from './lost.ts';
import type { SealingKeys } from './sealing.ts';
import { sealingKey } from './sealing.ts';
import type { Store, StoreOptions, Submission } from './store.ts';
import { openStore } from './store.ts';

const startMs = Date.UTC(2026, 10, 24, 9, 0, 0);
const trace = 'trace-1';
const visit = '019ab000-0000-7000-8000-000000000001';

const canary = { name: '龘麤鱻', idNumber: '990101199001011234', address: '望月街七百三十一号' };
const parties: Parties = {
  actor: { kind: 'person', idKind: 'resident-id', idNumber: canary.idNumber, name: canary.name },
  subject: { kind: 'person', idKind: 'resident-id', idNumber: canary.idNumber, name: canary.name },
};
const application: RequestBody = {
  kind: 'application',
  item: 'contact-change',
  itemVersion: 1,
  values: { name: canary.name, address: canary.address },
};
const rating: RequestBody = { kind: 'rating', item: 'contact-change', itemVersion: 1, scores: { manner: 5 } };

let folder: string;
let path: string;
let nowMs: number;
let keys: SealingKeys;
const opened: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-store-'));
  path = join(folder, 'kiosk.db');
  nowMs = startMs;
  keys = keysOf(randomBytes(32));
});

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

function keysOf(...secrets: Buffer[]): SealingKeys {
  const all = secrets.map(sealingKey);
  const current = all.at(-1);
  if (!current) throw new Error('at least one key');
  return { source: 'file', current, find: (id) => all.find((key) => key.id.equals(id)) };
}

function tryOpen(options: Partial<StoreOptions> = {}) {
  return openStore({ path, keys, nowMs: () => nowMs, random: randomBytes, ...options });
}

function open(options: Partial<StoreOptions> = {}): Store {
  const result = tryOpen(options);
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  opened.push(result.store);
  return result.store;
}

/** Ends this run of the kiosk and begins the next on the same file. */
function reopen(store: Store): Store {
  opened.splice(opened.indexOf(store), 1);
  store.close();
  return open();
}

function submission(changes: Partial<Submission> = {}): Submission {
  return { order: canary.idNumber, visit, trace, grant: 'grant', parties, body: application, ...changes };
}

function keep(store: Store, changes: Partial<Submission> = {}) {
  const kept = store.submit(submission(changes));
  if (!kept.ok) throw new Error(`${kept.reason}: ${kept.detail}`);
  return kept;
}

function leased(store: Store, which: 'fresh' | 'failed-before' = 'fresh') {
  const result = store.lease({ limit: 64, which });
  if (!result.ok) throw new Error(result.reason);
  return result.rows.map((row) => row.request);
}

function count(table: string): number {
  const looking = new Database(path, { readonly: true });
  try {
    return (looking.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
  } finally {
    looking.close();
  }
}

function change(sql: string): void {
  const other = new Database(path);
  other.exec(sql);
  other.close();
}

// A log on its way to the centre when the kiosk was stopped: its report came after the store was closed, and ended the stop as a fault.
test('a store that is closed refuses whoever is late', async () => {
  const store = open();
  store.close();
  const refused = { ok: false, reason: 'io-error', detail: 'the store is closed' };
  expect(store.writeSetting('commands', null)).toEqual(refused);
  expect(store.readSetting('commands')).toEqual(refused);
  expect(store.submit(submission())).toEqual(refused);
  expect(store.settlement(visit)).toEqual(refused);
  expect(await store.backUp({ keep: 1 })).toEqual(refused);
  expect(store.letGo()).toEqual(refused);
});

describe('keeping a request', () => {
  test('writes outbox and audit, and gives the visitor a number', () => {
    const kept = keep(open());
    expect(kept.number).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect([count('outbox'), count('audit')]).toEqual([1, 1]);
  });

  test('leaves nothing behind when the audit cannot be written', () => {
    const store = open();
    change(`CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END`);
    expect(() => store.submit(submission())).toThrow('broken');
    expect([count('outbox'), count('audit')]).toEqual([0, 0]);
  });

  test('is in the file when the answer is given, for whoever opens it next', () => {
    const first = open();
    const kept = keep(first);
    const copy = join(folder, 'copy.db');
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    const second = open({ path: copy });
    expect(leased(second).map((request) => request.id)).toEqual([kept.id]);
  });

  test('is one row when the same request comes twice, and refused when another comes under its id', () => {
    const store = open();
    const kept = keep(store);
    expect(keep(store, { id: kept.id })).toEqual({ ...kept, repeated: true });
    expect(store.submit(submission({ id: kept.id, body: rating }))).toMatchObject({ ok: false, reason: 'key-reused' });
    expect(count('outbox')).toBe(1);
  });

  test('refuses what is too long to be delivered', () => {
    const body: RequestBody = { ...application, values: { story: 'x'.repeat(300_000) } };
    expect(open().submit(submission({ body }))).toMatchObject({ ok: false, reason: 'too-large' });
    expect(count('outbox')).toBe(0);
  });

  test('says when it was last backed up, also once it is closed', async () => {
    const store = open();
    expect(store.lastBackupAtMs()).toBeNull();
    expect(await store.backUp({ keep: 1 })).toMatchObject({ ok: true });
    store.close();
    expect(store.lastBackupAtMs()).toBe(nowMs);
  });

  test('says disk-full and keeps what was kept before', () => {
    const store = open({ maxBytes: 160 * 1024 });
    const ids: string[] = [];
    let last = store.submit(submission());
    for (let tries = 0; last.ok && tries < 1_000; tries += 1) {
      ids.push(last.id);
      last = store.submit(submission());
    }
    expect(last).toMatchObject({ ok: false, reason: 'disk-full' });
    expect(ids.length).toBeGreaterThan(5);
    expect([count('outbox'), count('audit')]).toEqual([ids.length, ids.length]);
  });

  test('wakes the delivery', () => {
    const store = open();
    let woken = 0;
    const undo = store.onWork(() => {
      woken += 1;
    });
    keep(store);
    undo();
    keep(store);
    expect(woken).toBe(1);
  });
});

describe('opening', () => {
  test('sets synchronous FULL also on a file that exists, where better-sqlite3 gives NORMAL', () => {
    reopen(open());
    const plain = new Database(path);
    expect(plain.pragma('synchronous', { simple: true })).toBe(1);
    plain.close();
  });

  test('refuses a file from a newer kiosk and leaves it alone', () => {
    open().close();
    opened.length = 0;
    change('ALTER TABLE papers ADD COLUMN more TEXT; PRAGMA user_version = 99');
    expect(tryOpen()).toMatchObject({ ok: false, reason: 'newer-schema' });
    const plain = new Database(path, { readonly: true });
    expect(plain.pragma('user_version', { simple: true })).toBe(99);
    plain.close();
  });

  test("refuses another program's database", () => {
    change('CREATE TABLE notes (text TEXT)');
    expect(tryOpen()).toMatchObject({ ok: false, reason: 'corrupt' });
  });

  test('says corrupt of a file that is no database', () => {
    writeFileSync(path, randomBytes(8192));
    expect(tryOpen()).toMatchObject({ ok: false, reason: 'corrupt' });
  });

  test('makes its folder and a file for its user only', () => {
    const deep = join(folder, 'data', 'kiosk.db');
    keep(open({ path: deep }));
    expect([deep, `${deep}-wal`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  test('says io-error where there can be no folder', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(tryOpen({ path: join(folder, 'file', 'kiosk.db') })).toMatchObject({ ok: false, reason: 'io-error' });
  });

  test('says locked while another program holds the file', () => {
    const store = open({ busyTimeoutMs: 10 });
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    expect(store.submit(submission())).toMatchObject({ ok: false, reason: 'locked' });
    other.exec('ROLLBACK');
    other.close();
    expect(store.submit(submission()).ok).toBe(true);
  });
});

describe('the proof of a request', () => {
  test('is of what was kept, whatever the open columns say by the time it is sent', () => {
    const store = open();
    const kept = store.submit({ order: canary.idNumber, visit, trace, grant: 'grant', parties, body: rating });
    if (!kept.ok) throw new Error(kept.reason);
    const other = new Database(path);
    other.exec('UPDATE outbox SET made_at = 5');
    other.close();

    const request = { id: kept.id, body: rating, authority: { grant: 'grant' }, madeAt: startMs, proof: null };
    expect(store.lease({ limit: 9, which: 'fresh' })).toMatchObject({ rows: [{ request }] });
  });
});

describe('sealing', () => {
  function bytesOfFiles(): Buffer {
    return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  }

  test('leaves no name, number, address or certificate number readable in database and WAL', () => {
    const store = open();
    const kept = keep(store);
    const issue = store.beginIssue({ visit, trace, grant: 'grant', parties, paper: { layout: 'proof-of-insurance' } });
    if (!issue.ok) throw new Error(issue.reason);
    store.settleIssue(issue.key, { kind: 'issued', number: 'CANARYNUMBER0001' });
    store.stepPaper(issue.key, { kind: 'void', reason: 'visitor-gone' });
    store.beginIntent('card', { number: canary.idNumber });
    leased(store);
    store.settle([
      {
        id: kept.id,
        state: 'done',
        answer: {
          kind: 'application',
          number: 'CANARYNUMBER0002',
          state: 'refused',
          reason: canary.address,
          promisedBy: null,
        },
      },
    ]);
    const bytes = bytesOfFiles();
    expect(bytes.includes('request.kept')).toBe(true);
    const secrets = [canary.name, canary.idNumber, canary.address, 'CANARYNUMBER', 'grant"', keys.current.key.export()];
    for (const secret of secrets) expect(bytes.includes(secret), String(secret)).toBe(false);
  });

  test('gives a wrong key a clear no', () => {
    keep(open());
    expect(tryOpen({ keys: keysOf(randomBytes(32)) })).toMatchObject({ ok: false, reason: 'wrong-key' });
  });

  test('opens older rows after the key was changed, and seals new ones with the new key', () => {
    const old = randomBytes(32);
    keys = keysOf(old);
    const before = open();
    keep(before, { order: null });
    keys = keysOf(old, randomBytes(32));
    const after = reopen(before);
    keep(after, { order: null, body: rating });
    expect(leased(after).map((request) => request.body.kind)).toEqual(['application', 'rating']);
  });

  test('keeps the order of a person over a change of key', () => {
    const old = randomBytes(32);
    keys = keysOf(old);
    const before = open();
    keep(before);
    keys = keysOf(old, randomBytes(32));
    const after = reopen(before);
    keep(after);
    const [first] = leased(after);
    expect(first?.sequence).toBe(1);
    expect(leased(after)).toEqual([]);
  });

  test('sets a row aside whose sealed part was moved from another row, and goes on with the others', () => {
    const store = open();
    const [a, b, c] = [keep(store, { order: 'a' }), keep(store, { order: 'b' }), keep(store, { order: 'c' })];
    change(`UPDATE outbox SET sealed = (SELECT sealed FROM outbox WHERE id = '${a.id}') WHERE id = '${b.id}'`);
    expect(leased(store).map((request) => request.id)).toEqual([a.id, c.id]);
    expect(store.setAsideRows()).toMatchObject({ rows: [{ id: b.id, refusal: { code: 'unreadable' } }] });
    expect(store.readSetting(lostSetting)).toEqual({ ok: true, value: [{ from: b.id, to: b.id }] });
  });

  test('keeps its key in a file of its own, for its user only', () => {
    const keyPath = join(folder, 'keys', 'sealing-key.json');
    const made = openKeyFile(keyPath, randomBytes);
    expect(made).toMatchObject({ ok: true, created: true });
    expect(statSync(keyPath).mode & 0o777).toBe(0o600);
    const again = openKeyFile(keyPath, randomBytes);
    if (!made.ok || !again.ok) throw new Error('the key file opens');
    expect(again.keys.current).toEqual(made.keys.current);
    writeFileSync(keyPath, '{}');
    expect(openKeyFile(keyPath, randomBytes)).toMatchObject({ ok: false, reason: 'malformed' });
  });
});

describe('delivery', () => {
  const done = (id: string) => ({ id, state: 'done', answer: { kind: 'rating' } }) as const;

  test('hands out rows the contract accepts once they are proved', () => {
    const store = open();
    keep(store);
    const proved = leased(store).map(({ proof, authority, ...request }) => ({
      ...request,
      authority: { ...authority, proof: proof ?? 'made when it is sent' },
    }));
    expect(proved.map((request) => requestSchema.safeParse(request).success)).toEqual([true]);
  });

  test("goes through one person's requests one at a time and in order, other people's beside them", () => {
    const store = open();
    const mine = [keep(store), keep(store), keep(store)].map((kept) => kept.id);
    const other = keep(store, { order: 'somebody else' }).id;
    expect(leased(store).map((request) => request.id)).toEqual([mine[0], other]);
    expect(leased(store)).toEqual([]);
    store.settle([done(mine[0] ?? ''), done(other)]);
    expect(leased(store).map((request) => [request.id, request.sequence])).toEqual([[mine[1], 2]]);
  });

  test('orders what is open, and begins a new order when nothing of a person is', () => {
    const before = open();
    const [first, second] = [keep(before).id, keep(before).id];
    expect(leased(before)).toMatchObject([{ order: first, sequence: 1 }]);
    before.settle([done(first)]);
    const store = reopen(before);
    const third = keep(store).id;
    expect(leased(store)).toMatchObject([{ id: second, order: first, sequence: 2 }]);
    store.settle([done(second)]);
    expect(leased(store)).toMatchObject([{ id: third, order: first, sequence: 3 }]);
    store.settle([done(third)]);
    const fourth = keep(store).id;
    expect(leased(store)).toMatchObject([{ id: fourth, order: fourth, sequence: 1 }]);
  });

  test('makes no batch longer than a web server takes', () => {
    const store = open();
    const body: RequestBody = { ...application, values: { story: 'x'.repeat(200_000) } };
    for (const person of ['a', 'b', 'c']) keep(store, { order: person, body });
    expect(leased(store)).toHaveLength(2);
    expect(leased(store)).toHaveLength(1);
  });

  test('keeps the order when the clock was set back in between', () => {
    const store = open();
    const first = keep(store).id;
    nowMs -= 48 * 60 * 60_000;
    const second = keep(store).id;
    expect(leased(store).map((request) => request.id)).toEqual([first]);
    store.settle([done(first)]);
    expect(leased(store).map((request) => request.id)).toEqual([second]);
  });

  test('waits no longer than the longest wait when the clock was set back', () => {
    const store = open();
    const { id } = keep(store);
    leased(store);
    store.settle([{ id, state: 'failed', afterMs: 60_000 }]);
    expect(leased(store, 'failed-before')).toEqual([]);
    nowMs -= 48 * 60 * 60_000;
    expect(store.nextDueInMs()).toEqual({ ok: true, dueInMs: 0 });
    expect(leased(store, 'failed-before').map((request) => request.id)).toEqual([id]);
  });

  test('lets a print outcome overtake ratings, and no rating wait for ever', () => {
    const store = open();
    const early = keep(store, { order: null, body: rating }).id;
    nowMs += 5 * 60 * 60_000;
    const late = keep(store, { order: null, body: rating }).id;
    const outcome = keep(store, {
      order: null,
      body: { kind: 'print-outcome', number: 'N-000001', outcome: 'printed', copies: 1, reason: null },
    }).id;
    expect(leased(store).map((request) => request.id)).toEqual([early, outcome, late]);
  });

  test('sets a refused row aside with its later ones, and nobody else', () => {
    const store = open();
    const poison = keep(store).id;
    keep(store);
    const other = keep(store, { order: 'somebody else' }).id;
    leased(store);
    store.settle([{ id: poison, state: 'refused', code: 'malformed', detail: 'no' }, done(other)]);
    expect(leased(store)).toEqual([]);
    expect(store.setAsideRows()).toMatchObject({
      rows: [{ id: poison, refusal: { code: 'malformed' }, waitingBehind: 1 }],
    });
    expect(store.settlement(poison)).toMatchObject({ settlement: { state: 'refused' } });
    expect(store.figures()).toMatchObject({ queue: { waiting: 1, setAside: 1 } });
  });

  test('lets staff release a row or give it up', () => {
    const store = open();
    const [poison, next] = [keep(store).id, keep(store).id];
    leased(store);
    store.settle([{ id: poison, state: 'refused', code: 'unknown-item', detail: canary.address }]);
    expect(store.setAsideRows()).toMatchObject({ rows: [{ refusal: { detail: canary.address } }] });
    expect(readFileSync(`${path}-wal`).includes(canary.address)).toBe(false);
    expect(store.decideSetAside(poison, 'release', 'clerk 7')).toEqual({ ok: true });
    expect(leased(store).map((request) => request.id)).toEqual([poison]);
    store.settle([{ id: poison, state: 'refused', code: 'unknown-item', detail: '' }]);
    expect(store.decideSetAside(poison, 'drop', 'clerk 7')).toEqual({ ok: true });
    expect(leased(store).map((request) => request.id)).toEqual([next]);
    expect(store.decideSetAside(poison, 'drop', 'clerk 7')).toEqual({ ok: false, reason: 'not-set-aside' });
  });

  test('lets later rows move up where the centre never judged the one that was given up', () => {
    const store = open();
    const [lost, second, third] = [keep(store).id, keep(store).id, keep(store).id];
    leased(store);
    store.settle([{ id: lost, state: 'undeliverable', detail: '' }]);
    store.decideSetAside(lost, 'drop', 'clerk 7');
    expect(leased(store)).toMatchObject([{ id: second, sequence: 1 }]);
    store.settle([done(second)]);
    const fourth = keep(store).id;
    expect(leased(store)).toMatchObject([{ id: third, sequence: 2 }]);
    store.settle([{ id: third, state: 'refused', code: 'malformed', detail: '' }]);
    store.decideSetAside(third, 'drop', 'clerk 7');
    expect(leased(store)).toMatchObject([{ id: fourth, sequence: 3 }]);
  });

  test("gives the centre's answer to whoever asks, also after a restart", () => {
    const store = open();
    const { id } = keep(store, { body: rating });
    expect(store.settlement(id)).toEqual({ ok: true, settlement: { state: 'waiting' } });
    leased(store);
    store.settle([done(id)]);
    expect(reopen(store).settlement(id)).toEqual({
      ok: true,
      settlement: { state: 'done', answer: { kind: 'rating' } },
    });
  });

  test('ignores an answer that comes twice', () => {
    const store = open();
    const { id } = keep(store);
    leased(store);
    store.settle([done(id), done(id), { id, state: 'refused', code: 'malformed', detail: '' }]);
    expect(store.settlement(id)).toMatchObject({ settlement: { state: 'done' } });
  });
});

describe('numbered papers', () => {
  function issued(store: Store, number: string): string {
    const issue = store.beginIssue({ visit, trace, grant: 'grant', parties, paper: { layout: 'proof-of-insurance' } });
    if (!issue.ok) throw new Error(issue.reason);
    expect(store.settleIssue(issue.key, { kind: 'issued', number })).toEqual({ ok: true });
    return issue.key;
  }

  test('are told to the centre in the transaction that brings them to rest', () => {
    const store = open();
    const id = issued(store, 'N-000001');
    store.stepPaper(id, { kind: 'spool', sheets: 1, copies: 1 });
    expect(leased(store)).toEqual([]);
    store.stepPaper(id, { kind: 'ended', how: 'completed' });
    expect(leased(store)).toMatchObject([
      {
        visit,
        trace,
        authority: { grant: 'grant' },
        body: { kind: 'print-outcome', number: 'N-000001', outcome: 'printed', copies: 1 },
      },
    ]);
    const found = store.paper(id);
    expect(found.ok && found.steps.map((step) => step.event)).toEqual(['issue', 'spool', 'ended']);
  });

  test('are refused a second spooling, and the refusal changes nothing', () => {
    const store = open();
    const id = issued(store, 'N-000001');
    store.stepPaper(id, { kind: 'spool', sheets: 1, copies: 1 });
    store.stepPaper(id, { kind: 'ended', how: 'failed', sheets: null, reason: 'spooler-lost' });
    expect(store.stepPaper(id, { kind: 'spool', sheets: 1, copies: 1 })).toMatchObject({
      ok: false,
      reason: 'not-now',
    });
    expect(store.unknownPapers()).toMatchObject({ papers: [{ id }] });
  });

  test('tell the centre again, in order, when staff find out what became of them', () => {
    const store = open();
    const id = issued(store, 'N-000001');
    store.stepPaper(id, { kind: 'spool', sheets: 1, copies: 1 });
    store.stepPaper(id, { kind: 'ended', how: 'failed', sheets: null, reason: 'spooler-lost' });
    expect(store.unknownPapers()).toMatchObject({ papers: [{ id }] });
    expect(store.foundPaper('N-000001', 1, 'staff')).toMatchObject({
      ok: true,
      paper: { state: 'printed', copies: 1 },
    });
    expect(store.foundPaper('N-000001', 0, 'staff')).toMatchObject({ ok: false, reason: 'not-now' });
    expect(store.foundPaper('N-000009', 0, 'staff')).toMatchObject({ ok: false, reason: 'unknown-paper' });
    const [first] = leased(store);
    expect(first).toMatchObject({ sequence: 1, body: { outcome: 'unknown' } });
    store.settle([{ id: first?.id ?? '', state: 'done', answer: { kind: 'print-outcome' } }]);
    expect(leased(store)).toMatchObject([{ sequence: 2, body: { outcome: 'printed' } }]);

    const other = issued(store, 'N-000002');
    store.stepPaper(other, { kind: 'spool', sheets: 1, copies: 1 });
    store.stepPaper(other, { kind: 'ended', how: 'failed', sheets: null, reason: 'spooler-lost' });
    expect(store.foundPaper('N-000002', 0, 'staff')).toMatchObject({ ok: true, paper: { state: 'void', copies: 0 } });
    expect(store.unknownPapers()).toEqual({ ok: true, papers: [] });
  });

  test('are entered once, whatever the centre answers twice', () => {
    const store = open();
    const id = issued(store, 'N-000001');
    expect(store.settleIssue(id, { kind: 'issued', number: 'N-000001' })).toEqual({ ok: true });
    expect(store.settleIssue(id, { kind: 'issued', number: 'N-000002' })).toMatchObject({ ok: false });
    expect(count('papers')).toBe(1);
  });

  test('whose issue was refused leave nothing open', () => {
    const store = open();
    const issue = store.beginIssue({ visit, trace, grant: null, parties, paper: { layout: 'proof-of-insurance' } });
    if (!issue.ok) throw new Error(issue.reason);
    store.settleIssue(issue.key, { kind: 'refused', reason: 'not-permitted' });
    expect(store.openIssues()).toEqual({ ok: true, issues: [] });
    expect(count('papers')).toBe(0);
  });

  test('are all accounted for after a crash', () => {
    const before = open();
    const never = issued(before, 'N-000001');
    const spooled = issued(before, 'N-000002');
    before.stepPaper(spooled, { kind: 'spool', sheets: 1, copies: 1 });
    const printing = issued(before, 'N-000003');
    before.stepPaper(printing, { kind: 'spool', sheets: 1, copies: 1 });
    before.stepPaper(printing, { kind: 'start' });
    const asked = before.beginIssue({ visit, trace, grant: 'g', parties, paper: { layout: 'proof-of-insurance' } });
    const request = keep(before).id;
    leased(before);
    before.beginIntent('card', { what: 'read' });

    const store = reopen(before);
    expect(store.recover()).toMatchObject({
      ok: true,
      requeued: 1,
      papers: [
        { id: never, number: 'N-000001', outcome: 'void' },
        { id: spooled, number: 'N-000002', outcome: 'unknown' },
        { id: printing, number: 'N-000003', outcome: 'unknown' },
      ],
      interrupted: [{ kind: 'card' }],
      openIssues: 1,
    });
    expect(store.openIssues()).toMatchObject({
      issues: [{ key: asked.ok && asked.key, intent: { ok: true, value: { visit, grant: 'g' } } }],
    });
    const outcomes = leased(store).map((row) => ('outcome' in row.body ? row.body.outcome : row.id));
    expect(outcomes).toEqual([request, 'void', 'unknown', 'unknown']);
    expect(store.recover()).toMatchObject({ papers: [], interrupted: [] });
  });
});

test('a damaged paper is named at the next start and holds up nothing else', () => {
  const before = open();
  const keysOfPapers = ['N-000001', 'N-000002'].map((number) => {
    const issue = before.beginIssue({ visit, trace, grant: 'g', parties, paper: { layout: 'proof-of-insurance' } });
    if (!issue.ok) throw new Error(issue.reason);
    before.settleIssue(issue.key, { kind: 'issued', number });
    return issue.key;
  });
  change(`UPDATE papers SET number = zeroblob(60) WHERE id = '${keysOfPapers[0]}'`);
  const store = reopen(before);
  expect(store.recover()).toMatchObject({
    ok: true,
    papers: [
      { id: keysOfPapers[0], number: null, outcome: 'void' },
      { id: keysOfPapers[1], number: 'N-000002', outcome: 'void' },
    ],
  });
  expect(leased(store)).toMatchObject([{ body: { number: 'N-000002', outcome: 'void' } }]);
});

describe('the audit', () => {
  test('holds together', () => {
    const store = open();
    keep(store);
    keep(store);
    expect(store.checkAudit()).toEqual({ ok: true, rows: 2 });
  });

  test('cannot be changed or shortened', () => {
    keep(open());
    expect(() => change(`UPDATE audit SET event = 'nothing'`)).toThrow('append-only');
    expect(() => change('DELETE FROM audit')).toThrow('append-only');
  });

  test('names the first row that was changed, by somebody who took the guards away', () => {
    const store = open();
    for (let rows = 0; rows < 4; rows += 1) keep(store);
    change(`DROP TRIGGER audit_keeps_words; UPDATE audit SET at = at + 1 WHERE seq = 3`);
    expect(store.checkAudit()).toEqual({ ok: false, reason: 'broken-chain', seq: 3 });
  });

  test('is found out at the start where its beginning was cut off', () => {
    const store = open();
    for (let times = 0; times < 3; times += 1) keep(store);
    expect(store.checkFile()).toEqual({ ok: true });
    change('DROP TRIGGER audit_keeps_rows; DELETE FROM audit WHERE seq = 1');
    expect(store.checkFile()).toMatchObject({ ok: false, reason: 'corrupt' });
  });

  test('notices a row taken out of the middle', () => {
    const store = open();
    for (let rows = 0; rows < 4; rows += 1) keep(store);
    change(`DROP TRIGGER audit_keeps_rows; DELETE FROM audit WHERE seq = 2`);
    expect(store.checkAudit()).toEqual({ ok: false, reason: 'broken-chain', seq: 3 });
  });
});

describe('settings', () => {
  test('are kept over a restart', () => {
    const store = open();
    expect(store.readSetting('epoch')).toEqual({ ok: true, value: null });
    store.writeSetting('epoch', { number: 3 });
    store.writeSetting('epoch', { number: 4 });
    expect(reopen(store).readSetting('epoch')).toEqual({ ok: true, value: { number: 4 } });
  });
});
