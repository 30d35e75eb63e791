import { expect, test } from 'vitest';
import { openHall } from '../kiosk/played-hall.ts';

test('leads from a group to its list, to an item and back the same way', async () => {
  const hall = await openHall();
  await hall.act({ type: 'start' }, { type: 'choose', choice: 'group:book' });
  expect(hall.shows('list').sections[0]?.rows.map(({ id }) => id)).toEqual(['book-window', 'cancel-booking']);
  await hall.act({ type: 'choose', choice: 'cancel-booking' });
  expect(hall.shows('facts').title).toBe('取消预约');
  await hall.act({ type: 'back' });
  expect(hall.shown().step.kind).toBe('list');
  await hall.act({ type: 'back' });
  expect(hall.shown().step.kind).toBe('home');
});

test('names on each group what lies in it, and leads to a single item without a list of one', async () => {
  const hall = await openHall();
  await hall.act({ type: 'start' });
  const { groups } = hall.shows('home');
  expect(groups.map(({ id, title, summary }) => [id, title, summary])).toContainEqual([
    'group:book',
    '预约',
    '预约取号、取消预约',
  ]);
  const alone = groups.find(({ title }) => title === '咨询投诉');
  expect(alone).toMatchObject({ id: 'complaint', summary: '投诉建议', icon: 'chat' });
  await hall.act({ type: 'choose', choice: 'complaint' });
  expect(hall.shows('facts').title).toBe('投诉建议');
});

test('shuts a group while every item in it is out, says why, and keeps it open as long as one is not', async () => {
  // With the reader gone a visitor opened the bookings, and found there that none of them could be had.
  const off = new Map<string, { zh: string; en: string }>();
  const hall = await openHall({ found: cardOnly, effects: { switchedOff: () => off } });
  await hall.act({ type: 'start' });
  const blocked = () =>
    Object.fromEntries(hall.shows('home').groups.map(({ id, blocked = null }) => [id.replace('group:', ''), blocked]));
  expect(new Set(Object.values(blocked()))).toEqual(new Set([null]));
  await hall.happen({ type: 'device', need: 'card-reader', reason: 'card-reader-out' });
  const readerOut = '读卡器暂时不能用';
  expect(blocked()).toEqual({
    print: null,
    'look-up': readerOut,
    'contact-change': readerOut,
    book: readerOut,
    complaint: null,
  });
  off.set('check-certificate', { zh: '本周暂停', en: 'Suspended this week' });
  expect(blocked()).toMatchObject({ print: '这几项现在都不能办' });
  await hall.happen({ type: 'device', need: 'card-reader', reason: null });
  expect(blocked()).toMatchObject({ print: null, 'look-up': null, book: null });
});

test('leads back to the home screen from an item that was chosen there', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  await hall.act({ type: 'back' });
  expect(hall.shown().step.kind).toBe('home');
});

test('takes no choice that is neither a group nor an item, and no step back from home', async () => {
  const hall = await openHall();
  await hall.act({ type: 'start' });
  expect(await hall.touch({ type: 'choose', choice: 'no-such-item' })).toBe(false);
  expect(await hall.touch({ type: 'choose', choice: 'group:no-such-group' })).toBe(false);
  expect(await hall.touch({ type: 'back' })).toBe(false);
  expect(await hall.touch({ type: 'next' })).toBe(false);
  expect(hall.shown().step.kind).toBe('home');
});

/** A terminal with one way to log in. */
const cardOnly = {
  devices: {
    'card-reader': null,
    'id-reader': 'not-fitted',
    'code-scanner': 'not-fitted',
    'document-printer': null,
    'receipt-printer': 'not-fitted',
    'pin-pad': 'not-fitted',
    camera: 'not-fitted',
  },
} as const;

test.each([
  ['the printer is out', { type: 'device', need: 'document-printer', reason: 'paper-out' }, '打印机暂时不能用'],
  ['the card reader is out', { type: 'device', need: 'card-reader', reason: 'card-reader-out' }, '读卡器暂时不能用'],
  ['the line is down', { type: 'line', state: 'offline' }, '网络断开，暂时不能办'],
] as const)('does not begin an item while %s, and says so everywhere it stands', async (_why, event, said) => {
  const hall = await openHall({ found: cardOnly });
  await hall.act({ type: 'start' });
  await hall.happen(event);
  const ofHome = hall.shows('home').everything.find(({ id }) => id === 'proof-of-insurance');
  expect(ofHome?.blocked).toBe(said);
  await hall.act({ type: 'choose', choice: 'group:print' });
  expect(hall.shows('list').sections[0]?.rows[0]?.blocked).toBe(said);
  await hall.act({ type: 'choose', choice: 'proof-of-insurance' });
  expect(hall.shows('facts')).toMatchObject({ blocked: said, wayOn: { missing: said } });
  expect(await hall.touch({ type: 'next' })).toBe(false);
  expect(hall.shown().step.kind).toBe('facts');
});

test('says what the centre said of an item it switched off', async () => {
  const off = new Map([['book-window', { zh: '国庆期间暂停', en: 'Suspended over the holiday' }]]);
  const hall = await openHall({ effects: { switchedOff: () => off } });
  await hall.choose('book-window');
  expect(hall.shows('facts').blocked).toBe('国庆期间暂停');
  expect(await hall.touch({ type: 'next' })).toBe(false);
});

test('opens an item on the screen as soon as what blocked it is mended, and blocks it as soon as it breaks', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  const { id } = hall.shown().step;
  expect(hall.shows('facts').blocked).toBeUndefined();
  await hall.happen({ type: 'device', need: 'document-printer', reason: 'paper-jam' });
  expect(hall.shows('facts').blocked).toBe('打印机暂时不能用');
  await hall.happen({ type: 'device', need: 'document-printer', reason: null });
  expect(hall.shows('facts').blocked).toBeUndefined();
  await hall.happen({ type: 'line', state: 'offline' });
  expect(hall.shows('facts').blocked).toBe('网络断开，暂时不能办');
  await hall.happen({ type: 'line', state: 'online' });
  expect(await hall.touch({ type: 'next' })).toBe(true);
  expect(id).toBe('v1.2.facts-proof-of-insurance');
});

test('comes back to the facts, blocked, where the item broke while the visitor logged in', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'device', need: 'document-printer', reason: 'door-open' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe: 'sealed' });
  expect(hall.shows('facts').blocked).toBe('打印机暂时不能用');
  expect(hall.shown().header.visitor).toBe('张**');
});

test('needs neither card, printer nor line to check a certificate', async () => {
  const hall = await openHall();
  await hall.happen({ type: 'line', state: 'offline' });
  await hall.happen({ type: 'device', need: 'card-reader', reason: 'card-reader-out' });
  await hall.happen({ type: 'device', need: 'document-printer', reason: 'printer-offline' });
  await hall.choose('check-certificate');
  await hall.act({ type: 'next' });
  expect(hall.shown().step.kind).toBe('scan');
});

test('changes language, size and colours on any screen without losing the place', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  const { id } = hall.shown().step;
  await hall.act({ type: 'appearance', language: 'en' }, { type: 'appearance', size: 'large' });
  expect(hall.shown().step).toMatchObject({ id, title: 'Proof of insurance' });
  expect(hall.shown().header.appearance).toEqual({ language: 'en', theme: 'light', size: 'large', lowReach: false });
});

test('leaves alone what an appearance names without a value', async () => {
  // Structured clone keeps `language: undefined`, and every text of the screen was looked up under it.
  const hall = await openHall();
  await hall.act({ type: 'start' }, { type: 'appearance', language: undefined, theme: 'dark' } as never);
  expect(hall.shown().header.appearance).toMatchObject({ language: 'zh', theme: 'dark' });
});
