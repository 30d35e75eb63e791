import { expect, test } from 'vitest';
import type { BookingOffers } from '../../contract/central/queries.ts';
import type { RequestAnswer } from '../../contract/central/requests.ts';
import { bookingTicketSchema } from '../../contract/words/certificate.ts';
import { proveItem } from '../item-suite.ts';
import { startItem } from '../item-visit.ts';
import * as copy from './copy.ts';
import { bookWindow } from './service.ts';

proveItem(bookWindow, copy);

const transfer = { id: 'pension-transfer', name: '养老保险关系转移接续', window: '6号窗口' };
const retirement = { id: 'retirement', name: '退休待遇申领', window: '5号窗口' };
const offers: BookingOffers = {
  matters: [transfer, retirement],
  days: [
    {
      date: '2026-11-26',
      times: [
        { from: '09:00', to: '09:30', matter: transfer.id, free: 2 },
        { from: '09:30', to: '10:00', matter: transfer.id, free: 0 },
        { from: '09:00', to: '09:30', matter: retirement.id, free: 0 },
      ],
    },
    { date: '2026-11-27', times: [{ from: '13:30', to: '14:00', matter: transfer.id, free: 1 }] },
  ],
};
const booking = {
  number: 'A018',
  matter: transfer.name,
  window: transfer.window,
  date: '2026-11-26',
  from: '09:00',
  to: '09:30',
};

type Answer = Extract<RequestAnswer, { kind: 'booking' }>;

/** Chooses matter and time, confirms, and stands before the outcome; without an answer the line has just gone. */
async function book(answer?: Omit<Answer, 'kind'>) {
  const visit = await startItem(bookWindow, {
    data: { 'booking-offers': offers },
    ...(answer === undefined ? {} : { answer: { kind: 'booking', ...answer } }),
  });
  await visit.act({ type: 'choose', choice: transfer.id });
  await visit.act({ type: 'choose', choice: '2026-11-26 09:00' });
  await visit.act({ type: 'next' });
  return visit;
}

test('keeps a matter in sight that is full for the whole week, and does not take it', async () => {
  const visit = await startItem(bookWindow, { data: { 'booking-offers': offers } });
  expect(visit.shows('choose').sections[0]?.rows[1]).toMatchObject({ id: 'retirement', blocked: '这一周都约满了' });
  expect(visit.takes({ type: 'choose', choice: 'retirement' })).toBe(false);
  visit.stop();
});

test('lists the times of the chosen matter by day, with the places left', async () => {
  const visit = await startItem(bookWindow, { data: { 'booking-offers': offers } });
  await visit.act({ type: 'choose', choice: transfer.id });
  expect(visit.shows('choose')).toMatchObject({
    layout: 'times',
    sections: [
      {
        title: '11月26日 星期四',
        rows: [
          { id: '2026-11-26 09:00', title: '9:00至9:30', summary: '还有2个号' },
          { id: '2026-11-26 09:30', title: '9:30至10:00', blocked: '约满了' },
        ],
      },
      { title: '11月27日 星期五', rows: [{ id: '2026-11-27 13:30' }] },
    ],
  });
  visit.stop();
});

test('takes neither a full time nor one that was never offered', async () => {
  const visit = await startItem(bookWindow, { data: { 'booking-offers': offers } });
  await visit.act({ type: 'choose', choice: transfer.id });
  expect(visit.takes({ type: 'choose', choice: '2026-11-26 09:30' })).toBe(false);
  expect(visit.takes({ type: 'choose', choice: '2026-12-24 09:00' })).toBe(false);
  visit.stop();
});

test('shows what was chosen before it is booked, and goes back to the times', async () => {
  const visit = await startItem(bookWindow, { data: { 'booking-offers': offers } });
  await visit.act({ type: 'choose', choice: transfer.id });
  await visit.act({ type: 'choose', choice: '2026-11-27 13:30' });
  expect(visit.shows('review', 'en').rows.map(({ value }) => value)).toEqual([
    transfer.name,
    '6号窗口',
    'Friday, 27 Nov',
    '13:30 to 14:00',
  ]);
  expect(visit.submitted).toEqual([]);
  await visit.act({ type: 'back' });
  expect(visit.shows('choose').layout).toBe('times');
  visit.stop();
});

test('books what was chosen, says so at once, and prints a ticket the layout takes', async () => {
  const visit = await book({ state: 'booked', booking });
  expect(visit.submitted).toEqual([
    { kind: 'booking', item: 'book-window', itemVersion: 1, matter: transfer.id, date: '2026-11-26', from: '09:00' },
  ]);
  expect(visit.shows('result')).toMatchObject({ tone: 'done', title: '约好了' });
  expect(visit.shows('result').rows[0]).toMatchObject({ label: '预约号', value: 'A018' });
  await visit.act({ type: 'print' });
  const order = visit.printed[0];
  if (order?.kind !== 'ticket') throw new Error('no ticket was printed');
  const centre = { name: '云川市社会保险服务大厅', address: '云川市东湖区人民路99号', phone: '12333' };
  expect(
    bookingTicketSchema.safeParse({ ...order.ticket, layout: 'booking-ticket', version: 1, maskedName: '张**', centre })
      .success,
  ).toBe(true);
  visit.stop();
});

test('says that somebody was faster, and leads to the times that are free now', async () => {
  const visit = await book({ state: 'taken', booking: null });
  expect(visit.shows('result')).toMatchObject({ tone: 'refused', title: '刚刚被别人约走了' });
  expect(visit.takes({ type: 'print' })).toBe(false);
  await visit.act({ type: 'choose', choice: 'again' });
  expect(visit.shows('choose').title).toBe('要到窗口办什么？');
  visit.stop();
});

test('says that a time was closed meanwhile', async () => {
  const visit = await book({ state: 'closed', booking: null });
  expect(visit.shows('result').title).toBe('这个时间不能约了');
  visit.stop();
});

test('names the booking that stands where the same matter was booked before', async () => {
  const visit = await book({ state: 'already-booked', booking });
  expect(visit.shows('result').rows[0]).toMatchObject({ label: '预约号', value: 'A018' });
  expect(visit.takes({ type: 'choose', choice: 'again' })).toBe(false);
  visit.stop();
});

test('does not call it booked where the line went before the answer', async () => {
  const visit = await book();
  expect(visit.shows('result')).toMatchObject({ tone: 'received' });
  expect(visit.takes({ type: 'print' })).toBe(false);
  visit.stop();
});

test('cannot be begun without the line', async () => {
  await expect(startItem(bookWindow, { line: 'offline' })).rejects.toThrow('nobody takes next');
});
