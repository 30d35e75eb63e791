import { z } from 'zod';

/**
 * The anti-counterfeit code: sixteen characters in four groups, e.g. `7K3M-92QF-5TXA-0H6D`, which a person can read out and type.
 *
 * The alphabet is Crockford's base 32 (no I, L, O, U). Fifteen characters are random (75 bits: not to be guessed), the last is a
 * check over GF(32), x⁵ + x² + 1: c = Σ αⁱ·dᵢ for i = 1…15. The weights are all different and none is 0 or 1, so one wrong
 * character and any two characters exchanged are always found before the centre is asked.
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 16;

/** A code in its printed form, its check character right. */
export const certificateCodeSchema = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
  .refine((code) => hasRightCheck(code.replaceAll('-', '')), 'check character');

/** Makes a code out of ten or more random bytes; 75 of their bits are used. */
export function makeCertificateCode(random: Uint8Array): string {
  if (random.length < 10) throw new Error('a certificate code wants ten random bytes');
  let characters = '';
  for (let index = 0; index < length - 1; index++) {
    const bit = index * 5;
    const pair = ((random[bit >> 3] ?? 0) << 8) | (random[(bit >> 3) + 1] ?? 0);
    characters += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return inGroups(characters + alphabet[check(characters)]);
}

/** Reads a code as a person typed it: any case, spaces or dashes or none, O for 0, I and L for 1. `null` if it cannot be one. */
export function readCertificateCode(typed: string): string | null {
  const characters = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (characters.length !== length || !/^[0-9A-HJKMNP-TV-Z]+$/.test(characters)) return null;
  return hasRightCheck(characters) ? inGroups(characters) : null;
}

function inGroups(characters: string): string {
  return `${characters.slice(0, 4)}-${characters.slice(4, 8)}-${characters.slice(8, 12)}-${characters.slice(12)}`;
}

function hasRightCheck(characters: string): boolean {
  return alphabet.indexOf(characters[length - 1] ?? '') === check(characters.slice(0, length - 1));
}

/** Horner's scheme from the last character back: each step multiplies by α, so that character i is weighted αⁱ, i from 1. */
function check(characters: string): number {
  let sum = 0;
  for (let index = characters.length - 1; index >= 0; index--) {
    sum = timesAlpha(sum ^ alphabet.indexOf(characters[index] ?? ''));
  }
  return sum;
}

function timesAlpha(value: number): number {
  const shifted = value << 1;
  return shifted & 32 ? shifted ^ 0b100101 : shifted;
}
