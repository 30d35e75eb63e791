/** A picture of dots: rows of bytes, the leftmost dot in the highest bit, a row filled up to whole bytes. 1 is black. */
export type Bitmap = { widthDots: number; heightDots: number; rows: Uint8Array };

export function emptyBitmap(widthDots: number, heightDots: number): Bitmap {
  return { widthDots, heightDots, rows: new Uint8Array(Math.ceil(widthDots / 8) * heightDots) };
}

export function strideOf({ widthDots }: Bitmap): number {
  return Math.ceil(widthDots / 8);
}

/** Whether a dot is black; outside the picture nothing is. */
export function isBlack(bitmap: Bitmap, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= bitmap.widthDots || y >= bitmap.heightDots) return false;
  return ((bitmap.rows[y * strideOf(bitmap) + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
}

/** Blackens a dot; outside the picture nothing happens. */
export function blacken(bitmap: Bitmap, x: number, y: number): void {
  if (x < 0 || y < 0 || x >= bitmap.widthDots || y >= bitmap.heightDots) return;
  const at = y * strideOf(bitmap) + (x >> 3);
  bitmap.rows[at] = (bitmap.rows[at] ?? 0) | (0x80 >> (x & 7));
}

/** The picture with every stroke one dot wider, as printers make text bold. */
export function emboldened(bitmap: Bitmap): Bitmap {
  const bold = { ...bitmap, rows: bitmap.rows.slice() };
  for (let y = 0; y < bitmap.heightDots; y += 1) {
    for (let x = 0; x < bitmap.widthDots; x += 1) if (isBlack(bitmap, x, y)) blacken(bold, x + 1, y);
  }
  return bold;
}

/** How many dots are black. */
export function inkOf(bitmap: Bitmap): number {
  let dots = 0;
  for (let byte of bitmap.rows) for (; byte !== 0; byte &= byte - 1) dots += 1;
  return dots;
}

/** A picture for a person's eyes: two rows of dots a line of text. */
export function drawn(bitmap: Bitmap): string {
  const lines: string[] = [];
  for (let y = 0; y < bitmap.heightDots; y += 2) {
    let line = '';
    for (let x = 0; x < bitmap.widthDots; x += 1) {
      const upper = isBlack(bitmap, x, y);
      const lower = isBlack(bitmap, x, y + 1);
      line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
    }
    lines.push(line.trimEnd());
  }
  return lines.join('\n');
}
