/**
 * Characters as dots, for those a receipt printer's own font lacks. Pure; the outlines come in, since reading font files is not a
 * device's work.
 */
import { type Bitmap, blacken, emptyBitmap } from './bitmap.ts';

/**
 * Text as dots, in cells: {@link columnsOf} half-widths of `heightDots / 2` each. What it cannot draw it names; it never draws a box.
 */
export type Rasterise = (
  text: string,
  heightDots: number,
) => { ok: true; bitmap: Bitmap } | { ok: false; missing: readonly string[] };

/** Where no font is at hand: says of every character that it cannot be drawn. */
export const rasteriseNothing: Rasterise = (text) => ({ ok: false, missing: [...new Set(text)] });

/** A stroke of a closed contour as SVG names it; coordinates in font units, y upwards. */
export type OutlineStroke = { kind: 'M' | 'L' | 'Q'; points: readonly (readonly [x: number, y: number])[] };

/** A font that gives outlines; null for a character it has not. A space is an empty outline. */
export type OutlineFont = { unitsPerEm: number; outline(character: string): readonly OutlineStroke[] | null };

/** How many half-widths a character takes on a receipt: ASCII one, all else two, as printers with a Chinese font have it. */
export function columnsOf(character: string): 1 | 2 {
  return character >= ' ' && character <= '~' ? 1 : 2;
}

/** Draws with the first font that has the character; a line of a rare name is drawn whole, so common characters must be there too. */
export function rasteriserOf(fonts: readonly OutlineFont[]): Rasterise {
  return (text, heightDots) => {
    const characters = [...text];
    const widthDots = characters.reduce((sum, character) => sum + (columnsOf(character) * heightDots) / 2, 0);
    const bitmap = emptyBitmap(widthDots, heightDots);
    const missing = new Set<string>();
    let left = 0;
    for (const character of characters) {
      const cellDots = (columnsOf(character) * heightDots) / 2;
      if (character !== ' ' && !drawGlyph(bitmap, character, fonts, left, cellDots)) missing.add(character);
      left += cellDots;
    }
    return missing.size === 0 ? { ok: true, bitmap } : { ok: false, missing: [...missing] };
  };
}

/** Where the baseline lies, from the top: Chinese fonts have 0.88 of the em above it. */
const ascent = 0.88;

/** Rows a dot is looked at: strokes of a serif font are thinner than a dot at this size. */
const rowsPerDot = 4;

/** A dot is black when at least this share of it is covered. */
const blackFrom = 0.4;

type Edge = { x0: number; y0: number; x1: number; y1: number; winding: 1 | -1 };

function drawGlyph(
  bitmap: Bitmap,
  character: string,
  fonts: readonly OutlineFont[],
  left: number,
  cellDots: number,
): boolean {
  for (const font of fonts) {
    const strokes = font.outline(character);
    // An empty outline of a character that is no space is a font's way of having it in name only.
    if (strokes === null || strokes.length === 0) continue;
    fill(bitmap, edgesOf(strokes, font.unitsPerEm, bitmap.heightDots, left, cellDots), left, cellDots);
    return true;
  }
  return false;
}

/** The contours as straight edges in dots, y downwards, set into the cell: Latin letters narrower than it in its middle. */
function edgesOf(
  strokes: readonly OutlineStroke[],
  unitsPerEm: number,
  heightDots: number,
  left: number,
  cellDots: number,
): Edge[] {
  const scale = heightDots / unitsPerEm;
  const xs = strokes.flatMap(({ points }) => points.map(([x]) => x * scale));
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const squeeze = Math.min(1, cellDots / Math.max(high - low, 1));
  const isWhole = cellDots >= heightDots && low >= 0 && high <= cellDots;
  const shift = isWhole ? 0 : (cellDots - (high - low) * squeeze) / 2 - low * squeeze;
  const place = ([x, y]: readonly [number, number]): [number, number] => [
    left + x * scale * squeeze + shift,
    heightDots * ascent - y * scale,
  ];

  const edges: Edge[] = [];
  let start: [number, number] = [0, 0];
  let at: [number, number] = [0, 0];
  const lineTo = (to: [number, number]) => {
    if (at[1] < to[1]) edges.push({ x0: at[0], y0: at[1], x1: to[0], y1: to[1], winding: 1 });
    else if (at[1] > to[1]) edges.push({ x0: to[0], y0: to[1], x1: at[0], y1: at[1], winding: -1 });
    at = to;
  };
  for (const { kind, points } of strokes) {
    const [first, second] = points;
    if (first === undefined) continue;
    if (kind === 'M') {
      lineTo(start);
      start = place(first);
      at = start;
    } else if (kind === 'L' || second === undefined) {
      lineTo(place(first));
    } else {
      const [from, control, to] = [at, place(first), place(second)];
      for (let step = 1; step <= 6; step += 1) lineTo(onCurve(from, control, to, step / 6));
    }
  }
  lineTo(start);
  return edges;
}

function onCurve(from: [number, number], control: [number, number], to: [number, number], t: number): [number, number] {
  const u = 1 - t;
  return [
    u * u * from[0] + 2 * u * t * control[0] + t * t * to[0],
    u * u * from[1] + 2 * u * t * control[1] + t * t * to[1],
  ];
}

/** Fills by the nonzero rule, as TrueType wants it, and blackens the dots that are covered enough. */
function fill(bitmap: Bitmap, edges: readonly Edge[], left: number, cellDots: number): void {
  for (let y = 0; y < bitmap.heightDots; y += 1) {
    const covered = new Float64Array(cellDots);
    for (let sub = 0; sub < rowsPerDot; sub += 1) {
      const row = y + (sub + 0.5) / rowsPerDot;
      const crossings = edges
        .filter(({ y0, y1 }) => y0 <= row && row < y1)
        .map(({ x0, y0, x1, y1, winding }) => ({ x: x0 + ((row - y0) / (y1 - y0)) * (x1 - x0) - left, winding }))
        .sort((one, other) => one.x - other.x);
      let winding = 0;
      for (const [index, crossing] of crossings.entries()) {
        winding += crossing.winding;
        const next = crossings[index + 1];
        if (winding !== 0 && next !== undefined) cover(covered, crossing.x, next.x);
      }
    }
    for (let x = 0; x < cellDots; x += 1) {
      if ((covered[x] ?? 0) >= blackFrom * rowsPerDot) blacken(bitmap, left + x, y);
    }
  }
}

function cover(covered: Float64Array, from: number, to: number): void {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(covered.length - 1, Math.floor(to));
  for (let x = first; x <= last; x += 1) {
    covered[x] = (covered[x] ?? 0) + Math.max(0, Math.min(to, x + 1) - Math.max(from, x));
  }
}
