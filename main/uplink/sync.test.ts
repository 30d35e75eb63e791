import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CentralRequest, RequestResult } from '../../state-machines/contract/central/requests.ts';
import { deliverRequests, requestSchema } from '../../state-machines/contract/central/requests.ts';
import { signAdmittedIssuers } from '../certificates/admitted-issuers.ts';
import { openWritable } from '../store/database.ts';
import { openKeyFile } from '../store/key-file.ts';
import type { Store, Submission } from '../store/store.ts';
import { openStore } from '../store/store.ts';
import { fullJitterMs } from './backoff.ts';
import type { CatalogueCopy } from './catalogue.ts';
import { catalogueCopy } from './catalogue.ts';
import type { CentralClient } from './client.ts';
import { createCentralClient } from './client.ts';
import { followEpochs } from './epoch.ts';
import type { Identity } from './identity.ts';
import { openIdentity } from './identity.ts';
import type { Line } from './line.ts';
import { watchLine } from './line.ts';
import type { Sync } from './sync.ts';
import { createSync } from './sync.ts';
import type { SyncEvent } from './sync-event.ts';
import { ManualClock } from './test/manual-clock.ts';
import type { Reply } from './test/scripted-centre.ts';
import { problem, ScriptedCentre } from './test/scripted-centre.ts';

const visit = '019ab000-0000-7000-8000-000000000001';
const requestsPath = '/v2/requests';
const changesPath = '/v2/catalogue/changes';

type Kiosk = {
  store: Store;
  client: CentralClient;
  line: Line;
  catalogue: CatalogueCopy;
  sync: Sync;
  events: SyncEvent[];
  /** Answers with the first event of the past or the future that fits. */
  event(fits: (event: SyncEvent) => boolean): Promise<SyncEvent>;
  end(): Promise<void>;
};

let folder: string;
let clock: ManualClock;
let centre: ScriptedCentre;
let identity: Identity;
const running: Kiosk[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-sync-'));
  clock = new ManualClock();
  centre = await ScriptedCentre.start();
  centre.on('/v2/kiosks/heartbeats', () => ({ json: { nowMs: clock.nowMs() } }));
  centre.on(changesPath, () => ({ json: { state: 'same', version: 0 } }));
  centre.on(requestsPath, ({ body }) => answerAll(body));
  identity = openIdentityFile();
});
afterEach(async () => {
  for (const kiosk of [...running]) await kiosk.end();
  await centre.stop();
  rmSync(folder, { recursive: true, force: true });
});

function openIdentityFile(): Identity {
  const opened = openIdentity(join(folder, 'identity.json'));
  if (!opened.ok) throw new Error(opened.reason);
  opened.identity.recordEnrolment({ kiosk: 'k-1', name: '', hall: '', epoch: 1, root: opened.identity.publicKey });
  return opened.identity;
}

/** Starts the kiosk's side on the same files, as after a power-on. */
function start(options: { root?: () => Identity['publicKey']; isTellingLoss?: boolean } = {}): Kiosk {
  const keys = openKeyFile(join(folder, 'key.json'), randomBytes);
  if (!keys.ok) throw new Error(keys.reason);
  const opened = openStore({
    path: join(folder, 'kiosk.db'),
    keys: keys.keys,
    nowMs: () => clock.nowMs(),
    random: randomBytes,
    busyTimeoutMs: 10,
  });
  if (!opened.ok) throw new Error(opened.reason);
  const { store } = opened;
  store.recover();
  const client = createCentralClient({ baseUrl: centre.baseUrl, identity, clock, random: randomBytes });
  const line = watchLine(client, clock);
  const catalogue = catalogueCopy({ store, client, root: options.root ?? (() => identity.publicKey) });
  const sync = createSync({
    store,
    client,
    prove: identity.proveRequest,
    line,
    catalogue,
    ...(options.isTellingLoss ? { epochs: followEpochs({ store, identity, client, random: randomBytes }) } : {}),
    clock,
    // The longest wait there can be: tests know it to the millisecond.
    random: () => 1,
    status: () => ({ version: '0.1.0', state: 'in-service', devices: {} }),
  });
  const events: SyncEvent[] = [];
  const watchers = new Set<() => void>();
  sync.subscribe((event) => {
    events.push(event);
    for (const watcher of [...watchers]) watcher();
  });
  const kiosk: Kiosk = {
    store,
    client,
    line,
    catalogue,
    sync,
    events,
    event(fits) {
      return new Promise((resolve) => {
        const look = () => {
          const found = events.find(fits);
          if (!found) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
      });
    },
    async end() {
      running.splice(running.indexOf(kiosk), 1);
      await sync.stop();
      line.close();
      client.close();
      store.close();
    },
  };
  running.push(kiosk);
  sync.start();
  return kiosk;
}

function keep(kiosk: Kiosk, changes: Partial<Submission> = {}): string {
  const kept = kiosk.store.submit({
    order: 'person a',
    visit,
    trace: 'trace-1',
    grant: null,
    parties: null,
    body: { kind: 'rating', item: 'contact-change', itemVersion: 1, scores: { manner: 5 } },
    ...changes,
  });
  if (!kept.ok) throw new Error(kept.reason);
  return kept.id;
}

function requestsIn(body: unknown): CentralRequest[] {
  return deliverRequests.body.parse(body).requests.map((request) => requestSchema.parse(request));
}

const done = (request: CentralRequest): RequestResult => ({
  id: request.id,
  state: 'done',
  answer: { kind: 'rating' },
});
const answerAll = (body: unknown): Reply => ({ json: { results: requestsIn(body).map(done) } });

/** Ids in the order the centre carried them out, each batch left to right. */
function deliveries(): string[][] {
  return centre.calls(requestsPath).map((heard) => requestsIn(heard.body).map((request) => request.id));
}

function settled(kiosk: Kiosk, id: string) {
  return kiosk.sync.waitForSettlement(id, { timeoutMs: 3_600_000 });
}

const failedRound = (event: SyncEvent) => event.kind === 'round' && event.round.kind === 'failed';

describe('delivery', () => {
  test('brings a request to the centre at once, and its answer to whoever waits', async () => {
    const kiosk = start();
    const id = keep(kiosk);
    expect(await settled(kiosk, id)).toEqual({ state: 'done', answer: { kind: 'rating' } });
    expect(await settled(kiosk, id)).toEqual({ state: 'done', answer: { kind: 'rating' } });
    expect(deliveries()).toEqual([[id]]);
  });

  test('goes on when the visitor does not wait any longer', async () => {
    centre.replies(requestsPath, 'hang');
    const kiosk = start();
    const id = keep(kiosk);
    const patience = kiosk.sync.waitForSettlement(id, { timeoutMs: 4_000 });
    const leaving = new AbortController();
    const left = kiosk.sync.waitForSettlement(id, { timeoutMs: 60_000, signal: leaving.signal });
    await centre.called(requestsPath, 1);
    leaving.abort();
    expect(await left).toEqual({ state: 'waiting' });
    clock.advance(4_000);
    expect(await patience).toEqual({ state: 'waiting' });
    centre.on(requestsPath, ({ body }) => answerAll(body));
    const later = settled(kiosk, id);
    clock.advance(26_000);
    await kiosk.event(failedRound);
    clock.advance(60_000);
    expect(await later).toMatchObject({ state: 'done' });
  });

  test('says null of a request it does not know', async () => {
    expect(await settled(start(), visit)).toBeNull();
  });

  test("keeps one person's order through failures of every kind, others' beside it", async () => {
    const kiosk = start();
    await kiosk.event((event) => event.kind === 'heartbeat');
    const failures: Reply[] = ['cut', problem(503, 'unavailable'), { text: 'nonsense' }, problem(500, 'internal')];
    const carriedOut: string[] = [];
    centre.on(requestsPath, ({ body }) => {
      const failure = failures.shift();
      if (failure) return failure;
      carriedOut.push(...requestsIn(body).map((request) => request.id));
      return answerAll(body);
    });
    const mine = Array.from({ length: 5 }, () => keep(kiosk));
    const other = keep(kiosk, { order: 'person b' });
    const last = settled(kiosk, mine.at(-1) ?? '');
    while (carriedOut.length < 6) {
      await Promise.race([kiosk.event(() => carriedOut.length === 6), clock.waitOf(clock.pending()[0] ?? 0)]);
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await last).toMatchObject({ state: 'done' });
    expect(carriedOut.filter((id) => id !== other)).toEqual(mine);
    expect(carriedOut).toContain(other);
  });

  test('delivers the same again under the same id when the answer was lost, proved anew, and takes the stored answer', async () => {
    centre.replies(requestsPath, 'cut');
    const kiosk = start();
    const id = keep(kiosk);
    await kiosk.event(failedRound);
    centre.on(requestsPath, ({ body }) => answerAll(body));
    const answer = settled(kiosk, id);
    clock.advance(1_000);
    expect(await answer).toMatchObject({ state: 'done' });
    const [first, second] = centre.calls(requestsPath);
    const unproved = (body: unknown) => JSON.stringify(body, (name, value) => (name === 'proof' ? 'proof' : value));
    expect(unproved(second?.body)).toEqual(unproved(first?.body));
  });

  test('waits as long as the centre asks, and no new request shortens it', async () => {
    centre.replies(requestsPath, problem(429, 'too-many-requests', { headers: { 'Retry-After': '7' } }));
    const kiosk = start();
    keep(kiosk);
    await kiosk.event(failedRound);
    await clock.waitOf(7_000);
    keep(kiosk, { order: 'person b' });
    clock.advance(6_999);
    expect(deliveries()).toHaveLength(1);
    clock.advance(1);
    await centre.called(requestsPath, 2);
  });

  test('does not ask in a circle when the centre says: later, at once', async () => {
    centre.on(requestsPath, ({ body }) => ({
      json: { results: requestsIn(body).map(({ id }) => ({ id, state: 'later', afterMs: 0 })) },
    }));
    const kiosk = start();
    keep(kiosk);
    await clock.waitOf(1_000);
    expect(deliveries()).toHaveLength(1);
    clock.advance(1_000);
    await centre.called(requestsPath, 2);
  });

  test('goes on after a while in which the store could not be written', async () => {
    const other = openWritable(join(folder, 'kiosk.db'));
    centre.on(requestsPath, ({ body }) => {
      other.run('BEGIN IMMEDIATE');
      return answerAll(body);
    });
    const kiosk = start();
    const id = keep(kiosk);
    await kiosk.event((event) => event.kind === 'round' && event.round.kind === 'store-failed');
    other.run('ROLLBACK');
    other.close();
    centre.on(requestsPath, ({ body }) => answerAll(body));
    const answer = settled(kiosk, id);
    clock.advance(30_000);
    expect(await answer).toMatchObject({ state: 'done' });
    expect(deliveries()).toEqual([[id], [id]]);
  });

  test('survives a stop in the middle: the next start delivers under the same id', async () => {
    centre.replies(requestsPath, 'hang');
    const before = start();
    const id = keep(before);
    await centre.called(requestsPath, 1);
    await before.end();
    centre.on(requestsPath, ({ body }) => answerAll(body));
    const after = start();
    expect(await settled(after, id)).toMatchObject({ state: 'done' });
    expect(deliveries()).toEqual([[id], [id]]);
  });
});

describe('poison', () => {
  test('that the centre refuses is set aside with its later ones, and blocks nobody else', async () => {
    const kiosk = start();
    let poison = '';
    centre.on(requestsPath, ({ body }) => ({
      json: {
        results: requestsIn(body).map((request) =>
          request.id === poison ? { id: poison, state: 'refused', code: 'malformed', detail: 'no' } : done(request),
        ),
      },
    }));
    poison = keep(kiosk);
    const behind = keep(kiosk);
    const other = keep(kiosk, { order: 'person b' });
    expect(await settled(kiosk, poison)).toMatchObject({ state: 'refused', refusal: { code: 'malformed' } });
    expect(await settled(kiosk, other)).toMatchObject({ state: 'done' });
    expect(kiosk.events).toContainEqual({ kind: 'set-aside', id: poison, code: 'malformed' });
    expect(kiosk.store.settlement(behind)).toMatchObject({ settlement: { state: 'waiting' } });
    expect(deliveries().flat()).not.toContain(behind);
  });

  test('that makes the centre refuse whole batches is found and set aside alone', async () => {
    const { poison, others, kiosk } = await amongOthers(() => problem(400, 'malformed'));
    expect(await settled(kiosk, poison)).toMatchObject({ state: 'refused', refusal: { code: 'undeliverable' } });
    for (const id of others) expect(kiosk.store.settlement(id)).toMatchObject({ settlement: { state: 'done' } });
  });

  test.each([
    ['break', () => problem(500, 'internal')],
    ['talk nonsense', () => ({ json: { results: 'none' } }) as Reply],
    ['cut the line', () => 'cut' as Reply],
  ])('that makes the centre %s holds up nobody else', async (_, reply) => {
    const { poison, others, kiosk } = await amongOthers(reply);
    for (const id of others) expect(kiosk.store.settlement(id)).toMatchObject({ settlement: { state: 'done' } });
    expect(kiosk.store.settlement(poison)).toMatchObject({ settlement: { state: 'waiting' } });
  });

  test('that the centre forgets to answer is put off by itself', async () => {
    let poison = '';
    centre.on(requestsPath, ({ body }) => ({
      json: {
        results: requestsIn(body)
          .filter((request) => request.id !== poison)
          .map(done),
      },
    }));
    const kiosk = start();
    poison = keep(kiosk);
    const other = keep(kiosk, { order: 'person b' });
    expect(await settled(kiosk, other)).toMatchObject({ state: 'done' });
    expect(kiosk.store.settlement(poison)).toMatchObject({ settlement: { state: 'waiting' } });
    await clock.waitOf(5_000);
  });

  /** Twenty people's requests, one of which brings this reply whenever it is in a batch; lets time pass until all others are done. */
  async function amongOthers(reply: () => Reply) {
    const kiosk = start();
    let poison = '';
    centre.on(requestsPath, ({ body }) =>
      requestsIn(body).some((request) => request.id === poison) ? reply() : answerAll(body),
    );
    const ids = Array.from({ length: 20 }, (_, at) => at).map((at) => {
      if (at !== 7) return keep(kiosk, { order: `person ${at}` });
      poison = kiosk.store.newId();
      return keep(kiosk, { id: poison, order: `person ${at}` });
    });
    const others = ids.filter((id) => id !== poison);
    const isDone = (id: string) => {
      const found = kiosk.store.settlement(id);
      return found.ok && found.settlement?.state === 'done';
    };
    // How much time of the kiosk's that takes depends on how long the wire takes in ours: the test's own deadline is the bound.
    while (!others.every(isDone)) {
      const rounds = kiosk.events.length;
      clock.advance(1_000);
      // Lets whatever became due go over the wire and come back.
      for (let turns = 0; turns < 50 && kiosk.events.length === rounds; turns += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return { poison, others, kiosk };
  }
});

describe('papers left open', () => {
  function beginIssue(store: Store) {
    const issue = store.beginIssue({
      visit,
      trace: 'trace-1',
      grant: 'grant',
      parties: null,
      paper: { layout: 'proof-of-insurance' },
    });
    if (!issue.ok) throw new Error(issue.reason);
    return issue;
  }

  test('whose answer never arrived are asked for again under their key, voided, and told to the centre', async () => {
    const before = start();
    const issue = beginIssue(before.store);
    await before.end();

    centre.replies('/v2/certificates', problem(503, 'unavailable'), {
      json: { number: 'N-000001', code: 'c', sealed: 's', qr: 'q' },
    });
    const kiosk = start();
    await kiosk.event((event) => event.kind === 'issue-open');
    clock.advance(2_000);
    await kiosk.event((event) => event.kind === 'issue-settled');
    await centre.called(requestsPath, 1);
    expect(centre.calls('/v2/certificates').map((heard) => heard.headers['idempotency-key'])).toEqual([
      issue.key,
      issue.key,
    ]);
    expect(requestsIn(centre.calls(requestsPath)[0]?.body)).toMatchObject([
      { body: { kind: 'print-outcome', number: 'N-000001', outcome: 'void', copies: 0, reason: 'answer-late' } },
    ]);
    expect(kiosk.store.openIssues()).toEqual({ ok: true, issues: [] });
  });

  test('that the centre never issued leave nothing behind', async () => {
    centre.replies('/v2/certificates', problem(403, 'not-permitted'));
    const kiosk = start();
    const issue = beginIssue(kiosk.store);
    kiosk.sync.settleIssueLater(issue.key);
    expect(await kiosk.event((event) => event.kind === 'issue-settled')).toMatchObject({ outcome: 'refused' });
    expect(kiosk.store.openIssues()).toEqual({ ok: true, issues: [] });
  });

  test('that cannot be read any more are named to the centre as lost, since a number may wait there', async () => {
    const asked: { statement: string }[] = [];
    centre.on('/v2/kiosks/epochs', ({ body }) => {
      asked.push(body as { statement: string });
      return { json: { state: 'waiting', nowMs: clock.nowMs() } };
    });
    const kiosk = start({ isTellingLoss: true });
    const issue = beginIssue(kiosk.store);
    const other = openWritable(join(folder, 'kiosk.db'));
    other.run(`UPDATE journal SET intent = zeroblob(60) WHERE key = ?`, issue.key);
    other.close();
    kiosk.sync.settleIssueLater(issue.key);
    expect(await kiosk.event((event) => event.kind === 'issue-settled')).toMatchObject({ outcome: 'lost' });
    const lost = [{ from: issue.key, to: issue.key }];
    expect(await kiosk.event((event) => event.kind === 'epoch')).toMatchObject({ wish: { reason: 'rebuilt', lost } });
    expect(asked.map(({ statement }) => decodeJwt(statement))).toMatchObject([{ aud: 'epoch', lost }]);
    expect(centre.calls('/v2/certificates')).toEqual([]);
    expect(kiosk.store.openIssues()).toEqual({ ok: true, issues: [] });
    expect(kiosk.store.checkAudit()).toMatchObject({ ok: true });
  });

  test('stay open while the centre turns the kiosk away before it looked: a number may wait there', async () => {
    centre.replies('/v2/certificates', problem(400, 'unsupported-version'), {
      json: { number: 'N-000002', code: 'c', sealed: 's', qr: 'q' },
    });
    const kiosk = start();
    const issue = beginIssue(kiosk.store);
    kiosk.sync.settleIssueLater(issue.key);
    expect(await kiosk.event((event) => event.kind === 'issue-open')).toMatchObject({ reason: 'unsupported-version' });
    clock.advance(2_000);
    expect(await kiosk.event((event) => event.kind === 'issue-settled')).toMatchObject({ outcome: 'void' });
  });
});

describe('heartbeats and the line', () => {
  test('ask for a new epoch at its own pace where the centre refuses even that', async () => {
    centre.replies('/v2/kiosks/heartbeats', problem(403, 'not-this-epoch'));
    centre.replies('/v2/kiosks/epochs', problem(403, 'not-this-epoch'));
    const kiosk = start({ isTellingLoss: true });
    await kiosk.event((event) => event.kind === 'epoch');
    await clock.waitOf(5_000);
    expect(centre.calls('/v2/kiosks/epochs')).toHaveLength(1);
    clock.advance(5_000);
    await centre.called('/v2/kiosks/epochs', 2);
    await clock.waitOf(10_000);
  });

  test('carry clock, state and queue, and bring the offset', async () => {
    centre.replies('/v2/kiosks/heartbeats', { json: { nowMs: clock.nowMs() + 90_000 } });
    centre.replies(requestsPath, 'hang');
    const kiosk = start();
    expect(await kiosk.event((event) => event.kind === 'heartbeat')).toEqual({
      kind: 'heartbeat',
      clockOffsetMs: 90_000,
    });
    expect(centre.calls('/v2/kiosks/heartbeats')[0]?.body).toMatchObject({
      nowMs: clock.nowMs(),
      state: 'in-service',
      queue: { waiting: 0, setAside: 0 },
    });
  });

  test('find out soon that the line is down, and soon that it is back; then the queue flows at once', async () => {
    const kiosk = start();
    await kiosk.event((event) => event.kind === 'heartbeat');
    const states: string[] = [];
    const changed = new Set<() => void>();
    kiosk.line.subscribe((state) => {
      states.push(state.state);
      for (const watcher of [...changed]) watcher();
    });
    const becomes = (state: string) =>
      new Promise<void>((resolve) => {
        const look = () => states.at(-1) === state && resolve();
        changed.add(look);
        look();
      });
    centre.replies('/v2/kiosks/heartbeats', 'cut');
    centre.replies(requestsPath, 'cut');
    const id = keep(kiosk);
    await becomes('offline');

    centre.on('/v2/kiosks/heartbeats', () => ({ json: { nowMs: clock.nowMs() } }));
    centre.on(requestsPath, ({ body }) => answerAll(body));
    const answer = settled(kiosk, id);
    clock.advance(2_000);
    await becomes('online');
    expect(await answer).toMatchObject({ state: 'done' });
    expect(states).toEqual(['online', 'offline', 'online']);
  });
});

describe('the catalogue', () => {
  test('is asked for by cursor, told, and still there without the line', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const root = () => ({ kty: 'EC', crv: 'P-256', x, y, kid: 'root' }) as const;
    const list = { version: 1 as const, serial: 3, publishedOn: '2026-11-24', issuers: [] };
    const text = { zh: '一', en: '1' };
    const edition = {
      version: 3,
      items: [],
      agreement: { version: '1', sections: [{ title: text, text }] },
      issuers: await signAdmittedIssuers(list, privateKey),
    };
    const signed = await new CompactSign(new TextEncoder().encode(JSON.stringify(edition)))
      .setProtectedHeader({ alg: 'ES256', kid: 'root' })
      .sign(privateKey);
    centre.replies(changesPath, { json: { state: 'newer', version: 3, signed } });
    const before = start({ root });
    await before.event((event) => event.kind === 'catalogue' && event.result.ok && event.result.version === 3);
    expect(before.catalogue.current()).toMatchObject(edition);
    await before.end();
    centre.replies(changesPath, 'cut');
    const after = start({ root });
    await after.event((event) => event.kind === 'catalogue' && event.result.ok);
    expect(after.catalogue.current()).toMatchObject(edition);
    await centre.called(changesPath, 2);
    expect(centre.calls(changesPath).map(({ body }) => body)).toEqual([{ have: 0 }, { have: 3 }]);
  });
});

test('full jitter doubles its bound up to a cap, and reaches down to nothing', () => {
  const bound = (failures: number, random = 1) =>
    fullJitterMs(failures, { baseMs: 1_000, capMs: 60_000, random: () => random });
  expect([1, 2, 3, 7, 100].map((failures) => bound(failures))).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
  expect(bound(5, 0)).toBe(0);
  expect(bound(2, 0.5)).toBe(1_000);
});
