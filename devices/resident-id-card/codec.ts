/**
 * The resident ID card reader's bytes (SDT command set of the SAM_V module): commands out, replies in. Pure and total: any bytes
 * give replies or named flaws, and a broken frame never hides the one behind it.
 *
 * ```text
 *  0     5   AA AA AA 96 69
 *  5     2   length of all that follows, check byte included; high byte first
 *  7         command: CMD PARA              reply: SW1 SW2 SW3
 *            data                                  data
 *  last  1   XOR of all bytes from offset 5 up to the byte before
 * ```
 *
 * Source: docs/devices/published-facts.md, after the ministry's description of the module as vendors publish it.
 */
import { joinBytes, xorOf } from '../bytes.ts';
import { ADDRESS_BYTES, TEXT_BYTES } from './text-block.ts';

/** Speeds of the module, bits a second; it leaves the factory with the first. */
export const BAUD_RATES = [115_200, 57_600, 38_400, 19_200, 9_600] as const;

// ---------------------------------------------------------------------------------------------------------------------
// Commands

export type SamCommand =
  | 'reset'
  | 'status'
  | 'sam-number'
  | 'find-card'
  | 'select-card'
  | 'read-card'
  | 'read-card-and-fingerprint'
  /** The address written to the card after a move. 30 03 is what published drivers send; unconfirmed by a specification. */
  | 'read-address';

const CMD_PARA: Record<SamCommand, readonly [number, number]> = {
  reset: [0x10, 0xff],
  status: [0x11, 0xff],
  'sam-number': [0x12, 0xff],
  'find-card': [0x20, 0x01],
  'select-card': [0x20, 0x02],
  'read-card': [0x30, 0x01],
  'read-card-and-fingerprint': [0x30, 0x10],
  'read-address': [0x30, 0x03],
};

export const SAM_COMMANDS = Object.keys(CMD_PARA) as readonly SamCommand[];

/** The whole frame of a command, 10 bytes. */
export function frameOfCommand(command: SamCommand): Uint8Array {
  const [cmd, para] = CMD_PARA[command];
  return Uint8Array.of(...PREAMBLE, 0x00, 0x03, cmd, para, 0x03 ^ cmd ^ para);
}

// ---------------------------------------------------------------------------------------------------------------------
// Frames

const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69] as const;
/** Preamble and length. */
const HEAD = 7;
/** SW1 SW2 SW3 and the check byte. */
const SHORTEST = 4;
/** Text, photo and 1,024 bytes of fingerprint: 2,321 in all. */
const LONGEST = 2_321 - HEAD;

/** One reply. `data` shares its bytes with what was fed in, or with the state. */
export type SamReply = { sw1: number; sw2: number; sw3: number; data: Uint8Array };

/** What came that was no reply; for the log. */
export type FrameFlaw =
  /** Bytes between two frames. */
  | 'noise'
  /** A length no reply has. */
  | 'wrong-length'
  | 'wrong-checksum';

/** The beginning of a frame that is not whole yet. Never longer than the longest frame. */
export type FrameState = { held: Uint8Array };

export const noFrame: FrameState = { held: new Uint8Array(0) };

export type Frames = { state: FrameState; replies: readonly SamReply[]; flaws: readonly FrameFlaw[] };

/** Takes what the wire brought, in whatever pieces. After a broken frame the search goes on inside it. */
export function readFrames(state: FrameState, bytes: Uint8Array): Frames {
  const all = state.held.length === 0 ? bytes : joinBytes(state.held, bytes);
  const replies: SamReply[] = [];
  const flaws: FrameFlaw[] = [];
  let at = 0;
  let inNoise = false;
  while (at < all.length) {
    const start = findPreamble(all, at);
    if (start > at && !inNoise) {
      flaws.push('noise');
      inNoise = true;
    }
    at = start;
    if (all.length - at < HEAD) break;
    const length = ((all[at + 5] ?? 0) << 8) | (all[at + 6] ?? 0);
    if (length < SHORTEST || length > LONGEST) {
      flaws.push('wrong-length');
      inNoise = true;
      at += PREAMBLE.length;
      continue;
    }
    const end = at + HEAD + length;
    if (all.length < end) break;
    if (xorOf(all, at + 5, end) !== 0) {
      flaws.push('wrong-checksum');
      inNoise = true;
      at += PREAMBLE.length;
      continue;
    }
    replies.push({
      sw1: all[at + 7] ?? 0,
      sw2: all[at + 8] ?? 0,
      sw3: all[at + 9] ?? 0,
      data: all.subarray(at + 10, end - 1),
    });
    inNoise = false;
    at = end;
  }
  const rest = at >= all.length ? noFrame : { held: all.slice(at) };
  return { state: rest, replies, flaws };
}

/** Where the next preamble begins, or where one may begin that the end of the bytes cuts off. */
function findPreamble(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(PREAMBLE[0], at);
    if (at === -1) return bytes.length;
    let matched = 1;
    while (matched < PREAMBLE.length && at + matched < bytes.length && bytes[at + matched] === PREAMBLE[matched]) {
      matched += 1;
    }
    if (matched === PREAMBLE.length || at + matched === bytes.length) return at;
    at += 1;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Replies

/** What SW3 says. */
export type SamMeaning =
  /** 90 */
  | { kind: 'ok' }
  /** 9F */
  | { kind: 'card-found' }
  /** 91: the card has no such item, e.g. no appended address. */
  | { kind: 'item-absent' }
  | { kind: 'refused'; reason: SamRefusal };

export type SamRefusal =
  | 'line-checksum'
  | 'line-length'
  | 'unknown-command'
  | 'no-privilege'
  | 'unknown-error'
  | 'card-rejects-reader'
  | 'reader-rejects-card'
  | 'information-not-verified'
  | 'fingerprint-not-verified'
  | 'information-length'
  | 'unknown-card-type'
  | 'read-failed'
  | 'random-number-failed'
  | 'self-test-failed'
  | 'not-authorised'
  | 'find-failed'
  | 'select-failed'
  /** A code that is in no list. */
  | 'unknown-status';

const REFUSALS: Partial<Record<number, SamRefusal>> = {
  16: 'line-checksum',
  17: 'line-length',
  33: 'unknown-command',
  35: 'no-privilege',
  36: 'unknown-error',
  49: 'card-rejects-reader',
  50: 'reader-rejects-card',
  51: 'information-not-verified',
  55: 'fingerprint-not-verified',
  63: 'information-length',
  64: 'unknown-card-type',
  65: 'read-failed',
  71: 'random-number-failed',
  96: 'self-test-failed',
  102: 'not-authorised',
  128: 'find-failed',
  129: 'select-failed',
};

export function meaningOfSw3(sw3: number): SamMeaning {
  switch (sw3) {
    case 0x90:
      return { kind: 'ok' };
    case 0x9f:
      return { kind: 'card-found' };
    case 0x91:
      return { kind: 'item-absent' };
    default:
      return { kind: 'refused', reason: REFUSALS[sw3] ?? 'unknown-status' };
  }
}

/** What helps against a refusal, and who can do it. */
export type Remedy =
  /** No card lies there: lay one. */
  | 'visitor-lays-card'
  /** Lay the card again, flat and still. */
  | 'visitor-lays-card-again'
  /** This is no document the reader knows: take the ID card, or another way to log in. */
  | 'visitor-takes-another-card'
  /** The card is damaged or its contents are not as they were written: the window looks at it. */
  | 'visitor-goes-to-window'
  /** Bytes are lost between kiosk and reader: cable, plug, interference. */
  | 'staff-checks-cable'
  /** The reader does not know or allow the command: it is another model, or wants its licence renewed. */
  | 'staff-checks-model'
  /** The security module is out of order or out of its licence. */
  | 'staff-replaces-reader';

export function remedyFor(reason: SamRefusal): Remedy {
  switch (reason) {
    case 'find-failed':
      return 'visitor-lays-card';
    case 'select-failed':
    case 'read-failed':
    case 'random-number-failed':
    case 'unknown-error':
    case 'unknown-status':
      return 'visitor-lays-card-again';
    case 'unknown-card-type':
      return 'visitor-takes-another-card';
    case 'card-rejects-reader':
    case 'reader-rejects-card':
    case 'information-not-verified':
    case 'fingerprint-not-verified':
    case 'information-length':
      return 'visitor-goes-to-window';
    case 'line-checksum':
    case 'line-length':
      return 'staff-checks-cable';
    case 'unknown-command':
    case 'no-privilege':
      return 'staff-checks-model';
    case 'self-test-failed':
    case 'not-authorised':
      return 'staff-replaces-reader';
  }
}

/**
 * Whether a reply can be the answer to a command. Replies do not name their command, and one that comes after its deadline must not
 * be taken for the next one's: successes differ in their length, some failures in their code.
 */
export function canAnswer(command: SamCommand, { sw3, data }: SamReply): boolean {
  const meaning = meaningOfSw3(sw3);
  switch (meaning.kind) {
    case 'card-found':
      return command === 'find-card' && data.length === 4;
    case 'item-absent':
      return command === 'read-address';
    case 'refused':
      if (meaning.reason === 'find-failed') return command === 'find-card';
      if (meaning.reason === 'select-failed') return command === 'select-card';
      return true;
    case 'ok':
      return isLengthOf(command, data.length);
  }
}

function isLengthOf(command: SamCommand, length: number): boolean {
  switch (command) {
    case 'reset':
    case 'status':
      return length === 0;
    case 'sam-number':
      return length === SAM_NUMBER_BYTES;
    case 'find-card':
      return false;
    case 'select-card':
      return length === 8;
    case 'read-card':
      return length === 4 + TEXT_BYTES + PHOTO_BYTES;
    case 'read-card-and-fingerprint':
      return length >= 6 + TEXT_BYTES + PHOTO_BYTES;
    case 'read-address':
      return length === ADDRESS_BYTES;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// What replies carry

/** WLT, whose form is not published. */
const PHOTO_BYTES = 1_024;
const SAM_NUMBER_BYTES = 16;

export type CardBlocks = { text: Uint8Array; photo: Uint8Array; fingerprint: Uint8Array };

/** Data of a read: two or, with fingerprint, three lengths of two bytes, high byte first, then the blocks. */
export function splitBlocks(
  command: 'read-card' | 'read-card-and-fingerprint',
  data: Uint8Array,
): { ok: true; value: CardBlocks } | { ok: false; reason: 'wrong-block-lengths' } {
  const head = command === 'read-card' ? 4 : 6;
  const length = (at: number) => (at < head ? ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0) : 0);
  const [text, photo, fingerprint] = [length(0), length(2), length(4)];
  if (text !== TEXT_BYTES || data.length !== head + text + photo + fingerprint) {
    return { ok: false, reason: 'wrong-block-lengths' };
  }
  return {
    ok: true,
    value: {
      text: data.subarray(head, head + text),
      photo: data.subarray(head + text, head + text + photo),
      fingerprint: data.subarray(head + text + photo),
    },
  };
}

/**
 * The module's number as its label prints it, e.g. `05.03-20080213-0001234567-1234567890`; `null` where the bytes are too few.
 *
 * ```text
 * 0  2  form, low byte first     8  4  running number, low byte first
 * 2  2  maker                   12  4  random number
 * 4  4  day, YYYYMMDD as a number
 * ```
 */
export function decodeSamNumber(data: Uint8Array): string | null {
  if (data.length !== SAM_NUMBER_BYTES) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const short = (at: number) => String(view.getUint16(at, true)).padStart(2, '0');
  const long = (at: number) => String(view.getUint32(at, true)).padStart(10, '0');
  return `${short(0)}.${short(2)}-${view.getUint32(4, true)}-${long(8)}-${long(12)}`;
}
