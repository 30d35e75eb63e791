import { setTimeout as sleep } from 'node:timers/promises';
import type { ByteLink, DialFailure } from './channels/byte-link.ts';
import type { CommandOptions, Completion, DeviceStatus } from './device.ts';
import type { StatusBoard } from './status-board.ts';

/** A link that is up, or what the device's status is while there is none; `detail` is what the driver or the device said. */
export type Connected<L extends ByteLink> =
  | { ok: true; link: L }
  | { ok: false; status: Partial<DeviceStatus>; detail?: string };

type LinkKeeperOptions<L extends ByteLink> = {
  board: StatusBoard;
  /** Between two tries, milliseconds. */
  retryMs: number;
  /** How long a driver may take to let go of the device, 3 s unless told; after that it is left behind. */
  letGoMs?: number;
  /** Dials, and says hello where the device answers one. Never rejects; lets go when `life` is aborted. */
  connect: (life: AbortSignal) => Promise<Connected<L>>;
  /**
   * Speaks with the device until it has gone or `life` is aborted, and gives the status that is true then. Calls `up` once the
   * device may be used. Never rejects.
   */
  serve: (link: L, life: AbortSignal, up: () => void) => Promise<Partial<DeviceStatus>>;
};

const defaultLetGoMs = 3_000;

/**
 * Keeps the one link of a device alive: connects, lets the adapter speak, and connects again after the device has gone, until it is
 * stopped. The adapter's open, reset and close are start, stop and start, stop.
 */
export class LinkKeeper<L extends ByteLink> {
  private readonly options: LinkKeeperOptions<L>;
  private life: AbortController | null = null;
  private keeping: Promise<void> = Promise.resolve();
  /** Resolves when the first try since start has ended, well or not. */
  private firstTry: Promise<void> = Promise.resolve();
  private isUp = false;
  /** What was said when there was no link the last time. */
  private detail: string | undefined;

  constructor(options: LinkKeeperOptions<L>) {
    this.options = options;
  }

  /** Starting twice is harmless. */
  start(): void {
    if (this.life !== null) return;
    const life = new AbortController();
    this.life = life;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.firstTry = promise;
    // What is being stopped lets go of the port before it is dialled again.
    this.keeping = this.keeping.then(() => this.keep(life.signal, resolve));
  }

  /**
   * Resolves when the link is closed, or when the driver has not let go of it in time: then the next start does not wait for it, and what
   * it brings late is closed. Stopping twice is harmless.
   */
  async stop(): Promise<void> {
    this.life?.abort();
    this.life = null;
    this.isUp = false;
    const { keeping } = this;
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => resolve('late'), this.options.letGoMs ?? defaultLetGoMs);
    const end = await Promise.race([keeping, late]);
    clearTimeout(timer);
    if (end === 'late' && this.keeping === keeping) this.keeping = Promise.resolve();
  }

  /** Waits for the try under way: the status when it has brought the device up, else why not. */
  async ready({ signal, timeoutMs = 10_000 }: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (signal?.aborted === true) return { ok: false, reason: 'cancelled', detail: 'before it began' };
    const { promise, resolve } = Promise.withResolvers<'tried' | 'timeout' | 'cancelled'>();
    const timer = setTimeout(() => resolve('timeout'), timeoutMs);
    const abort = () => resolve('cancelled');
    signal?.addEventListener('abort', abort, { once: true });
    void this.firstTry.then(() => resolve('tried'));
    const end = await promise;
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    if (end !== 'tried') return { ok: false, reason: end, detail: 'the device has not answered' };
    const status = this.options.board.status();
    return this.isUp && isWithin(status)
      ? { ok: true, value: status }
      : { ok: false, reason: 'deviceNotReady', detail: this.said(status.reason ?? 'not connected') };
  }

  private said(reason: string): string {
    return this.detail === undefined ? reason : `${reason} (${this.detail})`;
  }

  private async keep(life: AbortSignal, onTried: () => void): Promise<void> {
    const { board, retryMs, connect, serve } = this.options;
    while (!life.aborted) {
      const connected = await connect(life);
      let status = connected.ok ? {} : connected.status;
      if (!life.aborted) this.detail = connected.ok ? undefined : connected.detail;
      if (connected.ok) {
        if (!life.aborted) {
          status = await serve(connected.link, life, () => {
            if (!life.aborted) this.isUp = true;
            onTried();
          });
        }
        if (!life.aborted) this.isUp = false;
        await connected.link.close();
      }
      if (life.aborted) break;
      board.update(status);
      onTried();
      await sleep(retryMs, undefined, { signal: life }).catch(() => undefined);
    }
    onTried();
  }
}

/** A device that answers is there, even if a person has to see to it: then its status says so. */
function isWithin({ device }: DeviceStatus): boolean {
  return device === 'online' || device === 'userError' || device === 'deviceBusy';
}

/** What a failed dial means for the device; `noun` begins the reason, e.g. `id-reader` makes `id-reader-unplugged`. */
export function notConnected(
  noun: string,
  { reason, detail }: DialFailure,
): { ok: false; status: Partial<DeviceStatus>; detail: string } {
  return { ok: false, status: statusOf(noun, reason), detail };
}

/** The status of a device that nothing is plugged in for, or that has gone by itself. */
export function unpluggedStatus(noun: string): Partial<DeviceStatus> {
  return { device: 'noDevice', reason: `${noun}-unplugged` };
}

function statusOf(noun: string, reason: DialFailure['reason']): Partial<DeviceStatus> {
  switch (reason) {
    case 'not-there':
      return unpluggedStatus(noun);
    case 'not-allowed':
    case 'in-use':
      return { device: 'offline', reason: `${noun}-${reason}` };
    case 'failed':
      return { device: 'hardwareError', reason: `${noun}-failed` };
  }
}

/** The time in which a link is served: over with the life, when the device has gone, or when the adapter ends it. */
type Tenure = {
  /** Aborted when it is over. */
  readonly over: AbortSignal;
  /** Ends it, with the status that is true then; what comes after the first end changes nothing. */
  end(status: Partial<DeviceStatus>, detail: string): void;
  /** Lets go of the link, and gives the status to leave behind. */
  release(): Partial<DeviceStatus>;
};

/** `whenGone` is the status of a device that has gone by itself; `onEnd` is told at once, unless the life is over. */
export function tenureOf(
  link: ByteLink,
  life: AbortSignal,
  whenGone: Partial<DeviceStatus>,
  onEnd: (detail: string) => void,
): Tenure {
  const leave = new AbortController();
  let left = whenGone;
  const end: Tenure['end'] = (status, detail) => {
    if (leave.signal.aborted) return;
    left = status;
    onEnd(detail);
    leave.abort();
  };
  const closing = () => leave.abort();
  life.addEventListener('abort', closing, { once: true });
  const undoGone = link.onGone(() => end(whenGone, 'the device was unplugged'));
  if (life.aborted) closing();
  return {
    over: leave.signal,
    end,
    release() {
      undoGone();
      life.removeEventListener('abort', closing);
      return left;
    },
  };
}

/** Resolves when the link has gone or `life` is aborted. */
export function untilGone(link: ByteLink, life: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let undo: () => void = () => undefined;
    const end = () => {
      undo();
      life.removeEventListener('abort', end);
      resolve();
    };
    life.addEventListener('abort', end, { once: true });
    undo = link.onGone(end);
    if (life.aborted) end();
  });
}
