import { encode } from 'uqr';

/**
 * A QR code as rows of `1` (dark) and `0`, with the quiet zone of four modules ISO/IEC 18004 asks for, ready for the layouts, which
 * print it as a picture of one dot a module. Error correction M (15 %): a fold or a stamp's edge does no harm.
 */
export function drawQr(text: string): { size: number; modules: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  return { size, modules: data.map((row) => row.map((isDark) => (isDark ? '1' : '0')).join('')).join('') };
}
