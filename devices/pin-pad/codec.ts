/**
 * The frames of the encrypting PIN pad described in docs/devices/pin-pad.md. Pure and total. No frame has a place for a digit: what
 * leaves the pad is that a key was pressed, and an enciphered block.
 *
 * ```text
 *   0    1  02
 *   1    2  n: length of kind, number and body; high byte first
 *   3    1  kind: a request; an answer, which is the request's with bit 7 set; an event, E0 and above
 *   4    1  number: the kiosk counts its requests, answers and the events of an entry repeat it
 *   5  n-2  body; of an answer, the first byte is its result
 * 3+n    1  XOR of bytes 1 to 2+n
 * ```
 */
import { joinBytes } from '../bytes.ts';

export type PadAlgorithm = 'tdes' | 'sm4';
export type PinBlockFormat = 'iso-0' | 'iso-4';

/** A key enciphered under the pad's key above it, with the first three bytes of the zero block enciphered by it. */
export type WrappedKey = { slot: number; algorithm: PadAlgorithm; checkValue: Uint8Array; wrapped: Uint8Array };

export type PadRequest =
  | { kind: 'status' }
  | { kind: 'identify' }
  /** Ends an entry; keys stay. */
  | { kind: 'reset' }
  | ({ kind: 'load-master-key' } & WrappedKey)
  | ({ kind: 'load-working-key' } & WrappedKey)
  | {
      kind: 'start-entry';
      slot: number;
      format: PinBlockFormat;
      minDigits: number;
      maxDigits: number;
      timeoutSeconds: number;
      /** 12 to 19 digits the block is bound to. */
      account: string;
    }
  | { kind: 'cancel-entry' };

const KINDS = {
  status: 0x01,
  identify: 0x02,
  reset: 0x03,
  'load-master-key': 0x10,
  'load-working-key': 0x11,
  'start-entry': 0x20,
  'cancel-entry': 0x21,
} as const;

const ALGORITHMS: Record<PadAlgorithm, number> = { tdes: 1, sm4: 2 };
const FORMATS: Record<PinBlockFormat, number> = { 'iso-0': 0, 'iso-4': 4 };

/** The frame of a request; `number` is 0 to 255. */
export function frameOfRequest(request: PadRequest, number: number): Uint8Array {
  const content = [KINDS[request.kind], number & 0xff, ...bodyOf(request)];
  const checked = [content.length >> 8, content.length & 0xff, ...content];
  return Uint8Array.of(
    START,
    ...checked,
    checked.reduce((sum, byte) => sum ^ byte, 0),
  );
}

function bodyOf(request: PadRequest): number[] {
  switch (request.kind) {
    case 'status':
    case 'identify':
    case 'reset':
    case 'cancel-entry':
      return [];
    case 'load-master-key':
    case 'load-working-key':
      return [request.slot, ALGORITHMS[request.algorithm], ...request.checkValue, ...request.wrapped];
    case 'start-entry': {
      const account = [...request.account].map((digit) => digit.charCodeAt(0));
      const { slot, minDigits, maxDigits, timeoutSeconds } = request;
      return [slot, FORMATS[request.format], minDigits, maxDigits, timeoutSeconds, account.length, ...account];
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// What the pad says

export type PadRefusal =
  | 'unknown-request'
  | 'wrong-length'
  | 'no-master-key'
  | 'no-working-key'
  /** The key is not the one its check value says. */
  | 'wrong-check-value'
  /** Algorithm or format the pad does not have, or that do not go together. */
  | 'not-supported'
  | 'entry-open'
  | 'no-entry'
  /** The pad was opened and has forgotten its keys. */
  | 'tampered'
  | 'bad-account'
  | 'wrong-checksum'
  /** A result that is in no list. */
  | 'unknown-result';

const REFUSALS: readonly PadRefusal[] = [
  'unknown-request',
  'wrong-length',
  'no-master-key',
  'no-working-key',
  'wrong-check-value',
  'not-supported',
  'entry-open',
  'no-entry',
  'tampered',
  'bad-account',
  'wrong-checksum',
];

export type PadMessage =
  | { kind: 'answer'; number: number; result: { ok: true; data: Uint8Array } | { ok: false; reason: PadRefusal } }
  /** A key was pressed; which one stays in the pad. `digits` is how many are entered now. */
  | { kind: 'key'; number: number; key: 'digit' | 'back' | 'clear'; digits: number }
  | {
      kind: 'entry-ended';
      number: number;
      outcome: { kind: 'block'; block: Uint8Array } | { kind: 'cancelled' | 'timed-out' };
    }
  | { kind: 'tampered' };

export type PadFlaw = 'noise' | 'wrong-length' | 'wrong-checksum' | 'unknown-message';

/** The beginning of a frame that is not whole yet. */
export type PadFrameState = { held: Uint8Array };

export const noPadFrame: PadFrameState = { held: new Uint8Array(0) };

type PadFrames = { state: PadFrameState; messages: readonly PadMessage[]; flaws: readonly PadFlaw[] };

const START = 0x02;
/** No message of the pad's is longer. */
const LONGEST = 64;

/** Takes what the wire brought, in whatever pieces. After a broken frame the search goes on inside it. */
export function readPadFrames(state: PadFrameState, bytes: Uint8Array): PadFrames {
  const all = state.held.length === 0 ? bytes : joinBytes(state.held, bytes);
  const messages: PadMessage[] = [];
  const flaws: PadFlaw[] = [];
  let at = 0;
  let inNoise = false;
  const stumble = (flaw: PadFlaw) => {
    if (!inNoise) flaws.push(flaw);
    inNoise = true;
    at += 1;
  };
  while (at < all.length) {
    if (all[at] !== START) {
      stumble('noise');
      continue;
    }
    if (all.length - at < 3) break;
    const length = ((all[at + 1] ?? 0) << 8) | (all[at + 2] ?? 0);
    if (length < 2 || length > LONGEST) {
      stumble('wrong-length');
      continue;
    }
    const end = at + 4 + length;
    if (all.length < end) break;
    let sum = 0;
    for (let index = at + 1; index < end; index += 1) sum ^= all[index] ?? 0;
    if (sum !== 0) {
      stumble('wrong-checksum');
      continue;
    }
    const message = messageOf(all.subarray(at + 3, end - 1));
    if (message === null) flaws.push('unknown-message');
    else messages.push(message);
    inNoise = false;
    at = end;
  }
  return { state: at >= all.length ? noPadFrame : { held: all.slice(at) }, messages, flaws };
}

function messageOf(content: Uint8Array): PadMessage | null {
  const [kind = 0, number = 0, first] = content;
  if (kind === 0xe0) return keyOf(number, content);
  if (kind === 0xe1) return endOf(number, content);
  if (kind === 0xe2) return { kind: 'tampered' };
  if (kind < 0x80 || kind > 0xdf || first === undefined) return null;
  if (first === 0) return { kind: 'answer', number, result: { ok: true, data: content.slice(3) } };
  return { kind: 'answer', number, result: { ok: false, reason: REFUSALS[first - 1] ?? 'unknown-result' } };
}

function keyOf(number: number, content: Uint8Array): PadMessage | null {
  const [key, digits] = [content[2], content[3]];
  if (digits === undefined || content.length !== 4) return null;
  if (key === 1) return { kind: 'key', number, key: 'digit', digits };
  if (key === 2) return { kind: 'key', number, key: 'back', digits };
  if (key === 3) return { kind: 'key', number, key: 'clear', digits };
  return null;
}

function endOf(number: number, content: Uint8Array): PadMessage | null {
  const block = content.slice(3);
  switch (content[2]) {
    case 0:
      if (block.length !== 8 && block.length !== 16) return null;
      return { kind: 'entry-ended', number, outcome: { kind: 'block', block } };
    case 1:
      return { kind: 'entry-ended', number, outcome: { kind: 'cancelled' } };
    case 2:
      return { kind: 'entry-ended', number, outcome: { kind: 'timed-out' } };
    default:
      return null;
  }
}

/** Answer to `identify`: 1 byte of abilities (bit 0 3DES with format 0, bit 1 SM4 with format 4), then the serial number in ASCII. */
export function decodeIdentity(data: Uint8Array): { features: readonly string[]; serialNumber: string } | null {
  const [abilities] = data;
  const serial = String.fromCharCode(...data.subarray(1));
  if (abilities === undefined || !/^[\x21-\x7e]{1,32}$/.test(serial)) return null;
  const features = [...((abilities & 1) === 1 ? ['tdes-iso-0'] : []), ...((abilities & 2) === 2 ? ['sm4-iso-4'] : [])];
  return { features, serialNumber: serial };
}

/** Answer to `status`: bit 0 opened by somebody, bit 1 master key in, bit 2 working key in, bit 3 an entry is open. */
export function decodePadState(
  data: Uint8Array,
): { isTampered: boolean; hasMasterKey: boolean; hasWorkingKey: boolean; isEntryOpen: boolean } | null {
  const [bits] = data;
  if (bits === undefined || data.length !== 1) return null;
  return {
    isTampered: (bits & 1) !== 0,
    hasMasterKey: (bits & 2) !== 0,
    hasWorkingKey: (bits & 4) !== 0,
    isEntryOpen: (bits & 8) !== 0,
  };
}
