/** Papers as a printer gets them, read back with poppler and a QR reader, checked as anyone could. */
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeQr, openQr } from '../../state-machines/certificates/qr.ts';
import type { CertificateRecord } from '../../state-machines/contract/words/certificate.ts';
import { createSigner, sha256, verifySignature } from './node-crypto.ts';
import { createPaperRenderer, type PaperRenderer } from './paper-renderer.ts';
import { monthsBefore, sampleContributionRecord, sampleNotice, sampleProof } from './sample-records.ts';

const hasPoppler = ['pdftotext', 'pdftoppm', 'pdffonts', 'pdfinfo'].every(
  (tool) => spawnSync(tool, ['-v']).error === undefined,
);

describe.skipIf(!hasPoppler)('printed papers (poppler-utils)', () => {
  const { signer, publicKey } = createSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const issuer = { ...sampleProof.issuer, kid: signer.kid, jwk: publicKey, from: '2026-01-01', until: '2028-12-31' };
  const issuers = { version: 1 as const, serial: 1, publishedOn: '2026-01-01', issuers: [issuer] };
  let folder: string;
  let renderer: PaperRenderer;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'papers-'));
    renderer = createPaperRenderer();
  });
  afterAll(async () => {
    await renderer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function print(record: CertificateRecord) {
    const result = await renderer.render({ kind: 'certificate', record, qr: await encodeQr(record, signer, sha256) });
    if (!result.ok) throw new Error(result.reason);
    const file = join(folder, 'paper.pdf');
    writeFileSync(file, result.pdf);
    return { file, pages: result.pages, bytes: result.pdf.length, text: readText(file) };
  }

  function readText(file: string): string {
    return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replaceAll(/[ \n\f]/g, '');
  }

  /** Reads the QR at the sheet's lower left, as a phone held over it would: 90 by 80 mm at 300 dots an inch. */
  function readCode(file: string, page: number): string | undefined {
    const dots = (mm: number) => String(Math.round((mm / 25.4) * 300));
    const place = ['-x', '0', '-y', dots(217), '-W', dots(90), '-H', dots(80)];
    const pages = ['-f', String(page), '-l', String(page)];
    execFileSync('pdftoppm', ['-r', '300', ...pages, ...place, '-png', '-singlefile', file, join(folder, 'page')]);
    const { data, width, height } = PNG.sync.read(readFileSync(join(folder, 'page.png')));
    return jsQR.default(new Uint8ClampedArray(data), width, height, { inversionAttempts: 'dontInvert' })?.data;
  }

  test.each([sampleProof, sampleContributionRecord, sampleNotice])(
    '$layout says in its text what the record says',
    async (record) => {
      const { text, pages } = await print(record);
      expect(pages).toBe(1);
      for (const said of [
        record.subject.name,
        record.subject.idNumber,
        record.code,
        record.issuer.name,
        '2026年11月24日',
      ])
        expect(text).toContain(said);
      expect(text).toContain(record.number);
      for (const note of record.notes) expect(text).toContain(note.replaceAll(' ', ''));
    },
  );

  test('a month in which more was given back than paid says so', async () => {
    const [month] = sampleProof.months;
    if (month === undefined) throw new Error('the sample has no month');
    const { text } = await print({ ...sampleProof, months: [{ ...month, unitCents: -104_005, personCents: -52_000 }] });
    expect(text).toContain('-1,040.05-520.00');
  });

  test.each([sampleProof, sampleContributionRecord, sampleNotice])(
    '$layout proves itself by the QR in its picture',
    async (record) => {
      const { file, pages } = await print(record);
      const opened = await openQr(readCode(file, pages) ?? '', { issuers, verify: verifySignature });
      expect(opened).toMatchObject({ ok: true, claim: { layout: record.layout, number: record.number } });
    },
  );

  test.each([
    '𠮷田㐀',
    '龘龘',
    '𡋾𠮷㐀龘',
    '买买提·吐尔逊',
    '𠮷𡋾'.repeat(15),
    '买买提·吐尔逊阿布都热合曼艾力木沙江古丽帕提曼努尔海米提江',
    'ABDULRAHMAN MUHAMMAD AL-HASSANIYY',
    'ABDULRAHMANMUHAMMADALHASSANIYYOBEIDALLAHI',
  ])('the name %s comes out whole, within the sheet, on paper and in the QR', async (name) => {
    const { file, text } = await print({ ...sampleProof, subject: { ...sampleProof.subject, name } });
    const together = name.replaceAll(' ', '');
    // A name over two lines stands in two cells of the text; each half is whole.
    const half = Math.ceil([...together].length / 2);
    const starts = [...together].slice(0, Math.min(half, 8)).join('');
    expect(text).toContain(starts);
    for (const character of new Set(together)) expect(text).toContain(character);
    const opened = await openQr(readCode(file, 1) ?? '', { issuers, verify: verifySignature });
    expect(opened).toMatchObject({ ok: true, claim: { name } });
    expect(readFrameInk(file)).toBe(0);
  });

  test('a long table goes over pages with its heading on each, and the seal on the last alone', async () => {
    const { file, pages, text } = await print({ ...sampleProof, months: monthsBefore('2026-10', 217) });
    expect(pages).toBeGreaterThan(3);
    expect(text.match(/养老保险缴费月份/g)).toHaveLength(pages);
    expect(text).toContain(`第${pages}页共${pages}页`);
    expect(readCode(file, 1)).toBeUndefined();
    expect(readCode(file, pages)).toMatch(/^SIK1:/);
  });

  test('holds no personal data outside its text, no date, and embeds subsets only', async () => {
    const { file } = await print(sampleProof);
    const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
    expect(info).toMatch(/Title: +社会保险参保证明\n/);
    expect(info).not.toMatch(/张建国|990000|Author|CreationDate/);
    const fonts = execFileSync('pdffonts', [file], { encoding: 'utf8' }).split('\n').slice(2).filter(Boolean);
    for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+Noto.* yes yes yes /);
  });

  /** Dark dots between the frame and the text's margin, at the right: what overflowed its cell would be there. */
  function readFrameInk(file: string): number {
    const dpi = 150;
    execFileSync('pdftoppm', ['-r', String(dpi), '-gray', '-png', '-singlefile', file, join(folder, 'grey')]);
    const { data, width } = PNG.sync.read(readFileSync(join(folder, 'grey.png')));
    const dots = (mm: number) => Math.round((mm / 25.4) * dpi);
    let ink = 0;
    for (let y = dots(20); y < dots(270); y += 1)
      for (let x = dots(193); x < dots(201); x += 1) if ((data[(y * width + x) * 4] ?? 255) < 128) ink += 1;
    return ink;
  }
});
