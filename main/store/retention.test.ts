import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Parties } from '../../state-machines/contract/words/person.ts';
import type { Retention } from './retention.ts';
import { sealingKey } from './sealing.ts';
import type { Store } from './store.ts';
import { openStore } from './store.ts';

const canary = { name: '龘麤鱻', idNumber: '990101199001011234', text: '望月街七百三十一号' };
const person = { kind: 'person', idKind: 'resident-id', idNumber: canary.idNumber, name: canary.name } as const;
const parties: Parties = { actor: person, subject: person };
const visit = '019ab000-0000-7000-8000-000000000001';

const dayMs = 24 * 3_600_000;
const retention: Retention = { settledMs: 30 * dayMs, auditMs: 183 * dayMs };

let folder: string;
let path: string;
let nowMs: number;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-retention-'));
  path = join(folder, 'kiosk.db');
  nowMs = Date.UTC(2026, 10, 24, 9, 0, 0);
  const key = sealingKey(randomBytes(32));
  const keys = { source: 'file' as const, current: key, find: () => key };
  const opened = openStore({ path, keys, nowMs: () => nowMs, random: randomBytes });
  if (!opened.ok) throw new Error(opened.reason);
  store = opened.store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function keep(): string {
  const kept = store.submit({
    order: canary.idNumber,
    visit,
    trace: '',
    grant: 'grant',
    parties,
    body: { kind: 'complaint', item: 'complaint', itemVersion: 1, values: { text: canary.text } },
  });
  if (!kept.ok) throw new Error(kept.reason);
  return kept.id;
}

function carryOut(): void {
  const leased = store.lease({ limit: 64, which: 'fresh' });
  if (!leased.ok) throw new Error(leased.reason);
  store.settle(leased.rows.map(({ request: { id } }) => ({ id, state: 'done', answer: { kind: 'rating' } })));
}

function print(): string {
  const issue = store.beginIssue({ visit, trace: '', grant: 'g', parties, paper: { layout: 'proof-of-insurance' } });
  if (!issue.ok) throw new Error(issue.reason);
  store.settleIssue(issue.key, { kind: 'issued', number: 'N-000001' });
  store.stepPaper(issue.key, { kind: 'void', reason: 'visitor-gone' });
  return issue.key;
}

/** Everything sealed in the file, as it stands there: what a thief who has the key could open. */
function sealedBytes(): Buffer[] {
  const looking = new Database(path, { readonly: true });
  try {
    return [
      'SELECT sealed AS bytes FROM outbox',
      'SELECT answer AS bytes FROM settled WHERE answer IS NOT NULL',
      'SELECT detail AS bytes FROM audit WHERE detail IS NOT NULL',
      'SELECT authority AS bytes FROM papers',
    ].flatMap((sql) => (looking.prepare(sql).all() as { bytes: Buffer }[]).map((row) => row.bytes));
  } finally {
    looking.close();
  }
}

function allFiles(): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}

test('what was sent is gone from database and log as soon as the centre has it and the log was emptied', () => {
  keep();
  const [sealed = Buffer.alloc(0)] = sealedBytes();
  carryOut();
  store.wipe(retention);
  expect(sealed.length).toBeGreaterThan(100);
  expect(allFiles().includes(sealed)).toBe(false);
  expect(allFiles().includes(sealed.subarray(30, 70))).toBe(false);
});

test('answers, authorities and who acted are gone after their time, byte for byte, and the audit still holds together', () => {
  const id = keep();
  carryOut();
  const paper = print();
  carryOut();
  const sealed = sealedBytes();
  expect(sealed.length).toBeGreaterThanOrEqual(4);
  nowMs += retention.auditMs + 1;
  expect(store.wipe(retention)).toMatchObject({
    ok: true,
    wiped: { requests: 2, papers: 1, auditDetails: 2 },
    isLogEmpty: true,
  });
  const bytes = allFiles();
  for (const [at, one] of sealed.entries()) {
    expect(bytes.includes(one.subarray(22)), `sealed ${at}`).toBe(false);
    expect(bytes.includes(one.subarray(30, 60)), `part of ${at}`).toBe(false);
  }
  expect(store.checkAudit()).toMatchObject({ ok: true });
  expect(store.settlement(id)).toEqual({ ok: true, settlement: null });
  expect(store.paper(paper)).toMatchObject({
    paper: { number: { ok: true, value: 'N-000001' }, authority: { ok: true } },
  });
});

test('a paper that nobody looked for gives up who it was for, and can still be settled', () => {
  const issue = store.beginIssue({ visit, trace: '', grant: 'g', parties, paper: { layout: 'proof-of-insurance' } });
  if (!issue.ok) throw new Error(issue.reason);
  store.settleIssue(issue.key, { kind: 'issued', number: 'N-000001' });
  store.stepPaper(issue.key, { kind: 'spool', sheets: 1, copies: 1 });
  store.stepPaper(issue.key, { kind: 'ended', how: 'failed', sheets: null, reason: 'spooler-lost' });
  nowMs += retention.settledMs + 1;
  expect(store.wipe(retention)).toMatchObject({ wiped: { papers: 1 } });
  expect(store.paper(issue.key)).toMatchObject({
    paper: { paper: { state: 'unknown' }, authority: { ok: true, value: { visit, grant: null, parties: null } } },
  });
  carryOut();
  expect(store.foundPaper('N-000001', 1, 'staff')).toMatchObject({ ok: true, paper: { state: 'printed' } });
  expect(store.lease({ limit: 1, which: 'fresh' })).toMatchObject({
    rows: [{ request: { visit, body: { kind: 'print-outcome', number: 'N-000001', outcome: 'printed' } } }],
  });
});

// A clock that stood at the year 2099 for a day: what was dated so would have been kept until then.
test('what a clock that ran ahead dated in the future is wiped in its time all the same', () => {
  const rightMs = nowMs;
  nowMs = Date.UTC(2099, 0, 1);
  const ahead = keep();
  carryOut();
  print();
  carryOut();
  const sealed = sealedBytes();
  nowMs = rightMs;
  keep();
  store.wipe(retention);
  expect(store.settlement(ahead)).toMatchObject({ settlement: { state: 'done' } });
  nowMs += retention.settledMs + 1;
  expect(store.wipe(retention)).toMatchObject({ wiped: { requests: 2, papers: 1, auditDetails: 0 } });
  nowMs = rightMs + retention.auditMs + 1;
  expect(store.wipe(retention)).toMatchObject({ wiped: { auditDetails: 3 }, isLogEmpty: true });
  const bytes = allFiles();
  for (const one of sealed) expect(bytes.includes(one.subarray(22))).toBe(false);
  expect(store.checkAudit()).toMatchObject({ ok: true });
});

// A flat battery: the machine starts in 1970, and what is kept before the centre is heard was wiped the same day.
test('who acted while the clock stood too early is kept as long as those before', () => {
  const rightMs = nowMs;
  keep();
  nowMs = 0;
  keep();
  nowMs = rightMs + 1_000;
  keep();
  expect(store.wipe(retention)).toMatchObject({ wiped: { auditDetails: 0 } });
  nowMs = rightMs + retention.auditMs + 500;
  expect(store.wipe(retention)).toMatchObject({ wiped: { auditDetails: 2 } });
  nowMs = rightMs + retention.auditMs + 2_000;
  expect(store.wipe(retention)).toMatchObject({ wiped: { auditDetails: 1 } });
});

test('what is younger stays, and what the centre has not carried out stays however old it is', () => {
  const open = keep();
  nowMs += retention.settledMs * 100;
  const done = keep();
  const refused = store.lease({ limit: 1, which: 'fresh' });
  expect(refused).toMatchObject({ rows: [{ request: { id: open } }] });
  store.settle([{ id: open, state: 'refused', code: 'malformed', detail: canary.text }]);
  nowMs += retention.settledMs - 1;
  store.wipe(retention);
  expect(store.settlement(open)).toMatchObject({ settlement: { state: 'refused', refusal: { detail: canary.text } } });
  expect(store.settlement(done)).toMatchObject({ settlement: { state: 'waiting' } });
});

test('the audit gives up details, and nothing else', () => {
  keep();
  const other = new Database(path);
  expect(() => other.exec('UPDATE audit SET detail = zeroblob(9)')).toThrow('append-only');
  expect(() => other.exec('UPDATE audit SET detail_digest = NULL')).toThrow('append-only');
  other.close();
});

test('nothing personal stands readable anywhere in the folder, before and after', () => {
  keep();
  print();
  for (const secret of Object.values(canary)) expect(allFiles().includes(secret)).toBe(false);
});
