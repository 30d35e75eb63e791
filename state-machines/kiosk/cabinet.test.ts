import { describe, expect, test } from 'vitest';
import { cardBellMs } from '../session/machine.ts';
import type { BoardState } from '../steps/step.ts';
import { troubles } from '../troubles.ts';
import { keptCardMs, recheckMs } from './machine.ts';
import { jwe, openHall } from './played-hall.ts';
import { lightStateOf } from './status-light.ts';

const closed: BoardState = { isDoorOpen: false, isKeyTurned: false, isNear: null };

async function openCabinet(options: Parameters<typeof openHall>[0] = {}) {
  const hall = await openHall(options);
  return {
    ...hall,
    board: (change: Partial<BoardState>) => hall.happen({ type: 'board', ...closed, ...change }),
    light: () => lightStateOf(hall.kiosk.getSnapshot()),
  };
}

describe('the cabinet', () => {
  test('opened on the first screen takes the kiosk out of service, and closed lets it serve again at once', async () => {
    const hall = await openCabinet();
    await hall.board({ isDoorOpen: true });
    expect(hall.shows('out-of-service').code).toBe(troubles['cabinet-open'].code);
    await hall.elapse(recheckMs * 3);
    expect(hall.shows('out-of-service').code).toBe(troubles['cabinet-open'].code);
    await hall.board({});
    expect(hall.shown().step.kind).toBe('attract');
  });

  test('opened during a visit ends none, but the next does not begin', async () => {
    const hall = await openCabinet();
    await hall.act({ type: 'start' });
    await hall.board({ isDoorOpen: true });
    expect(hall.shown().step.kind).toBe('home');
    await hall.act({ type: 'end' });
    expect(hall.shown().step.kind).toBe('out-of-service');
    expect(await hall.touch({ type: 'start' })).toBe(false);
    await hall.happen({ type: 'card.inserted' });
    expect(hall.visits).toHaveLength(1);
  });

  test('with the staff key turned says that staff are at work, also with the door open, until both are back', async () => {
    const hall = await openCabinet();
    await hall.board({ isKeyTurned: true });
    expect(hall.shows('out-of-service').code).toBe(troubles['out-by-staff'].code);
    await hall.board({ isKeyTurned: true, isDoorOpen: true });
    await hall.board({ isDoorOpen: true });
    expect(hall.shows('out-of-service').code).toBe(troubles['cabinet-open'].code);
    await hall.board({});
    expect(hall.shown().step.kind).toBe('attract');
  });

  test('closed makes no kiosk serve that is out for another reason', async () => {
    const hall = await openHall({ effects: { checkEnvironment: async () => ({ ok: false, reason: 'not-enrolled' }) } });
    await hall.happen({ type: 'board', ...closed, isDoorOpen: true });
    await hall.happen({ type: 'board', ...closed });
    expect(hall.shows('out-of-service').code).toBe(troubles['not-enrolled'].code);
  });

  test('that cannot tell whether somebody stands there dims nothing; one that can, does', async () => {
    const hall = await openCabinet();
    expect(hall.shows('attract').isNear).toBeUndefined();
    await hall.board({ isNear: false });
    expect(hall.shows('attract').isNear).toBe(false);
    await hall.board({ isNear: true });
    expect(hall.shows('attract').isNear).toBe(true);
  });
});

describe('the status light', () => {
  test('follows the kiosk: in service, a visit, somebody wanted, out of service', async () => {
    const hall = await openCabinet();
    expect(hall.light()).toBe('in-service');
    await hall.act({ type: 'start' });
    expect(hall.light()).toBe('in-visit');
    await hall.act({ type: 'help' });
    expect(hall.light()).toBe('attention');
    await hall.act({ type: 'end' });
    expect(hall.light()).toBe('in-service');
    await hall.board({ isDoorOpen: true });
    expect(hall.light()).toBe('out-of-service');
    await hall.elapse(recheckMs);
    expect(hall.light()).toBe('out-of-service');
  });

  test('wants staff while a print waits for them', async () => {
    const hall = await openCabinet();
    await hall.begin('proof-of-insurance');
    await hall.act({ type: 'next' });
    expect(hall.light()).toBe('in-visit');
    hall.print().tell({ state: 'waiting', reason: 'paper-out', untilMs: hall.nowMs() + 60_000, number: null });
    await hall.settle();
    expect(hall.light()).toBe('attention');
  });

  test('wants staff when a card is left and the bell has rung', async () => {
    const hall = await openCabinet();
    await hall.happen({ type: 'card.inserted' });
    await hall.act({ type: 'password', jwe }, { type: 'end' });
    expect(hall.light()).toBe('in-visit');
    await hall.elapse(15_000);
    expect(hall.light()).toBe('attention');
  });
});

describe('what was left behind', () => {
  test('a card the reader kept is told on the first screen for a while, and to nobody after that', async () => {
    const hall = await openCabinet();
    await hall.happen({ type: 'card.inserted' });
    await hall.act({ type: 'password', jwe }, { type: 'end' });
    await hall.happen({ type: 'card.retained' });
    await hall.happen({ type: 'card.taken' });
    expect(hall.shows('attract').notice?.title).toBe('卡没有取走，机器收起来了');
    await hall.elapse(keptCardMs - 1);
    expect(hall.shows('attract').notice?.title).toBe('卡没有取走，机器收起来了');
    await hall.elapse(1);
    expect(hall.shows('attract').notice).toBeUndefined();
  });

  test('a card the reader kept is no longer told once somebody has begun a visit, nor by the wait of an earlier one', async () => {
    const hall = await openCabinet();
    await hall.happen({ type: 'card.retained' });
    await hall.elapse(keptCardMs / 2);
    await hall.act({ type: 'start' }, { type: 'end' });
    expect(hall.shows('attract').notice).toBeUndefined();
    await hall.happen({ type: 'card.retained' });
    await hall.elapse(keptCardMs / 2);
    expect(hall.shows('attract').notice?.title).toBe('卡没有取走，机器收起来了');
  });

  test('a card given back is counted down to the moment it is kept at', async () => {
    const hall = await openCabinet();
    await hall.happen({ type: 'card.inserted' });
    await hall.act({ type: 'password', jwe }, { type: 'end' });
    const keptAtMs = hall.nowMs() + 30_000;
    await hall.happen({ type: 'card.presented', keptAtMs, isLeftOver: false });
    expect(hall.shows('take')).toMatchObject({
      title: '请取走您的社会保障卡',
      endsAtMs: keptAtMs,
      reminder: '{seconds}秒后还没取走，机器会把卡收起来',
    });
    await hall.happen({ type: 'card.taken' });
    expect(hall.shows('attract').notice).toBeUndefined();
    await hall.happen({ type: 'card.inserted' });
    await hall.act({ type: 'password', jwe }, { type: 'end' });
    expect(hall.shows('take').endsAtMs).toBe(hall.nowMs() + cardBellMs);
  });

  test('a card that lay inside when the reader came up is told until it is taken or kept, and begins no visit', async () => {
    const hall = await openCabinet();
    await hall.happen({ type: 'card.presented', keptAtMs: hall.nowMs() + 30_000, isLeftOver: true });
    expect(hall.shows('attract').notice?.title).toBe('卡口里还有一张卡');
    await hall.happen({ type: 'card.retained' });
    await hall.happen({ type: 'card.taken' });
    expect(hall.shows('attract').notice?.title).toBe('卡没有取走，机器收起来了');
    expect(hall.visits).toHaveLength(0);
  });

  test.each(['before the bell', 'after it'])(
    'a card that gets stuck %s is said to be, and staff are called at once',
    async (when) => {
      const hall = await openCabinet();
      await hall.happen({ type: 'card.inserted' });
      await hall.act({ type: 'password', jwe }, { type: 'end' });
      if (when === 'after it') await hall.elapse(cardBellMs);
      await hall.happen({ type: 'device', need: 'card-reader', reason: 'card-jammed' });
      const { title, things, endsAtMs } = hall.shows('take');
      expect(title).toBe('卡退不出来，请等工作人员');
      expect(things).toMatchObject([{ id: 'card', text: '别硬拉，已经请工作人员过来了' }]);
      expect(endsAtMs).toBeUndefined();
      expect(hall.staffCalls).toHaveLength(1);
      expect(hall.light()).toBe('attention');
      await hall.happen({ type: 'device', need: 'card-reader', reason: null });
      await hall.happen({ type: 'card.taken' });
      expect(hall.shows('attract').notice).toBeUndefined();
    },
  );

  test('a card that got stuck on its way in is said on the first screen, where nobody is to pull or insert another', async () => {
    const hall = await openCabinet();
    await hall.happen({ type: 'device', need: 'card-reader', reason: 'card-jammed' });
    expect(hall.shows('attract').notice).toMatchObject({ icon: 'warning', title: '读卡口卡住了一张卡' });
    await hall.happen({ type: 'device', need: 'card-reader', reason: null });
    expect(hall.shows('attract').notice).toBeUndefined();
  });

  test('a receipt that hangs in the presenter at the start is told until it is taken', async () => {
    const hall = await openCabinet();
    await hall.happen({ type: 'paper.presented' });
    expect(hall.shows('attract').notice?.title).toBe('出票口有一张没人取的小票');
    await hall.happen({ type: 'paper.taken' });
    expect(hall.shows('attract').notice).toBeUndefined();
  });

  test('a receipt its visitor left in the presenter is told until somebody takes it', async () => {
    const hall = await openCabinet();
    await hall.happen({ type: 'device', need: 'receipt-printer', reason: null });
    await hall.begin('complaint');
    await hall.act(
      { type: 'submit', values: { kind: 'suggestion', text: '多放几把椅子' } },
      { type: 'choose', choice: 'receipt' },
    );
    hall.print().end({ ok: true, number: null, pages: 1, copies: 1 });
    await hall.settle();
    await hall.happen({ type: 'paper.presented' });
    await hall.act({ type: 'end' });
    expect(hall.shows('attract').notice?.icon).toBe('receipt');
    await hall.happen({ type: 'paper.taken' });
    expect(hall.shows('attract').notice).toBeUndefined();
  });

  test('a reader that holds the card says how it wants it, and nobody is told to pull it out', async () => {
    const hall = await openCabinet({ found: { isCardHeld: true } });
    await hall.choose('proof-of-insurance');
    await hall.act({ type: 'next' });
    expect(hall.shows('identify').ways.find(({ id }) => id === 'card')?.text).toContain('办完退还');
    await hall.happen({ type: 'card.inserted' });
    await hall.act({ type: 'password', jwe }, { type: 'next' });
    hall.print().end({ ok: true, number: 'YC1', pages: 1, copies: 1 });
    await hall.settle();
    await hall.act({ type: 'next' }, { type: 'next' });
    expect(hall.shows('result').text).toBe('不办了，卡会退出来，屏幕上的内容会清掉。');
  });

  test('a paper in the tray is asked for beside the card that is still in', async () => {
    const hall = await openCabinet();
    await hall.begin('proof-of-insurance');
    await hall.act({ type: 'next' });
    hall.print().end({ ok: true, number: 'YC1', pages: 1, copies: 1 });
    await hall.settle();
    await hall.act({ type: 'end' });
    expect(hall.shows('take')).toMatchObject({
      title: '请把东西都拿好',
      things: [
        { id: 'card', state: 'waiting' },
        { id: 'paper', state: 'waiting' },
      ],
    });
    await hall.happen({ type: 'card.taken' });
    expect(hall.shows('attract').notice?.title).toBe('出纸口有一份纸');
  });
});
