/** Codes held up to the scanner where nobody had asked for one: they meant nothing, and whoever held them up stood there in vain. */
import { expect, test } from 'vitest';
import { makeCertificateCode } from '../contract/words/certificate-code.ts';
import type { Effects } from '../effects.ts';
import type { Hall } from '../kiosk/played-hall.ts';
import { openHall } from '../kiosk/played-hall.ts';

const certificateQr = 'SIK1:NCFOXN';
/** The short one printed beside it. */
const certificateCode = makeCertificateCode(new Uint8Array(10).fill(77));
const cardCode = '651089204417735021';

/** A hall that writes down which codes were checked as certificates, and which logged somebody in. */
async function openWatched(effects: Partial<Effects> = {}, found: Parameters<typeof openHall>[0] = {}) {
  const checked: string[] = [];
  const proved: string[] = [];
  const hall = await openHall({ ...found, effects });
  const { checkCode, proveCode } = hall.effects;
  hall.effects.checkCode = (text, signal) => {
    checked.push(text);
    return checkCode(text, signal);
  };
  hall.effects.proveCode = (visit, text, signal) => {
    proved.push(text);
    return proveCode(visit, text, signal);
  };
  return { hall, checked, proved };
}

const places: [string, (hall: Hall) => Promise<void>][] = [
  ['the first screen', async () => {}],
  ['home', (hall) => hall.act({ type: 'start' })],
  ['a list', (hall) => hall.act({ type: 'start' }, { type: 'choose', choice: 'group:print' })],
  ['an item', (hall) => hall.choose('complaint')],
];

test.each(places)('a certificate held up at %s is checked at once', async (_place, go) => {
  const { hall, checked, proved } = await openWatched();
  await go(hall);
  await hall.happen({ type: 'code.scanned', text: certificateQr });
  expect(checked).toEqual([certificateQr]);
  expect(proved).toEqual([]);
  expect(hall.shown().step.kind).toBe('result');
});

test('a certificate’s short code is known by its form as well', async () => {
  const { hall, checked } = await openWatched();
  await hall.happen({ type: 'code.scanned', text: certificateCode });
  expect(checked).toEqual([certificateCode]);
});

test.each(places)('an electronic card held up at %s logs its holder in', async (_place, go) => {
  const { hall, checked, proved } = await openWatched();
  await go(hall);
  await hall.happen({ type: 'code.scanned', text: cardCode });
  expect(proved).toEqual([cardCode]);
  expect(checked).toEqual([]);
  expect(hall.shown().header.visitor).toBe('张**');
});

test('whoever is logged in checks a certificate, and no second card', async () => {
  const { hall, checked, proved } = await openWatched();
  await hall.happen({ type: 'code.scanned', text: cardCode });
  await hall.happen({ type: 'code.scanned', text: cardCode });
  expect(proved).toHaveLength(1);
  expect(hall.shown().step.kind).toBe('home');
  await hall.happen({ type: 'code.scanned', text: certificateQr });
  expect(checked).toEqual([certificateQr]);
});

test('any other code gets its word, and is asked about once', async () => {
  const { hall, proved } = await openWatched({ proveCode: async () => ({ ok: true, answer: { state: 'unknown' } }) });
  await hall.happen({ type: 'code.scanned', text: 'https://example.com/pay' });
  expect(hall.shown().step.kind).toBe('trouble');
  await hall.act({ type: 'choose', choice: 'home' });
  await hall.act({ type: 'choose', choice: 'proof-of-insurance' }, { type: 'next' });
  expect(hall.shown().step.kind).toBe('identify');
  expect(proved).toHaveLength(1);
});

test('a certificate that cannot be checked now leads to the item, which says why', async () => {
  const { hall, checked } = await openWatched({
    switchedOff: () => new Map([['check-certificate', { zh: '中心暂停了这一项', en: 'Suspended' }]]),
  });
  await hall.happen({ type: 'code.scanned', text: certificateQr });
  expect(hall.shows('facts')).toMatchObject({ title: '查验真伪', blocked: '中心暂停了这一项' });
  expect(checked).toEqual([]);
});

test('a code where no code logs in leads to the ways that do', async () => {
  const { hall, proved } = await openWatched({}, { found: { isCodeLoginOff: true } });
  await hall.happen({ type: 'code.scanned', text: cardCode });
  expect(hall.shows('identify').ways.map(({ id }) => id)).toEqual(['card', 'id-card']);
  expect(proved).toEqual([]);
});

test('a poster touched on the first screen begins at its item', async () => {
  const hall = await openHall();
  const [poster] = hall.shows('attract').scenes;
  await hall.act({ type: 'start', ...(poster?.item === undefined ? {} : { item: poster.item }) });
  expect(hall.shows('facts').title).toBe('参保证明');
  await hall.act({ type: 'back' });
  expect(hall.shown().step.kind).toBe('home');
  await hall.act({ type: 'end' }, { type: 'start', item: 'no-such-item' });
  expect(hall.shown().step.kind).toBe('home');
});

test('every poster names an item there is', async () => {
  const hall = await openHall();
  const items = hall.shows('attract').scenes.map(({ item }) => item);
  await hall.act({ type: 'start' });
  expect(hall.shows('home').everything.map(({ id }) => id)).toEqual(expect.arrayContaining(items));
});
