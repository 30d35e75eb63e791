import { describe, expect, test } from 'vitest';
import type { Environment, Failed } from '../effects.ts';
import { readerSettlesMs } from './left-cards.ts';
import { partingMs, patrolMs, recheckMs } from './machine.ts';
import type { Hall } from './played-hall.ts';
import { hallTimes, holderLogin, jwe, onFile, openHall } from './played-hall.ts';

const refused: Failed = { ok: false, reason: 'not-enrolled' };
const inOrder: Environment = {
  line: 'online',
  card: 'absent',
  idCard: 'absent',
  devices: {
    'card-reader': null,
    'id-reader': null,
    'code-scanner': null,
    'document-printer': null,
    'receipt-printer': 'not-fitted',
    'pin-pad': 'not-fitted',
    camera: 'not-fitted',
  },
};

test('starts with a check, and serves nobody before it is through', async () => {
  const { promise, resolve } = Promise.withResolvers<{ ok: true; environment: Environment }>();
  const hall = await openHall({ effects: { checkEnvironment: () => promise } });
  expect(hall.shows('working').title).toBe('正在自检，请稍等');
  expect(await hall.touch({ type: 'start' })).toBe(false);
  resolve({ ok: true, environment: inOrder });
  await hall.settle();
  expect(hall.shown().step.kind).toBe('attract');
});

// The camera came up in the moment between the look at the terminal and its answer, and was out until it was next unplugged.
test('keeps what a device told while the check was under way', async () => {
  const { promise, resolve } = Promise.withResolvers<{ ok: true; environment: Environment }>();
  const hall = await openHall({ effects: { checkEnvironment: () => promise } });
  await hall.happen({ type: 'device', need: 'id-reader', reason: null });
  await hall.happen({ type: 'device', need: 'card-reader', reason: 'card-reader-out' });
  const { devices } = inOrder;
  const before = { ...devices, 'id-reader': 'id-reader-out' as const };
  resolve({ ok: true, environment: { ...inOrder, devices: before } });
  await hall.settle();
  await hall.act({ type: 'start' });
  await hall.act({ type: 'choose', choice: 'contribution-record' });
  await hall.act({ type: 'next' });
  const ways = hall.shows('identify').ways.map(({ id, available }) => [id, available]);
  expect(ways).toContainEqual(['card', false]);
  expect(ways).toContainEqual(['id-card', true]);
});

// Whoever came by after a power cut saw the masked name of the card's owner.
test('asks for a card to be taken out that was already in the slot when it started, and names nobody', async () => {
  const hall = await openHall({ found: { card: 'present' } });
  expect(hall.shows('attract').notice).toMatchObject({ icon: 'card', title: '卡口里还有一张卡' });
  await hall.happen({ type: 'card.taken' });
  expect(hall.shows('attract').notice).toBeUndefined();
  await hall.happen({ type: 'card.inserted' });
  expect(hall.shown().step.kind).toBe('password');
});

test('asks for an identity card to be lifted that already lay on the plate when it started', async () => {
  const hall = await openHall({ found: { idCard: 'present' } });
  expect(hall.shows('attract').notice).toMatchObject({ icon: 'id-card', title: '感应区上还有一张身份证' });
  await hall.act({ type: 'start' });
  expect(hall.shown().step.kind).toBe('home');
  await hall.happen({ type: 'idcard.lifted' });
  await hall.happen({ type: 'idcard.placed' });
  expect(hall.shown().step.kind).toBe('password');
});

test('stays out of service with its reason, and looks again by itself until it can serve', async () => {
  let answer: Failed | { ok: true; environment: Environment } = refused;
  const hall = await openHall({ effects: { checkEnvironment: async () => answer } });
  expect(hall.shows('out-of-service').code).toBe('K03');
  expect(await hall.touch({ type: 'start' })).toBe(false);
  await hall.elapse(recheckMs - 1);
  answer = { ok: true, environment: inOrder };
  await hall.settle();
  expect(hall.shown().step.kind).toBe('out-of-service');
  await hall.elapse(1);
  expect(hall.shown().step.kind).toBe('attract');
  expect(hall.kiosk.getSnapshot().context.outBecause).toBeNull();
});

test('goes back into service at once where something says that it has recovered', async () => {
  let answer: Failed | { ok: true; environment: Environment } = refused;
  const hall = await openHall({ effects: { checkEnvironment: async () => answer } });
  answer = { ok: true, environment: inOrder };
  hall.kiosk.send({ type: 'recovered' });
  await hall.settle();
  expect(hall.shown().step.kind).toBe('attract');
});

test('is taken out of service by staff, and says the newest reason', async () => {
  const hall = await openHall();
  hall.kiosk.send({ type: 'out', reason: 'out-by-staff' });
  expect(hall.shows('out-of-service').code).toBe('K04');
  hall.kiosk.send({ type: 'out', reason: 'store-unusable' });
  expect(hall.shows('out-of-service').code).toBe('K02');
  await hall.elapse(recheckMs);
  expect(hall.shown().step.kind).toBe('attract');
});

test('shows staff the digits by which they tell it from its copy, in a code to be read out, until it is let in', async () => {
  let answer: (Failed & { shown?: string }) | { ok: true; environment: Environment } = {
    ok: true,
    environment: inOrder,
  };
  const hall = await openHall({ effects: { checkEnvironment: async () => answer } });
  await hall.act({ type: 'start' });
  // The centre says so in the middle of a visit, which goes on to its end.
  answer = { ok: false, reason: 'not-this-epoch', shown: '482915' };
  await hall.settle();
  expect(hall.shown().step.kind).not.toBe('out-of-service');
  await hall.act({ type: 'end' });
  await hall.settle();
  expect(hall.shows('out-of-service').code).toBe('K07 · 482 915');
  answer = { ok: true, environment: inOrder };
  await hall.elapse(recheckMs);
  hall.shows('attract');
});

test('says to visitors what the centre that closed it says, as one plain line, until it is opened', async () => {
  let answer: Failed | { ok: true; environment: Environment } = refused;
  const hall = await openHall({ effects: { checkEnvironment: async () => answer } });
  expect(hall.shows('out-of-service')).not.toHaveProperty('centreSays');
  hall.kiosk.send({ type: 'out', reason: 'out-by-staff', notice: ' 装修，\n<b>周一</b>\u202e开放 ' });
  expect(hall.shows('out-of-service')).toMatchObject({
    code: 'K04',
    happened: '服务中心已暂停本机服务。',
    centreSays: '装修， <b>周一</b> 开放',
  });
  hall.kiosk.send({ type: 'out', reason: 'out-by-staff', notice: '停'.repeat(300) });
  expect(hall.shows('out-of-service').centreSays).toBe('停'.repeat(200));
  hall.kiosk.send({ type: 'out', reason: 'out-by-staff', notice: '' });
  expect(hall.shows('out-of-service')).not.toHaveProperty('centreSays');
  answer = { ok: true, environment: inOrder };
  hall.kiosk.send({ type: 'recovered' });
  await hall.settle();
  hall.kiosk.send({ type: 'out', reason: 'store-unusable' });
  expect(hall.shows('out-of-service').happened).not.toBe('服务中心已暂停本机服务。');
});

test('begins a visit at a touch', async () => {
  const hall = await openHall();
  await hall.act({ type: 'start' });
  expect(hall.shown().step.kind).toBe('home');
});

test('begins a visit at a card, and reads it', async () => {
  const hall = await openHall();
  await hall.happen({ type: 'card.inserted' });
  expect(hall.shown().step.kind).toBe('password');
});

test('begins a visit at the language button, in that language', async () => {
  const hall = await openHall();
  await hall.act({ type: 'appearance', language: 'en' });
  expect(hall.shows('home').title).toBe('What would you like to do?');
  expect(hall.shown().header.appearance).toEqual({ language: 'en', theme: 'light', size: 'normal', lowReach: false });
});

test('is as it was before, once a visit is over: appearance, name, call for help', async () => {
  const hall = await openHall();
  const before = hall.shown().header;
  await hall.act({ type: 'appearance', language: 'en', size: 'large' });
  await hall.act({ type: 'appearance', theme: 'dark', lowReach: true }, { type: 'help' });
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe });
  expect(hall.shown().header).toMatchObject({ visitor: '张**', helpCalled: true });
  await hall.happen({ type: 'card.taken' });
  expect(hall.shown().step.kind).toBe('attract');
  expect(hall.shown().header).toEqual(before);
});

test('counts its visits, and gives each an id of its own', async () => {
  const hall = await openHall();
  for (let visit = 1; visit <= 3; visit += 1) {
    await hall.act({ type: 'start' }, { type: 'end' });
    expect(hall.kiosk.getSnapshot().context.visits).toBe(visit);
  }
  expect(hall.visits.map(({ id }) => id)).toEqual(['visit-1', 'visit-2', 'visit-3']);
  expect(hall.forgotten.map(({ visit }) => visit)).toEqual(['visit-1', 'visit-2', 'visit-3']);
});

test('keeps what the world did during a visit: the next visitor finds it so', async () => {
  const hall = await openHall();
  await hall.act({ type: 'start' });
  await hall.happen({ type: 'line', state: 'offline' });
  await hall.happen({ type: 'device', need: 'document-printer', reason: 'paper-out' });
  await hall.act({ type: 'end' });
  expect(hall.shown().header.line.state).toBe('offline');
  await hall.choose('check-certificate');
  expect(hall.shows('facts').blocked).toBeUndefined();
  await hall.act({ type: 'back' }, { type: 'choose', choice: 'proof-of-insurance' });
  expect(hall.shows('facts').blocked).toBe('网络断开，暂时不能办');
});

test('calls staff from the first screen without beginning a visit', async () => {
  const hall = await openHall();
  await hall.act({ type: 'help' });
  expect(hall.staffCalls).toEqual([null]);
  expect(hall.shown().step.kind).toBe('attract');
});

test('says why it is out of service also while it looks again', async () => {
  // The screen jumped to "checking itself" and back every five seconds.
  let check = async (): Promise<Failed | { ok: true; environment: Environment }> => refused;
  const hall = await openHall({ effects: { checkEnvironment: () => check() } });
  check = () => new Promise(() => {});
  await hall.elapse(recheckMs);
  expect(hall.kiosk.getSnapshot().matches('checking')).toBe(true);
  expect(hall.shows('out-of-service').code).toBe('K03');
});

test('leaves nothing of a visit behind when it is taken out of service in the middle of one', async () => {
  // Grants, pages and held numbers stayed in memory, since only a visit that ended by itself was forgotten.
  const hall = await openHall();
  await hall.begin('proof-of-insurance');
  await hall.act({ type: 'next' });
  hall.kiosk.send({ type: 'out', reason: 'out-by-staff' });
  expect(hall.shown().step.kind).toBe('out-of-service');
  expect(hall.forgotten).toEqual([{ visit: 'visit-1', login: holderLogin }]);
  expect(hall.print().abandoned).toEqual({ under: 1, after: 0 });
});

test('forgets a visit once where it is taken out of service while the card is still to be taken', async () => {
  const hall = await openHall();
  await hall.begin('proof-of-insurance');
  await hall.act({ type: 'end' });
  expect(hall.shown().step.kind).toBe('take');
  hall.kiosk.send({ type: 'out', reason: 'out-by-staff' });
  expect(hall.forgotten).toHaveLength(1);
});

test('looks at itself between visits and now and then, and tells the next visitor before they start', async () => {
  let answer: Failed | { ok: true; environment: Environment } = { ok: true, environment: inOrder };
  let looks = 0;
  const hall = await openHall({
    effects: {
      checkEnvironment: async () => {
        looks += 1;
        return answer;
      },
    },
  });
  const first = hall.shown().step.id;
  await hall.elapse(patrolMs);
  expect(hall.shown().step.id).toBe(first);
  const before = looks;
  answer = { ok: false, reason: 'store-unusable' };
  await hall.act({ type: 'start' });
  await hall.elapse(patrolMs / 2);
  await hall.act({ type: 'touch' });
  await hall.elapse(patrolMs / 2);
  expect(looks).toBe(before);
  expect(hall.shown().step.kind).toBe('home');
  await hall.touch({ type: 'end' });
  await hall.settle();
  expect(hall.shows('out-of-service').code).toBe('K02');
});

// A forgotten card's masked name stood on the screen again after the reader's cable had been out.
test('shows no name of a forgotten card that comes back with its reader: it wants to be put in anew', async () => {
  const hall = await openHall();
  await hall.happen({ type: 'device', need: 'card-reader', reason: null });
  await hall.elapse(readerSettlesMs + 1);
  await hall.begin('proof-of-insurance');
  await hall.elapse(hallTimes.idleMs + hallTimes.warningMs);
  expect(hall.shown().step.kind).toBe('take');
  await pullCable(hall);
  expect(hall.shown().step.kind).toBe('attract');
  await plugCable(hall);
  expect(hall.shows('attract').notice?.title).toBe('卡口里还有一张卡');
  await hall.act({ type: 'start' });
  expect(hall.shown().step.kind).toBe('home');
  await hall.happen({ type: 'card.taken' });
  expect(hall.shown().step.kind).toBe('home');
  await hall.happen({ type: 'card.inserted' });
  expect(hall.shown().step.kind).toBe('password');
});

test('takes a card at once that is put in after the reader came back empty', async () => {
  const hall = await openHall();
  await hall.happen({ type: 'card.inserted' });
  await pullCable(hall);
  await hall.happen({ type: 'device', need: 'card-reader', reason: null });
  await hall.elapse(readerSettlesMs + 1);
  await hall.happen({ type: 'card.inserted' });
  expect(hall.shown().step.kind).toBe('password');
});

/** As a reader tells it: the card first, then itself. */
async function pullCable(hall: Hall): Promise<void> {
  await hall.happen({ type: 'card.taken' });
  await hall.happen({ type: 'device', need: 'card-reader', reason: 'card-reader-out' });
}

async function plugCable(hall: Hall): Promise<void> {
  await hall.elapse(5_000);
  await hall.happen({ type: 'device', need: 'card-reader', reason: null });
  await hall.happen({ type: 'card.inserted' });
}

describe('after a visit the first screen says', () => {
  const strokes: [number, number, number][][] = [[[100, 100, 0]]];
  const values = { ...onFile.contact, mobile: '19900000002' };
  const noticeOf = (hall: Hall) => hall.shows('attract').notice?.title;

  test('that a paper lies in the tray, to whoever pulled the card first', async () => {
    const hall = await openHall();
    await hall.begin('proof-of-insurance');
    await hall.act({ type: 'next' });
    hall.print().end({ ok: true, number: 'YC1', pages: 1, copies: 1 });
    await hall.settle();
    await hall.happen({ type: 'card.taken' });
    expect(noticeOf(hall)).toBe('出纸口有一份纸');
  });

  test('that a paper is on its way, to whoever pulled the card while it was printed', async () => {
    const hall = await openHall();
    await hall.begin('proof-of-insurance');
    await hall.act({ type: 'next' });
    hall.print().tell({ state: 'printing', number: 'YC1' });
    await hall.happen({ type: 'card.taken' });
    expect(noticeOf(hall)).toBe('有一份纸正在打印');
  });

  test('nothing of a paper that was not handed to the printer yet', async () => {
    const hall = await openHall();
    await hall.begin('proof-of-insurance');
    await hall.act({ type: 'next' });
    await hall.happen({ type: 'card.taken' });
    expect(noticeOf(hall)).toBe('卡取走了，办理已经结束');
  });

  test.each([
    ['the password', (hall: Hall) => hall.happen({ type: 'card.inserted' })],
    ['a form', (hall: Hall) => hall.begin('contact-change')],
  ])('that nothing was submitted, where the card was pulled at %s', async (_place, go) => {
    const hall = await openHall();
    await go(hall);
    await hall.happen({ type: 'card.taken' });
    expect(hall.shows('attract').notice).toMatchObject({
      title: '卡取走了，办理已经结束',
      text: expect.stringContaining('没办完的没有提交'),
    });
  });

  test('that the request was received, where the card was pulled while it was on its way', async () => {
    const hall = await openHall({
      effects: {
        submit: (_visit, _login, _body, _waitMs, _signal, onKept) => {
          onKept?.();
          return new Promise(() => {});
        },
      },
    });
    await hall.begin('contact-change');
    await hall.act({ type: 'submit', values }, { type: 'next' }, { type: 'sign', strokes });
    await hall.happen({ type: 'card.taken' });
    expect(noticeOf(hall)).toBe('您的申请已经收下');
  });

  test('that the reader failed, where it went in the middle of a visit', async () => {
    const hall = await openHall();
    await hall.happen({ type: 'card.inserted' });
    await pullCable(hall);
    expect(noticeOf(hall)).toBe('读卡器断开了，办理已经结束');
  });

  test('nothing to whoever ended the visit themselves, or had finished', async () => {
    const hall = await openHall();
    await hall.begin('contribution-record');
    await hall.act({ type: 'next' });
    await hall.happen({ type: 'card.taken' });
    expect(noticeOf(hall)).toBeUndefined();
    await hall.begin('contact-change');
    await hall.act({ type: 'end' });
    await hall.happen({ type: 'card.taken' });
    expect(noticeOf(hall)).toBeUndefined();
  });

  test('so for a while, or until somebody begins, and on the same screen', async () => {
    const hall = await openHall();
    await hall.happen({ type: 'card.inserted' });
    await hall.happen({ type: 'card.taken' });
    const { id } = hall.shown().step;
    await hall.elapse(partingMs - 1);
    expect(noticeOf(hall)).toBe('卡取走了，办理已经结束');
    await hall.elapse(1);
    expect(noticeOf(hall)).toBeUndefined();
    expect(hall.shown().step.id).toBe(id);
    await hall.happen({ type: 'card.inserted' });
    await hall.happen({ type: 'card.taken' });
    await hall.act({ type: 'start' }, { type: 'end' });
    expect(noticeOf(hall)).toBeUndefined();
  });
});

test('what a noisy line makes of nothing begins no visit on the first screen; an electronic card does', async () => {
  const hall = await openHall();
  for (const text of ['x8#q', '参保证明', '4'.repeat(600), '仝鬮簗齻亠艿', 'a\u001d23456789012']) {
    await hall.happen({ type: 'code.scanned', text });
    expect(hall.shown().step.kind).toBe('attract');
  }
  await hall.happen({ type: 'code.scanned', text: '651089204417735021' });
  expect(hall.shown().step.kind).not.toBe('attract');
});
