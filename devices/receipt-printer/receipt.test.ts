import { describe, expect, it } from 'vitest';
import { type Bitmap, emptyBitmap } from './bitmap.ts';
import { columnsOf, type Rasterise, rasteriseNothing } from './rasterise.ts';
import { encodeReceipt, isInFont, paper58mm, paper80mm, type ReceiptLine } from './receipt.ts';

/** Draws nothing but knows every character, and remembers what it was asked. */
function fakeRasteriser(fillWith = 0): { asked: string[]; rasterise: Rasterise } {
  const asked: string[] = [];
  const rasterise: Rasterise = (text, heightDots) => {
    asked.push(`${heightDots}:${text}`);
    const columns = [...text].reduce((sum, character) => sum + columnsOf(character), 0);
    const bitmap: Bitmap = emptyBitmap((columns * heightDots) / 2, heightDots);
    bitmap.rows.fill(fillWith);
    return { ok: true, bitmap };
  };
  return { asked, rasterise };
}

function hexOf(lines: readonly ReceiptLine[], rasterise: Rasterise = rasteriseNothing, paper = paper58mm): string {
  const encoded = encodeReceipt({ lines }, paper, rasterise);
  if (!encoded.ok) throw new Error(encoded.reason);
  return Buffer.concat(encoded.blocks).toString('hex');
}

describe('a receipt', () => {
  it('begins anew, without unasked status, and ends with a cut', () => {
    expect(hexOf([])).toBe('1b401d61001d564200');
  });

  it('has Chinese in GB18030 between 1C 26 and 1C 2E', () => {
    // 参保 in GB 2312: B2CE B1A3.
    expect(hexOf([{ kind: 'text', text: '参保' }])).toContain('1c26b2ceb1a31c2e0a');
  });

  it('has ASCII as it is', () => {
    expect(hexOf([{ kind: 'text', text: 'A 1' }])).toContain('1d61004120310a1d56');
  });

  it('has bold and large text, and goes back to ordinary', () => {
    expect(hexOf([{ kind: 'text', text: 'A', isBold: true, isLarge: true }])).toContain('1d21111b4501410a1b45001d2100');
  });

  it('puts label and value at the edges', () => {
    expect(hexOf([{ kind: 'row', left: 'No', right: '7' }])).toContain(
      Buffer.from(`No${' '.repeat(29)}7\n`).toString('hex'),
    );
  });

  it('breaks a label and value that do not fit on one line', () => {
    const [label, value] = ['L'.repeat(20), 'V'.repeat(20)];
    const hex = hexOf([{ kind: 'row', left: label, right: value }]);
    expect(hex).toContain(Buffer.from(`${label}\n${' '.repeat(12)}${value}\n`).toString('hex'));
  });

  it('breaks long text where the line is full, and no character in two', () => {
    const hex = hexOf([{ kind: 'text', text: `a${'中'.repeat(16)}` }]);
    // 32 half-widths: one letter and 15 characters, then the sixteenth.
    expect(hex).toContain(`${'d6d0'.repeat(15)}1c2e0a1c26d6d01c2e0a`);
  });

  it('centres text by its width', () => {
    expect(hexOf([{ kind: 'text', text: '中', isCentred: true }])).toContain(`${'20'.repeat(15)}d6d0`);
  });

  it('stores and prints a QR code', () => {
    const hex = hexOf([{ kind: 'code', text: 'SIK1' }]);
    expect(hex).toContain(`1d286b0700315030${Buffer.from('SIK1').toString('hex')}1d286b0300315130`);
  });

  it('refuses a code longer than a printer takes', () => {
    expect(encodeReceipt({ lines: [{ kind: 'code', text: 'x'.repeat(1_001) }] }, paper80mm, rasteriseNothing)).toEqual({
      ok: false,
      reason: 'code-too-long',
    });
  });

  it('comes in blocks that end between commands and are small, save a picture', () => {
    const lines: ReceiptLine[] = Array.from({ length: 40 }, () => ({ kind: 'row', left: '姓名', right: '王小明' }));
    const encoded = encodeReceipt({ lines }, paper80mm, rasteriseNothing);
    if (!encoded.ok) throw new Error(encoded.reason);
    expect(encoded.blocks.length).toBeGreaterThan(5);
    for (const block of encoded.blocks.slice(0, -1)) {
      expect(block.length).toBeLessThanOrEqual(256);
      expect(block.at(-1)).toBe(0x0a);
    }
  });
});

describe('characters a printer lacks', () => {
  it.each([
    ['王', true, true],
    ['·', true, true],
    ['￥', true, true],
    // GBK has it, GB 2312 has not.
    ['龘', false, true],
    ['镕', false, true],
    // Four bytes in GB18030.
    ['㐀', false, false],
    ['𠮷', false, false],
    ['¥', false, false],
    // A private character is a different one in every font.
    ['\ue000', false, false],
  ] as const)('%s is in GB 2312: %s, in GBK: %s', (character, inGb2312, inGbk) => {
    expect(isInFont(character, 'gb2312')).toBe(inGb2312);
    expect(isInFont(character, 'gbk')).toBe(inGbk);
  });

  it('knows of 6,763 Chinese characters and 682 signs in GB 2312', () => {
    let [hanzi, signs] = [0, 0];
    for (let code = 0xa0; code <= 0xffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCharCode(code);
      if (!isInFont(character, 'gb2312')) continue;
      if (code >= 0x4e00 && code <= 0x9fff) hanzi += 1;
      else signs += 1;
    }
    expect({ hanzi, signs }).toEqual({ hanzi: 6_763, signs: 682 });
  });

  it('make their line a picture, 1D 76 30 with the width in bytes and 24 rows', () => {
    const { asked, rasterise } = fakeRasteriser(0xff);
    const hex = hexOf([{ kind: 'text', text: '𠮷' }], rasterise);
    expect(asked).toEqual(['24:𠮷']);
    expect(hex).toContain(`1d76300003001800${'ff'.repeat(72)}1b4a06`);
  });

  it('make a large line a picture of two bands', () => {
    const { asked, rasterise } = fakeRasteriser();
    const hex = hexOf([{ kind: 'text', text: '㐀', isLarge: true }], rasterise);
    expect(asked).toEqual(['48:㐀']);
    expect(hex.match(/1d76300006001800/g)).toHaveLength(2);
  });

  it('keep their place in a row', () => {
    const { asked, rasterise } = fakeRasteriser();
    hexOf([{ kind: 'row', left: '姓名', right: '龘' }], rasterise);
    expect(asked).toEqual([`24:姓名${' '.repeat(26)}龘`]);
  });

  it('stop the receipt by name where nothing can draw them', () => {
    const lines: ReceiptLine[] = [
      { kind: 'text', text: '𠮷' },
      { kind: 'row', left: '姓名', right: '㐀' },
    ];
    const encoded = encodeReceipt({ lines }, paper80mm, (text) => ({
      ok: false,
      missing: [...text].filter((one) => one === '𠮷' || one === '㐀'),
    }));
    expect(encoded).toEqual({ ok: false, reason: 'unprintable', characters: ['𠮷', '㐀'] });
  });

  it('never become a question mark', () => {
    for (const text of ['𠮷', '㐀', '龘', '🙂', '¥'])
      expect(() => hexOf([{ kind: 'text', text }])).toThrow('unprintable');
  });
});

describe('what could be taken for a command', () => {
  it.each(['\u001b@', 'a\nb', '\u0010', '\u007f', '\u0085'])('is refused in text: %j', (text) => {
    for (const line of [
      { kind: 'text', text } as const,
      { kind: 'row', left: text, right: '' } as const,
      { kind: 'code', text } as const,
    ]) {
      expect(encodeReceipt({ lines: [line] }, paper80mm, rasteriseNothing)).toMatchObject({ reason: 'unprintable' });
    }
  });

  it.each([0x04, 0x05, 0x14])('is made harmless in a picture: 10 %i', (second) => {
    const rasterise: Rasterise = (_, heightDots) => {
      const bitmap = emptyBitmap(24, heightDots);
      bitmap.rows.set([0x10, second, 0x01]);
      return { ok: true, bitmap };
    };
    const hex = hexOf([{ kind: 'text', text: '𠮷' }], rasterise);
    expect(hex).toContain(`18${second.toString(16).padStart(2, '0')}01`);
    expect(hex).not.toContain(`10${second.toString(16).padStart(2, '0')}`);
  });
});
