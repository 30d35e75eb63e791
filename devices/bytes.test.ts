import { describe, expect, it } from 'vitest';
import { joinBytes, xorOf } from './bytes.ts';

describe('bytes', () => {
  it('are joined in order, none of them being none', () => {
    expect(joinBytes()).toEqual(new Uint8Array(0));
    expect(joinBytes(Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('give the same sum in words and one by one, wherever they begin and end', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, at) => (at * 89 + (at >> 3)) & 0xff);
    for (const [from, to] of [
      [0, 0],
      [0, 63],
      [0, 64],
      [1, 300],
      [7, 262],
      [3, 300],
    ] as const) {
      const oneByOne = bytes.subarray(from, to).reduce((sum, byte) => sum ^ byte, 0);
      expect(xorOf(bytes, from, to)).toBe(oneByOne);
    }
  });
});
