import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpoolCall, SpoolSubmission } from '../channels/spooler.ts';
import { FolderPrinterControl, type FolderPrinterState, FolderSpooler } from '../channels/spooler-folder.ts';
import { proveDevice, waitForStatus } from '../device-suite.ts';
import { DocumentPrinter, type PrintJob, type PrintOptions, type PrintProgress } from './adapter.ts';

const pdf = new TextEncoder().encode('%PDF-1.4\n%%EOF\n');
const patienceMs = 4_000;
let folder: string;
let control: FolderPrinterControl;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-printer-'));
  control = new FolderPrinterControl(folder);
  control.change({ sheetMs: 20 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makePrinter(spooler = new FolderSpooler(folder)): DocumentPrinter {
  return new DocumentPrinter({ id: 'printer', spooler, pollMs: 10, watchMs: 20, answerMs: 2_000, confirmMs: 1_000 });
}

function job(change: Partial<PrintJob> = {}): PrintJob {
  return { pdf, pages: 1, copies: 1, title: 'certificate', ...change };
}

function papers(): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.pdf'));
}

proveDevice(
  'document printer over a folder',
  async () => {
    const device = makePrinter();
    const answers = (next: FolderPrinterState['answers']) => async () => {
      control.change({ answers: next });
    };
    return {
      device,
      command: (options) => device.print(job(), options),
      unplug: answers('gone'),
      replug: answers('ok'),
      hang: answers('hang'),
      garble: answers('garbled'),
      slow: answers('slow'),
      mend: answers('ok'),
      dispose: async () => undefined,
    };
  },
  { momentsMs: [4] },
);

describe('printing', () => {
  let printer: DocumentPrinter;

  beforeEach(async () => {
    printer = makePrinter();
    await printer.open({ timeoutMs: patienceMs });
  });

  afterEach(() => printer.close());

  /** Prints, and does something the first time a progress is told. */
  function print(
    change: Partial<PrintJob>,
    options: PrintOptions = {},
    when: (progress: PrintProgress) => void = () => undefined,
  ) {
    const told: PrintProgress[] = [];
    const onProgress = (progress: PrintProgress) => {
      told.push(progress);
      when(progress);
    };
    return { told, completion: printer.print(job(change), { timeoutMs: 60_000, onProgress, ...options }) };
  }

  it('lays the paper out and tells each side', async () => {
    const { told, completion } = print({ pages: 2 });
    const done = await completion;
    expect(done).toMatchObject({ ok: true, value: { kind: 'printed', impressions: 2 } });
    const [paper = ''] = papers();
    expect(readFileSync(join(folder, paper))).toEqual(Buffer.from(pdf));
    expect(told[0]).toMatchObject({ state: 'submitted' });
    expect(told).toContainEqual({ state: 'printing', impressions: 1 });
  });

  it('lays out every copy', async () => {
    expect(await print({ copies: 3 }).completion).toMatchObject({ ok: true, value: { impressions: 3 } });
    expect(papers()).toHaveLength(3);
  });

  it('shows the printer’s condition in its status without being asked', async () => {
    control.change({ faults: ['media-low', 'door-open'] });
    const status = await waitForStatus(printer, (now) => now.cover === 'open', patienceMs);
    expect(status).toMatchObject({ device: 'userError', paper: 'low', reason: 'door-open' });
    control.change({ faults: [] });
    await waitForStatus(printer, (now) => now.device === 'online', patienceMs);
  });

  it.each([
    ['media-empty', 'paper-out'],
    ['media-jam', 'paper-jam'],
    ['door-open', 'door-open'],
    ['toner-empty', 'toner-empty'],
    ['output-area-full', 'output-full'],
    ['paused', 'stopped'],
    ['offline', 'offline'],
  ] as const)('hands nothing over while there is %s, and says %s when nobody helped', async (keyword, reason) => {
    control.change({ faults: [keyword] });
    const { told, completion } = print({}, { attentionMs: 50 });
    expect(await completion).toEqual({ ok: true, value: { kind: 'failed-before-paper', reason, jobId: null } });
    expect(told).toEqual([{ state: 'waiting', reason }]);
    control.change({ faults: [] });
    expect(papers()).toEqual([]);
  });

  it('prints once paper is refilled', async () => {
    control.change({ faults: ['media-empty'] });
    const { completion } = print({}, {}, (progress) => {
      if (progress.state === 'waiting') control.change({ faults: [] });
    });
    expect(await completion).toMatchObject({ ok: true, value: { kind: 'printed' } });
    expect(papers()).toHaveLength(1);
  });

  it('goes on with the second side once paper that ran out after the first is refilled', async () => {
    const { told, completion } = print({ pages: 2 }, {}, (progress) => {
      if (progress.state === 'printing' && progress.impressions === 0) control.change({ faults: ['media-empty'] });
      if (progress.state === 'waiting') control.change({ faults: [] });
    });
    expect(await completion).toMatchObject({ ok: true, value: { kind: 'printed', impressions: 2 } });
    expect(told).toContainEqual({ state: 'waiting', reason: 'paper-out' });
  });

  it.each([
    ['media-empty', 'failed-before-paper', 'paper-out'],
    ['media-jam', 'failed-maybe-printed', 'paper-jam'],
    ['door-open', 'failed-before-paper', 'door-open'],
    ['offline', 'failed-maybe-printed', 'offline'],
  ] as const)(
    'takes the job back when nobody mends %s on the way, so that a refill prints nothing',
    async (keyword, kind, reason) => {
      control.change({ sheetMs: 200 });
      const { told, completion } = print({}, { attentionMs: 60 }, (progress) => {
        if (progress.state === 'printing') control.change({ faults: [keyword] });
      });
      expect(await completion).toMatchObject({ ok: true, value: { kind, reason } });
      expect(told).toContainEqual({ state: 'cancelling' });
      control.change({ faults: [], sheetMs: 0 });
      await printer.print(job(), { timeoutMs: patienceMs });
      expect(papers()).toHaveLength(1);
    },
  );

  it('says unknown, not printed, of a printer that claims completion and counted nothing', async () => {
    control.change({ lies: 'counts-nothing' });
    expect(await print({}).completion).toMatchObject({
      ok: true,
      value: { kind: 'failed-maybe-printed', reason: 'lying', impressions: 0 },
    });
  });

  it('says unknown, not printed, of a printer that claims completion without paper', async () => {
    control.change({ sheetMs: 100 });
    const { completion } = print({}, {}, (progress) => {
      if (progress.state === 'printing') control.change({ faults: ['media-empty'], lies: 'counts-all' });
    });
    expect(await completion).toMatchObject({ ok: true, value: { kind: 'failed-maybe-printed', reason: 'lying' } });
  });

  it('is cancelled for certain while it waits for paper', async () => {
    control.change({ faults: ['media-empty'] });
    const abort = new AbortController();
    const { completion } = print({}, { signal: abort.signal }, () => abort.abort());
    expect(await completion).toMatchObject({ ok: false, reason: 'cancelled' });
  });

  it('is cancelled for certain while it is queued', async () => {
    const abort = new AbortController();
    const { completion } = print({}, { signal: abort.signal }, (progress) => {
      if (progress.state === 'submitted') abort.abort();
    });
    const done = await completion;
    // The simulated printer may just have begun; either way the outcome says what lies in the tray.
    expect(done).toMatchObject({ ok: true, value: { kind: papers().length === 0 ? 'cancelled' : 'printed' } });
  });

  it('may have printed when it is cancelled between two sides', async () => {
    const abort = new AbortController();
    const { completion } = print({ pages: 3 }, { signal: abort.signal }, (progress) => {
      if (progress.state === 'printing' && progress.impressions === 1) abort.abort();
    });
    const done = await completion;
    expect(done).toMatchObject({ ok: true, value: { kind: 'failed-maybe-printed', reason: 'cancelled' } });
    expect(papers()).toEqual([]);
  });

  it('finishes the sheet under way when the visitor has gone', async () => {
    const gone = new AbortController();
    const { completion } = print({ pages: 2 }, { visitorGone: gone.signal }, (progress) => {
      if (progress.state === 'printing') gone.abort();
    });
    expect(await completion).toMatchObject({ ok: true, value: { kind: 'printed', impressions: 2 } });
  });

  it('takes a job back at once that waits for paper when the visitor has gone', async () => {
    control.change({ sheetMs: 200 });
    const gone = new AbortController();
    const { completion } = print({}, { visitorGone: gone.signal, attentionMs: 60_000 }, (progress) => {
      if (progress.state === 'printing') control.change({ faults: ['media-empty'] });
      if (progress.state === 'waiting') gone.abort();
    });
    expect(await completion).toMatchObject({ ok: true, value: { kind: 'failed-before-paper', reason: 'paper-out' } });
  });

  it('hands nothing over for a visitor who has gone already', async () => {
    const { completion } = print({}, { visitorGone: AbortSignal.abort() });
    expect(await completion).toEqual({ ok: true, value: { kind: 'cancelled', jobId: null } });
  });

  it('takes the job back when its own time is up', async () => {
    control.change({ sheetMs: 400 });
    expect(await print({ pages: 2 }, { timeoutMs: 100 }).completion).toMatchObject({
      ok: true,
      value: { kind: 'failed-maybe-printed', reason: 'timed-out' },
    });
  });

  it('says unknown when the spooler is gone in the middle', async () => {
    control.change({ sheetMs: 400 });
    const { told, completion } = print({}, { attentionMs: 50 }, (progress) => {
      if (progress.state === 'printing') control.change({ answers: 'gone' });
    });
    expect(await completion).toMatchObject({
      ok: true,
      value: { kind: 'failed-maybe-printed', reason: 'spooler-lost' },
    });
    expect(told).toContainEqual({ state: 'waiting', reason: 'spooler-lost' });
  });

  it('takes a job out of a spooler that was gone for too long as soon as it is back', async () => {
    const spooler = new FolderSpooler(folder);
    const other = makePrinter(spooler);
    await other.open();
    control.change({ sheetMs: 100, faults: [] });
    const onProgress = (progress: PrintProgress) => {
      if (progress.state === 'printing') control.change({ answers: 'gone', faults: ['media-empty'] });
    };
    await other.print(job(), { onProgress, attentionMs: 30, timeoutMs: patienceMs });
    control.change({ answers: 'ok' });
    const left = async () => {
      const jobs = await spooler.ownJobs({ timeoutMs: patienceMs });
      return jobs.ok ? jobs.value.length : null;
    };
    await expect.poll(left, { timeout: patienceMs }).toBe(0);
    control.change({ faults: [], sheetMs: 0 });
    await other.print(job(), { timeoutMs: patienceMs });
    await other.close();
    expect(papers()).toHaveLength(1);
  });

  it.each([
    ['not a PDF', { pdf: new TextEncoder().encode('hello') }],
    ['pages', { pages: 0 }],
    ['copies', { copies: 1.5 }],
    ['title', { title: '张三的参保证明' }],
  ])('refuses a job with a flaw: %s', async (detail, change) => {
    expect(await print(change).completion).toEqual({ ok: false, reason: 'invalidData', detail });
  });

  it('takes everything of the kiosk out of the spooler on reset', async () => {
    const spooler = new FolderSpooler(folder);
    const other = makePrinter(spooler);
    await other.open();
    control.change({ faults: ['media-empty'] });
    const submission: SpoolSubmission = { pdf, name: 'certificate-left', pages: 1, copies: 1 };
    const call: SpoolCall = { timeoutMs: patienceMs };
    await spooler.submit(submission, call);
    await other.reset({ timeoutMs: patienceMs });
    control.change({ faults: [] });
    await expect.poll(async () => (await spooler.ownJobs(call)).ok).toBe(true);
    await other.close();
    expect(papers()).toEqual([]);
  });
});

/** How many jobs of the kiosk the spooler still knows. */
async function jobsOf(spooler: FolderSpooler): Promise<number | 'unknown'> {
  const jobs = await spooler.ownJobs({ timeoutMs: patienceMs });
  return jobs.ok ? jobs.value.length : 'unknown';
}

describe('a job of an earlier life', () => {
  it('that waits for paper is taken back at the start: the refill prints it for nobody', async () => {
    const spooler = new FolderSpooler(folder);
    const call: SpoolCall = { timeoutMs: patienceMs };
    control.change({ faults: ['media-empty'] });
    await spooler.submit({ pdf, name: 'certificate-0123abcd', pages: 1, copies: 1 }, call);
    const reborn = makePrinter(spooler);
    await reborn.open();
    await expect.poll(() => jobsOf(spooler), { timeout: patienceMs }).toBe(0);
    control.change({ faults: [], sheetMs: 0 });
    // What is printed next is all that lies in the tray.
    expect(await reborn.print(job(), call)).toMatchObject({ ok: true, value: { kind: 'printed' } });
    expect(papers()).toHaveLength(1);
    await reborn.close();
  });

  it('that is on paper by half is let finish, and leaves no trace with the spooler', async () => {
    const spooler = new FolderSpooler(folder);
    control.change({ sheetMs: 200 });
    await spooler.submit({ pdf, name: 'certificate-0123abcd', pages: 1, copies: 1 }, { timeoutMs: patienceMs });
    const reborn = makePrinter(spooler);
    await reborn.open();
    await expect.poll(papers, { timeout: patienceMs }).toHaveLength(1);
    await expect.poll(() => jobsOf(spooler), { timeout: patienceMs }).toBe(0);
    await reborn.close();
  });

  it('is told as printed when its paper came out, and as failed when it did not', async () => {
    const printer = makePrinter();
    await printer.open();
    const done = await printer.print(job(), { timeoutMs: patienceMs });
    await printer.close();
    if (!done.ok || done.value.kind !== 'printed') throw new Error('not printed');

    const reborn = makePrinter();
    await reborn.open();
    expect(await reborn.settle(done.value.jobId, 1)).toMatchObject({ ok: true, value: { kind: 'printed' } });
    expect(await reborn.settle('mfx1-0123abcd', 1)).toMatchObject({
      ok: true,
      value: { kind: 'failed-before-paper', reason: 'aborted' },
    });
    expect(await reborn.settle('147', 1)).toMatchObject({
      ok: true,
      value: { kind: 'failed-maybe-printed', reason: 'spooler-lost' },
    });
    await reborn.close();
  });
});
