import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GlyphCoverage, packagedFonts } from './fonts.ts';
import { layoutsFolder } from './layouts.ts';
import { drawSeal } from './seal-picture.ts';
import { TrueTypeFont } from './true-type.ts';

const fonts = packagedFonts();
const coverage = GlyphCoverage.of(fonts);

test('the packaged chain has the rare characters of real names', () => {
  expect(coverage.missing('𠮷㐀龘𡋾买买提·吐尔逊 Müller ÅÑ')).toEqual([]);
});

test('no single font of the chain would do', () => {
  for (const font of fonts) expect(GlyphCoverage.of([font]).missing('𠮷𡋾').length).toBeGreaterThan(0);
});

test('names what no font has, each character once', () => {
  // U+2FFFF is no character and never will be.
  expect(coverage.missing('张😀\u{2ffff}三😀')).toEqual(['😀', '\u{2ffff}']);
});

test('takes characters that print nothing for missing ones: the name would not be the name one sees', () => {
  for (const hidden of ['\u200b', '\u202e', '\ufeff', '\u0007', '\n', '\ue863', '\u{e0100}']) {
    expect(coverage.missing(`张${hidden}三`)).toEqual([hidden]);
  }
});

test('every character that stands in the layouts themselves can be printed', () => {
  for (const name of readdirSync(layoutsFolder).filter((file) => file.endsWith('.typ'))) {
    const text = readFileSync(join(layoutsFolder, name), 'utf8')
      .replaceAll(/\/\/.*$/gm, '')
      .replaceAll('\n', ' ');
    expect(coverage.missing(text), name).toEqual([]);
  }
});

test('reads an outline: 一 is one closed contour, a broad flat one', () => {
  const font = new TrueTypeFont(readFileSync(fonts[1]?.file ?? ''));
  const strokes = font.outline('一') ?? [];
  expect(strokes.filter((stroke) => stroke.kind === 'M')).toHaveLength(1);
  const points = strokes.flatMap((stroke) => stroke.points);
  const breadth = Math.max(...points.map(([x]) => x)) - Math.min(...points.map(([x]) => x));
  const height = Math.max(...points.map(([, y]) => y)) - Math.min(...points.map(([, y]) => y));
  expect(breadth).toBeGreaterThan(font.unitsPerEm * 0.8);
  expect(height).toBeLessThan(font.unitsPerEm * 0.2);
});

test('draws the seal within its ring, and says on it that it is a demonstration', () => {
  const font = new TrueTypeFont(readFileSync(fonts[1]?.file ?? ''));
  for (const name of [
    '云川市社保中心',
    '云川市社会保险事业管理中心',
    '云川市东湖高新技术产业开发区社会保险事业管理中心',
  ]) {
    const seal = drawSeal(name, font);
    const path = /<path d="([^"]+)"/.exec(seal)?.[1] ?? '';
    const numbers = (path.match(/-?\d+/g) ?? []).map(Number);
    for (let index = 0; index < numbers.length; index += 2) {
      expect(Math.hypot((numbers[index] ?? 0) - 500, (numbers[index + 1] ?? 0) - 500)).toBeLessThan(452);
    }
    // The star, and at least one contour for each character of the name and of 演示专用章.
    expect(path.match(/M/g)?.length).toBeGreaterThan(name.length + 5);
  }
});
