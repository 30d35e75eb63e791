/**
 * What every device is to the kiosk, in the vocabulary of XFS4IoT (CWA 17852: device state apart from capabilities,
 * commands that complete once, "not supported" apart from "unknown").
 *
 * An adapter implements {@link Device} over a channel (bytes or APDUs) and adds its own commands. The suite in
 * `device-suite.ts` is what every adapter proves.
 */

/** State of the device as a whole, after XFS4IoT `Common.Status.device`. */
export type DeviceState =
  | 'starting'
  | 'online'
  | 'offline'
  | 'powerOff'
  | 'noDevice'
  | 'deviceBusy'
  | 'hardwareError'
  | 'userError'
  | 'fraudAttempt';

/** A value the device reports, or why there is none: `notSupported` it never can, `unknown` it could but did not. */
export type Reported<T extends string> = T | 'notSupported' | 'unknown';

/** Where the card is, seen from the reader. */
export type MediaState = 'present' | 'notPresent' | 'entering' | 'jammed' | 'retained';

/** Paper or ribbon left in a printer. */
export type SupplyState = 'ok' | 'low' | 'out' | 'jammed';

/** What is true of a device right now. Fields a device kind does not have are `notSupported`. */
export type DeviceStatus = {
  device: DeviceState;
  media: Reported<MediaState>;
  paper: Reported<SupplyState>;
  toner: Reported<SupplyState>;
  cover: Reported<'open' | 'closed'>;
  /** A short keyword for staff and logs, e.g. `media-empty`, `reader-unplugged`; null when all is well. */
  reason: string | null;
};

/** A status in which nothing is supported yet: adapters start from it and fill what their hardware reports. */
export const bareStatus: DeviceStatus = {
  device: 'starting',
  media: 'notSupported',
  paper: 'notSupported',
  toner: 'notSupported',
  cover: 'notSupported',
  reason: null,
};

export type DeviceKind =
  | 'social-security-card'
  | 'resident-id-card'
  | 'code-scanner'
  | 'magnetic-stripe'
  | 'document-printer'
  | 'receipt-printer'
  | 'pin-pad'
  | 'camera'
  | 'io-board';

/** What the device is and can do. Constant while it is open. */
export type DeviceCapabilities = {
  kind: DeviceKind;
  /** For staff, e.g. `Virtual PCD 00 00`. */
  model: string;
  /** Named abilities beyond the kind's commands, e.g. `contactless`, `hold-card`, `job-state`. */
  features: readonly string[];
};

/** Why a command did not complete with `success`; after XFS4IoT completion codes. */
export type CompletionCode =
  | 'timeout'
  | 'cancelled'
  | 'deviceNotReady'
  | 'hardwareError'
  | 'userError'
  | 'invalidData'
  | 'notSupported';

/** The one completion of a command. `detail` is for logs and staff and never holds a visitor's data. */
export type Completion<T> = { ok: true; value: T } | { ok: false; reason: CompletionCode; detail: string };

/** Why a card was kept: nobody took it in time, it lay inside when the reader came up, or the kiosk was told to keep it. */
export type RetainReason = 'forgotten' | 'left-inside' | 'commanded';

/** Events of the first rank, delivered in the order they happened. */
export type DeviceEvent =
  | { type: 'status'; status: DeviceStatus }
  | { type: 'cardInserted' }
  /**
   * The card lies at the gate of a reader that had held it. It is kept after `takeMs`; null where it is left there. `isLeftOver`: nobody's
   * who stands there now, since it lay inside when the reader came up.
   */
  | { type: 'cardPresented'; takeMs: number | null; isLeftOver: boolean }
  | { type: 'cardTaken' }
  /** The card went into the box behind the reader, where staff find it; `cardTaken` follows, so that every visit ends. */
  | { type: 'cardRetained'; reason: RetainReason }
  | { type: 'codeScanned'; text: string }
  | { type: 'paperPresented' }
  | { type: 'paperTaken' };

/** How a command may be ended early. A command always completes: with its result, or by `timeoutMs`, or by `signal`. */
export type CommandOptions = { signal?: AbortSignal; timeoutMs?: number };

/** The shape of every device. Adapters are classes, since they are opened and closed. */
export interface Device {
  /** The name in the configuration, e.g. `card-reader`. */
  readonly id: string;
  readonly capabilities: DeviceCapabilities;
  /** Brings the device up and asks it for the physical truth (a card in the slot, paper in the presenter). */
  open(options?: CommandOptions): Promise<Completion<DeviceStatus>>;
  /** The last known status, without asking the hardware. */
  status(): DeviceStatus;
  /** Starts listening; the current status is delivered at once. Returns the undo. */
  subscribe(listener: (event: DeviceEvent) => void): () => void;
  /** Whether something is under way that outlasts a fault and that a recovery would cut off, e.g. a print that waits for staff. */
  isBusy?(): boolean;
  /** Brings the device back to its initial state, e.g. ejects a card or clears a job. */
  reset(options?: CommandOptions): Promise<Completion<DeviceStatus>>;
  /** Ends everything under way with `cancelled`. Closing twice is harmless. */
  close(): Promise<void>;
}
