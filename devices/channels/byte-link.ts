/**
 * A device that speaks in its own time: bytes as they come over a serial line, reports as they come over HID.
 * An adapter is given a {@link Dial} and knows nothing of ports and drivers.
 */
export interface ByteLink {
  /** For staff, e.g. `/dev/ttyACM0` or `Honeywell 3310g`. */
  readonly name: string;
  /** Delivers what arrives, as the wire cuts it. Returns the undo. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void;
  /** Told once when the device has gone by itself, at once when it has gone already. Returns the undo. */
  onGone(listener: (reason: string) => void): () => void;
  /** Closing twice is harmless. */
  close(): Promise<void>;
}

/** A link that takes bytes as well: a serial line, a socket. */
export interface TwoWayLink extends ByteLink {
  /** Resolves when the driver has taken the bytes, with whether it did. Never rejects; a link that hangs is the caller's deadline. */
  write(bytes: Uint8Array): Promise<boolean>;
}

/** Why there is no link: nothing is plugged in there, it may not be opened, another program holds it, or anything else. */
export type DialFailure = { ok: false; reason: 'not-there' | 'not-allowed' | 'in-use' | 'failed'; detail: string };

/** Opens the device. Never rejects. Drivers can hang in it: `LinkKeeper` leaves such a one behind. */
export type Dial<L extends ByteLink = ByteLink> = () => Promise<{ ok: true; link: L } | DialFailure>;

/** The failure an operating system's error means. */
export function dialFailureOf(error: unknown): DialFailure {
  const detail = error instanceof Error ? error.message : String(error);
  if (/ENOENT|ENODEV|ENXIO|no such file|file not found|cannot find/i.test(detail)) {
    return { ok: false, reason: 'not-there', detail };
  }
  // A COM port that another program holds is denied; rights to COM ports are everybody's (docs/devices/windows.md).
  if (/EBUSY|busy|cannot lock|^opening .*: access denied/i.test(detail)) {
    return { ok: false, reason: 'in-use', detail };
  }
  if (/EACCES|EPERM|permission|access denied|access is denied/i.test(detail)) {
    return { ok: false, reason: 'not-allowed', detail };
  }
  return { ok: false, reason: 'failed', detail };
}

/** The listeners of a link and the moment of its going. */
export class LinkBoard {
  private readonly bytes = new Set<(bytes: Uint8Array) => void>();
  private readonly gone = new Set<(reason: string) => void>();
  private goneFor: string | null = null;

  onBytes(listener: (bytes: Uint8Array) => void): () => void {
    this.bytes.add(listener);
    return () => this.bytes.delete(listener);
  }

  onGone(listener: (reason: string) => void): () => void {
    if (this.goneFor !== null) {
      listener(this.goneFor);
      return () => undefined;
    }
    this.gone.add(listener);
    return () => this.gone.delete(listener);
  }

  deliver(bytes: Uint8Array): void {
    for (const listener of [...this.bytes]) listener(bytes);
  }

  end(reason: string): void {
    if (this.goneFor !== null) return;
    this.goneFor = reason;
    for (const listener of [...this.gone]) listener(reason);
    this.gone.clear();
    this.bytes.clear();
  }
}
