/**
 * The headless host: the built page over HTTP and the screen's contract over WebSocket, on the loopback only.
 *
 * ```
 * page      http://127.0.0.1:PORT/?secret=SECRET
 * socket    ws://127.0.0.1:PORT/screen?secret=SECRET
 * screen →  { kind: 'send', n, message }      { kind: 'paper', n, resource }
 * ← kiosk   { kind: 'view', view }   { kind: 'answer', n, answer }   { kind: 'paper', n, pages }
 * ```
 *
 * `n` is the screen's, any whole number; the answer carries it back. The secret is made at each start and handed to the
 * browser that shows the screen: good for reloads, useless to any other page or user. Only the newest screen is served: the one
 * before it is closed with {@link closeCodes}.replaced and must not come back by itself.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { listPageFiles, type PageFile, type PageFiles } from './page-files.ts';
import { pageHeaders } from './page-policy.ts';
import { limitRate, type Rate, screenRate } from './rate-limit.ts';
import type { HostLog, ScreenPort } from './screen-host.ts';

/** Why the kiosk closed a socket. */
export const closeCodes = {
  /** The kiosk is going away (RFC 6455). */
  goingAway: 1001,
  /** Binary frames mean nothing here (RFC 6455). */
  notText: 1003,
  /** A frame that no screen of ours sends (RFC 6455: policy violation). */
  hostile: 1008,
  /** A newer screen has taken over. */
  replaced: 4001,
  /** More messages than hands can make. */
  tooFast: 4002,
  /** The screen does not take its views; it may come back and gets the current one. */
  tooSlow: 4003,
} as const;

/** A signature is the longest message a screen sends: some hundred kilobytes of pen strokes at the very most. */
const messageMaxBytes = 1024 * 1024;
/** Views that a screen has not taken. A view is a few kilobytes; papers are the bulk. */
const backlogMaxBytes = 32 * 1024 * 1024;

export type WebSocketHostOptions = {
  port: ScreenPort;
  /** Folder of the built renderer. */
  pageFolder: string;
  /** TCP port; 0 takes a free one. */
  tcpPort: number;
  log: HostLog;
  nowMs: () => number;
  rate?: Rate;
  /** How often a screen is asked whether it is there; one that missed a whole round is let go. */
  pingEveryMs?: number;
  makeSecret?: () => string;
};

export interface WebSocketHost {
  /** Address of the page, with the secret: for the browser that is started, and for nobody's log. */
  readonly url: string;
  readonly tcpPort: number;
  /** Whether a screen is connected now. */
  isConnected(): boolean;
  close(): Promise<void>;
}

type WebSocketHostOpened =
  | { ok: true; host: WebSocketHost }
  | { ok: false; reason: 'port-taken' | 'not-built' | 'cannot-listen'; detail: string };

const frameSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('send'), n: z.int(), message: z.unknown() }),
  z.strictObject({ kind: z.literal('paper'), n: z.int(), resource: z.unknown() }),
]);

/** Starts the host. */
export async function openWebSocketHost(options: WebSocketHostOptions): Promise<WebSocketHostOpened> {
  const { port, log, nowMs, rate = screenRate, pingEveryMs = 5_000 } = options;
  const secret = (options.makeSecret ?? (() => randomBytes(32).toString('base64url')))();
  const listed = listPageFiles(options.pageFolder);
  if (!listed.ok) return listed;

  const http = createServer();
  const listened = await listen(http, options.tcpPort);
  if (!listened.ok) return listened;
  const { tcpPort } = listened;

  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageMaxBytes, perMessageDeflate: false });
  let active: WebSocket | null = null;
  let detachActive = (): void => {};

  http.on('request', (request, response) => serve(request, response, { files: listed.files, tcpPort, secret }));
  http.on('upgrade', (request, stream, head) => {
    // A stream that breaks during the handshake has nobody else to hear of it.
    stream.on('error', () => stream.destroy());
    const refused = whyRefused(request, tcpPort, secret);
    if (refused !== null) {
      log('screen.refused', { why: refused });
      refuse(stream);
      return;
    }
    sockets.handleUpgrade(request, stream, head, takeOver);
  });

  function takeOver(socket: WebSocket): void {
    if (active !== null) {
      log('screen.replaced', {});
      detachActive();
      active.close(closeCodes.replaced, 'replaced');
    }
    active = socket;
    log('screen.connected', { host: 'websocket' });
    const detach = attach(socket);
    detachActive = detach;
    socket.once('close', (code) => {
      detach();
      if (active === socket) active = null;
      log('screen.lost', { code });
    });
  }

  /** Carries views and answers until the undo. */
  function attach(socket: WebSocket): () => void {
    const mayCome = limitRate(rate, nowMs);
    let isThere = true;

    function send(frame: object): void {
      if (socket.readyState !== WebSocket.OPEN || active !== socket) return;
      if (socket.bufferedAmount > backlogMaxBytes) socket.close(closeCodes.tooSlow, 'too slow');
      else socket.send(JSON.stringify(frame));
    }

    socket.on('error', () => socket.terminate());
    socket.on('pong', () => {
      isThere = true;
    });
    socket.on('message', (bytes, isBinary) => {
      if (active !== socket) return;
      isThere = true;
      if (!mayCome()) return socket.close(closeCodes.tooFast, 'too fast');
      if (isBinary) return socket.close(closeCodes.notText, 'text only');
      const frame = parseFrame(bytes);
      if (frame === null) {
        log('screen.malformed', { where: 'frame' });
        return socket.close(closeCodes.hostile, 'not a frame');
      }
      if (frame.kind === 'send') send({ kind: 'answer', n: frame.n, answer: port.receive(frame.message) });
      else void port.paper(frame.resource).then((pages) => send({ kind: 'paper', n: frame.n, pages }));
    });

    const ping = setInterval(() => {
      if (!isThere) return socket.terminate();
      isThere = false;
      socket.ping();
    }, pingEveryMs);
    const undoViews = port.subscribe((view) => send({ kind: 'view', view }));
    return () => {
      clearInterval(ping);
      undoViews();
    };
  }

  return {
    ok: true,
    host: {
      url: `http://127.0.0.1:${tcpPort}/?secret=${secret}`,
      tcpPort,
      isConnected: () => active !== null,
      async close() {
        detachActive();
        for (const socket of sockets.clients) {
          socket.close(closeCodes.goingAway, 'closing');
          // A screen that hangs does not keep the kiosk from ending.
          setTimeout(() => socket.terminate(), 500).unref();
        }
        const closed = new Promise<void>((resolve) => http.close(() => resolve()));
        http.closeIdleConnections();
        setTimeout(() => http.closeAllConnections(), 500).unref();
        await closed;
      },
    },
  };
}

/** Why a socket may not come in, or null if it may. */
function whyRefused(request: IncomingMessage, tcpPort: number, secret: string): string | null {
  const url = addressOf(request);
  if (url === null || url.pathname !== '/screen') return 'path';
  if (!isOwnHost(request.headers.host, tcpPort)) return 'host';
  const origin = request.headers.origin;
  if (origin === undefined || !URL.canParse(origin)) return 'origin';
  const { protocol, host } = new URL(origin);
  if (protocol !== 'http:' || host !== request.headers.host) return 'origin';
  if (!isSecret(url.searchParams.get('secret'), secret)) return 'secret';
  return null;
}

/** Answers with a file of the page, or with nothing that tells more than its number. */
function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { files, tcpPort, secret }: { files: PageFiles; tcpPort: number; secret: string },
): void {
  response.on('error', () => response.destroy());
  const found = findFile(request, files, tcpPort, secret);
  if (typeof found === 'number') {
    response.writeHead(found, { ...pageHeaders('/'), 'Content-Length': 0 }).end();
    return;
  }
  response.writeHead(200, {
    ...pageHeaders(found.address, [`ws://${request.headers.host}`]),
    'Content-Type': found.mime,
  });
  if (request.method === 'HEAD') response.end();
  else {
    // A reader that goes away in the middle takes its file along: each reload would leave one open.
    pipeline(createReadStream(found.path), response, () => undefined);
  }
}

/** The file that is asked for, or the HTTP status that says why not. */
function findFile(
  request: IncomingMessage,
  files: PageFiles,
  tcpPort: number,
  secret: string,
): (PageFile & { address: string }) | number {
  if (!isOwnHost(request.headers.host, tcpPort)) return 421;
  if (request.method !== 'GET' && request.method !== 'HEAD') return 405;
  const url = addressOf(request);
  if (url === null) return 400;
  const file = files.get(url.pathname);
  if (file === undefined) return 404;
  const isPage = file === files.get('/');
  if (isPage && !isSecret(url.searchParams.get('secret'), secret)) return 403;
  return { ...file, address: url.pathname };
}

/** The page is reached by these names and no other, so that no foreign name can be pointed at it (DNS rebinding). */
function isOwnHost(host: string | undefined, tcpPort: number): boolean {
  return host === `127.0.0.1:${tcpPort}` || host === `localhost:${tcpPort}`;
}

/** Compares digests, which are of one length, in constant time. */
function isSecret(given: string | null, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(secret));
}

function addressOf(request: IncomingMessage): URL | null {
  const path = request.url ?? '';
  return path.startsWith('/') && URL.canParse(path, 'http://kiosk') ? new URL(path, 'http://kiosk') : null;
}

function refuse(stream: Duplex): void {
  stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

function parseFrame(bytes: RawData): z.infer<typeof frameSchema> | null {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString());
  } catch {
    return null;
  }
  const parsed = frameSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}

function listen(
  http: ReturnType<typeof createServer>,
  tcpPort: number,
): Promise<{ ok: true; tcpPort: number } | { ok: false; reason: 'port-taken' | 'cannot-listen'; detail: string }> {
  return new Promise((resolve) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      resolve({
        ok: false,
        reason: error.code === 'EADDRINUSE' ? 'port-taken' : 'cannot-listen',
        detail: error.message,
      });
    });
    http.listen(tcpPort, '127.0.0.1', () => resolve({ ok: true, tcpPort: (http.address() as AddressInfo).port }));
  });
}
