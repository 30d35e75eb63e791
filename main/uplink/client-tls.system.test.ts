import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCentralClient } from './client.ts';
import { systemClock } from './clock.ts';
import { openIdentity } from './identity.ts';

/** Certificates are made by the system's openssl: Node can read them, not make them. */
function openssl(...words: string[]): void {
  execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
}

let folder: string;
let server: Server;
let heard = 0;

/** An authority, and a certificate by it for this machine. */
function makeAuthority(name: string): void {
  const subject = [
    '-subj',
    `/CN=${name}`,
    '-days',
    '2',
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ];
  openssl('req', '-x509', ...subject, '-keyout', `${name}.key`, '-out', `${name}.pem`);
  openssl(
    'req',
    '-x509',
    ...subject,
    '-CA',
    `${name}.pem`,
    '-CAkey',
    `${name}.key`,
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-keyout',
    `${name}-server.key`,
    '-out',
    `${name}-server.pem`,
  );
}

const file = (name: string) => readFileSync(join(folder, name), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-tls-'));
  makeAuthority('agency');
  makeAuthority('stranger');
  server = createServer({ key: file('agency-server.key'), cert: file('agency-server.pem') }, (_, response) => {
    heard += 1;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ state: 'unknown' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(authority: string | null, host = '127.0.0.1') {
  const identity = openIdentity(join(folder, 'identity.json'));
  if (!identity.ok) throw new Error(identity.reason);
  const client = createCentralClient({
    baseUrl: `https://${host}:${(server.address() as AddressInfo).port}`,
    identity: identity.identity,
    clock: systemClock,
    random: randomBytes,
    ...(authority === null ? {} : { certificateAuthority: file(`${authority}.pem`) }),
  });
  const result = await client.call('lookUpCode', { params: { code: 'ABCD' } });
  client.close();
  return result;
}

describe('over TLS', () => {
  test('the centre is heard when its certificate comes from the pinned authority', async () => {
    expect(await ask('agency')).toEqual({ ok: true, answer: { state: 'unknown' } });
  });

  test.each([
    ['from another authority', 'stranger', '127.0.0.1'],
    ['from an authority the machine does not know', null, '127.0.0.1'],
    ['for another name', 'agency', 'localhost'],
  ])('nothing is said to whoever shows a certificate %s', async (_, authority, host) => {
    const before = heard;
    expect(await ask(authority, host)).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(heard).toBe(before);
  });
});
