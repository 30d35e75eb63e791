import { joinBytes } from '../bytes.ts';
import { longestCodeBytes, type Scan, type ScanFlaw, textOf } from './scan.ts';

/** Bytes of one code follow each other without pause; at 1,200 baud a byte takes 8 ms. */
const longestGapMs = 500;

export type LineState = { partial: Uint8Array; isOverlong: boolean; lastAtMs: number };

export const emptyLine: LineState = {
  partial: new Uint8Array(0),
  isOverlong: false,
  lastAtMs: Number.NEGATIVE_INFINITY,
};

/**
 * Lines end with CR, LF or both; empty ones are nothing. `atMs` is when the bytes came, on any steady clock: what lies unfinished
 * for half a second is noise and does not become the head of the next code.
 */
export function readLine(state: LineState, bytes: Uint8Array, atMs: number): Scan<LineState> {
  const codes: string[] = [];
  const flaws: ScanFlaw[] = [];
  let { partial, isOverlong } = state;
  if (atMs - state.lastAtMs > longestGapMs && (partial.length > 0 || isOverlong)) {
    flaws.push('broken-off');
    partial = emptyLine.partial;
    isOverlong = false;
  }
  const all = partial.length === 0 ? bytes : joinBytes(partial, bytes);
  let start = 0;
  for (let at = partial.length; at < all.length; at += 1) {
    if (all[at] !== carriageReturn && all[at] !== lineFeed) continue;
    const line = all.subarray(start, at);
    start = at + 1;
    if (isOverlong || line.length > longestCodeBytes) flaws.push('too-long');
    else if (line.length > 0) {
      const read = textOf(line);
      if ('flaw' in read) flaws.push(read.flaw);
      else codes.push(read.text);
    }
    isOverlong = false;
  }
  const rest = all.slice(start);
  if (rest.length > longestCodeBytes) isOverlong = true;
  return { state: { partial: isOverlong ? emptyLine.partial : rest, isOverlong, lastAtMs: atMs }, codes, flaws };
}

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
