import { WebSocket } from 'ws';
import { type BridgeMapping, fill, parseAnswer, readAnswer, textAt } from '../social-security-card/bridge-mapping.ts';
import { MappedChannel, type OperationResult, type PerformOptions } from '../vendor-library/operations.ts';
import { RetryLadder } from './retry-ladder.ts';

type WebSocketBridgeOptions = {
  mapping: BridgeMapping;
  url: string;
  /** Where answers repeat the id of their question. */
  idAt?: string;
  /** Waits between attempts to connect, milliseconds; the last one repeats. */
  delaysMs?: readonly number[];
};

const reconnectMs = [50, 100, 250, 500, 1_000, 2_000] as const;
const handshakeMs = 2_000;
const longestMessageBytes = 1_048_576;

type Pending = { id: string; settle: (answer: Uint8Array | Failure) => void };
type Failure = Extract<OperationResult, { ok: false }>;

/** A vendor's middleware behind a local WebSocket; the connection is the middleware, and is made again whenever it is gone. */
export class WebSocketBridge extends MappedChannel<BridgeMapping> {
  private readonly url: string;
  private readonly idAt: string | null;
  private readonly ladder: RetryLadder;
  private isOpen = false;
  private socket: WebSocket | null = null;
  private pending: Pending | null = null;
  private nextId = 1;

  constructor({ mapping, url, idAt, delaysMs = reconnectMs }: WebSocketBridgeOptions) {
    super(mapping);
    this.url = url;
    this.idAt = idAt ?? null;
    this.ladder = new RetryLadder(delaysMs);
  }

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.ladder.restart();
    this.board.show({ kind: 'starting' });
    this.dial();
  }

  async perform(
    operation: string,
    inputs: Readonly<Record<string, string>>,
    options: PerformOptions,
  ): Promise<OperationResult> {
    const wanted = this.mapping.operations[operation];
    const { socket } = this;
    if (wanted === undefined) return { ok: false, reason: 'unknown-operation', detail: operation };
    if (options.signal?.aborted === true) return { ok: false, reason: 'cancelled', detail: 'before it began' };
    if (socket === null || this.board.state().kind !== 'up')
      return { ok: false, reason: 'gone', detail: 'no connection' };
    if (this.pending !== null) return { ok: false, reason: 'busy', detail: 'a question is under way' };

    const id = String(this.nextId);
    this.nextId += 1;
    const { promise, resolve } = Promise.withResolvers<Uint8Array | Failure>();
    this.pending = { id, settle: resolve };
    const limitMs = Math.min(options.timeoutMs, wanted.timeoutMs);
    const timer = setTimeout(() => resolve({ ok: false, reason: 'timeout', detail: 'no answer' }), limitMs);
    const abort = () => resolve({ ok: false, reason: 'cancelled', detail: 'by the caller' });
    options.signal?.addEventListener('abort', abort, { once: true });
    socket.send(fill(wanted.body, { ...inputs, id }));
    const answer = await promise;
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
    this.pending = null;

    if ('ok' in answer) {
      // Without an id a late answer would be taken for the next one's.
      const isUnanswered = answer.reason === 'timeout' || answer.reason === 'cancelled';
      if (isUnanswered && this.idAt === null && socket === this.socket) this.makeAnew();
      return answer;
    }
    const json = parseAnswer(answer, this.mapping.encoding);
    if (json === undefined) return { ok: false, reason: 'garbled', detail: 'no JSON' };
    return readAnswer(wanted, this.mapping.errors, json);
  }

  async renew(): Promise<void> {
    if (!this.isOpen) return;
    this.ladder.restart();
    this.makeAnew();
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.drop();
    this.board.show({ kind: 'down', reason: 'closed' });
  }

  private dial(): void {
    const socket = new WebSocket(this.url, {
      handshakeTimeout: handshakeMs,
      maxPayload: longestMessageBytes,
      perMessageDeflate: false,
    });
    this.socket = socket;
    socket.on('open', () => {
      if (socket !== this.socket) return;
      this.ladder.restart();
      this.board.show({ kind: 'up' });
    });
    socket.on('message', (data: Buffer) => {
      if (socket === this.socket) this.take(new Uint8Array(data));
    });
    // 'close' follows and tells all that matters.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (socket === this.socket) this.lost();
    });
  }

  private take(bytes: Uint8Array): void {
    const { pending } = this;
    if (pending === null) return;
    if (this.idAt !== null) {
      const json = parseAnswer(bytes, this.mapping.encoding);
      // The answer to an earlier question, or something the middleware tells by itself.
      if (json !== undefined && textAt(json, this.idAt) !== pending.id) return;
    }
    pending.settle(bytes);
  }

  private lost(): void {
    this.drop();
    if (!this.isOpen) return;
    this.board.show({ kind: 'down', reason: 'middleware-gone' });
    this.ladder.later(() => this.dial());
  }

  private makeAnew(): void {
    this.drop();
    this.board.show({ kind: 'starting' });
    this.dial();
  }

  private drop(): void {
    this.ladder.cancel();
    const { socket } = this;
    this.socket = null;
    socket?.terminate();
    this.pending?.settle({ ok: false, reason: 'gone', detail: 'the connection has ended' });
  }
}
