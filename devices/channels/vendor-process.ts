import { type ChildPort, forkChild } from '../child-process.ts';
import type { LibraryMapping } from '../vendor-library/mapping.ts';
import { MappedChannel, type OperationResult, type PerformOptions } from '../vendor-library/operations.ts';
import { RetryLadder } from './retry-ladder.ts';
import type { VendorAnswer, VendorRequest } from './vendor-messages.ts';

/** The kiosk's end of a process with a vendor's library. */
export type VendorChildPort = ChildPort<VendorRequest, VendorAnswer>;

/** For logs. */
export type VendorEvent =
  | { kind: 'started'; pid: number | undefined }
  | { kind: 'refused'; reason: string; detail: string }
  | { kind: 'crashed' }
  | { kind: 'hung'; operation: string }
  | { kind: 'outOfService' };

export type VendorProcessOptions = {
  mapping: LibraryMapping;
  /** Starts a process; Electron, whose package cannot run as Node, passes one that makes a utility process of `vendor-child`. */
  startChild?: () => VendorChildPort;
  /** Waits before the library is started anew, milliseconds; the last one repeats and means out of service. */
  delaysMs?: readonly number[];
  /** How long loading and starting may take; 15 s unless told. */
  startMs?: number;
  onEvent?: (event: VendorEvent) => void;
};

/** A crash may be a hiccup; the fifth in a row is a library that is not fit for service, and is tried once a minute. */
const ladderMs = [100, 500, 2_000, 10_000, 60_000] as const;

/** How long a library may take to bring its device down. */
const stopMs = 1_000;

type Pending = { id: number; settle: (result: OperationResult) => void };

/**
 * A vendor's library in a process of its own, which is started anew when it crashes, and ended when a function does not come back in
 * its time. After a success the ladder begins at its foot again.
 */
export class VendorProcess extends MappedChannel<LibraryMapping> {
  private readonly startChild: () => VendorChildPort;
  private readonly ladder: RetryLadder;
  private readonly startMs: number;
  private readonly onEvent: (event: VendorEvent) => void;
  private isOpen = false;
  private child: VendorChildPort | null = null;
  private exited: Promise<void> = Promise.resolve();
  private pending: Pending | null = null;
  /** The call under way, whoever still waits for it: the next one must not be given before. */
  private talking: Promise<unknown> = Promise.resolve();
  private nextId = 1;

  constructor(options: VendorProcessOptions) {
    super(options.mapping);
    this.startChild = options.startChild ?? startNodeChild;
    this.ladder = new RetryLadder(options.delaysMs ?? ladderMs);
    this.startMs = options.startMs ?? 15_000;
    this.onEvent = options.onEvent ?? (() => undefined);
  }

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.ladder.restart();
    this.board.show({ kind: 'starting' });
    this.launch();
  }

  async perform(
    operation: string,
    inputs: Readonly<Record<string, string>>,
    options: PerformOptions,
  ): Promise<OperationResult> {
    const { signal } = options;
    const limitMs = this.mapping.operations[operation]?.timeoutMs;
    if (limitMs === undefined) return { ok: false, reason: 'unknown-operation', detail: operation };
    if (signal?.aborted) return { ok: false, reason: 'cancelled', detail: 'before it began' };
    const outcome = Promise.withResolvers<OperationResult>();
    const abort = () => outcome.resolve({ ok: false, reason: 'cancelled', detail: 'by the caller' });
    signal?.addEventListener('abort', abort, { once: true });
    const deadlineMs = Math.min(options.timeoutMs, limitMs);
    const before = this.talking;
    const call = before.then(() => this.call(operation, inputs, deadlineMs, signal));
    this.talking = call;
    void call.then(outcome.resolve);
    const result = await outcome.promise;
    signal?.removeEventListener('abort', abort);
    return result;
  }

  async renew(): Promise<void> {
    if (!this.isOpen) return;
    this.ladder.cancel();
    await this.end();
    if (this.isOpen) this.launch();
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.ladder.cancel();
    await this.end();
    if (!this.isOpen) this.board.show({ kind: 'down', reason: 'closed' });
  }

  /** A call that was cancelled goes on in the library until its deadline, and no other is given before. */
  private call(
    operation: string,
    inputs: Readonly<Record<string, string>>,
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ): Promise<OperationResult> {
    const { child } = this;
    if (signal?.aborted) return Promise.resolve({ ok: false, reason: 'cancelled', detail: 'before its turn' });
    const state = this.board.state();
    if (child === null || state.kind !== 'up') {
      return Promise.resolve({ ok: false, reason: 'gone', detail: state.kind === 'down' ? state.reason : state.kind });
    }
    return new Promise((resolve) => {
      const id = this.nextId;
      this.nextId += 1;
      const timer = setTimeout(() => {
        this.onEvent({ kind: 'hung', operation });
        this.pending?.settle({ ok: false, reason: 'timeout', detail: `nothing within ${deadlineMs} ms` });
        // A function that hangs hears nothing: its process is ended, and `lost` starts the next.
        child.kill();
      }, deadlineMs);
      const settle = (result: OperationResult) => {
        clearTimeout(timer);
        this.pending = null;
        resolve(result);
      };
      this.pending = { id, settle };
      child.post({ kind: 'perform', id, operation, inputs });
    });
  }

  private launch(): void {
    const child = this.startChild();
    this.child = child;
    const exited = Promise.withResolvers<void>();
    this.exited = exited.promise;
    const starting = setTimeout(() => child.kill(), this.startMs);
    child.onExit(() => {
      clearTimeout(starting);
      exited.resolve();
      if (this.child === child) this.lost('library-crashed');
    });
    child.onAnswer((answer) => {
      if (this.child !== child) return;
      if (answer.kind === 'performed') {
        this.ladder.restart();
        if (this.pending?.id === answer.id) this.pending.settle(answer.result);
        return;
      }
      clearTimeout(starting);
      if (answer.kind === 'ready') {
        this.onEvent({ kind: 'started', pid: child.pid });
        this.board.show({ kind: 'up' });
        return;
      }
      this.onEvent({ kind: 'refused', reason: answer.reason, detail: answer.detail });
      this.child = null;
      child.kill();
      this.lost(answer.reason);
    });
    child.post({ kind: 'start', mapping: this.mapping });
  }

  private lost(reason: string): void {
    this.child = null;
    if (reason === 'library-crashed') this.onEvent({ kind: 'crashed' });
    this.pending?.settle({ ok: false, reason: 'gone', detail: reason });
    if (!this.isOpen) return;
    const isOutOfService = this.ladder.later(() => this.launch());
    if (isOutOfService) this.onEvent({ kind: 'outOfService' });
    this.board.show({ kind: 'down', reason: isOutOfService ? `${reason}-for-good` : reason });
  }

  /** Lets the library bring its device down, and ends the process either way. */
  private async end(): Promise<void> {
    const { child } = this;
    this.child = null;
    this.pending?.settle({ ok: false, reason: 'cancelled', detail: 'the library is being let go' });
    if (child === null) {
      await this.exited;
      return;
    }
    child.post({ kind: 'stop' });
    const timer = setTimeout(() => child.kill(), stopMs);
    await this.exited;
    clearTimeout(timer);
  }
}

/** What a vendor's library prints may hold what it read. */
function startNodeChild(): VendorChildPort {
  return forkChild(new URL('./vendor-child.ts', import.meta.url), { isSilent: true });
}
