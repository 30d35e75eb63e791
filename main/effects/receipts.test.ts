import { describe, expect, test } from 'vitest';
import type { Completion } from '../../devices/device.ts';
import type {
  PrintReceiptOptions,
  ReceiptFault,
  ReceiptOutcome,
  ReceiptPrinter,
} from '../../devices/receipt-printer/adapter.ts';
import type { PrintProgress, Slip } from '../../state-machines/effects.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import { createLog } from '../log.ts';
import { createReceiptEffects, receiptOf } from './receipts.ts';

const slip: Slip = {
  title: '预约小票',
  number: { label: '预约号', value: 'A018' },
  rows: [{ label: '在哪里', value: '6号窗口' }],
  notes: ['请按时到窗口，过号要重新排队。'],
};
const head = { hall: '云川市社会保险服务大厅', terminal: '3号自助机', hotline: '12333' };

test('names hall, item, who it is for in masks, and the number large and to be scanned', () => {
  const { lines } = receiptOf(slip, { ...head, maskedName: '𠮷***', time: '2026-11-24 10:24' });
  expect(lines).toContainEqual({ kind: 'text', text: 'A018', isCentred: true, isLarge: true, isBold: true });
  expect(lines).toContainEqual({ kind: 'code', text: 'A018' });
  expect(lines).toContainEqual({ kind: 'row', left: '姓名', right: '𠮷***' });
  expect(lines).toContainEqual({ kind: 'row', left: '3号自助机', right: '2026-11-24 10:24' });
});

test('names nobody where nobody has logged in', () => {
  const { lines } = receiptOf(slip, { ...head, maskedName: null, time: '2026-11-24 10:24' });
  expect(lines.filter((line) => line.kind === 'row' && line.left === '姓名')).toEqual([]);
});

const visit = { id: 'visit-1', trace: 'trace-1', startedAtMs: 0 };

/** The effects over a printer whose print is played by the test: what it is given, what it tells, how it ends. */
function receiptsOn(hasPrinter: boolean) {
  const given = Promise.withResolvers<PrintReceiptOptions>();
  const ended = Promise.withResolvers<Completion<ReceiptOutcome>>();
  const printer = {
    id: 'receipts',
    print(_receipt: unknown, options: PrintReceiptOptions = {}) {
      given.resolve(options);
      return ended.promise;
    },
  };
  const effects = createReceiptEffects({
    printer: hasPrinter ? (printer as unknown as ReceiptPrinter) : null,
    head: () => head,
    timeZone: 'Asia/Shanghai',
    nowMs: () => 1_000,
    attentionMs: 60_000,
    log: createLog({ write: () => undefined, nowMs: () => 0, level: 'error' }),
  });
  const told: PrintProgress[] = [];
  const job = effects.print(visit, null, { kind: 'receipt', slip, copies: 1 }, (progress) => told.push(progress));
  return { effects, job, told, options: given.promise, end: ended.resolve };
}

const printed = { ok: true, value: { kind: 'printed' } } as const;

test('says that there is no printer where the terminal has none', async () => {
  expect(await receiptsOn(false).job.done).toEqual({ ok: false, reason: 'receipt-printer-out' });
});

describe('what stops a receipt', () => {
  const reasons: [ReceiptFault, TroubleReason][] = [
    ['jammed', 'receipt-jam'],
    ['cutter', 'receipt-jam'],
    ['paper-out', 'receipt-paper-out'],
    ['cover-open', 'receipt-cover-open'],
    ['broken', 'receipt-printer-out'],
    ['offline', 'receipt-printer-out'],
  ];

  test.each(reasons)('%s is told to the visitor while staff may still help: %s', async (fault, reason) => {
    const { job, told, options, end } = receiptsOn(true);
    (await options).onProgress?.({ state: 'waiting', reason: fault });
    expect(told).toEqual([{ state: 'waiting', reason, untilMs: 61_000, number: null }]);
    end(printed);
    expect(await job.done).toMatchObject({ ok: true, pages: 1, copies: 1 });
  });

  test.each(reasons)('%s is told where nobody helped and nothing is on paper: %s', async (fault, reason) => {
    const { job, end } = receiptsOn(true);
    end({ ok: true, value: { kind: 'failed-before-paper', reason: fault, characters: [] } });
    expect(await job.done).toEqual({ ok: false, reason });
  });

  test('in the middle leaves it uncertain what is on paper, whatever it was', async () => {
    const { job, end } = receiptsOn(true);
    end({ ok: true, value: { kind: 'failed-maybe-printed', reason: 'jammed' } });
    expect(await job.done).toEqual({ ok: false, reason: 'receipt-uncertain' });
  });
});

describe('a receipt whose visitor has gone', () => {
  test('is given up while it waits for staff', async () => {
    const { job, options, end } = receiptsOn(true);
    const { signal, onProgress } = await options;
    onProgress?.({ state: 'waiting', reason: 'paper-out' });
    job.abandon();
    expect(signal?.aborted).toBe(true);
    end({ ok: false, reason: 'cancelled', detail: 'as played' });
    expect(await job.done).toEqual({ ok: false, reason: 'receipt-printer-out' });
  });

  test('is finished while it prints, given up should it stop then, and waited for at the end', async () => {
    const { effects, job, options, end } = receiptsOn(true);
    const { signal, onProgress } = await options;
    onProgress?.({ state: 'printing' });
    job.abandon();
    expect(signal?.aborted).toBe(false);
    onProgress?.({ state: 'waiting', reason: 'jammed' });
    expect(signal?.aborted).toBe(true);
    end(printed);
    await effects.idle();
    expect(await job.done).toMatchObject({ ok: true });
  });
});
