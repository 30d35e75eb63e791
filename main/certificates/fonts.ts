import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TrueTypeFont } from './true-type.ts';

/** A font file of the paper, by the family name the layouts call it. */
export type PaperFont = { family: string; file: string };

const packaged = [
  {
    family: 'Noto Serif SC',
    package: '@expo-google-fonts/noto-serif-sc',
    file: '400Regular/NotoSerifSC_400Regular.ttf',
  },
  { family: 'Noto Serif SC', package: '@expo-google-fonts/noto-serif-sc', file: '700Bold/NotoSerifSC_700Bold.ttf' },
  { family: 'Noto Sans SC', package: '@expo-google-fonts/noto-sans-sc', file: '700Bold/NotoSansSC_700Bold.ttf' },
  {
    family: 'Noto Serif HK',
    package: '@expo-google-fonts/noto-serif-hk',
    file: '400Regular/NotoSerifHK_400Regular.ttf',
  },
  {
    family: 'Noto Serif JP',
    package: '@expo-google-fonts/noto-serif-jp',
    file: '400Regular/NotoSerifJP_400Regular.ttf',
  },
] as const;

/** Where Debian's fonts-hanazono and fonts-babelstone-han put fonts that have nearly every character of Unicode 13. */
const rareFonts: PaperFont[] = [
  { family: 'HanaMinA', file: '/usr/share/fonts/truetype/hanazono/HanaMinA.ttf' },
  { family: 'HanaMinB', file: '/usr/share/fonts/truetype/hanazono/HanaMinB.ttf' },
  { family: 'BabelStone Han', file: '/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf' },
];

/**
 * The chain of fonts papers are printed with, the first that has a character wins: Noto Serif SC for nearly all, HK and JP for
 * rarer names (𡋾 is in the one, 𠮷 in the other). All are under the SIL Open Font License 1.1 (docs/decisions/0-certificates.md).
 */
export function packagedFonts(): PaperFont[] {
  const { resolve } = createRequire(import.meta.url);
  return packaged.map((font) => ({
    family: font.family,
    file: join(dirname(resolve(`${font.package}/package.json`)), font.file),
  }));
}

/** Fonts for still rarer characters that are installed on this machine; none is needed, and none is shipped. */
export function installedRareFonts(): PaperFont[] {
  return rareFonts.filter((font) => existsSync(font.file));
}

/** The highest code point plus one: planes 0 to 3 hold every Han character of Unicode 17. */
const codePoints = 0x40000;

/** Which characters the chain can print, one bit each. */
export class GlyphCoverage {
  readonly #bits = new Uint8Array(codePoints / 8);

  /** Reads the files' cmaps; a file that is missing or broken throws. */
  static of(fonts: readonly PaperFont[]): GlyphCoverage {
    const coverage = new GlyphCoverage();
    for (const file of new Set(fonts.map((font) => font.file))) {
      new TrueTypeFont(readFileSync(file)).forEachRun((first, last) => coverage.#add(first, last));
    }
    return coverage;
  }

  /**
   * The characters of a text that cannot be printed, each once, in their order. Characters that print nothing or change others (control,
   * format, private use) are among them: a name that holds one is not the name one sees.
   */
  missing(text: string): string[] {
    const missing = new Set<string>();
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      const has = codePoint < codePoints && ((this.#bits[codePoint >> 3] ?? 0) & (1 << (codePoint & 7))) !== 0;
      if (!has || /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u.test(character)) missing.add(character);
    }
    return [...missing];
  }

  #add(first: number, last: number): void {
    for (let codePoint = first; codePoint <= last && codePoint < codePoints; codePoint++) {
      this.#bits[codePoint >> 3] = (this.#bits[codePoint >> 3] ?? 0) | (1 << (codePoint & 7));
    }
  }
}
