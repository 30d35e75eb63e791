import type { ByteLink, Dial } from '../channels/byte-link.ts';
import type { DeviceCapabilities, DeviceStatus } from '../device.ts';
import { type Connected, notConnected, untilGone } from '../link-keeper.ts';
import { LinkedDevice } from '../linked-device.ts';
import { noReports, readReport } from './hid-pos.ts';
import { type NoiseWatch, watchNoise } from './noise.ts';
import type { Scan, ScanFlaw } from './scan.ts';
import { emptyLine, readLine } from './serial-line.ts';

/** How the scanner is connected. A wedge is a keyboard to the system: it types into the screen, which tells its codes from typing and hands them on. */
export type ScannerWire = { kind: 'serial'; dial: Dial } | { kind: 'hid'; dial: Dial } | { kind: 'wedge' };

type CodeScannerOptions = {
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
 * for until it is back; one whose line is noisy says so, and its codes count for nothing until the line was quiet.
 */
export class CodeScanner extends LinkedDevice<ByteLink> {
  private readonly wire: ScannerWire;
  private readonly repeatMs: number;
  private readonly onFlaw: (flaw: ScanFlaw) => void;
  private readonly now: () => number;
  private model: string;
  private last = nothingRead;
  /** Null where no line is watched: nothing but a wedge tells then. */
  private noise: NoiseWatch | null = null;

  constructor(options: CodeScannerOptions) {
    super({ id: options.id, noun: 'scanner', retryMs: options.retryMs ?? 1_000 });
    this.wire = options.wire;
    this.repeatMs = options.repeatMs ?? 1_500;
    this.onFlaw = options.onFlaw ?? (() => undefined);
    this.now = options.now ?? (() => performance.now());
    this.model = options.wire.kind === 'wedge' ? keyboard.name : '';
  }

  get capabilities(): DeviceCapabilities {
    return { kind: 'code-scanner', model: this.model, features: [this.wire.kind] };
  }

  /** A code that the screen was typed by a scanner. False where this scanner is none that types, or is closed: then nobody has scanned. */
  receiveCode(code: string): boolean {
    if (this.wire.kind !== 'wedge' || !this.isOpen) return false;
    this.tell({ state: null, codes: [code], flaws: [] });
    return true;
  }

  /** A wedge is there at once: whether a keyboard is a scanner shows only when it scans. */
  protected async connect(): Promise<Connected<ByteLink>> {
    const { wire } = this;
    const dialled = wire.kind === 'wedge' ? { ok: true as const, link: keyboard } : await wire.dial();
    return dialled.ok ? dialled : notConnected(this.noun, dialled);
  }

  /** Half a code, and the one that was read last, are forgotten with the link. */
  protected async serve(link: ByteLink, life: AbortSignal, up: () => void): Promise<Partial<DeviceStatus>> {
    this.model = link.name;
    this.last = nothingRead;
    const noise = watchNoise((isNoisy) => this.board.update(isNoisy ? noisy : well));
    this.noise = noise;
    const undo = link.onBytes(this.listenerOf(this.wire.kind));
    this.board.update(well);
    up();
    await untilGone(link, life);
    undo();
    noise.end();
    return this.unplugged();
  }

  private listenerOf(kind: ScannerWire['kind']): (bytes: Uint8Array) => void {
    let line = emptyLine;
    let reports = noReports;
    return (bytes) => {
      if (kind === 'serial') {
        const scan = readLine(line, bytes, this.now());
        line = scan.state;
        this.tell(scan);
      } else {
        const scan = readReport(reports, bytes);
        reports = scan.state;
        this.tell(scan);
      }
    };
  }

  private tell(scan: Scan<unknown>): void {
    for (const flaw of scan.flaws) {
      this.onFlaw(flaw);
      this.noise?.flaw();
    }
    for (const code of scan.codes) {
      if (this.noise?.code() === false) continue;
      const atMs = this.now();
      const isRepeat = code === this.last.code && atMs - this.last.atMs < this.repeatMs;
      this.last = { code, atMs };
      if (!isRepeat) this.board.publish({ type: 'codeScanned', text: code });
    }
  }
}

const well = { device: 'online', reason: null } as const;
/** Cable, shielding or speed: for a person's hands, and no reset helps. */
const noisy = { device: 'userError', reason: 'scanner-noisy' } as const;

const nothingRead = { code: '', atMs: Number.NEGATIVE_INFINITY };

/** The link of a wedge: its keys come by way of the screen, and the system hides whether it is plugged in. */
const keyboard: ByteLink = {
  name: 'keyboard wedge',
  onBytes: () => () => undefined,
  onGone: () => () => undefined,
  close: async () => undefined,
};
