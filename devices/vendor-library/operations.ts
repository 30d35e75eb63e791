/**
 * What vendors' error codes are mapped to, whatever the device: a closed list, so that each has its screen or its line in the
 * operator's guide.
 */
export const operationRefusals = [
  /** Nothing is there to read. */
  'no-card',
  /** No answer to reset: upside down, or broken. */
  'mute',
  /** Read in part, or with a wrong checksum: worth another try. */
  'unreadable',
  /** A card without a social security application. */
  'other-application',
  'blocked',
  'pin-required',
  'pin-locked',
  /** The visitor pressed cancel, or did nothing. */
  'user-cancelled',
  /** The reader is unplugged, or does not answer its own library. */
  'not-ready',
  'busy',
  'not-supported',
  /** Anything else. */
  'failed',
] as const;

export type OperationRefusal = (typeof operationRefusals)[number];

/** What the way to the device itself did. */
export type OperationFailure = 'gone' | 'timeout' | 'cancelled' | 'garbled' | 'unknown-operation';

/** An operation's named texts, or why there are none. `detail` is for logs: the vendor's code, never what was read. */
export type OperationResult =
  | { ok: true; fields: Readonly<Record<string, string>> }
  | { ok: false; reason: OperationRefusal | OperationFailure; detail: string };

/** Whether operations can be had now. */
export type ChannelState = { kind: 'starting' } | { kind: 'down'; reason: string } | { kind: 'up' };

export type PerformOptions = { timeoutMs: number; signal?: AbortSignal };

/**
 * A device behind software of its vendor that is reached by named operations, each with texts in and texts out: a library in a child
 * process, or a service on this machine. One operation at a time.
 */
export interface OperationChannel {
  /** For staff, from the mapping file. */
  readonly name: string;
  has(operation: string): boolean;
  /** Starts, and goes on whenever the vendor's software is gone. */
  open(): void;
  /** The current state is delivered at once. Returns the undo. */
  subscribe(listener: (state: ChannelState) => void): () => void;
  perform(
    operation: string,
    inputs: Readonly<Record<string, string>>,
    options: PerformOptions,
  ): Promise<OperationResult>;
  /** Throws away what the channel stands on and makes it anew. */
  renew(): Promise<void>;
  /** Closing twice is harmless; a closed channel may be opened again. */
  close(): Promise<void>;
}

/** A vendor's error codes as texts, `*` for any other. */
type ErrorCodes = Readonly<Record<string, OperationRefusal>>;

export function refusalOf(errors: ErrorCodes, code: string): OperationRefusal {
  return errors[code] ?? errors['*'] ?? 'failed';
}

/** One of several values in a text; the first is 0. */
type Part = { separator: string; index: number };

/** The part, without blanks around it; null where the text has none there. */
export function partOf(text: string, part: Part | undefined): string | null {
  return (part === undefined ? text : text.split(part.separator)[part.index])?.trim() ?? null;
}

/** A channel's state and those who listen to it. */
class ChannelBoard {
  private current: ChannelState = { kind: 'starting' };
  private readonly listeners = new Set<(state: ChannelState) => void>();

  state(): ChannelState {
    return this.current;
  }

  subscribe(listener: (state: ChannelState) => void): () => void {
    this.listeners.add(listener);
    listener(this.current);
    return () => this.listeners.delete(listener);
  }

  show(next: ChannelState): void {
    const isSame = next.kind === this.current.kind && (next.kind !== 'down' || reasonOf(this.current) === next.reason);
    if (isSame) return;
    this.current = next;
    for (const listener of [...this.listeners]) listener(next);
  }
}

/** What every such channel does alike: its name and operations are the mapping's, and how it stands is told from one board. */
export abstract class MappedChannel<M extends { name: string; operations: object }> implements OperationChannel {
  protected readonly mapping: M;
  protected readonly board = new ChannelBoard();

  constructor(mapping: M) {
    this.mapping = mapping;
  }

  get name(): string {
    return this.mapping.name;
  }

  has(operation: string): boolean {
    return operation in this.mapping.operations;
  }

  subscribe(listener: (state: ChannelState) => void): () => void {
    return this.board.subscribe(listener);
  }

  abstract open(): void;
  abstract perform(...call: Parameters<OperationChannel['perform']>): Promise<OperationResult>;
  abstract renew(): Promise<void>;
  abstract close(): Promise<void>;
}

function reasonOf(state: ChannelState): string | null {
  return state.kind === 'down' ? state.reason : null;
}
