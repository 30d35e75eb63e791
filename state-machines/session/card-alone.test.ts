/** The line is down and somebody has only a card: what they can do by it, and what becomes of that when the line is back. */
import { expect, test } from 'vitest';
import type { Login } from '../contract/central/identity.ts';
import type { RequestBody } from '../contract/central/requests.ts';
import { maskNumber } from '../contract/words/person.ts';
import type { CardRead, Effects } from '../effects.ts';
import type { Hall, HallOptions } from '../kiosk/played-hall.ts';
import { holderLogin, jwe, openHall, readCard, readIdCard } from '../kiosk/played-hall.ts';

const changed = { mobile: '19900000002', address: '', postalCode: '', email: '' };
const notice = '网络断开，没法核对密码';
const needsPassword = '要核对密码，断网办不了';

type Sent = { by: Login | CardRead | null; body: RequestBody };

/** A terminal without the line. `sent`: what was put into the outbox, and by whom; `asked`: effects that ask the centre. */
async function openOffline(options: HallOptions = {}) {
  const sent: Sent[] = [];
  const asked: string[] = [];
  const well = (await openHall()).effects;
  const submit: Effects['submit'] = async (_visit, by, body) => {
    sent.push({ by, body });
    return { ok: true, settled: { state: 'received', number: 'K1-000001' } };
  };
  const asking = (name: 'checkCard' | 'challenge' | 'query') => ({
    [name]: async (...given: never[]) => {
      asked.push(name);
      return (well[name] as (...these: never[]) => unknown)(...given);
    },
  });
  const effects = { ...asking('checkCard'), ...asking('challenge'), ...asking('query'), submit, ...options.effects };
  const hall = await openHall({ ...options, effects: effects as Partial<Effects> });
  await hall.happen({ type: 'line', state: 'offline' });
  return { hall, sent, asked };
}

/** From an item's form to its end. */
async function handIn(hall: Hall): Promise<void> {
  await hall.act({ type: 'submit', values: changed }, { type: 'next' }, { type: 'sign', strokes: [[[100, 100, 0]]] });
}

const blockedItems = (hall: Hall) =>
  Object.fromEntries(hall.shows('home').everything.map(({ id, blocked = null }) => [id, blocked]));

test('says before anything is begun what a card alone is good for, and asks the centre nothing', async () => {
  // Every login ended in "the centre cannot be reached" while the line was down.
  const { hall, asked } = await openOffline();
  await hall.happen({ type: 'card.inserted' });
  const shown = hall.shows('review');
  expect(shown.title).toBe(notice);
  expect(shown.rows.map(({ label, value }) => [label, value])).toEqual([
    ['您的证件', `${readCard.maskedName} ${readCard.maskedNumber}`],
    ['现在能办', '变更联系方式、投诉建议、查验真伪'],
    ['怎么算数', '和证件信息一起收下，工作人员核对后才生效'],
    ['现在看不到', '您的参保、缴费等个人信息'],
  ]);
  expect(shown.hint).toBe('先凭证件办几样；网络恢复后，再办事要输密码');
  await hall.act({ type: 'next' });
  expect(hall.shown().step.kind).toBe('home');
  // Nobody has proved to be whom the card names.
  expect(hall.shown().header.visitor).toBeNull();
  expect(asked).toEqual([]);
});

test('shuts what wants a password with that as the reason, and keeps open what does without', async () => {
  const { hall } = await openOffline();
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' });
  expect(blockedItems(hall)).toEqual({
    'proof-of-insurance': needsPassword,
    'contribution-record': needsPassword,
    'insurance-summary': needsPassword,
    'contact-change': null,
    'book-window': needsPassword,
    'cancel-booking': needsPassword,
    complaint: null,
    'check-certificate': null,
  });
  await hall.act({ type: 'choose', choice: 'proof-of-insurance' });
  expect(hall.shows('facts').wayOn?.missing).toBe(needsPassword);
  expect(await hall.touch({ type: 'next' })).toBe(false);
});

test.each([
  ['a social security card', { type: 'card.inserted' }, readCard],
  ['an identity card', { type: 'idcard.placed' }, readIdCard],
] as const)(
  'takes a change of contact data by %s alone, shows nothing on file, and says that it waits',
  async (_name, event, card) => {
    const { hall, sent, asked } = await openOffline();
    await hall.choose('contact-change');
    expect(hall.shows('facts').main[1]).toMatchObject({ label: '多久办好', value: '断网先收下，核对后生效' });
    await hall.act({ type: 'next' });
    expect(hall.shown().step.kind).toBe('identify');
    await hall.happen(event);
    expect(hall.shows('review').title).toBe(notice);
    await hall.act({ type: 'next' });
    const form = hall.shows('form');
    expect(form.fields.map(({ value }) => value)).toEqual(['', '', '', '']);
    expect(form.hint).toBe('断网，看不到原来的。手机号要填，别的不填就是不变');
    await hall.act({ type: 'submit', values: changed });
    expect(hall.shows('review').rows.map(({ value }) => value)).toEqual(['19900000002', '不变', '不变', '不变']);
    await hall.act({ type: 'next' }, { type: 'sign', strokes: [[[100, 100, 0]]] });
    expect(hall.shows('result')).toMatchObject({
      title: '已经收下，待核验',
      tone: 'received',
      rows: [{ label: '受理编号', value: 'K1-000001' }],
      actions: [],
    });
    // What was left empty stays as it is: it must not arrive as something taken away.
    expect(sent).toMatchObject([{ by: card, body: { kind: 'application', values: { mobile: '19900000002' } } }]);
    expect(Object.keys(sent[0]?.body.kind === 'application' ? sent[0].body.values : {})).toEqual(['mobile']);
    expect(asked).toEqual([]);
  },
);

test('prints a slip that says it waits, and no notice, even where the centre has answered', async () => {
  const answer = {
    kind: 'application',
    number: 'SL1',
    state: 'under-review',
    reason: null,
    promisedBy: '2026-11-27',
  } as const;
  const { hall } = await openOffline({
    effects: { submit: async () => ({ ok: true, settled: { state: 'done', number: 'SL1', answer } }) },
  });
  await hall.happen({ type: 'device', need: 'receipt-printer', reason: null });
  await hall.choose('contact-change');
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' });
  await handIn(hall);
  expect(hall.shows('result').actions.map(({ id }) => id)).toEqual(['receipt']);
  expect(await hall.touch({ type: 'print' })).toBe(false);
  await hall.act({ type: 'choose', choice: 'receipt' });
  expect(hall.print().order).toMatchObject({
    kind: 'receipt',
    slip: { number: { value: 'SL1' }, rows: [{ label: '办理情况', value: '待核验' }] },
  });
});

test('fills in again after a refusal without what is on file, though the line is back by then', async () => {
  const answer = { kind: 'application', number: 'SL1', state: 'refused', reason: null, promisedBy: null } as const;
  const { hall, asked } = await openOffline({
    effects: { submit: async () => ({ ok: true, settled: { state: 'done', number: 'SL1', answer } }) },
  });
  await hall.choose('contact-change');
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'line', state: 'online' });
  await handIn(hall);
  await hall.act({ type: 'choose', choice: 'again' });
  expect(hall.shows('form').fields.map(({ value }) => value)).toEqual(['', '', '', '']);
  expect(asked).toEqual([]);
});

test('hands a complaint in under nobody’s name, whatever card is in', async () => {
  const { hall, sent } = await openOffline();
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' }, { type: 'choose', choice: 'complaint' }, { type: 'next' });
  const { fields } = hall.shows('form');
  const values = Object.fromEntries(fields.map(({ id, choices }) => [id, choices?.[0]?.id ?? '窗口排队太久']));
  await hall.act({ type: 'submit', values: { ...values, mobile: '' } });
  await hall.act({ type: 'next' });
  expect(sent).toMatchObject([{ by: null, body: { kind: 'complaint' } }]);
});

test('ends with the card, and keeps nothing of it', async () => {
  const { hall, sent } = await openOffline();
  await hall.choose('contact-change');
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' }, { type: 'submit', values: changed });
  await hall.happen({ type: 'card.taken' });
  expect(hall.shown().step.kind).toBe('attract');
  expect(JSON.stringify(hall.shown())).not.toContain(readCard.maskedNumber);
  expect(hall.forgotten).toEqual([{ visit: 'visit-1', login: null }]);
  expect(sent).toEqual([]);
});

test('ends with the card on the screen that tells what it is good for, too', async () => {
  const { hall } = await openOffline();
  await hall.happen({ type: 'card.inserted' });
  await hall.happen({ type: 'card.taken' });
  expect(hall.shown().step.kind).toBe('attract');
});

test('ends with another card: it is the next visitor’s', async () => {
  const { hall } = await openOffline();
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'idcard.placed' });
  expect(hall.shown().step.kind).toBe('take');
  expect(hall.session()?.context.byCard).toBeNull();
});

test('asks for the password after all where the line is back before anything is begun', async () => {
  const { hall } = await openOffline();
  await hall.happen({ type: 'card.inserted' });
  await hall.happen({ type: 'line', state: 'online' });
  expect(hall.shown().step.kind).toBe('password');
});

test('stays what it is within an item when the line comes back, and asks for the password at the next', async () => {
  const { hall, sent, asked } = await openOffline();
  await hall.choose('contact-change');
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'line', state: 'online' });
  expect(hall.shows('form').fields.map(({ value }) => value)).toEqual(['', '', '', '']);
  await handIn(hall);
  expect(hall.shows('result').title).toBe('已经收下，待核验');
  expect(sent.map(({ by }) => by)).toEqual([readCard]);
  expect(asked).toEqual([]);

  await hall.act({ type: 'next' }, { type: 'next' }, { type: 'choose', choice: 'more' });
  expect(blockedItems(hall)).toMatchObject({ 'proof-of-insurance': null, 'contact-change': null });
  await hall.act({ type: 'choose', choice: 'contact-change' }, { type: 'next' });
  await hall.act({ type: 'password', jwe });
  expect(hall.shows('form').fields[0]?.value).not.toBe('');
  expect(hall.shown().header.visitor).toBe('张**');
  await handIn(hall);
  expect(sent.at(-1)?.by).toEqual(holderLogin);
});

test('shows the agreement and wants it agreed to, hands no agreement in, and asks again at a login', async () => {
  const agreement = {
    version: '2026.1',
    sections: [{ title: { zh: '协议', en: 'A' }, text: { zh: '一', en: 'One' } }],
  };
  const { hall, sent } = await openOffline({ effects: { agreement: () => agreement } });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' });
  expect(hall.shows('agreement').hint).toBe('断网查不到您以前同意过没有，请再看一遍');
  await hall.act({ type: 'next' });
  expect(hall.shown().step.kind).toBe('home');
  expect(sent).toEqual([]);
  await hall.happen({ type: 'line', state: 'online' });
  await hall.act({ type: 'choose', choice: 'contribution-record' }, { type: 'next' }, { type: 'password', jwe });
  expect(hall.shows('agreement').version).toBe('2026.1');
  await hall.act({ type: 'next' });
  expect(hall.shown().step.kind).toBe('read');
  expect(sent).toMatchObject([{ by: holderLogin, body: { kind: 'agreement', version: '2026.1' } }]);
});

test('ends the visit of who declines the agreement', async () => {
  const agreement = { version: '2026.1', sections: [] };
  const { hall, sent } = await openOffline({ effects: { agreement: () => agreement } });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'next' }, { type: 'choose', choice: 'decline' });
  expect(hall.shown().step.kind).toBe('take');
  expect(sent).toEqual([]);
});

test('keeps what was proved before the line dropped: the change is handed in under the login', async () => {
  const { hall, sent } = await openOffline();
  await hall.happen({ type: 'line', state: 'online' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe });
  await hall.happen({ type: 'line', state: 'offline' });
  expect(hall.shown().header.visitor).toBe('张**');
  await hall.act({ type: 'choose', choice: 'contact-change' }, { type: 'next' });
  expect(hall.shows('form').fields[0]?.value).toBe('');
  await handIn(hall);
  expect(hall.shows('result').title).toBe('已经收下');
  expect(sent).toMatchObject([{ by: holderLogin, body: { values: { mobile: '19900000002' } } }]);
});

test('does not look up in the middle what a form was filled in without: an empty field would become a deletion', async () => {
  const { hall, sent, asked } = await openOffline();
  await hall.happen({ type: 'line', state: 'online' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe });
  await hall.happen({ type: 'line', state: 'offline' });
  await hall.act({ type: 'choose', choice: 'contact-change' }, { type: 'next' }, { type: 'submit', values: changed });
  await hall.happen({ type: 'line', state: 'online' });
  await hall.act({ type: 'back' });
  await handIn(hall);
  expect(asked).not.toContain('query');
  expect(sent).toMatchObject([{ body: { values: { mobile: '19900000002' } } }]);
  expect(Object.keys(sent[0]?.body.kind === 'application' ? sent[0].body.values : {})).toEqual(['mobile']);
});

test('goes on without what is on file where the line goes while it is looked up', async () => {
  const { hall } = await openOffline({
    effects: { query: async () => ({ ok: false, reason: 'centre-unreachable' }) },
  });
  await hall.happen({ type: 'line', state: 'online' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe }, { type: 'choose', choice: 'contact-change' }, { type: 'next' });
  expect(hall.shows('trouble').code).toBe('N01');
  await hall.happen({ type: 'line', state: 'offline' });
  await hall.act({ type: 'choose', choice: 'again' });
  expect(hall.shown().step.kind).toBe('form');
});

test('is no way into an item that wants a password: its login says that the centre cannot be reached', async () => {
  const { hall } = await openOffline({
    effects: { checkCard: async () => ({ ok: false, reason: 'centre-unreachable' }) },
  });
  await hall.happen({ type: 'line', state: 'online' });
  await hall.choose('proof-of-insurance');
  await hall.act({ type: 'next' });
  await hall.happen({ type: 'line', state: 'offline' });
  await hall.happen({ type: 'card.inserted' });
  expect(hall.shows('trouble').code).toBe('N01');
});

test('says of an electronic card that it is of no use without the line', async () => {
  const { hall } = await openOffline();
  await hall.choose('contact-change');
  await hall.act({ type: 'next' });
  expect(hall.shows('identify').ways.map(({ id, available }) => [id, available])).toEqual([
    ['card', true],
    ['id-card', true],
    ['code', false],
  ]);
});

test('names a card that would not say whose it is by its own number', async () => {
  const card = { ...readCard, idNumber: '', maskedName: '', maskedNumber: '' };
  const { hall } = await openOffline({ effects: { readCard: async () => ({ ok: true, card }) } });
  await hall.happen({ type: 'card.inserted' });
  const [shown] = hall.shows('review').rows;
  expect(shown?.value).toBe(maskNumber('Y00890001'));
});
