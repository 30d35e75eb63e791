import type {
  CommandOptions,
  Completion,
  Device,
  DeviceCapabilities,
  DeviceEvent,
  DeviceState,
  DeviceStatus,
} from '../device.ts';
import { StatusBoard } from '../status-board.ts';

/** What the screen says of the camera: it alone can see it (`CameraState` of the screen's contract). */
export type CameraReport = 'available' | 'none' | 'denied' | 'busy' | 'unplugged';

export type CameraOptions = {
  id: string;
  /** Part of the camera's name, for staff; null where the first one is taken. */
  label: string | null;
  /** A screen that has not spoken for so long is gone, and nobody knows of the camera; 20 s unless told. */
  silentMs?: number;
  /** Calls after so many milliseconds, unless undone. */
  after?: (ms: number, act: () => void) => () => void;
};

const statuses: Record<CameraReport, { device: DeviceState; reason: string | null }> = {
  available: { device: 'online', reason: null },
  none: { device: 'noDevice', reason: 'camera-missing' },
  unplugged: { device: 'noDevice', reason: 'camera-unplugged' },
  denied: { device: 'userError', reason: 'camera-denied' },
  busy: { device: 'offline', reason: 'camera-busy' },
};

/** The screen tells every five seconds; one that is only starting takes longer. */
const usualWaitMs = 10_000;

const cancelledBefore = { ok: false, reason: 'cancelled', detail: 'cancelled before it began' } as const;

type Told = 'told' | 'closed' | 'cancelled' | 'timeout';

/**
 * The camera, which stands in the screen's process: pictures are taken there, by getUserMedia, and sealed there. Here is only how it stands,
 * as the screen tells every few seconds; no picture ever comes this way.
 */
export class Camera implements Device {
  readonly id: string;
  readonly capabilities: DeviceCapabilities;
  private readonly board = new StatusBoard();
  private readonly silentMs: number;
  private readonly after: NonNullable<CameraOptions['after']>;
  private isOpen = false;
  private undoSilence: () => void = () => undefined;
  private readonly waiting = new Set<(end: Told) => void>();

  constructor({ id, label, silentMs = 20_000, after = afterMs }: CameraOptions) {
    this.id = id;
    this.capabilities = { kind: 'camera', model: label ?? 'first camera', features: ['still', 'poses'] };
    this.silentMs = silentMs;
    this.after = after;
  }

  status(): DeviceStatus {
    return this.board.status();
  }

  subscribe(listener: (event: DeviceEvent) => void): () => void {
    return this.board.subscribe(listener);
  }

  /** Takes what the screen says. False while closed. */
  receiveReport(report: CameraReport): boolean {
    if (!this.isOpen) return false;
    this.board.update(statuses[report]);
    this.awaitReport();
    this.settleAll('told');
    return true;
  }

  /** Answers when the screen has told for the first time how its camera is. */
  async open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (options.signal?.aborted === true) return cancelledBefore;
    if (!this.isOpen) {
      this.isOpen = true;
      this.board.update({ device: 'starting', reason: null });
      this.awaitReport();
    }
    return this.status().device === 'starting' ? this.untilTold(options) : this.standing();
  }

  /** There is nothing to bring back: answers with what the screen tells next. */
  async reset(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (!this.isOpen) return { ok: false, reason: 'deviceNotReady', detail: 'not open' };
    if (options.signal?.aborted === true) return cancelledBefore;
    return this.untilTold(options);
  }

  async close(): Promise<void> {
    this.undoSilence();
    if (this.isOpen) this.board.update({ device: 'offline', reason: 'closed' });
    this.isOpen = false;
    this.settleAll('closed');
  }

  private async untilTold({ signal, timeoutMs = usualWaitMs }: CommandOptions): Promise<Completion<DeviceStatus>> {
    const { promise, resolve } = Promise.withResolvers<Told>();
    this.waiting.add(resolve);
    const abort = () => resolve('cancelled');
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => resolve('timeout'), timeoutMs);
    const end = await promise;
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    this.waiting.delete(resolve);
    switch (end) {
      case 'told':
        return this.standing();
      case 'closed':
        return { ok: false, reason: 'cancelled', detail: 'the device was closed' };
      case 'cancelled':
      case 'timeout':
        return { ok: false, reason: end, detail: 'the screen has not told' };
    }
  }

  private standing(): Completion<DeviceStatus> {
    const status = this.status();
    // Not allowed: it is there, and a person can see to it.
    return status.device === 'online' || status.device === 'userError'
      ? { ok: true, value: status }
      : { ok: false, reason: 'deviceNotReady', detail: status.reason ?? status.device };
  }

  private settleAll(end: Told): void {
    for (const settle of [...this.waiting]) settle(end);
  }

  private awaitReport(): void {
    this.undoSilence();
    this.undoSilence = this.after(this.silentMs, () =>
      this.board.update({ device: 'offline', reason: 'camera-screen-silent' }),
    );
  }
}

function afterMs(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
