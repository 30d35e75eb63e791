import { expect, test } from 'vitest';
import { certificateCodeSchema, makeCertificateCode, readCertificateCode } from './certificate-code.ts';

const code = makeCertificateCode(Uint8Array.from([0x3a, 0xe7, 0x91, 0x0c, 0x55, 0xfe, 0x28, 0x6b, 0x90, 0xd3]));
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

test('takes the random bits five by five from the left and adds a check', () => {
  // 0x3ae7910c55fe286b90d3 in groups of five bits: 00111 01011 10011 11001 00010 00011 00010 10101 11111 11000 10100 00110 10111 00100 00110
  expect(code.slice(0, 18).replaceAll('-', '')).toBe('7BKS232NZRM6Q46');
  expect(certificateCodeSchema.safeParse(code).success).toBe(true);
});

test('reads what a person types: lower case, spaces, no dashes, O for 0, I and L for 1', () => {
  const zeros = makeCertificateCode(new Uint8Array(10));
  expect(readCertificateCode('oooo oooo oooo oooo')).toBe(zeros);
  expect(readCertificateCode(code.toLowerCase().replaceAll('-', ' '))).toBe(code);
  const ones = makeCertificateCode(Uint8Array.from([0x08, 0x42, 0x10, 0x84, 0x21, 0x08, 0x42, 0x10, 0x84, 0x21]));
  expect(readCertificateCode(ones.replaceAll('1', 'l'))).toBe(ones);
  expect(readCertificateCode(ones.replaceAll('1', 'I'))).toBe(ones);
});

test('finds every single wrong character', () => {
  for (let at = 0; at < code.length; at++) {
    if (code[at] === '-') continue;
    for (const other of alphabet) {
      if (other === code[at]) continue;
      expect(readCertificateCode(code.slice(0, at) + other + code.slice(at + 1))).toBeNull();
    }
  }
});

test('finds any two different characters that changed places', () => {
  const plain = code.replaceAll('-', '');
  for (let a = 0; a < plain.length; a++) {
    for (let b = a + 1; b < plain.length; b++) {
      if (plain[a] === plain[b]) continue;
      const swapped = [...plain];
      [swapped[a], swapped[b]] = [plain[b] ?? '', plain[a] ?? ''];
      expect(readCertificateCode(swapped.join(''))).toBeNull();
    }
  }
});

test('takes nothing that is not a code', () => {
  for (const typed of ['', '1234', `${code}0`, code.replace(code[0] ?? '', 'U'), '𠮷'.repeat(16)]) {
    expect(readCertificateCode(typed)).toBeNull();
  }
});
