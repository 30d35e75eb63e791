/**
 * A receipt as ESC/POS bytes. Pure.
 *
 * ```
 *   1B 40          start anew             1D 21 nn      size: 00 ordinary, 11 twice as wide and high
 *   1C 26 … 1C 2E  Chinese, GB18030       1B 45 n       bold
 *   1D 76 30 00 xL xH yL yH …             dots: rows of x bytes, y of them
 *   1D 28 6B …     QR code                1D 56 42 00   feed to the knife and cut
 * ```
 * Sources: Epson's ESC/POS reference as the manuals of HPRT, Custom and Better give it; docs/devices/published-facts.md.
 */
import iconv from 'iconv-lite';
import { joinBytes } from '../bytes.ts';
import { type Bitmap, emboldened, strideOf } from './bitmap.ts';
import { columnsOf, type Rasterise } from './rasterise.ts';

/** One thing on a receipt; text that is longer than a line is broken. Large is twice as wide and high. */
export type ReceiptLine =
  | { kind: 'text'; text: string; isBold?: boolean; isLarge?: boolean; isCentred?: boolean }
  /** A label at the left edge and its value at the right one; on two lines where both do not fit on one. */
  | { kind: 'row'; left: string; right: string; isBold?: boolean }
  | { kind: 'rule' }
  | { kind: 'feed'; lines: number }
  /** A QR code, drawn by the printer. Printable characters only, at most 1,000 bytes of UTF-8. */
  | { kind: 'code'; text: string };

/** From top to bottom; the cut at the end is added. */
export type Receipt = { lines: readonly ReceiptLine[] };

/** The paper, and which Chinese characters the printer has: those of GB 2312 only, or all two-byte ones of GBK. */
export type ReceiptPaper = { widthDots: number; font: 'gb2312' | 'gbk' };

/** 80 mm paper at 8 dots a millimetre, and the font that every printer sold in China has. */
export const paper80mm: ReceiptPaper = { widthDots: 576, font: 'gb2312' };
export const paper58mm: ReceiptPaper = { widthDots: 384, font: 'gb2312' };

/**
 * The bytes in blocks that end between commands, so that the printer can be asked after each how far it is. Or why there are none:
 * `unprintable` names the characters that neither the printer nor the rasteriser has (personal data: not for logs).
 */
type EncodedReceipt =
  | { ok: true; blocks: readonly Uint8Array[] }
  | { ok: false; reason: 'unprintable'; characters: readonly string[] }
  | { ok: false; reason: 'code-too-long' };

/** Half-widths of the printer's font A, dots. */
const columnDots = 12;
const glyphDots = 24;
const longestCodeBytes = 1_000;

/** A block closes at this size: what a printer out of paper still holds, and may print after a refill, is at most one. */
const blockBytes = 256;

type Row = { text: string; isBold: boolean; isLarge: boolean };
type Piece = { ok: true; bytes: readonly Uint8Array[] } | Extract<EncodedReceipt, { ok: false }>;

export function encodeReceipt(receipt: Receipt, paper: ReceiptPaper, rasterise: Rasterise): EncodedReceipt {
  const pieces: Uint8Array[] = [start];
  const unprintable = new Set<string>();
  for (const line of receipt.lines) {
    const piece = encodeLine(line, paper, rasterise);
    if (piece.ok) pieces.push(...piece.bytes);
    else if (piece.reason === 'unprintable') for (const character of piece.characters) unprintable.add(character);
    else return piece;
  }
  if (unprintable.size > 0) return { ok: false, reason: 'unprintable', characters: [...unprintable] };
  pieces.push(cut);
  return { ok: true, blocks: blocksOf(pieces) };
}

/** Initialise, and no unasked status (1D 61 00): an answer nobody asked for makes an outcome doubtful. */
const start = Uint8Array.of(0x1b, 0x40, 0x1d, 0x61, 0x00);
/** Feeds what is printed past the knife and cuts, leaving a bridge, so that the paper does not fall. */
export const cut = Uint8Array.of(0x1d, 0x56, 0x42, 0x00);

function encodeLine(line: ReceiptLine, paper: ReceiptPaper, rasterise: Rasterise): Piece {
  switch (line.kind) {
    case 'rule':
      return { ok: true, bytes: [asciiOf(`${'-'.repeat(columnsAcross(paper))}\n`)] };
    case 'feed':
      // 1B 64 n: print and feed n lines.
      return { ok: true, bytes: [Uint8Array.of(0x1b, 0x64, Math.min(Math.max(line.lines, 0), 20))] };
    case 'code':
      return encodeCode(line.text);
    case 'text':
    case 'row': {
      const bytes: Uint8Array[] = [];
      const characters = new Set<string>();
      for (const row of rowsOf(line, columnsAcross(paper))) {
        const piece = encodeRow(row, paper, rasterise);
        if (piece.ok) bytes.push(...piece.bytes);
        else if (piece.reason === 'unprintable') for (const one of piece.characters) characters.add(one);
      }
      if (characters.size > 0) return { ok: false, reason: 'unprintable', characters: [...characters] };
      return { ok: true, bytes };
    }
  }
}

function columnsAcross({ widthDots }: ReceiptPaper): number {
  return Math.floor(widthDots / columnDots);
}

/** Lines as they stand on paper; places are made with spaces, so that dots and the printer's own letters line up. */
function rowsOf(line: Extract<ReceiptLine, { kind: 'text' | 'row' }>, across: number): Row[] {
  const isBold = line.isBold ?? false;
  if (line.kind === 'row') {
    const gap = across - widthOf(line.left) - widthOf(line.right);
    const row = (text: string): Row => ({ text, isBold, isLarge: false });
    if (gap >= 1) return [row(line.left + ' '.repeat(gap) + line.right)];
    const right = broken(line.right, across).map((text) => row(' '.repeat(across - widthOf(text)) + text));
    return [...broken(line.left, across).map(row), ...right];
  }
  const isLarge = line.isLarge ?? false;
  const room = isLarge ? Math.floor(across / 2) : across;
  return broken(line.text, room).map((text) => {
    const margin = line.isCentred === true ? Math.floor((room - widthOf(text)) / 2) : 0;
    return { text: ' '.repeat(margin) + text, isBold, isLarge };
  });
}

function widthOf(text: string): number {
  let columns = 0;
  for (let at = 0; at < text.length; at += 1) {
    columns += isAscii(text.charCodeAt(at)) ? 1 : 2;
    // A pair is one character.
    if ((text.codePointAt(at) ?? 0) > 0xffff) at += 1;
  }
  return columns;
}

/** Broken where the line is full: Chinese breaks anywhere. */
function broken(text: string, room: number): string[] {
  if (widthOf(text) <= room) return [text];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const character of text) {
    const columns = columnsOf(character);
    if (used + columns > room) {
      lines.push(line);
      line = '';
      used = 0;
    }
    line += character;
    used += columns;
  }
  lines.push(line);
  return lines;
}

function encodeRow(row: Row, paper: ReceiptPaper, rasterise: Rasterise): Piece {
  if (isAllInFont(row.text, paper.font)) return { ok: true, bytes: [textBytes(row)] };
  // A control character would be a command to the printer.
  const controls = [...row.text].filter(isControl);
  if (controls.length > 0) return { ok: false, reason: 'unprintable', characters: controls };

  const drawn = rasterise(row.text, row.isLarge ? glyphDots * 2 : glyphDots);
  if (!drawn.ok) return { ok: false, reason: 'unprintable', characters: drawn.missing };
  return { ok: true, bytes: rasterBytes(row.isBold ? emboldened(drawn.bitmap) : drawn.bitmap) };
}

function isControl(character: string): boolean {
  return character < ' ' || (character >= '\u007f' && character <= '\u009f');
}

/** Whether the printer's own font has a character. A four-byte character of GB18030 no font of a printer has. */
export function isInFont(character: string, font: ReceiptPaper['font']): boolean {
  return character.length === 1 && isUnitInFont(character.charCodeAt(0), font);
}

function isAllInFont(text: string, font: ReceiptPaper['font']): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (!isUnitInFont(text.charCodeAt(at), font)) return false;
  }
  return true;
}

/** A half of a pair is in none: outside the basic plane GB18030 has four bytes for everything. */
function isUnitInFont(unit: number, font: ReceiptPaper['font']): boolean {
  if (isAscii(unit)) return true;
  const code = twoBytesOf(unit);
  return code !== noTwoBytes && (font === 'gbk' || isInGb2312(code >> 8, code & 0xff));
}

function isAscii(unit: number): boolean {
  return unit >= 0x20 && unit <= 0x7e;
}

const noTwoBytes = 1;
/** GB18030 by code unit, where that is two bytes; 0 where it was not asked for yet. */
const twoBytes = new Uint16Array(65_536);

function twoBytesOf(unit: number): number {
  const known = twoBytes[unit] ?? 0;
  if (known !== 0) return known;
  const [lead = 0, trail, more] = iconv.encode(String.fromCharCode(unit), 'gb18030');
  const isPrivate = unit >= 0xe000 && unit <= 0xf8ff;
  const code = trail === undefined || more !== undefined || isPrivate ? noTwoBytes : (lead << 8) | trail;
  twoBytes[unit] = code;
  return code;
}

/** GB 2312-80: rows 1 to 9 are signs, with gaps; 16 to 87 are characters, row 55 five short. */
function isInGb2312(lead: number, trail: number): boolean {
  if (trail < 0xa1 || trail > 0xfe) return false;
  if (lead >= 0xb0 && lead <= 0xf7) return lead !== 0xd7 || trail <= 0xf9;
  return (gb2312Signs[lead] ?? []).some(([first, last]) => trail >= first && trail <= last);
}

const gb2312Signs: Readonly<Record<number, readonly (readonly [first: number, last: number])[]>> = {
  161: [[0xa1, 0xfe]],
  162: [
    [0xb1, 0xe2],
    [0xe5, 0xee],
    [0xf1, 0xfc],
  ],
  163: [[0xa1, 0xfe]],
  164: [[0xa1, 0xf3]],
  165: [[0xa1, 0xf6]],
  166: [
    [0xa1, 0xb8],
    [0xc1, 0xd8],
  ],
  167: [
    [0xa1, 0xc1],
    [0xd1, 0xf1],
  ],
  168: [
    [0xa1, 0xba],
    [0xc5, 0xe9],
  ],
  169: [[0xa4, 0xef]],
};

const chineseOn = Uint8Array.of(0x1c, 0x26);
const chineseOff = Uint8Array.of(0x1c, 0x2e);
const boldOn = Uint8Array.of(0x1b, 0x45, 1);
const boldOff = Uint8Array.of(0x1b, 0x45, 0);
const large = Uint8Array.of(0x1d, 0x21, 0x11);
const ordinary = Uint8Array.of(0x1d, 0x21, 0x00);
const lineFeed = Uint8Array.of(0x0a);

/** Text of which every character is in the font. */
function textBytes({ text, isBold, isLarge }: Row): Uint8Array {
  const printed = text.trimEnd();
  const gb = gbOf(printed);
  const parts: Uint8Array[] = [];
  if (isLarge) parts.push(large);
  if (isBold) parts.push(boldOn);
  if (gb.length > printed.length) parts.push(chineseOn, gb, chineseOff);
  else parts.push(gb);
  parts.push(lineFeed);
  if (isBold) parts.push(boldOff);
  if (isLarge) parts.push(ordinary);
  return joinBytes(...parts);
}

function gbOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isAscii(unit)) bytes[length++] = unit;
    else {
      const code = twoBytesOf(unit);
      bytes[length++] = code >> 8;
      bytes[length++] = code & 0xff;
    }
  }
  return bytes.subarray(0, length);
}

/** In bands of 24 rows, so that no block is large; then as much air as there is between lines of text. */
function rasterBytes(bitmap: Bitmap): Uint8Array[] {
  const stride = strideOf(bitmap);
  const bands: Uint8Array[] = [];
  for (let y = 0; y < bitmap.heightDots; y += glyphDots) {
    const rows = Math.min(glyphDots, bitmap.heightDots - y);
    const dots = harmless(bitmap.rows.subarray(y * stride, (y + rows) * stride));
    bands.push(joinBytes(Uint8Array.of(0x1d, 0x76, 0x30, 0, stride & 0xff, stride >> 8, rows, 0), dots));
  }
  bands.push(Uint8Array.of(0x1b, 0x4a, 6));
  return bands;
}

/**
 * Printers look for real-time commands everywhere, in pictures too: dots that read 10 04, 10 05 or 10 14 would ask for a status or
 * clear the buffer. One dot more beside the one of 10 hides them, and nobody sees it.
 */
function harmless(dots: Uint8Array): Uint8Array {
  const safe = dots.slice();
  for (let at = 0; at < safe.length; at += 1) {
    const next = safe[at + 1];
    if (safe[at] === 0x10 && (next === 0x04 || next === 0x05 || next === 0x14)) safe[at] = 0x18;
  }
  return safe;
}

function encodeCode(text: string): Piece {
  const controls = [...text].filter(isControl);
  if (controls.length > 0) return { ok: false, reason: 'unprintable', characters: controls };
  const data = new TextEncoder().encode(text);
  if (data.length > longestCodeBytes) return { ok: false, reason: 'code-too-long' };
  const length = data.length + 3;
  const command = joinBytes(
    // Centred; model 2; a module of 6 dots; error correction M; store; print.
    Uint8Array.of(0x1b, 0x61, 1),
    Uint8Array.of(0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0),
    Uint8Array.of(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, 6),
    Uint8Array.of(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31),
    Uint8Array.of(0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30),
    data,
    Uint8Array.of(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30),
    Uint8Array.of(0x1b, 0x61, 0),
  );
  return { ok: true, bytes: [command] };
}

function blocksOf(pieces: readonly Uint8Array[]): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    if (size > 0 && size + piece.length > blockBytes) {
      blocks.push(joinBytes(...open));
      open = [];
      size = 0;
    }
    open.push(piece);
    size += piece.length;
  }
  blocks.push(joinBytes(...open));
  return blocks;
}

function asciiOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
