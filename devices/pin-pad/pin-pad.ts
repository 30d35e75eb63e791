import type { CommandOptions, Completion, Device } from '../device.ts';
import type { PadAlgorithm, PinBlockFormat, WrappedKey } from './codec.ts';

export type { PadAlgorithm, PinBlockFormat, WrappedKey } from './codec.ts';

/** What became of a key. A refusal is the answer to a wrong key, not a fault of the pad. */
export type KeyLoad =
  | { kind: 'loaded' }
  | { kind: 'refused'; reason: 'wrong-check-value' | 'no-master-key' | 'not-supported' };

/** What the visitor enters a PIN for. */
export type PinRequest = {
  /** Where the working key lies. */
  slot: number;
  algorithm: PadAlgorithm;
  format: PinBlockFormat;
  minDigits: number;
  maxDigits: number;
  /** 12 to 19 digits the block is bound to, named by the centre with its challenge. */
  account: string;
};

/** A key was pressed: for the dots on the screen. */
export type PinKey = { key: 'digit' | 'back' | 'clear'; digits: number };

export type PinEntry =
  /** Enciphered to the working key; worthless to whoever has not got it. */
  | {
      kind: 'block';
      algorithm: PadAlgorithm;
      format: PinBlockFormat;
      slot: number;
      padSerialNumber: string;
      block: Uint8Array;
    }
  | { kind: 'cancelled-by-visitor' }
  | { kind: 'timed-out' };

/**
 * An encrypting PIN pad. There is no command set that covers those on the market: each model has an adapter of this shape. No digit ever
 * leaves a pad, so nothing here can hold one.
 */
export interface PinPad extends Device {
  /** Puts in a master key, enciphered under the pad's transport key. Done once, by staff. */
  loadMasterKey(key: WrappedKey, options?: CommandOptions): Promise<Completion<KeyLoad>>;
  /** Puts in a working key, enciphered under the master key. The centre may send a new one with each challenge. */
  loadWorkingKey(key: WrappedKey, options?: CommandOptions): Promise<Completion<KeyLoad>>;
  /** Lets the visitor enter a PIN. Ended early, the pad is told to forget what was entered. */
  enterPin(request: PinRequest, onKey: (key: PinKey) => void, options?: CommandOptions): Promise<Completion<PinEntry>>;
}
