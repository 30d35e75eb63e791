/** The ways to log in, from the screen that offers them to what is asked for at the end. */
import { describe, expect, test } from 'vitest';
import type { CardStanding, CodeAnswer } from '../contract/central/identity.ts';
import type { CardRead, Effects, Environment } from '../effects.ts';
import type { HallOptions } from '../kiosk/played-hall.ts';
import { holderLogin, jwe, openHall, readIdCard } from '../kiosk/played-hall.ts';
import { cardBellMs, cardStaffMs } from '../session/machine.ts';
import type { TroubleReason } from '../troubles.ts';
import { troubles } from '../troubles.ts';

const never = () => new Promise<never>(() => {});

/** A visitor before the ways to log in. */
async function openOffered(options: HallOptions = {}) {
  const hall = await openHall(options);
  await hall.choose('contribution-record');
  await hall.act({ type: 'next' });
  return hall;
}

function standing(devices: Partial<Environment['devices']>): HallOptions {
  const all = {
    'card-reader': null,
    'id-reader': null,
    'code-scanner': null,
    'document-printer': null,
    'receipt-printer': 'not-fitted',
    'pin-pad': 'not-fitted',
    camera: 'not-fitted',
  } as const;
  return { found: { devices: { ...all, ...devices } } };
}

describe('the screen that offers the ways', () => {
  test.each<[string, Partial<Environment['devices']>, string[]]>([
    ['请插卡，或放身份证，或扫码', {}, ['card', 'id-card', 'code']],
    ['请插卡，或扫码', { 'id-reader': 'not-fitted' }, ['card', 'code']],
    ['请放身份证，或扫码', { 'card-reader': 'not-fitted' }, ['id-card', 'code']],
    ['请插入社会保障卡', { 'id-reader': 'not-fitted', 'code-scanner': 'not-fitted' }, ['card']],
    ['请放上身份证', { 'card-reader': 'not-fitted', 'code-scanner': 'not-fitted' }, ['id-card']],
  ])('says %s where that is what the terminal has', async (title, devices, ways) => {
    const hall = await openOffered(standing(devices));
    expect(hall.shows('identify')).toMatchObject({ title, reading: false, aside: { icon: 'info' } });
    expect(hall.shows('identify').ways.map(({ id }) => id)).toEqual(ways);
    expect(hall.shows('identify').ways.every(({ available }) => available)).toBe(true);
  });

  test.each<[string, Partial<Environment['devices']>]>([
    ['社保卡、身份证或电子社保卡', {}],
    ['社保卡或电子社保卡', { 'id-reader': 'not-fitted' }],
    ['社保卡', { 'id-reader': 'not-fitted', 'code-scanner': 'not-fitted' }],
    ['身份证', { 'card-reader': 'card-reader-out', 'code-scanner': 'not-fitted' }],
  ])('says before the login to bring %s, whichever it takes', async (cards, devices) => {
    const hall = await openHall(standing(devices));
    await hall.choose('proof-of-insurance');
    expect(hall.shows('facts').main[0]).toMatchObject({ label: '要带什么', value: cards });
  });

  test('says in English what to do, and what to bring, as one would', async () => {
    const hall = await openHall(standing({}));
    await hall.act({ type: 'start' }, { type: 'appearance', language: 'en' });
    await hall.act({ type: 'choose', choice: 'proof-of-insurance' });
    expect(hall.shows('facts').main[0]?.value).toBe('Your social security card, ID card or electronic card');
    await hall.act({ type: 'next' });
    expect(hall.shows('identify').title).toBe('Please insert your card, lay down your ID or scan a code');
  });

  test('shows a way whose device is out as such, and offers it again as soon as it is back', async () => {
    const hall = await openOffered();
    await hall.happen({ type: 'device', need: 'id-reader', reason: 'id-reader-out' });
    expect(hall.shows('identify').title).toBe('请插卡，或扫码');
    expect(hall.shows('identify').ways[1]).toMatchObject({
      id: 'id-card',
      available: false,
      text: '身份证读卡器暂时不能用',
    });
    await hall.happen({ type: 'device', need: 'id-reader', reason: null });
    expect(hall.shows('identify').title).toBe('请插卡，或放身份证，或扫码');
  });

  test('says so where the last way goes while somebody stands before it, and leads back', async () => {
    const hall = await openOffered(standing({ 'id-reader': 'not-fitted', 'code-scanner': 'not-fitted' }));
    await hall.happen({ type: 'device', need: 'card-reader', reason: 'card-reader-out' });
    expect(hall.shows('identify')).toMatchObject({ title: '现在没法登录', back: '返回' });
    await hall.act({ type: 'back' });
    expect(hall.shows('facts').blocked).toBe('读卡器暂时不能用');
  });

  test('takes nothing typed by hand for a code', async () => {
    const hall = await openOffered();
    expect(await hall.touch({ type: 'code', text: 'a code', by: 'hand' })).toBe(false);
  });

  test('asks for no code where the configuration wants none, and takes none', async () => {
    const hall = await openOffered({ found: { isCodeLoginOff: true } });
    expect(hall.shows('identify').ways.map(({ id }) => id)).toEqual(['card', 'id-card']);
    await hall.happen({ type: 'code.scanned', text: 'a code' });
    expect(hall.shown().step.kind).toBe('identify');
  });
});

describe('an identity card', () => {
  test('begins a visit on the first screen, and asks for the service password', async () => {
    const hall = await openHall();
    await hall.happen({ type: 'idcard.placed' });
    expect(hall.shows('password')).toMatchObject({
      title: '请输入服务密码',
      who: { name: '张**', number: '890***********0019' },
    });
    expect(hall.kiosk.getSnapshot().context.visits).toBe(1);
  });

  test('laid down at home begins the login, and not once somebody has logged in', async () => {
    const hall = await openHall();
    await hall.act({ type: 'start' });
    await hall.happen({ type: 'idcard.placed' });
    await hall.act({ type: 'password', jwe });
    await hall.happen({ type: 'idcard.lifted' });
    await hall.happen({ type: 'idcard.placed' });
    expect(hall.shown().step.kind).toBe('home');
    expect(hall.shown().header.visitor).toBe('张**');
  });

  test('asks the centre with what the card told, and shows the face the centre gives', async () => {
    const asked: CardRead[] = [];
    const hall = await openHall({
      effects: {
        checkCard: async (_visit, card) => {
          asked.push(card);
          return {
            ok: true,
            standing: { state: 'in-order', maskedName: '𠮷*', maskedNumber: '890***', attemptsLeft: 3 },
          };
        },
      },
    });
    await hall.happen({ type: 'idcard.placed' });
    expect(asked).toEqual([readIdCard]);
    expect(hall.shows('password').who).toEqual({ name: '𠮷*', number: '890***' });
  });

  test('may be lifted once it was read: the login and the visit go on', async () => {
    const hall = await openHall();
    await hall.happen({ type: 'idcard.placed' });
    await hall.happen({ type: 'idcard.lifted' });
    await hall.act({ type: 'password', jwe });
    expect(hall.shown().step.kind).toBe('home');
    expect(hall.forgotten).toEqual([]);
    await hall.act({ type: 'end' });
    expect(hall.shown().step.kind).toBe('attract');
  });

  test('lifted while it is read is asked for again', async () => {
    const hall = await openHall({ effects: { readIdCard: never } });
    await hall.happen({ type: 'idcard.placed' });
    expect(hall.shows('identify')).toMatchObject({ reading: true, title: '正在读身份证，先别拿开' });
    expect(hall.shows('identify').ways.map(({ id }) => id)).toEqual(['id-card']);
    await hall.happen({ type: 'idcard.lifted' });
    expect(hall.shows('identify')).toMatchObject({ reading: false, title: '请放上身份证' });
    expect(hall.shows('identify').ways.map(({ id }) => id)).toEqual(['id-card', 'card', 'code']);
  });

  test.each<TroubleReason>([
    'id-card-unreadable',
    'id-card-expired',
    'id-card-other',
    'id-card-refused',
    'id-reader-out',
  ])('tells %s by its own screen', async (reason) => {
    const hall = await openHall({ effects: { readIdCard: async () => ({ ok: false, reason }) } });
    await hall.happen({ type: 'idcard.placed' });
    expect(hall.shows('trouble').code).toBe(troubles[reason].code);
  });

  test.each<[Exclude<CardStanding['state'], 'in-order' | 'locked'>, TroubleReason]>([
    ['unknown', 'id-card-unknown'],
    ['expired', 'id-card-expired'],
    ['holder-deceased', 'card-holder-deceased'],
    ['no-password', 'card-no-password'],
  ])('that the centre says is %s is told as %s', async (state, reason) => {
    const hall = await openHall({ effects: { checkCard: async () => ({ ok: true, standing: { state } }) } });
    await hall.happen({ type: 'idcard.placed' });
    expect(hall.shows('trouble').code).toBe(troubles[reason].code);
  });

  test('lifted after it could not be read is asked for again; what cannot be mended so stays to be read', async () => {
    let reason: TroubleReason = 'id-card-unreadable';
    const hall = await openHall({ effects: { readIdCard: async () => ({ ok: false, reason }) } });
    await hall.happen({ type: 'idcard.placed' });
    await hall.happen({ type: 'idcard.lifted' });
    expect(hall.shown().step.kind).toBe('identify');
    reason = 'id-card-expired';
    await hall.happen({ type: 'idcard.placed' });
    await hall.happen({ type: 'idcard.lifted' });
    expect(hall.shows('trouble').code).toBe('I02');
    await hall.act({ type: 'next' });
    expect(hall.shown().step.kind).toBe('identify');
  });

  test('is read by its own reader and the card in the slot by its', async () => {
    const read: string[] = [];
    const note = (which: string) => async () => {
      read.push(which);
      return { ok: false, reason: 'card-busy' } as const;
    };
    const hall = await openHall({ effects: { readCard: note('card'), readIdCard: note('id-card') } });
    await hall.happen({ type: 'card.inserted' });
    await hall.happen({ type: 'idcard.placed' });
    await hall.act({ type: 'choose', choice: 'again' });
    expect(read).toEqual(['card', 'id-card', 'id-card']);
  });
});

describe('another way', () => {
  test('is taken from a card that cannot be used, by doing it; the card may then be put away', async () => {
    const hall = await openHall({ effects: { readCard: async () => ({ ok: false, reason: 'card-expired' }) } });
    await hall.happen({ type: 'card.inserted' });
    expect(hall.shows('trouble').code).toBe('C04');
    await hall.happen({ type: 'idcard.placed' });
    expect(hall.shows('password').title).toBe('请输入服务密码');
    await hall.happen({ type: 'card.taken' });
    expect(hall.shown().step.kind).toBe('password');
    await hall.act({ type: 'password', jwe });
    expect(hall.shown().header.visitor).toBe('张**');
  });

  test('leaves a card in the slot to be put away during the visit, without ending it', async () => {
    const hall = await openHall({ effects: { readCard: async () => ({ ok: false, reason: 'card-expired' }) } });
    await hall.happen({ type: 'card.inserted' });
    await hall.happen({ type: 'code.scanned', text: 'a code' });
    expect(hall.shown().step.kind).toBe('home');
    await hall.act({ type: 'end' });
    expect(hall.shows('take').title).toBe('请取走您的社会保障卡');
    await hall.happen({ type: 'card.taken' });
    await hall.happen({ type: 'card.inserted' });
    await hall.happen({ type: 'code.scanned', text: 'a code' });
    await hall.happen({ type: 'card.taken' });
    expect(hall.shown().step.kind).toBe('home');
  });
});

describe('the code of an electronic card', () => {
  test('logs in by itself, and is asked once with what was scanned', async () => {
    const asked: string[] = [];
    const hall = await openOffered({
      effects: {
        proveCode: async (_visit, code) => {
          asked.push(code);
          return { ok: true, answer: { state: 'right', login: holderLogin } };
        },
      },
    });
    await hall.happen({ type: 'code.scanned', text: '65108920' });
    expect(asked).toEqual(['65108920']);
    expect(hall.shown().step.kind).toBe('read');
    expect(hall.shown().header.visitor).toBe('张**');
  });

  test('is being checked on a screen that takes nothing else, and a second one counts for nothing', async () => {
    const asked: string[] = [];
    const hall = await openOffered({
      effects: {
        proveCode: (_visit, code) => {
          asked.push(code);
          return never();
        },
      },
    });
    await hall.happen({ type: 'code.scanned', text: 'first' });
    await hall.happen({ type: 'code.scanned', text: 'second' });
    expect(hall.shows('identify')).toMatchObject({ reading: true, title: '正在向中心核对' });
    expect(await hall.touch({ type: 'back' })).toBe(false);
    expect(asked).toEqual(['first']);
  });

  test.each<[Exclude<CodeAnswer['state'], 'right'>, string]>([
    ['expired', 'E01'],
    ['used', 'E02'],
    ['unknown', 'E03'],
    ['unavailable', 'E04'],
  ])('that is %s has its screen, from which a fresh one logs in', async (state, code) => {
    const answers: CodeAnswer[] = [{ state }, { state: 'right', login: holderLogin }];
    const proveCode: Effects['proveCode'] = async () => ({ ok: true, answer: answers.shift() ?? { state } });
    const hall = await openOffered({ effects: { proveCode } });
    await hall.happen({ type: 'code.scanned', text: 'old' });
    expect(hall.shows('trouble').code).toBe(code);
    await hall.happen({ type: 'code.scanned', text: 'fresh' });
    expect(hall.shown().step.kind).toBe('read');
  });

  test('is not asked about a second time: another try asks for another code', async () => {
    let asked = 0;
    const proveCode: Effects['proveCode'] = async () => {
      asked += 1;
      return { ok: false, reason: 'centre-unreachable' };
    };
    const hall = await openOffered({ effects: { proveCode } });
    await hall.happen({ type: 'code.scanned', text: 'a code' });
    await hall.act({ type: 'choose', choice: 'again' });
    expect(hall.shows('identify').title).toBe('请扫电子社保卡');
    expect(asked).toBe(1);
  });

  test('is kept nowhere once it was judged', async () => {
    const hall = await openOffered({ effects: { proveCode: async () => ({ ok: true, answer: { state: 'used' } }) } });
    await hall.happen({ type: 'code.scanned', text: 'code-of-a-phone' });
    expect(JSON.stringify(hall.kiosk.getPersistedSnapshot())).not.toContain('code-of-a-phone');
  });
});

describe('an identity card left on the plate', () => {
  async function openLeft() {
    const hall = await openHall();
    await hall.happen({ type: 'idcard.placed' });
    await hall.act({ type: 'password', jwe });
    return hall;
  }

  test('is asked for when the visit ends, rung for, and brings staff', async () => {
    const hall = await openLeft();
    await hall.act({ type: 'end' });
    expect(hall.shows('take')).toMatchObject({ title: '请取走您的身份证', things: [{ id: 'id-card' }] });
    expect(hall.forgotten).toHaveLength(1);
    await hall.elapse(cardBellMs + cardStaffMs);
    expect(hall.staffCalls).toEqual(['visit-1']);
    await hall.happen({ type: 'idcard.lifted' });
    expect(hall.shown().step.kind).toBe('attract');
  });

  test('is asked for beside a card in the slot until both are gone', async () => {
    const hall = await openLeft();
    await hall.happen({ type: 'card.inserted' });
    expect(hall.shows('take')).toMatchObject({
      title: '请取走您的卡和证',
      things: [{ id: 'card' }, { id: 'id-card' }],
    });
    await hall.happen({ type: 'card.taken' });
    expect(hall.shows('take').title).toBe('请取走您的身份证');
    await hall.happen({ type: 'idcard.lifted' });
    expect(hall.shown().step.kind).toBe('attract');
  });

  test('is asked about where the reader cannot tell, and whoever looked says so', async () => {
    const hall = await openLeft();
    await hall.happen({ type: 'idcard.untold' });
    await hall.act({ type: 'end' });
    expect(hall.shows('take').wayOn?.label).toBe('我拿好了');
    await hall.act({ type: 'next' });
    expect(hall.shown().step.kind).toBe('attract');
  });

  test('is asked about for a while where the reader cannot tell, and nobody is called to a bare plate', async () => {
    const hall = await openLeft();
    await hall.happen({ type: 'idcard.untold' });
    await hall.act({ type: 'end' });
    await hall.elapse(cardBellMs);
    expect(hall.shown().step.kind).toBe('attract');
    expect(hall.staffCalls).toEqual([]);
    await hall.act({ type: 'start' }, { type: 'end' });
    expect(hall.shown().step.kind).toBe('attract');
  });

  test('cannot be said to be taken by a touch where the reader sees it', async () => {
    const hall = await openLeft();
    await hall.act({ type: 'end' });
    expect(await hall.touch({ type: 'next' })).toBe(false);
  });
});
