import { expect, test } from 'vitest';
import { openHall } from '../kiosk/played-hall.ts';
import { complaint } from '../services/complaint/service.ts';
import { defineService } from '../services/define-service.ts';

/** A complaint that the centre could not be told yet, with a receipt printer that stands so. */
async function openComplaint(printer: 'ready' | 'not-fitted' = 'ready') {
  const hall = await openHall();
  if (printer === 'ready') await hall.happen({ type: 'device', need: 'receipt-printer', reason: null });
  await hall.begin('complaint');
  await hall.act({ type: 'submit', values: { kind: 'suggestion', text: '多放几把椅子' } });
  return hall;
}

test('offers a slip where there is a receipt printer, and prints what the visitor asks by', async () => {
  const hall = await openComplaint();
  const [{ value: number } = { value: '' }] = hall.shows('result').rows;
  await hall.act({ type: 'choose', choice: 'receipt' });
  expect(hall.print().order).toMatchObject({
    kind: 'receipt',
    slip: { title: '投诉建议回执', number: { label: '受理编号', value: number } },
  });
  expect(hall.shows('working')).toMatchObject({ activity: 'receipt', text: '小票从屏幕下方出来' });
  hall.print().end({ ok: true, number: null, pages: 1, copies: 1 });
  await hall.settle();
  expect(hall.shows('take').things).toMatchObject([{ id: 'receipt', state: 'waiting' }]);
  await hall.happen({ type: 'paper.taken' });
  expect(hall.shown().step.kind).toBe('rate');
});

test('offers none where the terminal has no receipt printer', async () => {
  const hall = await openComplaint('not-fitted');
  expect(hall.shows('result').actions).toEqual([]);
  expect(await hall.touch({ type: 'choose', choice: 'receipt' })).toBe(false);
});

test('says on the result that the printer is out, and offers the slip again once it is back', async () => {
  const hall = await openComplaint();
  await hall.happen({ type: 'device', need: 'receipt-printer', reason: 'receipt-paper-out' });
  expect(hall.shows('result').actions).toMatchObject([{ id: 'receipt', blocked: '小票打印机暂时不能用' }]);
  expect(await hall.touch({ type: 'choose', choice: 'receipt' })).toBe(false);
  await hall.happen({ type: 'device', need: 'receipt-printer', reason: null });
  expect(hall.shows('result').actions[0]).not.toHaveProperty('blocked');
});

test('never prints a second time what may be on paper, and keeps the number on the screen', async () => {
  const hall = await openComplaint();
  await hall.act({ type: 'choose', choice: 'receipt' });
  hall.print().end({ ok: false, reason: 'receipt-uncertain' });
  await hall.settle();
  expect(hall.shows('trouble')).toMatchObject({ code: 'R05', rows: [{ label: '受理编号' }] });
  expect(hall.shows('trouble').actions.map(({ id }) => id)).not.toContain('again');
  expect(await hall.touch({ type: 'choose', choice: 'again' })).toBe(false);
});

test('prints again what certainly was not printed', async () => {
  const hall = await openComplaint();
  await hall.act({ type: 'choose', choice: 'receipt' });
  hall.print().end({ ok: false, reason: 'receipt-paper-out' });
  await hall.settle();
  await hall.act({ type: 'next' });
  expect(hall.prints).toHaveLength(2);
});

test('is given up with its visitor', async () => {
  const hall = await openComplaint();
  await hall.act({ type: 'choose', choice: 'receipt' }, { type: 'end' });
  expect(hall.print().abandoned.under).toBe(1);
});

test('an item that cannot be finished without a slip says so before it is begun, and one that prints nothing is none', async () => {
  const hall = await openHall({ services: [defineService({ ...complaint, devices: ['receipt-printer'] })] });
  await hall.happen({ type: 'device', need: 'receipt-printer', reason: 'receipt-jam' });
  await hall.choose('complaint');
  expect(hall.shows('facts').blocked).toBe('小票打印机暂时不能用');
  expect(() => defineService({ ...complaint, steps: [{ id: 'nothing', kind: 'print' }] })).toThrow('prints nothing');
});
