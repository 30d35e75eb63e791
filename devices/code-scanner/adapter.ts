import { setTimeout as sleep } from 'node:timers/promises';
import type { ByteLink, Dial, DialFailure } from '../channels/byte-link.ts';
import type { CommandOptions, Completion, Device, DeviceCapabilities, DeviceEvent, DeviceStatus } from '../device.ts';
import { StatusBoard } from '../status-board.ts';
import { noReports, readReport } from './hid-pos.ts';
import { type KeyPress, noKeys, readKey } from './keyboard-wedge.ts';
import type { Scan, ScanFlaw } from './scan.ts';
import { emptyLine, readLine } from './serial-line.ts';

export type { KeyPress } from './keyboard-wedge.ts';
export type { ScanFlaw } from './scan.ts';

/** How the scanner is connected. A wedge is a keyboard to the system; its keys come from the screen by {@link CodeScanner.receiveKeys}. */
export type ScannerWire = { kind: 'serial'; dial: Dial } | { kind: 'hid'; dial: Dial } | { kind: 'wedge' };

export type CodeScannerOptions = {
  id: string;
  wire: ScannerWire;
  /** Between two tries at an unplugged scanner; 1 s unless told. */
  retryMs?: number;
  /** A code that lies under the window is read again and again: within this time it is one; 1.5 s unless told. */
  repeatMs?: number;
  /** Told of input that was no code, for the log. */
  onFlaw?: (flaw: ScanFlaw) => void;
  /** A steady clock, milliseconds. */
  now?: () => number;
};

/**
 * A scanner for bar codes and QR codes. It has no commands: what it reads is a `codeScanned` event. An unplugged scanner is looked
 * for until it is back.
 */
export class CodeScanner implements Device {
  readonly id: string;
  private readonly wire: ScannerWire;
  private readonly retryMs: number;
  private readonly repeatMs: number;
  private readonly onFlaw: (flaw: ScanFlaw) => void;
  private readonly now: () => number;
  private readonly board = new StatusBoard();
  /** While open: aborted by close. */
  private life: AbortController | null = null;
  private keeping: Promise<void> = Promise.resolve();
  /** Resolves when the try at the scanner that is under way has ended. */
  private firstTry: Promise<void> = Promise.resolve();
  private failure: DialFailure | null = null;
  private model: string;
  private run = noKeys;
  private last = { code: '', atMs: Number.NEGATIVE_INFINITY };

  constructor(options: CodeScannerOptions) {
    this.id = options.id;
    this.wire = options.wire;
    this.retryMs = options.retryMs ?? 1_000;
    this.repeatMs = options.repeatMs ?? 1_500;
    this.onFlaw = options.onFlaw ?? (() => undefined);
    this.now = options.now ?? (() => performance.now());
    this.model = options.wire.kind === 'wedge' ? 'keyboard wedge' : '';
  }

  get capabilities(): DeviceCapabilities {
    return { kind: 'code-scanner', model: this.model, features: [this.wire.kind] };
  }

  status(): DeviceStatus {
    return this.board.status();
  }

  subscribe(listener: (event: DeviceEvent) => void): () => void {
    return this.board.subscribe(listener);
  }

  /** Connects. A wedge is online at once: whether a keyboard is a scanner shows only when it scans. */
  async open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (options.signal?.aborted === true) return { ok: false, reason: 'cancelled', detail: 'before it began' };
    if (this.life === null) {
      this.life = new AbortController();
      if (this.wire.kind === 'wedge') this.board.update({ device: 'online', reason: null });
      else this.startKeeping(this.wire, this.life.signal);
    }
    return this.ready(options);
  }

  /** Hangs up and connects anew; half a code is forgotten. */
  async reset(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (this.life === null) return { ok: false, reason: 'deviceNotReady', detail: 'not open' };
    await this.hangUp();
    return this.open(options);
  }

  async close(): Promise<void> {
    if (this.life === null) {
      await this.keeping;
      return;
    }
    await this.hangUp();
    this.board.update({ device: 'offline', reason: 'closed' });
  }

  /** Keys from the screen, in the order in which they came. Tells whether they ended a scanned code. */
  receiveKeys(presses: readonly KeyPress[]): boolean {
    if (this.wire.kind !== 'wedge' || this.life === null) return false;
    let hasScanned = false;
    for (const press of presses) {
      const scan = readKey(this.run, press);
      this.run = scan.state;
      this.tell(scan);
      hasScanned ||= scan.codes.length > 0;
    }
    return hasScanned;
  }

  private async hangUp(): Promise<void> {
    this.life?.abort();
    this.life = null;
    this.run = noKeys;
    this.last = { code: '', atMs: Number.NEGATIVE_INFINITY };
    await this.keeping;
  }

  /** The state after the first try at the scanner, or the command's own end. */
  private async ready(options: CommandOptions): Promise<Completion<DeviceStatus>> {
    const { promise: ended, resolve } = Promise.withResolvers<'timeout' | 'cancelled'>();
    const timer = setTimeout(() => resolve('timeout'), options.timeoutMs ?? 5_000);
    const abort = () => resolve('cancelled');
    options.signal?.addEventListener('abort', abort, { once: true });
    const end = await Promise.race([this.firstTry.then(() => 'tried' as const), ended]);
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
    if (end !== 'tried') return { ok: false, reason: end, detail: 'the scanner has not answered' };
    if (this.failure !== null) return { ok: false, reason: 'deviceNotReady', detail: this.failure.detail };
    return { ok: true, value: this.board.status() };
  }

  private startKeeping(wire: Exclude<ScannerWire, { kind: 'wedge' }>, life: AbortSignal): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.firstTry = promise;
    this.keeping = this.keep(wire, life, resolve);
  }

  /** Connects, listens until the scanner goes, and connects again, until the device is closed. */
  private async keep(
    wire: Exclude<ScannerWire, { kind: 'wedge' }>,
    life: AbortSignal,
    onTried: () => void,
  ): Promise<void> {
    while (!life.aborted) {
      const dialled = await wire.dial();
      if (!dialled.ok) {
        this.failure = dialled;
        if (!life.aborted) this.board.update(statusOf(dialled));
        onTried();
        await sleep(this.retryMs, undefined, { signal: life }).catch(() => undefined);
        continue;
      }
      this.failure = null;
      this.model = dialled.link.name;
      const gone = this.listen(wire.kind, dialled.link, life);
      if (!life.aborted) this.board.update({ device: 'online', reason: null });
      onTried();
      await gone;
      await dialled.link.close();
      if (!life.aborted) this.board.update({ device: 'noDevice', reason: 'scanner-unplugged' });
    }
    onTried();
  }

  /** Resolves when the scanner has gone or the device is being closed. */
  private listen(kind: 'serial' | 'hid', link: ByteLink, life: AbortSignal): Promise<void> {
    let line = emptyLine;
    let reports = noReports;
    const undoBytes = link.onBytes((bytes) => {
      if (kind === 'serial') {
        const scan = readLine(line, bytes, this.now());
        line = scan.state;
        this.tell(scan);
      } else {
        const scan = readReport(reports, bytes);
        reports = scan.state;
        this.tell(scan);
      }
    });
    return new Promise((resolve) => {
      const end = () => {
        undoBytes();
        undoGone();
        life.removeEventListener('abort', end);
        resolve();
      };
      let undoGone: () => void = () => undefined;
      undoGone = link.onGone(end);
      if (life.aborted) end();
      else life.addEventListener('abort', end, { once: true });
    });
  }

  private tell(scan: Scan<unknown>): void {
    for (const flaw of scan.flaws) this.onFlaw(flaw);
    for (const code of scan.codes) {
      const atMs = this.now();
      const isRepeat = code === this.last.code && atMs - this.last.atMs < this.repeatMs;
      this.last = { code, atMs };
      if (!isRepeat) this.board.publish({ type: 'codeScanned', text: code });
    }
  }
}

function statusOf(failure: DialFailure): Partial<DeviceStatus> {
  switch (failure.reason) {
    case 'not-there':
      return { device: 'noDevice', reason: 'scanner-unplugged' };
    case 'not-allowed':
      return { device: 'offline', reason: 'scanner-not-allowed' };
    case 'failed':
      return { device: 'hardwareError', reason: 'scanner-failed' };
  }
}
