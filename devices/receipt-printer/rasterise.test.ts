import { describe, expect, it } from 'vitest';
import { drawn, inkOf, isBlack } from './bitmap.ts';
import { type OutlineFont, type OutlineStroke, rasteriseNothing, rasteriserOf } from './rasterise.ts';

/** A square from (x, y) upwards and to the right, in units of an em of 100. */
function square(x: number, y: number, side: number, isHole = false): OutlineStroke[] {
  const corners: [number, number][] = [
    [x, y],
    [x, y + side],
    [x + side, y + side],
    [x + side, y],
  ];
  const [first, ...rest] = isHole ? corners.toReversed() : corners;
  if (first === undefined) return [];
  return [{ kind: 'M', points: [first] }, ...rest.map((corner) => ({ kind: 'L' as const, points: [corner] }))];
}

function fontOf(glyphs: Record<string, OutlineStroke[]>): OutlineFont {
  return { unitsPerEm: 100, outline: (character) => glyphs[character] ?? null };
}

function bitmapOf(text: string, fonts: OutlineFont[], heightDots = 24) {
  const drawing = rasteriserOf(fonts)(text, heightDots);
  if (!drawing.ok) throw new Error(`missing ${drawing.missing.join('')}`);
  return drawing.bitmap;
}

describe('the rasteriser', () => {
  it('fills an outline and leaves its hole open', () => {
    const ring = fontOf({ 回: [...square(0, -12, 100), ...square(25, 13, 50, true)] });
    const bitmap = bitmapOf('回', [ring]);
    expect(bitmap).toMatchObject({ widthDots: 24, heightDots: 24 });
    expect(isBlack(bitmap, 1, 1)).toBe(true);
    expect(isBlack(bitmap, 12, 12)).toBe(false);
    expect(inkOf(bitmap)).toBe(24 * 24 - 12 * 12);
  });

  it('fills where two strokes of a glyph cross, as TrueType wants it', () => {
    const crossing = fontOf({ 十: [...square(0, 0, 60), ...square(20, 20, 60)] });
    expect(isBlack(bitmapOf('十', [crossing]), 10, 10)).toBe(true);
  });

  it('follows curves', () => {
    const bow: OutlineStroke[] = [
      { kind: 'M', points: [[0, 0]] },
      {
        kind: 'Q',
        points: [
          [50, 100],
          [100, 0],
        ],
      },
    ];
    const bitmap = bitmapOf('弓', [fontOf({ 弓: bow })], 100);
    expect(isBlack(bitmap, 50, 88 - 45)).toBe(true);
    expect(isBlack(bitmap, 50, 88 - 55)).toBe(false);
    expect(isBlack(bitmap, 5, 88 - 30)).toBe(false);
  });

  it('gives ASCII half the width, and leaves a space free', () => {
    const font = fontOf({ A: square(0, 0, 50), 王: square(0, 0, 100) });
    const bitmap = bitmapOf('A 王', [font]);
    expect(bitmap.widthDots).toBe(12 + 12 + 24);
    for (let x = 12; x < 24; x += 1) for (let y = 0; y < 24; y += 1) expect(isBlack(bitmap, x, y)).toBe(false);
  });

  it('takes the first font that has the character', () => {
    const bitmap = bitmapOf('𠮷', [fontOf({}), fontOf({ 𠮷: square(0, 0, 50) }), fontOf({ 𠮷: square(0, 0, 100) })]);
    expect(inkOf(bitmap)).toBe(144);
  });

  it('names what no font has, each once, and takes an empty outline for none', () => {
    const font = fontOf({ 王: square(0, 0, 50), 空: [] });
    expect(rasteriserOf([font])('王𠮷空𠮷', 24)).toEqual({ ok: false, missing: ['𠮷', '空'] });
    expect(rasteriseNothing('王王', 24)).toEqual({ ok: false, missing: ['王'] });
  });

  it('can be looked at', () => {
    expect(drawn(bitmapOf('十', [fontOf({ 十: square(0, 0, 100) })], 4))).toBe('████\n████');
  });
});
