import { expect, test } from 'vitest';
import { decodeBase45, encodeBase45 } from './base45.ts';

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

// RFC 9285, 4.3 and 4.4.
test.each([
  ['AB', 'BB8'],
  ['Hello!!', '%69 VD92EX0'],
  ['base-45', 'UJCLQE7W581'],
  ['ietf!', 'QED8WEX0'],
])('writes %s as RFC 9285 does, and reads it back', (text, encoded) => {
  expect(encodeBase45(ascii(text))).toBe(encoded);
  expect(decodeBase45(encoded)).toEqual(ascii(text));
});

test.each([
  ['a group beyond 65,535 (RFC 9285, 4.2)', 'GGW'],
  ['a pair beyond 255', '::'],
  ['a dangling character', 'BB8B'],
  ['a lower-case letter', 'bb8'],
  ['a character outside the set', 'B_8'],
  ['a Chinese character', '张'],
])('refuses %s', (_, text) => {
  expect(decodeBase45(text)).toBeNull();
});

test('every two bytes have one text', () => {
  for (let value = 0; value <= 0xffff; value += 251) {
    const bytes = Uint8Array.of(value >> 8, value & 0xff);
    expect(decodeBase45(encodeBase45(bytes))).toEqual(bytes);
  }
});
