/**
 * The frames of the motorised card reader. Pure and total; the protocol is docs/devices/motorised-card-reader.md.
 *
 * ```
 *   02 | LenHi LenLo | body | CHK        CHK: XOR from LenHi to the last byte of the body
 *   body to the reader: command, data    from it: command, result, data   or   45, position
 * ```
 */
import { joinBytes, xorOf } from '../bytes.ts';

export const MotorCommand = {
  state: 0x53,
  allowEntry: 0x41,
  out: 0x4f,
  keep: 0x4b,
  powerOn: 0x50,
  powerOff: 0x51,
  exchange: 0x58,
} as const;

export type MotorCommandCode = (typeof MotorCommand)[keyof typeof MotorCommand];

/** The body's first byte when the reader speaks by itself. */
export const positionNotice = 0x45;

const positions = ['empty', 'entering', 'inside', 'gate', 'jammed'] as const;
/** Where the card is. */
export type CardPosition = (typeof positions)[number];

const results = ['done', 'no-card', 'chip-mute', 'jammed', 'box-full', 'unknown-command', 'exchange-failed'] as const;
export type MotorResult = (typeof results)[number];

export type MotorMessage =
  | { kind: 'answer'; command: number; result: MotorResult; data: Uint8Array }
  | { kind: 'position'; position: CardPosition };

export type MotorFlaw = 'wrong-checksum' | 'wrong-length' | 'unknown-body';

export type MotorState = { partial: Uint8Array };
export const noFrame: MotorState = { partial: new Uint8Array(0) };

const longestBodyBytes = 600;
const start = 0x02;
/** 02, two of length, CHK. */
const framing = 4;

/** A frame around a body of 1 to 600 bytes. */
export function encodeFrame(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(body.length + framing);
  frame.set([start, body.length >> 8, body.length & 0xff]);
  frame.set(body, 3);
  frame[frame.length - 1] = xorOf(frame, 1, frame.length - 1);
  return frame;
}

/** Takes frames out of the bytes; after a flaw reading goes on at the next 02. */
export function readFrames(
  state: MotorState,
  bytes: Uint8Array,
): { state: MotorState; messages: readonly MotorMessage[]; flaws: readonly MotorFlaw[] } {
  const messages: MotorMessage[] = [];
  const flaws: MotorFlaw[] = [];
  const all = state.partial.length === 0 ? bytes : joinBytes(state.partial, bytes);
  let at = all.indexOf(start);
  while (at >= 0) {
    const rest = all.length - at;
    if (rest < 3) break;
    const length = ((all[at + 1] ?? 0) << 8) | (all[at + 2] ?? 0);
    if (length === 0 || length > longestBodyBytes) {
      flaws.push('wrong-length');
      at = all.indexOf(start, at + 1);
      continue;
    }
    if (rest < length + framing) break;
    const end = at + 3 + length;
    if (all[end] !== xorOf(all, at + 1, end)) {
      flaws.push('wrong-checksum');
      at = all.indexOf(start, at + 1);
      continue;
    }
    const message = readBody(all.slice(at + 3, end));
    if (message === null) flaws.push('unknown-body');
    else messages.push(message);
    at = all.indexOf(start, end + 1);
  }
  return { state: at < 0 ? noFrame : { partial: all.slice(at) }, messages, flaws };
}

function readBody(body: Uint8Array): MotorMessage | null {
  const [code = 0, second] = body;
  if (code === positionNotice) {
    const position = positions[second ?? -1];
    return position === undefined || body.length !== 2 ? null : { kind: 'position', position };
  }
  const result = results[second ?? -1];
  return result === undefined ? null : { kind: 'answer', command: code, result, data: body.slice(2) };
}

/** What the reader says of itself: | 0 position | 1 entry allowed | 2 cards in the box |. */
export type MotorCondition = { position: CardPosition; isEntryAllowed: boolean; cardsKept: number };

/** The data of the answer to `state`; null where it cannot be one. */
export function readCondition(data: Uint8Array): MotorCondition | null {
  const position = positions[data[0] ?? -1];
  const allowed = data[1];
  if (position === undefined || (allowed !== 0 && allowed !== 1) || data.length !== 3) return null;
  return { position, isEntryAllowed: allowed === 1, cardsKept: data[2] ?? 0 };
}

/** The byte of a position or result, for those who play the reader. */
export function byteOfPosition(position: CardPosition): number {
  return positions.indexOf(position);
}

export function byteOfResult(result: MotorResult): number {
  return results.indexOf(result);
}
