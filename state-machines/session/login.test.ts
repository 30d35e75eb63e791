import { expect, test } from 'vitest';
import type { Agreement } from '../contract/central/catalogue.ts';
import type { HallOptions } from '../kiosk/played-hall.ts';
import { holderLogin, jwe, openHall, readCard } from '../kiosk/played-hall.ts';

function agreementOf(version: string): Agreement {
  return { version, sections: [{ title: { zh: '服务协议', en: 'Agreement' }, text: { zh: '一', en: 'One' } }] };
}

const withAgreement: HallOptions = { effects: { agreement: () => agreementOf('2026.1') } };

/** Puts the card in and enters the password. */
async function openLoggedIn(options: HallOptions = {}) {
  const hall = await openHall(options);
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe });
  return hall;
}

test('goes on to the item the visitor had chosen', async () => {
  const hall = await openHall();
  await hall.begin('contribution-record');
  expect(hall.shows('read').title).toBe('您的养老保险缴费');
});

test('goes to the home screen where nothing was chosen yet', async () => {
  const hall = await openLoggedIn();
  expect(hall.shown().step.kind).toBe('home');
  expect(hall.shown().header.visitor).toBe('张**');
});

test('goes back to the facts of the item somebody was reading when the card went in', async () => {
  const hall = await openHall();
  await hall.happen({ type: 'device', need: 'document-printer', reason: 'paper-out' });
  await hall.choose('proof-of-insurance');
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe });
  expect(hall.shows('facts').title).toBe('参保证明');
});

test('asks for a login once a visit', async () => {
  const hall = await openLoggedIn();
  await hall.act({ type: 'choose', choice: 'contribution-record' }, { type: 'next' });
  expect(hall.shown().step.kind).toBe('read');
});

test('goes back from the login to the facts, or home where nothing was chosen', async () => {
  const hall = await openHall();
  await hall.choose('proof-of-insurance');
  await hall.act({ type: 'next' }, { type: 'back' });
  expect(hall.shown().step.kind).toBe('facts');
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'back' });
  expect(hall.shown().step.kind).toBe('facts');
  await hall.act({ type: 'end' });
  await hall.happen({ type: 'card.taken' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'back' });
  expect(hall.shown().step.kind).toBe('home');
});

test('reads the card that is still in when an item asks for a login again', async () => {
  const hall = await openHall();
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'back' }, { type: 'choose', choice: 'proof-of-insurance' }, { type: 'next' });
  expect(hall.shown().step.kind).toBe('password');
});

test('shows the agreement at the first login and hands its acceptance in once', async () => {
  const hall = await openLoggedIn(withAgreement);
  expect(hall.shows('agreement').version).toBe('2026.1');
  await hall.act({ type: 'next' });
  expect(hall.shown().step.kind).toBe('home');
  expect(hall.submitted).toEqual([{ kind: 'agreement', version: '2026.1' }]);
  await hall.act({ type: 'choose', choice: 'contribution-record' }, { type: 'next' });
  expect(hall.submitted).toHaveLength(1);
});

test('goes on after the agreement to what was chosen before it', async () => {
  const hall = await openHall(withAgreement);
  await hall.begin('contribution-record');
  await hall.act({ type: 'next' });
  expect(hall.shown().step.kind).toBe('read');
});

test('does not show an agreement that was accepted before, and shows a newer one', async () => {
  const login = { ...holderLogin, agreementAccepted: '2026.1' };
  const effects = { provePassword: async () => ({ ok: true, answer: { state: 'right', login } }) as const };
  const known = await openLoggedIn({ effects: { ...effects, ...withAgreement.effects } });
  expect(known.shown().step.kind).toBe('home');
  const newer = await openLoggedIn({ effects: { ...effects, agreement: () => agreementOf('2026.2') } });
  expect(newer.shows('agreement').version).toBe('2026.2');
});

test('ends the visit where the agreement is declined, and hands nothing in', async () => {
  const hall = await openLoggedIn(withAgreement);
  await hall.act({ type: 'choose', choice: 'decline' });
  expect(hall.shows('take').things.map(({ id }) => id)).toEqual(['card']);
  expect(hall.submitted).toEqual([]);
  expect(hall.forgotten).toHaveLength(1);
});

test('takes no other choice for a word on the agreement, and no step back past it', async () => {
  const hall = await openLoggedIn(withAgreement);
  expect(await hall.touch({ type: 'choose', choice: 'accept' })).toBe(false);
  expect(await hall.touch({ type: 'back' })).toBe(false);
});

test('records the version that was read, though another came into force meanwhile', async () => {
  // The catalogue was fetched while somebody read: 2026.2 was recorded as accepted, and nobody had ever seen it.
  let version = '2026.1';
  const hall = await openLoggedIn({ effects: { agreement: () => agreementOf(version) } });
  version = '2026.2';
  expect(hall.shows('agreement').version).toBe('2026.1');
  await hall.act({ type: 'next' });
  expect(hall.submitted).toEqual([{ kind: 'agreement', version: '2026.1' }]);
  expect(hall.shows('agreement').version).toBe('2026.2');
});

test('keeps an agreement on the screen that the catalogue has dropped meanwhile', async () => {
  let agreement: Agreement | null = agreementOf('2026.1');
  const hall = await openLoggedIn({ effects: { agreement: () => agreement } });
  agreement = null;
  expect(hall.shown().step.kind).toBe('agreement');
  await hall.act({ type: 'next' });
  expect(hall.shown().step.kind).toBe('home');
});

test('hands a rating in, with the item it is about, and asks whether there is more', async () => {
  const hall = await openHall();
  await hall.begin('contribution-record');
  await hall.act({ type: 'next' });
  expect(hall.shown().step.kind).toBe('rate');
  const scores = { completeness: 5, ease: 4, speed: 5, satisfaction: 5 };
  await hall.act({ type: 'rate', scores });
  expect(hall.submitted).toEqual([{ kind: 'rating', item: 'contribution-record', itemVersion: 1, scores }]);
  await hall.act({ type: 'choose', choice: 'more' });
  expect(hall.shown().step.kind).toBe('home');
  expect(hall.shown().header.visitor).toBe('张**');
});

test('does not press for a rating, and ends where nothing more is wanted', async () => {
  const hall = await openHall();
  await hall.begin('contribution-record');
  await hall.act({ type: 'next' }, { type: 'next' }, { type: 'next' });
  expect(hall.shown().step.kind).toBe('take');
  expect(hall.submitted).toEqual([]);
});

test('shows who it is by the centre where the card would tell only its number, and asks with what the card told', async () => {
  const told = { ...readCard, idNumber: '', maskedName: '', maskedNumber: '' };
  const asked: unknown[] = [];
  const hall = await openHall({
    effects: {
      readCard: async () => ({ ok: true, card: told }),
      checkCard: async () => ({
        ok: true,
        standing: { state: 'in-order', maskedName: '张**', maskedNumber: '890***********0019', attemptsLeft: 5 },
      }),
      provePassword: async (_visit, card) => {
        asked.push(card.idNumber);
        return { ok: true, answer: { state: 'right', login: holderLogin } };
      },
    },
  });
  await hall.choose('proof-of-insurance');
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'card.inserted' });
  expect(hall.shows('password').who).toEqual({ name: '张**', number: '890***********0019' });
  expect(told.maskedName).toBe('');
  await hall.act({ type: 'password', jwe });
  expect(asked).toEqual(['']);
});
