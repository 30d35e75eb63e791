import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Catalogue, Notice } from '../../state-machines/contract/central/catalogue.ts';
import { signAdmittedIssuers } from '../certificates/admitted-issuers.ts';
import { openKeyFile } from '../store/key-file.ts';
import type { Store } from '../store/store.ts';
import { openStore } from '../store/store.ts';
import type { CatalogueCopy } from './catalogue.ts';
import { catalogueCopy } from './catalogue.ts';
import type { CentralClient } from './client.ts';
import { createCentralClient } from './client.ts';
import type { Identity } from './identity.ts';
import { openIdentity } from './identity.ts';
import { ManualClock } from './test/manual-clock.ts';
import type { Reply } from './test/scripted-centre.ts';
import { problem, ScriptedCentre } from './test/scripted-centre.ts';

const changesPath = '/v2/catalogue/changes';
const wholePath = '/v2/catalogue';
const both = (zh: string) => ({ zh, en: zh });

const { privateKey: rootKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: strangersKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
const root = { kty: 'EC', crv: 'P-256', x, y, kid: 'root' } as const;

let folder: string;
let clock: ManualClock;
let centre: ScriptedCentre;
let identity: Identity;
let store: Store;
let client: CentralClient;
let catalogue: CatalogueCopy;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-catalogue-'));
  clock = new ManualClock();
  centre = await ScriptedCentre.start();
  const opened = openIdentity(join(folder, 'identity.json'));
  if (!opened.ok) throw new Error(opened.reason);
  identity = opened.identity;
  identity.recordEnrolment({ kiosk: 'k-1', name: '', hall: '', epoch: 1, root });
  client = createCentralClient({ baseUrl: centre.baseUrl, identity, clock, random: randomBytes });
  const keys = openKeyFile(join(folder, 'key.json'), randomBytes);
  if (!keys.ok) throw new Error(keys.reason);
  const kept = openStore({
    path: join(folder, 'kiosk.db'),
    keys: keys.keys,
    nowMs: () => clock.nowMs(),
    random: randomBytes,
  });
  if (!kept.ok) throw new Error(kept.reason);
  store = kept.store;
  catalogue = copy();
});
afterEach(async () => {
  client.close();
  store.close();
  await centre.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A kiosk's copy over what is kept, as after a power-on. */
function copy(): CatalogueCopy {
  return catalogueCopy({ store, client, root: () => root });
}

function issuersList(serial: number, key = rootKey): Promise<string> {
  return signAdmittedIssuers({ version: 1, serial, publishedOn: '2026-11-24', issuers: [] }, key);
}

async function edition(version: number, change: Partial<Catalogue> = {}): Promise<Catalogue> {
  return {
    version,
    items: [{ id: 'contact-change', available: false, unavailableBecause: { zh: '系统升级', en: 'Upgrade' } }],
    agreement: { version: '1', sections: [{ title: both('一'), text: both('一') }] },
    issuers: await issuersList(version),
    notices: [],
    articles: [],
    withdrawals: [],
    settings: {},
    ...change,
  };
}

function sign(value: unknown, key = rootKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(value)))
    .setProtectedHeader({ alg: 'ES256', kid: 'root' })
    .sign(key);
}

function newer(signed: string): { json: unknown } {
  return { json: { state: 'newer', version: 99, signed } };
}

/** Brings an edition into force by down-sync. */
async function have(content: Catalogue): Promise<void> {
  centre.replies(changesPath, newer(await sign(content)));
  expect(await catalogue.refresh()).toEqual({ ok: true, changed: true, version: content.version });
}

/** Holds that this edition is in force, and the one kept for the next power-on. */
async function expectInForce(content: Catalogue): Promise<void> {
  expect(catalogue.current()).toEqual(content);
  const next = copy();
  await next.load();
  expect(next.current()).toEqual(content);
}

describe('asking by cursor', () => {
  test('takes an edition once, and then hears in a few bytes that nothing is new', async () => {
    const third = await edition(3);
    await have(third);
    centre.replies(changesPath, { json: { state: 'same', version: 3 } });
    expect(await catalogue.refresh()).toEqual({ ok: true, changed: false, version: 3 });
    expect(centre.calls(changesPath).map(({ body }) => body)).toEqual([{ have: 0 }, { have: 3 }]);
    expect(centre.calls(wholePath)).toEqual([]);
    await expectInForce(third);
  });

  test('goes on from the edition that was kept over a power cut', async () => {
    await have(await edition(3));
    catalogue = copy();
    await catalogue.load();
    await have(await edition(4));
    expect(centre.calls(changesPath).map(({ body }) => body)).toEqual([{ have: 0 }, { have: 3 }]);
  });

  test('tells whoever follows it of each edition once', async () => {
    const versions: number[] = [];
    const undo = catalogue.subscribe(({ version }) => versions.push(version));
    await have(await edition(3));
    await catalogue.refresh();
    await have(await edition(4));
    undo();
    await have(await edition(5));
    expect(versions).toEqual([3, 4]);
  });

  test.each<[string, Reply]>([
    ['does not know the call', problem(404, 'not-found')],
    ['refuses the cursor', problem(400, 'malformed')],
    ['answers what no contract knows', { json: { state: 'gone' } }],
    ['says that nothing changed since an edition this kiosk does not have', { json: { state: 'same', version: 9 } }],
  ])('asks for the whole where the centre %s', async (_, reply) => {
    await have(await edition(3));
    const ninth = await edition(9);
    centre.replies(changesPath, reply);
    centre.replies(wholePath, { json: { signed: await sign(ninth) } });
    expect(await catalogue.refresh()).toEqual({ ok: true, changed: true, version: 9 });
    await expectInForce(ninth);
  });

  test.each<[string, Reply, string]>([
    ['a line that breaks', 'cut', 'unreachable'],
    ['a centre in trouble', problem(503, 'unavailable'), 'unavailable'],
    ['a centre that wants less', problem(429, 'too-many-requests'), 'too-many'],
  ])('does not ask twice of %s', async (_, reply, reason) => {
    centre.replies(changesPath, reply);
    expect(await catalogue.refresh()).toMatchObject({ ok: false, reason });
    expect(centre.calls(wholePath)).toEqual([]);
  });

  test('says so where the centre itself has only an older edition', async () => {
    const third = await edition(3);
    await have(third);
    centre.replies(changesPath, { json: { state: 'same', version: 2 } });
    expect(await catalogue.refresh()).toMatchObject({ ok: false, reason: 'older' });
    await expectInForce(third);
  });
});

describe('whole or not at all', () => {
  test('leaves the old edition in force and kept wherever the line is cut, and takes the new one on the next try', async () => {
    const third = await edition(3, { withdrawals: ['YC202611240001'] });
    const fourth = await edition(4, { withdrawals: ['YC202611240001', 'YC202611240002'] });
    await have(third);
    const answer = newer(await sign(fourth));
    const { length } = JSON.stringify(answer.json);
    for (const cutAfter of [0, 1, 40, Math.floor(length / 2), length - 3, length - 1]) {
      centre.replies(changesPath, { ...answer, cutAfter });
      expect(await catalogue.refresh(), `cut after ${cutAfter}`).toMatchObject({ ok: false, reason: 'unreachable' });
      expect(catalogue.isWithdrawn('YC202611240002')).toBe(false);
      await expectInForce(third);
    }
    centre.replies(changesPath, answer);
    expect(await catalogue.refresh()).toMatchObject({ ok: true, changed: true });
    await expectInForce(fourth);
  });

  test.each<[string, string, () => Promise<string>]>([
    ['signed by somebody else', 'forged', async () => sign(await edition(4), strangersKey)],
    [
      'changed on the way',
      'forged',
      async () => (await sign(await edition(4))).replace(/(?<=^.{60})./, (letter) => (letter === 'A' ? 'B' : 'A')),
    ],
    ['cut short by somebody on the way', 'forged', async () => (await sign(await edition(4))).slice(0, -20)],
    ['of another shape', 'malformed', () => sign({ version: 4 })],
    [
      'with a setting nobody could stand',
      'malformed',
      async () => sign(await edition(4, { settings: { 'times.idleMs': 1 } })),
    ],
    ['an older one played back', 'older', async () => sign(await edition(2, { issuers: await issuersList(9) }))],
    [
      'with issuers somebody else signed',
      'forged',
      async () => sign(await edition(4, { issuers: await issuersList(4, strangersKey) })),
    ],
    ['with issuers that are no list', 'malformed', async () => sign(await edition(4, { issuers: 'signed' }))],
    [
      'with the issuers of an older one',
      'older',
      async () => sign(await edition(4, { issuers: await issuersList(2) })),
    ],
  ])('does not take one that is %s, not even in part', async (_, reason, forge) => {
    const third = await edition(3);
    await have(third);
    const issuers = catalogue.issuers();
    centre.replies(changesPath, newer(await forge()));
    expect(await catalogue.refresh()).toMatchObject({ ok: false, reason });
    expect(catalogue.issuers()).toBe(issuers);
    await expectInForce(third);
  });

  test('is not in force while the disk has no room to keep it', async () => {
    const third = await edition(3);
    await have(third);
    const full = { ok: false, reason: 'disk-full', detail: 'SQLITE_FULL' } as const;
    catalogue = catalogueCopy({
      store: { readSetting: (name) => store.readSetting(name), writeSetting: () => full },
      client,
      root: () => root,
    });
    await catalogue.load();
    centre.replies(changesPath, newer(await sign(await edition(4))));
    expect(await catalogue.refresh()).toEqual(full);
    await expectInForce(third);
  });

  test('of two that were asked for at once the newer stays, in whichever order they come', async () => {
    const issuers = await issuersList(5);
    const editions = [await edition(5, { issuers }), await edition(4, { issuers })];
    const replies = await Promise.all(editions.map(async (content) => newer(await sign(content))));
    centre.replies(changesPath, ...replies);
    await Promise.all([catalogue.refresh(), catalogue.refresh()]);
    await expectInForce(editions[0] as Catalogue);
  });

  test('kept in a file that somebody changed gives nothing', async () => {
    store.writeSetting('catalogue', { signed: await sign(await edition(9), strangersKey) });
    expect(await catalogue.load()).toMatchObject({ ok: false, reason: 'forged' });
    expect(catalogue.current()).toBeNull();
  });
});

describe('what an edition holds is read by a call each, offline and after a power cut', () => {
  const notice = (id: string, change: Partial<Notice> = {}): Notice => ({
    id,
    title: both(id),
    text: both('停业一天'),
    from: '2026-11-01',
    until: '2026-11-30',
    isUrgent: false,
    ...change,
  });

  async function offlineWith(change: Partial<Catalogue>): Promise<CatalogueCopy> {
    await have(await edition(3, change));
    const next = copy();
    await next.load();
    return next;
  }

  test('nothing before the first', () => {
    expect([catalogue.current(), catalogue.issuers()]).toEqual([null, null]);
    expect([catalogue.notices('2026-11-24'), catalogue.articles()]).toEqual([[], []]);
    expect([catalogue.settings(), catalogue.isWithdrawn('YC202611240001')]).toEqual([{}, false]);
  });

  test('the notices of a day, both ends included, urgent ones first', async () => {
    const { notices } = await offlineWith({
      notices: [
        notice('to the 30th'),
        notice('from the 30th on', { from: '2026-11-30', until: null }),
        notice('urgent', { isUrgent: true }),
      ],
    });
    const shown = (today: string) => notices(today).map(({ id }) => id);
    expect(shown('2026-10-31')).toEqual([]);
    expect(shown('2026-11-01')).toEqual(['urgent', 'to the 30th']);
    expect(shown('2026-11-30')).toEqual(['urgent', 'to the 30th', 'from the 30th on']);
    expect(shown('2027-11-30')).toEqual(['from the 30th on']);
  });

  test('the knowledge base, and the papers withdrawn, in an edition of some megabytes', async () => {
    const text = both('先在原参保地打印参保缴费凭证，再到新参保地申请。'.repeat(500));
    const articles = Array.from({ length: 60 }, (_, at) => ({
      id: `a-${at}`,
      title: both('养老保险关系转移'),
      text,
      words: ['转移', '接续'],
      items: ['contact-change'],
    }));
    const withdrawals = Array.from({ length: 1_000 }, (_, at) => `YC${202_611_240_000 + at}`);
    const offline = await offlineWith({ articles, withdrawals });
    expect(offline.articles()).toEqual(articles);
    expect(offline.isWithdrawn('YC202611240999')).toBe(true);
    expect(offline.isWithdrawn('YC202611241000')).toBe(false);
  });

  test('settings the kiosk knows; others it leaves', async () => {
    const settings = { hotline: '0899-12333', 'times.idleMs': 90_000, 'times.newerMs': 1 };
    const { settings: read } = await offlineWith({ settings });
    expect(read()).toEqual({ hotline: '0899-12333', 'times.idleMs': 90_000 });
  });
});
