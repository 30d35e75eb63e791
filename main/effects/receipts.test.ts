import { expect, test } from 'vitest';
import type { Slip } from '../../state-machines/effects.ts';
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

test('says that there is no printer where the terminal has none', async () => {
  const receipts = createReceiptEffects({
    printer: null,
    head,
    timeZone: 'Asia/Shanghai',
    nowMs: () => 0,
    attentionMs: 1_000,
    log: createLog({ write: () => undefined, nowMs: () => 0, level: 'error' }),
  });
  const visit = { id: 'visit-1', trace: 'trace-1', startedAtMs: 0 };
  const job = receipts.print(visit, null, { kind: 'receipt', slip, copies: 1 }, () => undefined);
  expect(await job.done).toEqual({ ok: false, reason: 'receipt-printer-out' });
});
