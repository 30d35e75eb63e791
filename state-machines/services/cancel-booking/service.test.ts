import { expect, test } from 'vitest';
import type { Bookings } from '../../contract/central/queries.ts';
import { proveItem } from '../item-suite.ts';
import { startItem } from '../item-visit.ts';
import * as copy from './copy.ts';
import { cancelBooking } from './service.ts';

proveItem(cancelBooking, copy);

const bookings: Bookings = [
  { number: 'A018', matter: '退休待遇申领', window: '5号窗口', date: '2026-11-26', from: '09:00', to: '09:30' },
  { number: 'B002', matter: '养老保险关系转移接续', window: '6号窗口', date: '2026-11-27', from: '13:30', to: '14:00' },
];

/** Chooses the first booking, confirms, and stands before the outcome; without a state the line has just gone. */
async function cancel(state?: 'cancelled' | 'not-found' | 'too-late') {
  const visit = await startItem(cancelBooking, {
    data: { bookings },
    ...(state === undefined ? {} : { answer: { kind: 'booking-cancel', state } }),
  });
  await visit.act({ type: 'choose', choice: 'A018' });
  await visit.act({ type: 'next' });
  return visit;
}

test('lists the bookings with day, time and window', async () => {
  const visit = await startItem(cancelBooking, { data: { bookings } });
  expect(visit.shows('choose').sections[0]?.rows[0]).toMatchObject({
    title: '退休待遇申领',
    summary: '11月26日 星期四 9:00至9:30，5号窗口',
  });
  visit.stop();
});

test('says that there is nothing to cancel', async () => {
  const visit = await startItem(cancelBooking, { data: { bookings: [] } });
  expect(visit.shows('choose')).toMatchObject({ sections: [], empty: '您现在没有预约' });
  visit.stop();
});

test('warns before it cancels, and cancels nothing on the way back', async () => {
  const visit = await startItem(cancelBooking, { data: { bookings } });
  await visit.act({ type: 'choose', choice: 'B002' });
  expect(visit.shows('review').risks[0]).toContain('不能恢复');
  await visit.act({ type: 'back' });
  expect(visit.submitted).toEqual([]);
  visit.stop();
});

test('cancels the one that was chosen', async () => {
  const visit = await cancel('cancelled');
  expect(visit.submitted).toEqual([{ kind: 'booking-cancel', item: 'cancel-booking', itemVersion: 1, number: 'A018' }]);
  expect(visit.shows('result')).toMatchObject({ tone: 'done', title: '已经取消' });
  visit.stop();
});

test.each([
  ['not-found', 'problem', '没有找到这个预约'],
  ['too-late', 'refused', '来不及取消了'],
] as const)('says %s as what it is', async (state, tone, title) => {
  const visit = await cancel(state);
  expect(visit.shows('result')).toMatchObject({ tone, title });
  visit.stop();
});

test('does not call it cancelled where the line went before the answer', async () => {
  const visit = await cancel();
  expect(visit.shows('result').tone).toBe('received');
  visit.stop();
});
