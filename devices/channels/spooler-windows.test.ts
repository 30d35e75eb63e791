/** Over a table of functions in place of Windows: what they answer is winspool.h's, that Windows answers so is not proved here. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import koffi from 'koffi';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proveDevice } from '../device-suite.ts';
import { DocumentPrinter } from '../document-printer/adapter.ts';
import { WindowsSpooler } from './spooler-windows.ts';
import {
  jobControl,
  jobInfo1,
  jobStatus,
  printerInfo2,
  printerInfo4,
  printerStatus,
  type WindowsAnswer,
  type WindowsJob,
  type WindowsPrinter,
  type Winspool,
  workOffline,
} from './spooler-winspool.ts';
import type { PrintFile } from './sumatra-pdf.ts';

const call = { timeoutMs: 1_000 };
const pollMs = 10_000;
const pdf = new TextEncoder().encode('%PDF-1.4\n%%EOF\n');

let printer: WindowsPrinter;
let jobs: WindowsJob[];
let controls: [number, number][];
let printedPaths: string[];
let isQueueThere: boolean;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windows-spooler-'));
  printer = { status: 0, attributes: 0, driver: 'HP Universal Printing PCL 6' };
  jobs = [];
  controls = [];
  printedPaths = [];
  isQueueThere = true;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const winspool: Winspool = {
  printer: async () =>
    isQueueThere
      ? { ok: true, value: printer }
      : { ok: false, reason: 'no-printer', detail: 'no printer is called so' },
  jobs: async () => ({ ok: true, value: [...jobs] }),
  controlJob: async (_queue, jobId, control) => {
    controls.push([jobId, control]);
    if (control === jobControl.delete) jobs = jobs.filter((job) => job.jobId !== jobId);
    return { ok: true, value: null };
  },
};

function spoolerWith(printFile: PrintFile, spoken: Partial<Winspool> = {}): WindowsSpooler {
  return new WindowsSpooler({ queue: 'Hall', winspool: { ...winspool, ...spoken }, printFile, folder });
}

/** What the printing program does that hands a file over: there is a job with this status. */
function handOver(path: string, status: number): void {
  printedPaths.push(path);
  jobs.push({ jobId: 12, document: `C:\\Users\\kiosk\\AppData\\Local\\Temp\\${basename(path)}`, status });
}

/** A printing program that puts a job with this status into the queue. */
function spooler(status: number = jobStatus.spooling): WindowsSpooler {
  return spoolerWith(async (path) => {
    expect(existsSync(path)).toBe(true);
    handOver(path, status);
  });
}

/** A printing program that runs until it is ended, and then hands over what it has in spite of it, or not. */
function slowProgram(whenEnded: (path: string) => void): PrintFile {
  return (path, { signal }) =>
    new Promise((_, reject) => {
      const end = () => {
        whenEnded(path);
        reject(new Error('ended'));
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
}

const submission = { pdf, name: 'certificate-0123abcd', pages: 1, copies: 1 };

/** Windows' spooler as a service that can stop, hang and be slow, and SumatraPDF, which needs it too. */
class WindowsService {
  mode: 'well' | 'slow' | 'hangs' | 'stopped' = 'well';
  private readonly queued: WindowsJob[] = [];
  private readonly changed = new Set<() => void>();
  private nextId = 1;

  become(mode: WindowsService['mode']): void {
    this.mode = mode;
    for (const tell of [...this.changed]) tell();
  }

  readonly winspool: Winspool = {
    printer: () => this.answer(() => ({ status: 0, attributes: 0, driver: 'HP Universal Printing PCL 6' })),
    jobs: () => this.answer(() => [...this.queued]),
    controlJob: (_queue, jobId, control) =>
      this.answer(() => {
        const at = this.queued.findIndex((job) => job.jobId === jobId);
        if (control === jobControl.delete && at >= 0) this.queued.splice(at, 1);
        return null;
      }),
  };

  readonly printFile: PrintFile = async (path, { signal }) => {
    await this.attended(signal);
    if (signal.aborted || this.mode === 'stopped') throw new Error('exit code 1');
    this.queued.push({ jobId: this.nextId, document: path, status: jobStatus.printed });
    this.nextId += 1;
  };

  private async answer<T>(read: () => T): Promise<WindowsAnswer<T>> {
    await this.attended();
    return this.mode === 'stopped'
      ? { ok: false, reason: 'failed', detail: 'Windows refuses OpenPrinter' }
      : { ok: true, value: read() };
  }

  /** Resolves when the service attends to a call: late, or not before it is changed, or `signal` comes. */
  private async attended(signal?: AbortSignal): Promise<void> {
    if (this.mode === 'slow') await sleep(20);
    while (this.mode === 'hangs' && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        this.changed.add(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}

proveDevice(
  'document printer over Windows’ spooler',
  async () => {
    const service = new WindowsService();
    const { winspool, printFile } = service;
    const played = new WindowsSpooler({ queue: 'Hall', winspool, printFile, folder });
    const timing = { pollMs: 10, watchMs: 20, answerMs: 2_000, confirmMs: 200 };
    const device = new DocumentPrinter({ id: 'printer', spooler: played, ...timing });
    const become = (mode: WindowsService['mode']) => async () => service.become(mode);
    return {
      device,
      command: (options) => device.print({ pdf, pages: 1, copies: 1, title: 'certificate' }, options),
      unplug: become('stopped'),
      replug: become('well'),
      hang: become('hangs'),
      slow: become('slow'),
      mend: become('well'),
      dispose: async () => service.become('well'),
    };
  },
  { momentsMs: [4], without: { garble: 'Windows answers in structures: there are no bytes to garble' } },
);

describe('Windows’ spooler', () => {
  it('finds the job by its document, keeps it in the queue, and lets the file go', async () => {
    expect(await spooler().submit(submission, call)).toEqual({ ok: true, value: { jobId: '12' } });
    expect(controls).toEqual([[12, jobControl.retain]]);
    await expect.poll(() => existsSync(printedPaths[0] ?? ''), { timeout: pollMs }).toBe(false);
  });

  it('is refused when the printing program fails', async () => {
    const failing = spoolerWith(() => Promise.reject(new Error('exit code 1')));
    expect(await failing.submit(submission, call)).toEqual({ ok: false, reason: 'refused', detail: 'exit code 1' });
  });

  // Found in review: SumatraPDF took 7 s, the kiosk told after 5 that nothing was handed over, and the number was printed twice.
  it('ends a program that takes too long, and is sure then that no job comes', async () => {
    const ended: string[] = [];
    const slow = spoolerWith(slowProgram((path) => ended.push(path)));
    expect(await slow.submit(submission, { timeoutMs: 30 })).toMatchObject({ ok: false, reason: 'unsure' });
    expect(ended).toHaveLength(1);
  });

  it('ends the program with the command, too', async () => {
    const caller = new AbortController();
    const slow = spoolerWith(slowProgram(() => undefined));
    const pending = slow.submit(submission, { timeoutMs: 60_000, signal: caller.signal });
    caller.abort();
    expect(await pending).toMatchObject({ ok: false, reason: 'cancelled' });
  });

  it('cannot tell what comes of a job whose program was ended in the middle of it, and takes it back', async () => {
    const slow = spoolerWith(slowProgram((path) => handOver(path, jobStatus.spooling)));
    expect(await slow.submit(submission, { timeoutMs: 30 })).toMatchObject({ ok: false, reason: 'untold' });
    await expect.poll(() => jobs, { timeout: pollMs }).toEqual([]);
  });

  it('cannot tell either while the program does not end, and takes back what it hands over in the end', async () => {
    const program = Promise.withResolvers<void>();
    let path = '';
    const deaf = spoolerWith((given) => {
      path = given;
      return program.promise;
    });
    const device = new DocumentPrinter({ id: 'printer', spooler: deaf, pollMs: 5, handOverMs: 30 });
    await device.open();
    expect(await device.print({ pdf, pages: 1, copies: 1, title: 'certificate' })).toMatchObject({
      ok: true,
      value: { kind: 'failed-maybe-printed', reason: 'spooler-lost' },
    });
    handOver(path, jobStatus.printing);
    program.resolve();
    await expect.poll(() => jobs, { timeout: pollMs }).toEqual([]);
    await expect.poll(() => readdirSync(folder), { timeout: pollMs }).toEqual([]);
    await device.close();
  });

  it('asks again that a job be kept after printing, where Windows did not take it, and waits no longer than it is told', async () => {
    let asked = 0;
    const busy = spoolerWith(async (path) => handOver(path, jobStatus.printing), {
      controlJob: () => {
        asked += 1;
        return asked === 1
          ? Promise.resolve({ ok: false, reason: 'failed', detail: 'Windows refuses SetJob' })
          : Promise.resolve({ ok: true, value: null });
      },
    });
    await busy.submit(submission, call);
    for (let look = 0; look < 3; look += 1) await busy.job('12', call);
    expect(asked).toBe(2);

    const hanging = spoolerWith(async (path) => handOver(path, jobStatus.printing), {
      controlJob: () => new Promise(() => undefined),
    });
    expect(await hanging.submit(submission, { timeoutMs: 30 })).toMatchObject({ ok: true });
  });

  it('removes the document of a kiosk that was killed while it printed, and no other', async () => {
    // A number that no process has: the largest that Linux gives is 4194304.
    for (const name of [`kiosk-print-99999999-a`, `kiosk-print-${process.ppid}-b`, 'report']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'certificate-0123abcd.pdf'), pdf);
    }
    await spooler().submit(submission, call);
    expect(readdirSync(folder).sort()).toEqual([`kiosk-print-${process.ppid}-b`, 'report']);
  });

  it('is unsure when the program ends and no job is there', async () => {
    const silent = spoolerWith(async () => undefined);
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
    const hanging = spoolerWith(async () => undefined, { printer: () => new Promise(() => undefined) });
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

  it('has one call under way, and shares what waits: a Windows that hangs is not asked more and more', async () => {
    const held = Promise.withResolvers<{ ok: true; value: readonly WindowsJob[] }>();
    let asked = 0;
    const hanging = spoolerWith(async () => undefined, {
      jobs: () => {
        asked += 1;
        return held.promise;
      },
    });
    const looks = Array.from({ length: 20 }, () => hanging.job('12', { timeoutMs: 5 }));
    for (const look of await Promise.all(looks)) expect(look).toMatchObject({ ok: false, reason: 'timed-out' });
    expect(asked).toBe(1);
    held.resolve({ ok: true, value: [] });
    expect(await hanging.job('12', call)).toMatchObject({ ok: false, reason: 'unknown-job' });
    expect(asked).toBe(2);
  });

  it('lays the structures out as winspool.h does on 64 bits', () => {
    expect(koffi.sizeof(jobInfo1)).toBe(96);
    expect(koffi.offsetof(jobInfo1, 'Status')).toBe(56);
    expect(koffi.sizeof(printerInfo4)).toBe(24);
    expect(koffi.sizeof(printerInfo2)).toBe(136);
    expect(koffi.offsetof(printerInfo2, 'Status')).toBe(124);
  });
});
