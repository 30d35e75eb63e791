import { encode } from 'cborg';
import { expect, test } from 'vitest';
import { decodeCanonical, encodeCanonical, fromHex, toHex } from './canonical.ts';

// RFC 8949, appendix A: value and its encoding.
const documented: [unknown, string][] = [
  [0, '00'],
  [23, '17'],
  [24, '1818'],
  [100, '1864'],
  [1000, '1903e8'],
  [1_000_000, '1a000f4240'],
  [1_000_000_000_000, '1b000000e8d4a51000'],
  [-1, '20'],
  [-1000, '3903e7'],
  [true, 'f5'],
  ['', '60'],
  ['IETF', '6449455446'],
  ['水', '63e6b0b4'],
  ['\u{10151}', '64f0908591'],
  [[1, [2, 3], [4, 5]], '8301820203820405'],
  [{ a: 1, b: [2, 3] }, 'a26161016162820203'],
];

test.each(documented)('writes %j as RFC 8949 does, and reads it back', (value, hex) => {
  expect(toHex(encodeCanonical(value))).toBe(hex);
  expect(decodeCanonical(fromHex(hex))).toEqual({ ok: true, value });
});

test('orders keys by the bytes of their encoding (RFC 8949, 4.2.1), not by their length first', () => {
  const keys = new Map<number | string, number>([
    ['z', 3],
    ['aa', 4],
    [100, 2],
    [10, 1],
    [-1, 5],
  ]);
  // The order of the example in RFC 8949, 4.2.1: 10, 100, -1, "z", "aa".
  expect(toHex(encodeCanonical(keys))).toBe('a50a011864022005617a0362616104');
});

test('leaves absent fields out, so that absent and undefined are one', () => {
  expect(encodeCanonical({ a: 1, b: undefined })).toEqual(encodeCanonical({ a: 1 }));
});

test.each([
  ['a number longer than it need be', '1817', 'not-canonical'],
  ['keys out of order', 'a2616202616101', 'not-canonical'],
  ['a key twice', 'a2616101616102', 'not-canonical'],
  ['an indefinite array', '9f0102ff', 'not-canonical'],
  ['a text that is not UTF-8', '61ff', 'not-canonical'],
  ['a byte after the end', '0000', 'trailing-bytes'],
  ['nothing', '', 'malformed'],
  ['half an array', '8301', 'malformed'],
  ['an array longer than memory', '9bffffffffffffffff', 'malformed'],
  ['a tag nobody asked for', 'c11a514b67b0', 'malformed'],
] as const)('refuses %s', (_, hex, reason) => {
  expect(decodeCanonical(fromHex(hex))).toEqual({ ok: false, reason });
});

test('refuses arrays nested ten thousand deep without an exception', () => {
  expect(decodeCanonical(new Uint8Array(10_000).fill(0x81)).ok).toBe(false);
});

test('leaves nothing of a value in the place that the library writes into again and again', () => {
  const name = 'A VISITOR OF THE HALL';
  // Longer than that place, of which the library then keeps the beginning.
  encodeCanonical(['-'.repeat(150), name, new Uint8Array(300)]);
  // What fills more than half of it is given out as a piece of it.
  const { buffer, byteOffset } = encode(new Uint8Array(130));
  expect(String.fromCharCode(...new Uint8Array(buffer, byteOffset, 256))).not.toContain(name);
});
