import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RequestAnswer, RequestBody } from '../../state-machines/contract/central/requests.ts';
import type { CardRead, Effects } from '../../state-machines/effects.ts';
import type { UnprovedRequest } from '../store/outbox.ts';
import type { RowResult, Store } from '../store/store.ts';
import { createRequestEffects } from './requests.ts';
import type { CalledCentre } from './test/called-centre.ts';
import { holder, login, openCentre, openStoreIn, patient, visit } from './test/called-centre.ts';

const complaint: RequestBody = {
  kind: 'complaint',
  item: 'complaint',
  itemVersion: 1,
  values: { text: '望月街的窗口排队太久' },
};
const answer: RequestAnswer = {
  kind: 'complaint',
  number: 'TS20261124-0009',
  followUpCode: '7K3M',
  promisedBy: '2026-12-08',
  promisedWorkingDays: 10,
};

let called: CalledCentre;
let store: Store;
let submit: Effects['submit'];
/** What the centre says of the row that is waited for; null: nothing in time. */
let settles: ((id: string) => RowResult) | null;
let waits: number[];

beforeEach(async () => {
  called = await openCentre();
  store = openStoreIn(called);
  settles = null;
  waits = [];
  // The sync as far as this effect sees it: it carries the row to the centre, and says what the store has of it then.
  const sync = {
    async waitForSettlement(id: string, { timeoutMs }: { timeoutMs: number }) {
      waits.push(timeoutMs);
      store.lease({ limit: 1, which: 'fresh' });
      if (settles !== null) store.settle([settles(id)]);
      const found = store.settlement(id);
      return found.ok ? found.settlement : null;
    },
  };
  ({ submit } = createRequestEffects({
    store,
    sync,
    log: called.log,
  }));
});
afterEach(async () => {
  store.close();
  await called.close();
});

test('gives the number of the centre where it has answered in time', async () => {
  settles = (id) => ({ id, state: 'done', answer });
  expect(await submit(visit, login, complaint, 6_000, patient)).toEqual({
    ok: true,
    settled: { state: 'done', number: 'TS20261124-0009', answer },
  });
  expect(waits).toEqual([6_000]);
});

test('gives the number of this kiosk where the answer brings none', async () => {
  settles = (id) => ({ id, state: 'done', answer: { kind: 'booking-cancel', state: 'cancelled' } });
  const body: RequestBody = { kind: 'booking-cancel', item: 'cancel-booking', itemVersion: 1, number: 'A018' };
  expect(await submit(visit, login, body, 6_000, patient)).toMatchObject({
    ok: true,
    settled: { state: 'done', number: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/) },
  });
});

test('says received, with the number of this kiosk, where the centre has not answered: the row is kept', async () => {
  expect(await submit(visit, login, complaint, 6_000, patient)).toMatchObject({
    ok: true,
    settled: { state: 'received', number: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/) },
  });
  expect(store.figures()).toMatchObject({ ok: true, queue: { waiting: 1 } });
});

test('says that it was refused, with the number staff find it by', async () => {
  settles = (id) => ({ id, state: 'refused', code: 'unknown-item', detail: 'no such item' });
  expect(await submit(visit, login, complaint, 6_000, patient)).toEqual({
    ok: false,
    reason: 'request-refused',
    number: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
  });
});

test('waits for nothing where nobody wants to know', async () => {
  expect(await submit(visit, login, complaint, 0, patient)).toMatchObject({ ok: true, settled: { state: 'received' } });
  expect(waits).toEqual([]);
});

test('keeps it under the grant and the visit it was made in; without a login under neither name nor order', async () => {
  await submit(visit, login, change, 0, patient);
  await submit(visit, null, change, 0, patient);
  const rows = leased();
  expect(rows.map((request) => [request.visit, request.trace, request.authority.grant])).toEqual([
    [visit.id, visit.trace, 'grant-1'],
    [visit.id, visit.trace, null],
  ]);
  const orders = rows.map(({ order }) => order);
  expect(new Set(orders).size).toBe(2);
  expect(orders.join()).not.toContain(holder.idNumber);
});

const rating: RequestBody = { kind: 'rating', item: 'complaint', itemVersion: 1, scores: { manner: 5 } };

test.each([
  ['a complaint', () => complaint],
  ['a rating', () => rating],
])('keeps %s of somebody who is logged in without name, order, visit or trace', async (_what, body) => {
  await submit(visit, login, body(), 0, patient);
  const [row] = leased();
  expect(row).toMatchObject({ trace: '', authority: { grant: null } });
  expect(row?.visit).not.toBe(visit.id);
  expect(row?.order).toBe(row?.id);
});

const readCard: CardRead = {
  kind: 'social-security-card',
  cardNumber: 'Y00890001',
  identificationCode: '',
  regionCode: '890100',
  idNumber: holder.idNumber,
  maskedName: '张**',
  maskedNumber: '890***',
};
const change: RequestBody = {
  kind: 'application',
  item: 'contact-change',
  itemVersion: 1,
  values: { mobile: '19900000002' },
};

test('keeps what the card said in the row of who is here by a card alone: no grant, and not what the screen shows of it', async () => {
  expect(await submit(visit, readCard, change, 0, patient)).toMatchObject({ ok: true });
  const [row] = leased();
  const { maskedName: _, maskedNumber: __, ...claim } = readCard;
  expect(row?.authority).toEqual({ grant: null, card: claim });
});

test('lets nobody’s login wait for what came by their card alone, and keeps the order of that', async () => {
  const asked = (mobile: string): RequestBody => ({ ...change, values: { mobile } });
  await submit(visit, readCard, asked('19900000001'), 0, patient);
  await submit(visit, readCard, asked('19900000002'), 0, patient);
  await submit(visit, login, asked('19900000003'), 0, patient);
  await submit(visit, { ...readCard, idNumber: '', cardNumber: 'Y00890002' }, asked('19900000004'), 0, patient);
  const mobiles = leased().map(({ body }) => ('values' in body ? body.values.mobile : ''));
  expect(mobiles.sort()).toEqual(['19900000001', '19900000003', '19900000004']);
});

/** What goes to the centre next. */
function leased(): UnprovedRequest[] {
  const found = store.lease({ limit: 64, which: 'fresh' });
  if (!found.ok) throw new Error(found.reason);
  return found.rows.map(({ request }) => request);
}

test('keeps the requests of one person in their order, whoever made them for that person', async () => {
  const child = { ...holder, idNumber: '890101201003150012', name: '张小' };
  const asParent = { ...login, parties: { actor: holder, subject: child } };
  const asChild = { ...login, parties: { actor: child, subject: child } };
  const saying = (text: string): RequestBody => ({ ...change, values: { text } });
  await submit(visit, asParent, saying('for the child'), 0, patient);
  await submit(visit, asChild, saying('by the child'), 0, patient);
  await submit(visit, login, saying('for the parent'), 0, patient);
  // One row of an order is on its way at a time.
  const [together, alone] = [carryOff(), carryOff()];
  expect(together.map(textOf).sort()).toEqual(['for the child', 'for the parent']);
  expect(alone.map(textOf)).toEqual(['by the child']);
  expect(alone.map(({ sequence }) => sequence)).toEqual([2]);
});

function textOf({ body }: UnprovedRequest): string {
  return 'values' in body ? (body.values.text ?? '') : '';
}

/** Takes to the centre what may go now. */
function carryOff() {
  const requests = leased();
  store.settle(requests.map(({ id }) => ({ id, state: 'done', answer })));
  return requests;
}

test('says that nothing was stored where the disk is full, and means it', async () => {
  store.close();
  store = openStoreIn(called, 64 * 1024);
  const sync = { waitForSettlement: async () => null };
  ({ submit } = createRequestEffects({
    store,
    sync,
    log: called.log,
  }));
  const large: RequestBody = { ...complaint, values: { text: '排'.repeat(4_000) } };
  let answered = await submit(visit, login, large, 0, patient);
  let kept = 0;
  while (answered.ok && kept < 100) {
    kept += 1;
    answered = await submit(visit, login, large, 0, patient);
  }
  expect(answered).toEqual({ ok: false, reason: 'storage-failed' });
  expect(store.figures()).toMatchObject({ ok: true, queue: { waiting: kept } });
});

test('logs that a request was kept, and nothing that stands in it', async () => {
  await submit(visit, login, complaint, 0, patient);
  const written = called.lines.join('');
  expect(written).toContain('request.kept');
  expect(written).not.toMatch(/望月街|张建国|890101197803150019|grant-1/);
});

// SQLite goes on writing into a file that was deleted under it: "received" was said of what no start would ever find.
test.skipIf(process.platform === 'win32')(
  'takes nothing on once the file of its store was deleted, or put there anew',
  async () => {
    expect(await submit(visit, login, complaint, 0, patient)).toMatchObject({ ok: true });
    rmSync(join(called.folder, 'kiosk.db'));
    expect(await submit(visit, login, complaint, 0, patient)).toEqual({ ok: false, reason: 'storage-failed' });
    writeFileSync(join(called.folder, 'kiosk.db'), '');
    expect(await submit(visit, login, complaint, 0, patient)).toEqual({ ok: false, reason: 'storage-failed' });
    expect(store.figures()).toMatchObject({ ok: true, queue: { waiting: 1 } });
  },
);
