import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BridgeMapping, fill, parseAnswer, readAnswer } from '../social-security-card/bridge-mapping.ts';
import { MappedChannel, type OperationResult, type PerformOptions } from '../vendor-library/operations.ts';

type HttpBridgeOptions = {
  mapping: BridgeMapping;
  url: string;
  /** Between two looks whether the middleware is there; 2 s unless told. */
  watchMs?: number;
};

/** A card with a photo in Base64 is far below this. */
const longestAnswerBytes = 1_048_576;
const connectMs = 1_000;

type Reply = { ok: true; bytes: Uint8Array } | { ok: false; reason: 'gone' | 'garbled'; detail: string };

/** A vendor's middleware behind a local HTTP port. It is there while somebody listens on the port. */
export class HttpBridge extends MappedChannel<BridgeMapping> {
  private readonly url: URL;
  private readonly watchMs: number;
  private life: AbortController | null = null;
  private watching: Promise<void> = Promise.resolve();
  private nextId = 1;

  constructor({ mapping, url, watchMs = 2_000 }: HttpBridgeOptions) {
    super(mapping);
    this.url = new URL(url);
    this.watchMs = watchMs;
  }

  open(): void {
    if (this.life !== null) return;
    this.life = new AbortController();
    this.board.show({ kind: 'starting' });
    this.watching = this.watch(this.life.signal);
  }

  async perform(
    operation: string,
    inputs: Readonly<Record<string, string>>,
    options: PerformOptions,
  ): Promise<OperationResult> {
    const wanted = this.mapping.operations[operation];
    const { life } = this;
    if (wanted === undefined) return { ok: false, reason: 'unknown-operation', detail: operation };
    if (life === null) return { ok: false, reason: 'gone', detail: 'not open' };
    const values = { ...inputs, id: String(this.nextId) };
    this.nextId += 1;
    const url = new URL(fill(wanted.path, values, encodeURIComponent), this.url);
    // A path in the mapping that leads elsewhere is a mistake of the file, and leads nowhere.
    if (url.host !== this.url.host) return { ok: false, reason: 'unknown-operation', detail: 'another host' };

    const timeout = AbortSignal.timeout(Math.min(options.timeoutMs, wanted.timeoutMs));
    const callers = options.signal === undefined ? [life.signal] : [life.signal, options.signal];
    const signal = AbortSignal.any([timeout, ...callers]);
    const body = wanted.method === 'POST' ? fill(wanted.body, values) : '';
    const reply = await ask(url, wanted.method, body, wanted.contentType, signal);
    if (callers.some((caller) => caller.aborted)) return { ok: false, reason: 'cancelled', detail: 'by the caller' };
    if (timeout.aborted) return { ok: false, reason: 'timeout', detail: 'the middleware did not answer' };
    if (!reply.ok) {
      if (reply.reason === 'gone') this.board.show({ kind: 'down', reason: 'middleware-gone' });
      return reply;
    }
    const answer = parseAnswer(reply.bytes, this.mapping.encoding);
    if (answer === undefined) return { ok: false, reason: 'garbled', detail: 'no JSON' };
    return readAnswer(wanted, this.mapping.errors, answer);
  }

  /** There is no connection to make anew: the middleware is looked for at once. */
  async renew(): Promise<void> {
    if (this.life !== null) await this.look(this.life.signal);
  }

  async close(): Promise<void> {
    this.life?.abort();
    this.life = null;
    await this.watching;
    this.board.show({ kind: 'down', reason: 'closed' });
  }

  private async watch(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      await this.look(life);
      await sleep(this.watchMs, undefined, { signal: life }).catch(() => undefined);
    }
  }

  private async look(life: AbortSignal): Promise<void> {
    const isThere = await isListening(this.url, life);
    if (life.aborted) return;
    this.board.show(isThere ? { kind: 'up' } : { kind: 'down', reason: 'middleware-gone' });
  }
}

function isListening(url: URL, life: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const host = url.hostname === '[::1]' ? '::1' : url.hostname;
    const socket = connect({ host, port: Number(url.port || 80), signal: life });
    const timer = setTimeout(() => socket.destroy(), connectMs);
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    // 'close' follows and answers.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

/** One request on a connection of its own: middleware is rarely good at keeping them. Never rejects. */
function ask(url: URL, method: string, body: string, contentType: string, signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve) => {
    const gone = (error: unknown) => resolve({ ok: false, reason: 'gone', detail: keywordOf(error) });
    const bytes = new TextEncoder().encode(body);
    const headers = method === 'POST' ? { 'content-type': contentType, 'content-length': bytes.length } : {};
    const outgoing = request(url, { method, headers, agent: false, signal }, (incoming) => {
      const parts: Uint8Array[] = [];
      let length = 0;
      incoming.on('data', (part: Uint8Array) => {
        length += part.length;
        parts.push(part);
        if (length > longestAnswerBytes) {
          resolve({ ok: false, reason: 'garbled', detail: 'a longer answer than any' });
          outgoing.destroy();
        }
      });
      incoming.on('end', () => {
        const isFine = incoming.statusCode !== undefined && incoming.statusCode < 300;
        if (isFine) resolve({ ok: true, bytes: new Uint8Array(Buffer.concat(parts)) });
        else resolve({ ok: false, reason: 'garbled', detail: `status ${incoming.statusCode}` });
      });
      incoming.on('error', gone);
      incoming.on('close', () => gone(new Error('cut off')));
    });
    outgoing.on('error', (error) => {
      // Bytes that are no HTTP: somebody is there and does not speak it.
      if (keywordOf(error).startsWith('HPE_')) resolve({ ok: false, reason: 'garbled', detail: 'no HTTP' });
      else gone(error);
    });
    outgoing.end(bytes);
  });
}

function keywordOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'cut off';
}
