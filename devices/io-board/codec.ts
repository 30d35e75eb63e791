/**
 * The lines of the I/O board. Pure and total; the protocol is the project's own, documented in docs/devices/io-board.md.
 *
 * ```
 *   $ body * hh CR LF        hh: XOR of the body's bytes, two hexadecimal digits
 *   kiosk → board            ?   |   LIGHT colour steady|blink
 *   board → kiosk            STATE name=value …   |   EVENT name=value   |   OK   |   NO reason
 * ```
 */
import { joinBytes, xorOf } from '../bytes.ts';

const keyPositions = ['off', 'operator', 'service'] as const;
const lightColours = ['off', 'green', 'amber', 'red'] as const;

/** Where the staff key stands. */
export type KeyPosition = (typeof keyPositions)[number];
export type Light = { colour: (typeof lightColours)[number]; isBlinking: boolean };

/** What a board tells; one that lacks an input leaves it out. */
export type BoardState = {
  key?: KeyPosition;
  /** Somebody stands in front. */
  near?: boolean;
  door?: 'open' | 'closed';
  light?: Light;
};

export type BoardMessage =
  | { kind: 'state'; state: BoardState }
  | { kind: 'event'; state: BoardState }
  | { kind: 'ok' }
  | { kind: 'no'; reason: string };

/** Why a line is none. For logs. */
export type BoardFlaw = 'wrong-checksum' | 'unknown-line' | 'unknown-value' | 'too-long';

/** Bytes of a line that is not complete. */
export type LineState = { partial: Uint8Array; isOverlong: boolean };
export const noLine: LineState = { partial: new Uint8Array(0), isOverlong: false };

/** Longer than any line of the protocol. */
const longestLineBytes = 120;

export function encodeLine(body: string): Uint8Array {
  return new TextEncoder().encode(`$${body}*${checksumOf(new TextEncoder().encode(body))}\r\n`);
}

export const askState = encodeLine('?');

export function encodeLight({ colour, isBlinking }: Light): Uint8Array {
  return encodeLine(`LIGHT ${colour} ${isBlinking ? 'blink' : 'steady'}`);
}

/** Takes lines out of the bytes. What stands before a `$` is noise of a board that starts and is no flaw. */
export function readLines(
  state: LineState,
  bytes: Uint8Array,
): { state: LineState; messages: readonly BoardMessage[]; flaws: readonly BoardFlaw[] } {
  const messages: BoardMessage[] = [];
  const flaws: BoardFlaw[] = [];
  const all = state.partial.length === 0 ? bytes : joinBytes(state.partial, bytes);
  let { isOverlong } = state;
  let start = 0;
  for (let end = all.indexOf(lineFeed); end >= 0; end = all.indexOf(lineFeed, start)) {
    const line = all.subarray(start, end);
    start = end + 1;
    if (isOverlong || line.length > longestLineBytes) flaws.push('too-long');
    else {
      const read = readLine(line);
      if (typeof read === 'string') flaws.push(read);
      else if (read !== null) messages.push(read);
    }
    isOverlong = false;
  }
  const rest = all.slice(start);
  if (rest.length > longestLineBytes) isOverlong = true;
  return { state: { partial: isOverlong ? noLine.partial : rest, isOverlong }, messages, flaws };
}

const lineFeed = 0x0a;
const dollar = 0x24;
const ascii = new TextDecoder('latin1');

/** Null for a line without a `$`. */
function readLine(line: Uint8Array): BoardMessage | BoardFlaw | null {
  const start = line.lastIndexOf(dollar);
  if (start < 0) return null;
  const end = line.at(-1) === 0x0d ? line.length - 1 : line.length;
  const star = end - 3;
  const isFramed = star > start && line[star] === 0x2a;
  if (!isFramed) return 'unknown-line';
  const sum = xorOf(line, start + 1, star);
  const isSound =
    line[star + 1] === hexDigits.charCodeAt(sum >> 4) && line[star + 2] === hexDigits.charCodeAt(sum & 15);
  return isSound ? readBody(ascii.decode(line.subarray(start + 1, star))) : 'wrong-checksum';
}

function readBody(body: string): BoardMessage | BoardFlaw {
  const [word, ...fields] = body.split(' ');
  switch (word) {
    case 'OK':
      return fields.length === 0 ? { kind: 'ok' } : 'unknown-line';
    case 'NO':
      return { kind: 'no', reason: fields.join(' ') };
    case 'STATE':
    case 'EVENT': {
      const state = readFields(fields);
      return state === null ? 'unknown-value' : { kind: word === 'STATE' ? 'state' : 'event', state };
    }
    default:
      return 'unknown-line';
  }
}

/** Names nobody knows are a newer board's and passed over; values nobody knows are an error. */
function readFields(fields: readonly string[]): BoardState | null {
  const state: BoardState = {};
  for (const field of fields) {
    const [name = '', value = ''] = field.split('=');
    switch (name) {
      case 'key': {
        const key = keyPositions.find((position) => position === value);
        if (key === undefined) return null;
        state.key = key;
        break;
      }
      case 'near':
        if (value !== '0' && value !== '1') return null;
        state.near = value === '1';
        break;
      case 'door':
        if (value !== 'open' && value !== 'closed') return null;
        state.door = value;
        break;
      case 'light': {
        const [shown, mode] = value.split('-');
        const colour = lightColours.find((one) => one === shown);
        if (colour === undefined || (mode !== 'steady' && mode !== 'blink')) return null;
        state.light = { colour, isBlinking: mode === 'blink' };
        break;
      }
    }
  }
  return state;
}

const hexDigits = '0123456789ABCDEF';

function checksumOf(body: Uint8Array): string {
  return xorOf(body, 0, body.length).toString(16).toUpperCase().padStart(2, '0');
}
