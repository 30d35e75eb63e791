/**
 * A slot that holds at most one chip card, and the bytes to and from it. Two wires: PC/SC (`pcsc-apdu-channel.ts`) and
 * TCP (`tcp-apdu-channel.ts`). A channel moves bytes and says what is in the slot; what the bytes mean is the codec's.
 */

/** What the channel sees right now. */
export type SlotState =
  /** No reader, or no way to it. `reason` is a keyword for staff. */
  | {
      kind: 'noReader';
      reason: 'starting' | 'reader-unplugged' | 'card-service-down' | 'connection-refused' | 'closed';
    }
  | { kind: 'empty'; reader: string }
  /** A card; `isMute` when it gave no valid answer to reset: upside down, askew, broken, or not a chip card. */
  | { kind: 'card'; reader: string; isMute: boolean };

/** Why an exchange with the card did not give an answer. */
export type ApduFailure =
  /** The card was pulled. */
  | 'card-gone'
  /** The card does not answer to reset. */
  | 'card-mute'
  /** Bytes were lost or the card was reset under way: worth another try. */
  | 'comm-error'
  /** The answer breaks the wire's own rules: too short, too long. */
  | 'malformed-answer'
  /** Another program holds the card. */
  | 'in-use'
  /** The reader, or the service in front of it, went away. */
  | 'reader-gone'
  /** Nothing came within the deadline. */
  | 'timeout'
  /** The caller's signal ended it. */
  | 'cancelled';

export type ApduResult = { ok: true; bytes: Uint8Array } | { ok: false; reason: ApduFailure; detail: string };

/** How long one exchange may take, and what ends it early. */
export type ExchangeOptions = { timeoutMs: number; signal?: AbortSignal };

/** One slot. Exchanges are given one at a time: the caller waits for the answer before the next. */
export interface ApduChannel {
  /** Starts looking for the reader, and goes on looking whenever it is gone. */
  open(): void;
  /** Listens to the slot; the current state is delivered at once. A swapped card is `empty` in between. Returns the undo. */
  subscribe(listener: (slot: SlotState) => void): () => void;
  /** Powers the card up (cold, if it was powered) and gives its answer to reset. */
  connect(options: ExchangeOptions): Promise<ApduResult>;
  /** One command APDU, one response APDU: data, then SW1 SW2. Answers shorter than 2 bytes are `malformed-answer`. */
  transmit(apdu: Uint8Array, options: ExchangeOptions): Promise<ApduResult>;
  /** Powers the card down. Harmless when none is connected. */
  disconnect(): Promise<void>;
  /** Throws away what the channel stands on (PC/SC context, TCP connection) and makes it anew: the last rung before giving up. */
  renew(): Promise<void>;
  /** Ends everything. Closing twice is harmless; a closed channel may be opened again. */
  close(): Promise<void>;
}

/** Longest answer to reset, bytes (ISO/IEC 7816-3: TS and at most 32 characters). */
const MAX_ATR_BYTES = 33;

/** Whether bytes can be an answer to reset: TS is 3B (direct) or 3F (inverse), T0 follows, at most 33 bytes. */
export function isAnswerToReset(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes.length <= MAX_ATR_BYTES && (bytes[0] === 0x3b || bytes[0] === 0x3f);
}
