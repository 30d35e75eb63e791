/** Over a table of functions in place of Windows: what they answer is winspool.h's, that Windows answers so is not proved here. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import koffi from 'koffi';
import { beforeEach, describe, expect, it } from 'vitest';
import { DocumentPrinter } from '../document-printer/adapter.ts';
import { WindowsSpooler } from './spooler-windows.ts';
import {
  jobControl,
  jobInfo1,
  jobStatus,
  printerInfo2,
  printerStatus,
  type WindowsJob,
  type WindowsPrinter,
  type Winspool,
  workOffline,
} from './spooler-winspool.ts';

const call = { timeoutMs: 1_000 };
const pdf = new TextEncoder().encode('%PDF-1.4\n%%EOF\n');

let printer: WindowsPrinter;
let jobs: WindowsJob[];
let controls: [number, number][];
let printedPaths: string[];
let isQueueThere: boolean;

beforeEach(() => {
  printer = { status: 0, attributes: 0, driver: 'HP Universal Printing PCL 6' };
  jobs = [];
  controls = [];
  printedPaths = [];
  isQueueThere = true;
});

const winspool: Winspool = {
  printer: async () => (isQueueThere ? { ok: true, value: printer } : { ok: false, reason: 'no-printer', error: 1801 }),
  jobs: async () => ({ ok: true, value: [...jobs] }),
  controlJob: async (_queue, jobId, control) => {
    controls.push([jobId, control]);
    if (control === jobControl.delete) jobs = jobs.filter((job) => job.jobId !== jobId);
    return { ok: true, value: null };
  },
};

/** A printing program that puts a job with this status into the queue. */
function spooler(status: number = jobStatus.spooling): WindowsSpooler {
  return new WindowsSpooler({
    queue: 'Hall',
    winspool,
    printFile: async (path) => {
      expect(existsSync(path)).toBe(true);
      printedPaths.push(path);
      jobs.push({ jobId: 12, document: `C:\\Users\\kiosk\\AppData\\Local\\Temp\\${basename(path)}`, status });
    },
  });
}

const submission = { pdf, name: 'certificate-0123abcd', pages: 1, copies: 1 };

describe('Windows’ spooler', () => {
  it('finds the job by its document, keeps it in the queue, and lets the file go', async () => {
    expect(await spooler().submit(submission, call)).toEqual({ ok: true, value: { jobId: '12' } });
    expect(controls).toEqual([[12, jobControl.retain]]);
    await expect.poll(() => existsSync(printedPaths[0] ?? '')).toBe(false);
  });

  it('is refused when the printing program fails', async () => {
    const failing = new WindowsSpooler({
      queue: 'Hall',
      winspool,
      printFile: () => Promise.reject(new Error('exit code 1')),
    });
    expect(await failing.submit(submission, call)).toEqual({ ok: false, reason: 'refused', detail: 'exit code 1' });
  });

  it('is unsure when the program ends and no job is there', async () => {
    const silent = new WindowsSpooler({ queue: 'Hall', winspool, printFile: async () => undefined });
    expect(await silent.submit(submission, { timeoutMs: 150 })).toMatchObject({ ok: false, reason: 'unsure' });
  });

  it.each([
    [0, 'pending'],
    [jobStatus.spooling, 'pending'],
    [jobStatus.paused, 'held'],
    [jobStatus.printing, 'processing'],
    [jobStatus.printing | jobStatus.paperOut, 'stopped'],
    [jobStatus.error, 'stopped'],
    [jobStatus.printed, 'completed'],
    [jobStatus.complete, 'completed'],
    [jobStatus.deleting, 'cancelled'],
    [jobStatus.deleted | jobStatus.printed, 'cancelled'],
  ])('reads the job status 0x%x as %s', async (status, state) => {
    jobs = [{ jobId: 12, document: 'certificate-0123abcd.pdf', status }];
    expect(await spooler().job('12', call)).toMatchObject({ ok: true, value: { state, name: 'certificate-0123abcd' } });
  });

  it.each([
    [printerStatus.paperOut, 'media-empty'],
    [printerStatus.paperJam, 'media-jam'],
    [printerStatus.doorOpen, 'door-open'],
    [printerStatus.offline, 'offline'],
    [printerStatus.notAvailable, 'offline'],
    [printerStatus.outputBinFull, 'output-area-full'],
    [printerStatus.noToner, 'toner-empty'],
    [printerStatus.tonerLow, 'toner-low'],
    [printerStatus.paused, 'paused'],
  ])('reads the printer status 0x%x as %s', async (status, reason) => {
    printer = { ...printer, status };
    expect(await spooler().printer(call)).toMatchObject({ ok: true, value: { reasons: [reason] } });
  });

  it('knows a printer that is set to work offline, and one that only its job tells to be without paper', async () => {
    printer = { ...printer, attributes: workOffline };
    jobs = [{ jobId: 12, document: 'certificate-0123abcd.pdf', status: jobStatus.paperOut }];
    expect(await spooler().printer(call)).toMatchObject({ ok: true, value: { reasons: ['offline', 'media-empty'] } });
  });

  it('knows a queue that is not there', async () => {
    isQueueThere = false;
    expect(await spooler().printer(call)).toMatchObject({ ok: false, reason: 'unknown-printer' });
  });

  it('does not wait for Windows longer than it is told', async () => {
    const hanging = new WindowsSpooler({
      queue: 'Hall',
      winspool: { ...winspool, printer: () => new Promise(() => undefined) },
      printFile: async () => undefined,
    });
    expect(await hanging.printer({ timeoutMs: 30 })).toMatchObject({ ok: false, reason: 'timed-out' });
    const abort = new AbortController();
    const pending = hanging.printer({ ...call, signal: abort.signal });
    abort.abort();
    expect(await pending).toMatchObject({ ok: false, reason: 'cancelled' });
  });

  it('sees only the kiosk’s own jobs', async () => {
    jobs = [
      { jobId: 3, document: 'C:\\Reports\\budget.pdf', status: 0 },
      { jobId: 12, document: 'C:\\Temp\\certificate-0123abcd.pdf', status: 0 },
    ];
    const own = await spooler().ownJobs(call);
    expect(own.ok && own.value.map((job) => job.jobId)).toEqual(['12']);
  });

  it('tells a job that it took back as cancelled, and one that vanished as unknown', async () => {
    const taken = spooler();
    jobs = [{ jobId: 12, document: 'certificate-0123abcd.pdf', status: jobStatus.printing }];
    await taken.cancel('12', call);
    expect(await taken.job('12', call)).toMatchObject({ ok: true, value: { state: 'cancelled' } });
    expect(await taken.job('13', call)).toMatchObject({ ok: false, reason: 'unknown-job' });
  });

  it('prints through the document printer and takes the job out of the queue', async () => {
    const device = new DocumentPrinter({ id: 'printer', spooler: spooler(jobStatus.printed), pollMs: 5 });
    await device.open();
    const job = { pdf, pages: 1, copies: 1, title: 'certificate' };
    expect(await device.print(job)).toMatchObject({ ok: true, value: { kind: 'printed', impressions: null } });
    expect(jobs).toEqual([]);
    await device.close();
  });

  it('lays the structures out as winspool.h does on 64 bits', () => {
    expect(koffi.sizeof(jobInfo1)).toBe(96);
    expect(koffi.offsetof(jobInfo1, 'Status')).toBe(56);
    expect(koffi.sizeof(printerInfo2)).toBe(136);
    expect(koffi.offsetof(printerInfo2, 'Status')).toBe(124);
  });
});
