import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint, compactVerify, importJWK, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../state-machines/contract/central/canonical.ts';
import { publicKeySchema } from '../../state-machines/contract/central/envelope.ts';
import type { RequestBody } from '../../state-machines/contract/central/requests.ts';
import type { Identity } from './identity.ts';
import { openIdentity } from './identity.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-identity-'));
  path = join(folder, 'identity.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(): Identity {
  const opened = openIdentity(path);
  if (!opened.ok) throw new Error(opened.reason);
  return opened.identity;
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('base64url');
const body: RequestBody = { kind: 'complaint', item: 'complain', itemVersion: 2, values: { text: '排队太久' } };

describe("the kiosk's key", () => {
  test('is made once, named by its thumbprint, and only its user may read it', async () => {
    const { publicKey } = open();
    expect(publicKeySchema.parse(publicKey)).toEqual(publicKey);
    expect(publicKey.kid).toBe(await calculateJwkThumbprint(publicKey));
    expect(open().publicKey).toEqual(publicKey);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(publicKey)).not.toContain(JSON.parse(readFileSync(path, 'utf8')).privateKey.d);
  });

  test('is taken from others who could read it, and that is told', () => {
    open();
    writeFileSync(`${path}.wide`, readFileSync(path), { mode: 0o644 });
    expect(openIdentity(`${path}.wide`)).toMatchObject({ ok: true, tightened: true });
    expect(statSync(`${path}.wide`).mode & 0o777).toBe(0o600);
  });

  test('is never replaced because its file is damaged', () => {
    open();
    writeFileSync(path, '{"version":1');
    expect(openIdentity(path)).toMatchObject({ ok: false, reason: 'malformed' });
    expect(readFileSync(path, 'utf8')).toBe('{"version":1');
  });
});

describe('what the kiosk signs', () => {
  test('the enrolment proof is a JWS over the code as sent', async () => {
    const identity = open();
    const verified = await compactVerify(
      identity.enrolmentProof('8H2K-77'),
      await importJWK(identity.publicKey, 'ES256'),
    );
    expect(new TextDecoder().decode(verified.payload)).toBe('8H2K-77');
    expect(verified.protectedHeader).toEqual({ alg: 'ES256', kid: identity.publicKey.kid });
  });

  test('the assertion is what the contract says', async () => {
    const identity = open();
    const nowMs = Date.UTC(2026, 10, 24);
    const assertion = await identity.assertion({ kiosk: 'k-1', jti: 'j-1', nowMs });
    const verified = await jwtVerify(assertion, await importJWK(identity.publicKey, 'ES256'), {
      audience: 'social-insurance-centre',
      issuer: 'k-1',
      subject: 'k-1',
      currentDate: new Date(nowMs),
    });
    expect(verified.payload.jti).toBe('j-1');
    expect((verified.payload.exp ?? 0) - (verified.payload.iat ?? 0)).toBeLessThanOrEqual(300);
  });

  test('verifies whatever the signature looks like, short numbers included', async () => {
    const identity = open();
    const key = await importJWK(identity.publicKey, 'ES256');
    // One signature in 128 has a number that is shorter than its 32 bytes.
    for (let tries = 0; tries < 1_000; tries += 1) {
      const verified = await compactVerify(identity.enrolmentProof(`code ${tries}`), key);
      expect(verified.payload.length).toBeGreaterThan(0);
    }
  });

  test("a request's proof binds its id, its body and its grant", async () => {
    const identity = open();
    const request = { id: 'id-1', body, madeAt: 5_999 };
    const proof = await identity.proveRequest({ ...request, authority: { grant: 'grant' } });
    const verified = await compactVerify(proof, await importJWK(identity.publicKey, 'ES256'));
    expect(JSON.parse(new TextDecoder().decode(verified.payload))).toEqual({
      jti: 'id-1',
      body: sha256(canonicalJson(body)),
      grant: sha256('grant'),
      iat: 5,
    });
    const anonymous = await identity.proveRequest({ ...request, authority: { grant: null } });
    expect(JSON.parse(Buffer.from(anonymous.split('.')[1] ?? '', 'base64url').toString()).grant).toBeNull();
  });
});

test('the enrolment is kept over a restart, and the key with it', () => {
  const identity = open();
  expect(identity.enrolment()).toBeNull();
  const enrolment = { kiosk: 'k-1', name: '一号机', hall: '城东大厅', epoch: 1, root: identity.publicKey };
  expect(identity.recordEnrolment(enrolment)).toEqual({ ok: true });
  expect(open().enrolment()).toEqual(enrolment);
  expect(open().publicKey).toEqual(identity.publicKey);
});
