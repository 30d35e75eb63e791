import { readFileSync } from 'node:fs';
import type { OutlineFont } from '../devices/receipt-printer/rasterise.ts';
import { installedRareFonts, packagedFonts } from './certificates/fonts.ts';
import { TrueTypeFont } from './certificates/true-type.ts';

/**
 * The fonts of the papers, for the rare characters of a receipt. Each file is read at the first character that those before it lack, and
 * most kiosks never meet one.
 */
export function receiptFonts(): OutlineFont[] {
  const files = new Set([...packagedFonts(), ...installedRareFonts()].map(({ file }) => file));
  return [...files].filter((file) => !/Bold/.test(file)).map(fontReadLate);
}

function fontReadLate(file: string): OutlineFont {
  let font: TrueTypeFont | null = null;
  const read = () => {
    font ??= new TrueTypeFont(readFileSync(file));
    return font;
  };
  return {
    get unitsPerEm() {
      return read().unitsPerEm;
    },
    outline: (character) => read().outline(character),
  };
}
