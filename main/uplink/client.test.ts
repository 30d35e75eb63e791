import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { longestEdition } from '../../state-machines/contract/central/catalogue.ts';
import type { CentralClient } from './client.ts';
import { createCentralClient, isPermittedAddress } from './client.ts';
import { enrolKiosk } from './enrol.ts';
import type { Identity } from './identity.ts';
import { openIdentity } from './identity.ts';
import { ManualClock } from './test/manual-clock.ts';
import { problem, ScriptedCentre } from './test/scripted-centre.ts';
import { readRetryAfter } from './wire.ts';

const visit = '019ab000-0000-7000-8000-000000000001';
const contactPath = '/v2/queries/contact';
const contact = { mobile: '13900000000', postalCode: '100000', address: '望月街1号', email: '' };

let folder: string;
let clock: ManualClock;
let centre: ScriptedCentre;
let identity: Identity;
let client: CentralClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-client-'));
  clock = new ManualClock();
  centre = await ScriptedCentre.start();
  const opened = openIdentity(join(folder, 'identity.json'));
  if (!opened.ok) throw new Error(opened.reason);
  identity = opened.identity;
  identity.recordEnrolment({ kiosk: 'k-1', name: '一号机', hall: '大厅', epoch: 1, root: identity.publicKey });
  client = createCentralClient({ baseUrl: centre.baseUrl, identity, clock, random: randomBytes });
});
afterEach(async () => {
  client.close();
  await centre.stop();
  rmSync(folder, { recursive: true, force: true });
});

function tokens(): number {
  return centre.calls('/v2/kiosks/tokens').length;
}

describe('a call', () => {
  test('carries token, grant, key, trace and body, and gives the checked answer', async () => {
    centre.replies('/v2/certificates', { json: { number: 'N-000001', code: 'c', sealed: 's', qr: 'q', more: 'x' } });
    const body = { visit, paper: { layout: 'proof-of-insurance' as const } };
    const result = await client.call('issueCertificate', { body, grant: 'grant', key: 'key-1', trace: 'trace-1' });
    expect(result).toEqual({ ok: true, answer: { number: 'N-000001', code: 'c', sealed: 's', qr: 'q' } });
    const [heard] = centre.calls('/v2/certificates');
    expect(heard?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'visit-grant': 'grant',
      'idempotency-key': 'key-1',
      'trace-id': 'trace-1',
    });
    expect(heard?.body).toEqual(body);
  });

  test('puts parameters into the path and nothing personal', async () => {
    centre.replies('/v2/certificates/codes/A%2FB%20C', { json: { state: 'unknown' } });
    expect(await client.call('lookUpCode', { params: { code: 'A/B C' } })).toEqual({
      ok: true,
      answer: { state: 'unknown' },
    });
    expect(tokens()).toBe(0);
  });

  test('checks the answer of a query by the schema of its name', async () => {
    centre.replies(contactPath, { json: contact }, { json: { ...contact, mobile: 7 } });
    expect(await client.query('contact', { grant: 'g' })).toEqual({ ok: true, answer: contact });
    expect(await client.query('contact', { grant: 'g' })).toMatchObject({ ok: false, reason: 'nonsense' });
  });

  test.each([
    ['something that is no JSON', { text: '<html>welcome to the hotel' }],
    ['an answer of another shape', { json: { number: 1 } }],
    ['a redirect', { status: 302, headers: { Location: 'http://127.0.0.1:1/' }, json: {} }],
    ['a refusal that does not speak the contract', { status: 403, text: 'blocked' }],
  ])('calls %s nonsense', async (_, reply) => {
    centre.replies('/v2/identity/challenges', reply);
    const result = await client.call('passwordChallenge', { body: { visit } });
    expect(result).toMatchObject({ ok: false, reason: 'nonsense' });
  });

  test('stops reading an answer that is longer than any may be', async () => {
    centre.replies('/v2/identity/challenges', { json: { nonce: 'x'.repeat(longestEdition + 2_048) } });
    const result = await client.call('passwordChallenge', { body: { visit } });
    expect(result).toMatchObject({ ok: false, reason: 'nonsense', detail: expect.stringContaining('longer') });
  });

  // It was told as an answer too long for any, the screen said that the centre was in trouble, and nobody looked at the line.
  test.each([0, 1, 20])('calls it the line where an answer is cut off after %i bytes', async (cutAfter) => {
    centre.replies('/v2/identity/challenges', { json: { nonce: 'x'.repeat(100) }, cutAfter });
    const result = await client.call('passwordChallenge', { body: { visit } });
    expect(result).toMatchObject({ ok: false, reason: 'unreachable', brokenOff: true });
  });

  test('never repeats in its failure what was in the answer', async () => {
    centre.replies(contactPath, { json: { ...contact, mobile: 7, name: '龘麤鱻' } });
    expect(JSON.stringify(await client.query('contact', { grant: 'g' }))).not.toMatch(/望月街|龘麤鱻/);
  });

  test('tells apart a centre that refuses, one that cannot, and one that wants less', async () => {
    centre.replies(
      '/v2/identity/challenges',
      problem(403, 'not-permitted'),
      problem(503, 'unavailable', { headers: { 'Retry-After': '7' } }),
      problem(429, 'too-many-requests', { headers: { 'Retry-After': '3' } }),
      { status: 502, text: '<html>bad gateway' },
    );
    const ask = () => client.call('passwordChallenge', { body: { visit } });
    expect(await ask()).toMatchObject({ reason: 'refused', problem: { code: 'not-permitted' } });
    expect(await ask()).toMatchObject({ reason: 'unavailable', retryAfterMs: 7_000 });
    expect(await ask()).toMatchObject({ reason: 'too-many', retryAfterMs: 3_000 });
    expect(await ask()).toMatchObject({ reason: 'unavailable' });
  });

  test('ends at its deadline, whatever the wire does', async () => {
    centre.replies('/v2/identity/challenges', 'hang');
    const result = client.call('passwordChallenge', { body: { visit }, timeoutMs: 4_000 });
    await centre.called('/v2/identity/challenges', 1);
    clock.advance(4_000);
    expect(await result).toMatchObject({ ok: false, reason: 'timeout' });
    expect(clock.pending()).toEqual([]);
  });

  test('ends when its caller goes, and says nothing of the line then', async () => {
    centre.replies('/v2/identity/challenges', 'hang');
    const outcomes: unknown[] = [];
    client.onOutcome((outcome) => outcomes.push(outcome));
    const caller = new AbortController();
    const result = client.call('passwordChallenge', { body: { visit }, signal: caller.signal });
    await centre.called('/v2/identity/challenges', 1);
    caller.abort();
    expect(await result).toMatchObject({ ok: false, reason: 'cancelled' });
    expect(outcomes).toEqual([]);
    expect(clock.pending()).toEqual([]);
  });

  test('is unreachable when the connection breaks or nobody listens', async () => {
    centre.replies('/v2/keys', 'cut');
    expect(await client.call('fetchKeys', {})).toMatchObject({ ok: false, reason: 'unreachable' });
    await centre.stop();
    expect(await client.call('fetchKeys', {})).toMatchObject({ ok: false, reason: 'unreachable' });
    centre = await ScriptedCentre.start();
  });
});

describe('the access token', () => {
  test('is asked for once by many calls, and used until shortly before it runs out', async () => {
    centre.replies(contactPath, { json: contact });
    await Promise.all([1, 2, 3].map(() => client.query('contact', { grant: 'g' })));
    expect(tokens()).toBe(1);
    clock.advance(580_000);
    await client.query('contact', { grant: 'g' });
    expect(tokens()).toBe(1);
    clock.advance(10_000);
    await client.query('contact', { grant: 'g' });
    expect(tokens()).toBe(2);
  });

  test('is not taken for fresh when the machine is set back two days', async () => {
    centre.replies(contactPath, { json: contact });
    await client.query('contact', { grant: 'g' });
    clock.advance(700_000);
    clock.setWall(clock.nowMs() - 48 * 60 * 60_000);
    await client.query('contact', { grant: 'g' });
    expect(tokens()).toBe(2);
  });

  test('is renewed once when the centre does not know it any more', async () => {
    centre.replies(contactPath, problem(401, 'not-authenticated'), { json: contact });
    expect(await client.query('contact', { grant: 'g' })).toMatchObject({ ok: true });
    expect(tokens()).toBe(2);
    centre.replies(contactPath, problem(401, 'not-authenticated'));
    expect(await client.query('contact', { grant: 'g' })).toMatchObject({ ok: false, reason: 'refused' });
    expect(tokens()).toBe(3);
  });

  test("is asked for again by the centre's clock when the kiosk's is far off", async () => {
    const centreMs = clock.nowMs() + 90 * 24 * 60 * 60_000;
    centre.on('/v2/kiosks/tokens', ({ body }) => {
      const { iat = 0 } = decodeJwt((body as { assertion: string }).assertion);
      return Math.abs(iat * 1000 - centreMs) < 60_000
        ? { json: { accessToken: 't', tokenType: 'Bearer', expiresInSeconds: 600, nowMs: centreMs } }
        : problem(401, 'not-authenticated', { nowMs: centreMs });
    });
    centre.replies(contactPath, { json: contact });
    expect(await client.query('contact', { grant: 'g' })).toMatchObject({ ok: true });
    expect(client.clockOffsetMs()).toBe(centreMs - clock.nowMs());
  });

  test('that is refused for good says that the kiosk is not admitted', async () => {
    centre.replies('/v2/kiosks/tokens', problem(401, 'not-authenticated', { nowMs: clock.nowMs() }));
    expect(await client.query('contact', { grant: 'g' })).toMatchObject({ ok: false, reason: 'not-admitted' });
    expect(tokens()).toBe(1);
  });

  test('outlives a caller who went while it was fetched for others too', async () => {
    centre.replies(contactPath, { json: contact });
    const caller = new AbortController();
    const gone = client.query('contact', { grant: 'g', signal: caller.signal });
    const stays = client.query('contact', { grant: 'g' });
    caller.abort();
    expect(await gone).toMatchObject({ reason: 'cancelled' });
    expect(await stays).toMatchObject({ ok: true });
  });

  test('is not even asked for by a kiosk that nobody enrolled', async () => {
    const opened = openIdentity(join(folder, 'fresh.json'));
    if (!opened.ok) throw new Error(opened.reason);
    const fresh = createCentralClient({
      baseUrl: centre.baseUrl,
      identity: opened.identity,
      clock,
      random: randomBytes,
    });
    expect(await fresh.query('contact', { grant: 'g' })).toMatchObject({ ok: false, reason: 'not-enrolled' });
    expect(centre.heard).toEqual([]);
  });
});

describe('enrolment', () => {
  const answer = { kiosk: 'k-9', name: '九号机', hall: '城西大厅', epoch: 2 };

  test('sends key and proof, and pins the root key it was given first', async () => {
    const root = { ...identity.publicKey, kid: 'root' };
    centre.replies('/v2/keys', { json: { root, grants: identity.publicKey } });
    centre.replies('/v2/kiosks/enrolments', { json: answer });
    const result = await enrolKiosk(client, identity, { code: 'ABCD-1234', model: 'demo' });
    expect(result).toEqual({ ok: true, enrolment: { ...answer, root } });
    expect(identity.enrolment()).toEqual({ ...answer, root });
    expect(centre.heard.map((heard) => heard.path)).toEqual(['/v2/keys', '/v2/kiosks/enrolments']);
  });

  test('does not spend the code when the root key cannot be had', async () => {
    centre.replies('/v2/keys', problem(500, 'internal'));
    expect(await enrolKiosk(client, identity, { code: 'ABCD-1234', model: 'demo' })).toMatchObject({ ok: false });
    expect(centre.calls('/v2/kiosks/enrolments')).toEqual([]);
  });
});

test('only TLS leaves the machine', () => {
  expect(isPermittedAddress('https://centre.example')).toBe(true);
  expect(isPermittedAddress('http://127.0.0.1:8080')).toBe(true);
  expect(isPermittedAddress('http://centre.example')).toBe(false);
  expect(isPermittedAddress('http://127.0.0.1.example')).toBe(false);
  expect(isPermittedAddress('centre')).toBe(false);
});

test('Retry-After is seconds or a date, and never longer than ten minutes', () => {
  const nowMs = Date.UTC(2026, 10, 24, 9, 0, 0);
  expect(readRetryAfter('5', nowMs)).toBe(5_000);
  expect(readRetryAfter('Tue, 24 Nov 2026 09:00:30 GMT', nowMs)).toBe(30_000);
  expect(readRetryAfter('Tue, 24 Nov 2026 08:00:00 GMT', nowMs)).toBe(0);
  expect(readRetryAfter('86400', nowMs)).toBe(600_000);
  expect(readRetryAfter('soon', nowMs)).toBeNull();
  expect(readRetryAfter(undefined, nowMs)).toBeNull();
});
