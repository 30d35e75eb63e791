import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { PaperPages, ScreenAnswer, View } from '../../state-machines/contract/screen.ts';
import { type HostRig, proveHost, type ScreenEnd } from './host-suite.ts';
import { guardKiosk } from './screen-host.ts';
import { messageOn, ScriptedKiosk, viewNumber } from './scripted-kiosk.ts';
import { closeCodes, openWebSocketHost, type WebSocketHost, type WebSocketHostOptions } from './websocket.ts';

let pageFolder: string;

beforeAll(() => {
  pageFolder = mkdtempSync(join(tmpdir(), 'kiosk-page-'));
  mkdirSync(join(pageFolder, 'assets'));
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>Kiosk</title>');
  writeFileSync(join(pageFolder, 'assets', 'index-4f.js'), 'export {};');
  writeFileSync(join(pageFolder, 'assets', 'notes.txt'), 'not for the page');
});

afterAll(() => rmSync(pageFolder, { recursive: true }));

proveHost('the WebSocket host', async () => makeSocketRig());

describe('the WebSocket host', () => {
  let rig: SocketRig;

  afterEach(() => rig.dispose());

  it.each([
    ['without the secret', (url: URL) => url.searchParams.delete('secret'), {}],
    ['with a wrong secret', (url: URL) => url.searchParams.set('secret', 'guess'), {}],
    ['with part of the secret', (url: URL) => url.searchParams.set('secret', 'the-secre'), {}],
    ['on another path', (url: URL) => (url.pathname = '/other'), {}],
    ['from a page elsewhere', noChange, { origin: 'https://example.com' }],
    ['from another port of this machine', noChange, { origin: 'http://127.0.0.1:1' }],
    ['from a page that hides its origin', noChange, { origin: 'null' }],
    ['from no page at all', noChange, { origin: undefined }],
    ['under a foreign name for this machine', noChange, { headers: { host: 'kiosk.example.com' } }],
  ])('refuses a socket %s', async (_, change, options) => {
    rig = await makeSocketRig();
    const url = socketUrl(rig.host);
    change(url);

    const status = await refusedStatus(url, { origin: originOf(rig.host), ...options });

    expect(status).toBe(403);
    expect(await rig.kiosk.listeners()).toBe(0);
  });

  it.each([
    ['not JSON', 'next', closeCodes.hostile],
    ['nothing', '', closeCodes.hostile],
    ['JSON that is no frame', '[]', closeCodes.hostile],
    ['a frame of another kind', '{"kind":"reboot","n":1}', closeCodes.hostile],
    [
      'a frame with more than it should have',
      '{"kind":"paper","n":1,"resource":"proof","as":"pdf"}',
      closeCodes.hostile,
    ],
    ['a number that is none', '{"kind":"paper","n":"1","resource":"proof"}', closeCodes.hostile],
    ['a frame nested without end', '['.repeat(200_000), closeCodes.hostile],
    ['bytes', Buffer.from([0, 1, 2, 255]), closeCodes.notText],
    ['more than a signature', 'x'.repeat(1024 * 1024 + 1), 1009],
  ])('closes on %s, and takes the next screen', async (_, frame, code) => {
    rig = await makeSocketRig();
    const socket = await openSocket(rig.host);

    socket.send(frame);

    expect(await closeCodeOf(socket)).toBe(code);
    const next = await rig.connect();
    expect(await next.send(messageOn(1, 'message-1'))).toEqual({ ok: true });
  });

  it.skipIf(process.platform !== 'linux')(
    'lets go of a file when who asked for it goes away in the middle',
    async () => {
      const large = join(pageFolder, 'assets', 'large-1.js');
      writeFileSync(large, Buffer.alloc(64 * 1024 * 1024, 32));
      rig = await makeSocketRig();
      const { tcpPort } = rig.host;
      const isHeld = (): boolean =>
        readdirSync('/proc/self/fd').some((fd) => {
          try {
            return readlinkSync(`/proc/self/fd/${fd}`) === large;
          } catch {
            return false;
          }
        });

      const reader = connectTcp(tcpPort, '127.0.0.1');
      reader.write(`GET /assets/large-1.js HTTP/1.1\r\nHost: 127.0.0.1:${tcpPort}\r\n\r\n`);
      await new Promise((resolve) => reader.once('data', resolve));
      expect(isHeld()).toBe(true);
      reader.destroy();

      await expect.poll(isHeld).toBe(false);
    },
  );

  it.each([
    ['frames that break the protocol', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['frames that are not masked', Buffer.from([0x81, 0x02, 0x68, 0x69])],
    ['text that is no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
  ])('lets go of a peer that sends %s', async (_, bytes) => {
    rig = await makeSocketRig();
    const socket = await openSocket(rig.host);

    rawSocketOf(socket).write(bytes);

    await closeCodeOf(socket);
    await expect.poll(() => rig.kiosk.listeners()).toBe(0);
  });

  it('closes on more messages than hands can make', async () => {
    rig = await makeSocketRig({ rate: { perSecond: 10, burst: 20 }, nowMs: () => 0 });
    const socket = await openSocket(rig.host);

    for (let n = 0; n < 30; n += 1)
      socket.send(JSON.stringify({ kind: 'send', n, message: messageOn(1, `message-${n}`) }));

    expect(await closeCodeOf(socket)).toBe(closeCodes.tooFast);
    expect(await rig.kiosk.handled()).toHaveLength(20);
  });

  it('tells the former screen that it was replaced, so that it does not come back by itself', async () => {
    rig = await makeSocketRig();
    const former = await openSocket(rig.host);

    await openSocket(rig.host);

    expect(await closeCodeOf(former)).toBe(closeCodes.replaced);
  });

  it('lets go of a screen that no longer answers', async () => {
    rig = await makeSocketRig({ pingEveryMs: 20 });
    const socket = await openSocket(rig.host, { autoPong: false });

    await closeCodeOf(socket);
    await expect.poll(() => rig.host.isConnected()).toBe(false);
  });

  it('keeps a screen that answers and says nothing', async () => {
    // Long enough for an answer on a busy machine, where both ends share one thread.
    rig = await makeSocketRig({ pingEveryMs: 300 });
    const socket = await openSocket(rig.host);
    let pings = 0;
    socket.on('ping', () => {
      pings += 1;
    });

    await expect.poll(() => pings).toBeGreaterThan(1);

    expect(rig.host.isConnected()).toBe(true);
  });

  it('ends although a screen hangs', async () => {
    rig = await makeSocketRig();
    const socket = await openSocket(rig.host);
    rawSocketOf(socket).pause();

    await rig.host.close();

    expect(await rig.kiosk.listeners()).toBe(0);
  });

  it('gives the page with its policy to who knows the secret', async () => {
    rig = await makeSocketRig();

    const answer = await get(rig.host.url);

    expect(answer).toMatchObject({ status: 200, body: '<!doctype html><title>Kiosk</title>' });
    const policy = answer.headers['content-security-policy'];
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`script-src 'self';`);
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${rig.host.tcpPort};`);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('gives the files of the page, to be kept', async () => {
    rig = await makeSocketRig();

    const answer = await get(new URL('/assets/index-4f.js', rig.host.url).href);

    expect(answer).toMatchObject({ status: 200, body: 'export {};' });
    expect(answer.headers['cache-control']).toContain('immutable');
  });

  it.each([
    ['the page without the secret', '/', {}, 403],
    ['the page by its other name', '/index.html', {}, 403],
    ['what is not there', '/nothing.js', {}, 404],
    ['what is no file of a page', '/assets/notes.txt', {}, 404],
    ['what lies outside', '/../../../../etc/passwd', {}, 404],
    ['what lies outside, encoded', '/%2e%2e/%2e%2e/etc/passwd', {}, 404],
    ['an address that is none', '//', {}, 400],
    ['the page under a foreign name', '/?secret=the-secret', { headers: { host: 'example.com' } }, 421],
    ['to put something there', '/?secret=the-secret', { method: 'POST' }, 405],
  ])('refuses %s', async (_, path, options, status) => {
    rig = await makeSocketRig();

    const answer = await get(rig.host.url, { path, ...options });

    expect(answer).toMatchObject({ status, body: '' });
    expect(answer.headers['content-security-policy']).toContain(`default-src 'none'`);
  });

  it('survives bytes that are no HTTP', async () => {
    rig = await makeSocketRig();
    const stranger = connectTcp(rig.host.tcpPort, '127.0.0.1');
    stranger.on('error', noChange);

    stranger.resume().end(Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff]));

    await new Promise((resolve) => stranger.once('close', resolve));
    expect((await get(rig.host.url)).status).toBe(200);
  });

  it('makes a new secret at each start', async () => {
    rig = await makeSocketRig({ makeSecret: undefined });
    const other = await makeSocketRig({ makeSecret: undefined });

    const secrets = [rig, other].map(({ host }) => new URL(host.url).searchParams.get('secret'));
    await other.dispose();

    expect(secrets[0]).not.toBe(secrets[1]);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
  });

  it('says that its port is taken, and that the page is not built', async () => {
    rig = await makeSocketRig();
    const options = { ...defaults(new ScriptedKiosk(viewNumber(1))), pageFolder };

    expect(await openWebSocketHost({ ...options, tcpPort: rig.host.tcpPort })).toMatchObject({
      ok: false,
      reason: 'port-taken',
    });
    expect(await openWebSocketHost({ ...options, pageFolder: join(pageFolder, 'nowhere') })).toMatchObject({
      ok: false,
      reason: 'not-built',
    });
    expect(await openWebSocketHost({ ...options, pageFolder: join(pageFolder, 'assets') })).toMatchObject({
      ok: false,
      reason: 'not-built',
    });
  });
});

type SocketRig = HostRig & { host: WebSocketHost; kiosk: ScriptedKiosk };

function noChange(): void {}

function defaults(kiosk: ScriptedKiosk): WebSocketHostOptions {
  return {
    port: guardKiosk(kiosk, noChange),
    pageFolder,
    tcpPort: 0,
    log: noChange,
    nowMs: () => performance.now(),
    makeSecret: () => 'the-secret',
  };
}

async function makeSocketRig(
  options: { [K in keyof WebSocketHostOptions]?: WebSocketHostOptions[K] | undefined } = {},
): Promise<SocketRig> {
  const kiosk = new ScriptedKiosk(viewNumber(1));
  const { makeSecret, ...rest } = { ...defaults(kiosk), ...options } as WebSocketHostOptions;
  const opened = await openWebSocketHost(makeSecret === undefined ? rest : { ...rest, makeSecret });
  if (!opened.ok) throw new Error(opened.detail);
  const { host } = opened;
  return {
    host,
    kiosk,
    connect: async () => screenEnd(await openSocket(host)),
    closeHost: () => host.close(),
    dispose: () => host.close(),
  };
}

function socketUrl(host: WebSocketHost): URL {
  const url = new URL(host.url);
  url.protocol = 'ws:';
  url.pathname = '/screen';
  return url;
}

function originOf(host: WebSocketHost): string {
  return `http://127.0.0.1:${host.tcpPort}`;
}

/** Frames a socket got before anybody listened: the current view comes at once. */
const early = new WeakMap<WebSocket, string[]>();

function openSocket(host: WebSocketHost, options: object = {}): Promise<WebSocket> {
  const socket = new WebSocket(socketUrl(host), { origin: originOf(host), ...options });
  const frames: string[] = [];
  early.set(socket, frames);
  socket.on('message', (bytes) => frames.push(bytes.toString()));
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** A screen's end on a socket, as a page would make it. */
function screenEnd(socket: WebSocket): ScreenEnd {
  const waiting = new Map<number, (frame: { answer: ScreenAnswer; pages: PaperPages }) => void>();
  let last = 0;
  socket.on('message', (bytes) => {
    const frame = JSON.parse(bytes.toString());
    waiting.get(frame.n)?.(frame);
  });
  const ask = (frame: object): Promise<{ answer: ScreenAnswer; pages: PaperPages }> =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ ...frame, n: last }));
    });
  return {
    listen(onView, onLost) {
      const take = (text: string): void => {
        const frame = JSON.parse(text) as { kind: string; view: View };
        if (frame.kind === 'view') onView(frame.view);
      };
      for (const text of early.get(socket) ?? []) take(text);
      socket.on('message', (bytes) => take(bytes.toString()));
      socket.once('close', onLost);
      return () => {
        socket.off('close', onLost);
        socket.close();
      };
    },
    send: async (message) => (await ask({ kind: 'send', message })).answer,
    paper: async (resource) => (await ask({ kind: 'paper', resource })).pages,
  };
}

function closeCodeOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('error', noChange);
    if (socket.readyState === WebSocket.CLOSED) resolve(0);
    socket.once('close', resolve);
  });
}

/** The TCP socket under a client's WebSocket, to write what no client would. */
function rawSocketOf(socket: WebSocket): { write(bytes: Buffer): void; pause(): void } {
  return (socket as unknown as { _socket: { write(bytes: Buffer): void; pause(): void } })._socket;
}

function refusedStatus(
  url: URL,
  options: { origin?: string | undefined; headers?: Record<string, string> },
): Promise<number> {
  const { origin, headers } = options;
  const socket = new WebSocket(url, { ...(origin === undefined ? {} : { origin }), ...(headers ? { headers } : {}) });
  return new Promise((resolve, reject) => {
    socket.on('error', noChange);
    socket.once('open', () => reject(new Error('the socket was let in')));
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
  });
}

function get(
  url: string,
  options: { path?: string; method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}
