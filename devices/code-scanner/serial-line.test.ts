import { describe, expect, it } from 'vitest';
import { longestCodeBytes } from './scan.ts';
import { emptyLine, readLine } from './serial-line.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Feeds pieces, each `gapMs` after the one before. */
function read(pieces: readonly Uint8Array[], gapMs = 1) {
  let state = emptyLine;
  const codes: string[] = [];
  const flaws: string[] = [];
  pieces.forEach((piece, index) => {
    const scan = readLine(state, piece, index * gapMs);
    state = scan.state;
    codes.push(...scan.codes);
    flaws.push(...scan.flaws);
  });
  return { codes, flaws };
}

describe('lines of a serial scanner', () => {
  it.each([
    ['\r', ['ABCD', 'DEFG']],
    ['\n', ['ABCD', 'DEFG']],
    ['\r\n', ['ABCD', 'DEFG']],
    ['\r\n\r\n', ['ABCD', 'DEFG']],
  ])('end with %j', (end, codes) => {
    expect(read([bytes(`ABCD${end}DEFG${end}`)])).toEqual({ codes, flaws: [] });
  });

  it('are the same wherever the wire cuts them', () => {
    const whole = bytes('6BFOXN*TS0BI$ZD\r\n参保证明\r\n');
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(read([whole.subarray(0, cut), whole.subarray(cut)])).toEqual({
        codes: ['6BFOXN*TS0BI$ZD', '参保证明'],
        flaws: [],
      });
    }
    expect(read([...whole].map((byte) => Uint8Array.of(byte)))).toEqual({
      codes: ['6BFOXN*TS0BI$ZD', '参保证明'],
      flaws: [],
    });
  });

  it('are understood in GBK, which scanners sold in China are often set to', () => {
    // 参保证明 in GBK.
    expect(read([Uint8Array.of(0xb2, 0xce, 0xb1, 0xa3, 0xd6, 0xa4, 0xc3, 0xf7, 0x0d)]).codes).toEqual(['参保证明']);
  });

  it('keep the separators of GS1 codes', () => {
    expect(read([bytes('0104912345\u001d10ABC\r')]).codes).toEqual(['0104912345\u001d10ABC']);
  });

  it('are noise with control characters in them, or in no encoding', () => {
    expect(read([bytes('AB\u0001C\r'), Uint8Array.of(0xff, 0xff, 0x0d), bytes('ABCD\r')])).toEqual({
      codes: ['ABCD'],
      flaws: ['unreadable', 'unreadable'],
    });
  });

  it('are noise where they are shorter than any code, or of characters that nobody has', () => {
    // U+E000 to U+F8FF are private: GB18030 has them for pairs that GBK leaves to its users.
    const ownPair = Uint8Array.of(0xaa, 0xa1, 0xaa, 0xa2, 0xaa, 0xa3, 0xaa, 0xa4, 0x0d);
    expect(read([bytes('ABC\r'), bytes('   \r'), bytes('AB C\r'), ownPair])).toEqual({
      codes: ['AB C'],
      flaws: ['too-short', 'too-short', 'unreadable'],
    });
  });

  it('do not become the head of the next code when they break off', () => {
    expect(read([bytes('6BFO'), bytes('ABCD\r')], 501)).toEqual({ codes: ['ABCD'], flaws: ['broken-off'] });
    expect(read([bytes('6BFO'), bytes('ABCD\r')], 499)).toEqual({ codes: ['6BFOABCD'], flaws: [] });
  });

  it('never keep more than the longest code, however long the noise', () => {
    const noise = new Uint8Array(10_000).fill(0x41);
    let scan = readLine(emptyLine, noise, 0);
    for (let piece = 1; piece < 50; piece += 1) {
      scan = readLine(scan.state, noise, piece);
      expect(scan.state.partial.length).toBeLessThanOrEqual(longestCodeBytes);
    }
  });

  it('are dropped when they are longer than any code, and the next one is read', () => {
    const noise = new Uint8Array(longestCodeBytes).fill(0x41);
    expect(read([noise, noise, bytes('\rABCD\r')])).toEqual({ codes: ['ABCD'], flaws: ['too-long'] });
    expect(read([noise, bytes('\r')]).codes[0]).toHaveLength(longestCodeBytes);
  });
});
