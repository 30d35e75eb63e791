import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Heard = { path: string; headers: IncomingHttpHeaders; body: unknown };
/** What the wire brings back. `hang`: nothing, ever. `cut`: the connection breaks, with `cutAfter` after so many bytes of the body. */
export type Reply =
  | { status?: number; headers?: Record<string, string>; json: unknown; cutAfter?: number }
  | { status?: number; text: string }
  | 'hang'
  | 'cut';
type Handler = (heard: Heard) => Reply;

/** A centre on a real socket that answers what a test tells it to. */
export class ScriptedCentre {
  readonly heard: Heard[] = [];
  private readonly handlers = new Map<string, Handler>();
  private readonly watchers = new Set<() => void>();
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async start(): Promise<ScriptedCentre> {
    const centre = new ScriptedCentre();
    centre.server.listen(0, '127.0.0.1');
    await once(centre.server, 'listening');
    centre.on('/v2/kiosks/tokens', () => ({
      json: {
        accessToken: 'token-1',
        tokenType: 'Bearer',
        expiresInSeconds: 600,
        nowMs: Date.UTC(2026, 10, 24, 9, 0, 0),
      },
    }));
    return centre;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  on(path: string, handler: Handler): void {
    this.handlers.set(path, handler);
  }

  /** Answers in turn; the last answer stays. */
  replies(path: string, ...replies: Reply[]): void {
    let at = 0;
    this.on(path, () => {
      const reply = replies[Math.min(at, replies.length - 1)];
      at += 1;
      return reply ?? 'hang';
    });
  }

  calls(path: string): Heard[] {
    return this.heard.filter((heard) => heard.path === path);
  }

  /** Answers when the path was called this often in all. */
  async called(path: string, times: number): Promise<void> {
    while (this.calls(path).length < times) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.watchers.add(resolve);
      await promise;
      this.watchers.delete(resolve);
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of request) text += String(piece);
    const heard: Heard = {
      path: request.url ?? '',
      headers: request.headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
    this.heard.push(heard);
    const reply = this.handlers.get(heard.path)?.(heard) ?? problem(404, 'not-found');
    for (const watcher of [...this.watchers]) watcher();
    if (reply === 'hang') return;
    if (reply === 'cut') {
      request.socket.destroy();
      return;
    }
    const headers = 'headers' in reply ? reply.headers : {};
    const body = Buffer.from('json' in reply ? JSON.stringify(reply.json) : reply.text);
    response.writeHead(reply.status ?? 200, {
      'Content-Type': 'application/json',
      ...headers,
      'Content-Length': body.length,
    });
    const cutAfter = 'cutAfter' in reply ? reply.cutAfter : undefined;
    if (cutAfter === undefined) {
      response.end(body);
      return;
    }
    response.flushHeaders();
    response.write(body.subarray(0, cutAfter));
    request.socket.destroySoon();
  }
}

/** An RFC 9457 answer. */
export function problem(
  status: number,
  code: string,
  more: { headers?: Record<string, string>; nowMs?: number } = {},
): Reply {
  const { headers = {}, ...fields } = more;
  return { status, headers, json: { type: 'about:blank', title: code, status, code, ...fields } };
}
