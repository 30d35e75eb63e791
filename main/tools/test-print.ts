import type { Receipt } from '../../devices/receipt-printer/adapter.ts';

/** One A4 page that says what it is, in a font every printer has. */
export function testPage(when: string): Uint8Array {
  const content = `BT /F1 24 Tf 72 760 Td (Kiosk test page) Tj 0 -40 Td /F1 14 Tf (${when}) Tj ET 72 72 451 698 re S`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [4 0 R] /Count 1 >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];
  let text = '%PDF-1.4\n';
  const offsets: string[] = [];
  for (const [at, object] of objects.entries()) {
    offsets.push(`${String(text.length).padStart(10, '0')} 00000 n \n`);
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
  }
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`;
  return Buffer.from(
    `${text}${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`,
    'latin1',
  );
}

/** What a receipt printer must be able to do: sizes, a row, the common and the rare character, a QR code, the cut. */
export function testReceipt(when: string): Receipt {
  return {
    lines: [
      { kind: 'text', text: '打印测试', isBold: true, isLarge: true, isCentred: true },
      { kind: 'row', left: '时间', right: when },
      { kind: 'rule' },
      { kind: 'row', left: '常用字', right: '社会保险' },
      { kind: 'row', left: '生僻字', right: '㐀𠮷' },
      { kind: 'code', text: 'kiosk test' },
    ],
  };
}
