import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderPrinterControl, FolderSpooler } from './spooler-folder.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-folder-printer-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('breaks down by itself where a paper cannot be laid out, and counts the copies that lie there', async () => {
  // A folder that was taken away, or a full disk, ended the whole kiosk in the middle of a visit.
  new FolderPrinterControl(folder).change({ sheetMs: 50 });
  const spooler = new FolderSpooler(folder);
  const call = { timeoutMs: 1_000 };
  const submitted = await spooler.submit({ pdf: Buffer.from('%PDF-'), name: 'paper', pages: 1, copies: 2 }, call);
  if (!submitted.ok) throw new Error('it was not taken');
  const { jobId } = submitted.value;
  mkdirSync(join(folder, `.${jobId}-2.part`));

  await expect
    .poll(() => spooler.job(jobId, call))
    .toMatchObject({ ok: true, value: { state: 'aborted', atPrinter: { impressions: 1 } } });
  await spooler.close();
});

it.skipIf(process.platform !== 'linux')(
  'is not made where there can be no folder: below /proc Node looked for ever',
  () => {
    expect(() => new FolderSpooler('/proc/kiosk/papers')).toThrow('/proc/kiosk/papers: ');
  },
);
