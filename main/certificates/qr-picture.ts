import { encode } from 'uqr';

/**
 * A QR code as one grey byte a module (0 dark, 255 light), row by row, with the quiet zone of four modules ISO/IEC 18004 asks for. Error
 * correction M (15 %): a fold or a stamp's edge does no harm. The mask is always the same: what is masked is nearly all digest and
 * signature, as random under one mask as under another, and scoring all eight takes longer than laying out the page.
 */
export function drawQr(text: string): Uint8Array {
  const { data, size } = encode(text, { ecc: 'M', border: 4, maskPattern: 4 });
  const modules = new Uint8Array(size * size).fill(255);
  data.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) modules[y * size + x] = 0;
    });
  });
  return modules;
}
