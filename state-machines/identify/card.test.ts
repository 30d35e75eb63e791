import { describe, expect, test } from 'vitest';
import type { CardStanding, PasswordAnswer } from '../contract/central/identity.ts';
import type { Effects } from '../effects.ts';
import { holderLogin, jwe, openHall, readCard } from '../kiosk/played-hall.ts';
import type { TroubleReason } from '../troubles.ts';
import { troubles } from '../troubles.ts';

/** A visitor whose card has just gone in. */
async function openWithCard(effects: Partial<Effects> = {}) {
  const hall = await openHall({ effects });
  await hall.happen({ type: 'card.inserted' });
  return hall;
}

/** The centre's answers to passwords, one after the other; the last one stays. */
function answering(...answers: PasswordAnswer[]): Pick<Effects, 'provePassword'> & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    provePassword: async (_visit, _card, sealed) => {
      asked.push(sealed);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer === undefined) throw new Error('no answer was given');
      return { ok: true, answer };
    },
  };
}

const right: PasswordAnswer = { state: 'right', login: holderLogin };

describe('reading the card', () => {
  test('says that it is being read, and offers no way back meanwhile', async () => {
    const hall = await openWithCard({ readCard: () => new Promise(() => {}) });
    expect(hall.shows('identify')).toMatchObject({ reading: true, title: '正在读卡，请不要拔卡' });
    expect(hall.shows('identify').back).toBeUndefined();
    expect(await hall.touch({ type: 'back' })).toBe(false);
  });

  test.each<TroubleReason>([
    'card-unreadable',
    'card-mute',
    'card-busy',
    'card-other-application',
    'card-expired',
    'card-partly-readable',
    'card-pin-locked',
    'card-reader-out',
  ])('tells %s by its own screen', async (reason) => {
    const hall = await openWithCard({ readCard: async () => ({ ok: false, reason }) });
    expect(hall.shows('trouble').code).toBe(troubles[reason].code);
  });

  test.each<TroubleReason>(['card-unreadable', 'card-mute', 'card-busy'])(
    'asks for the card again where taking it out mends it: %s',
    async (reason) => {
      let isFirst = true;
      const hall = await openWithCard({
        readCard: async () => {
          if (!isFirst) return { ok: true, card: { ...readCard } };
          isFirst = false;
          return { ok: false, reason };
        },
      });
      await hall.happen({ type: 'card.taken' });
      expect(hall.shows('identify').reading).toBe(false);
      await hall.happen({ type: 'card.inserted' });
      expect(hall.shown().step.kind).toBe('password');
    },
  );

  test.each<TroubleReason>(['card-expired', 'card-other-application', 'card-reader-out'])(
    'ends the visit where taking the card out mends nothing: %s',
    async (reason) => {
      const hall = await openWithCard({ readCard: async () => ({ ok: false, reason }) });
      await hall.happen({ type: 'card.taken' });
      expect(hall.shown().step.kind).toBe('attract');
    },
  );

  test('reads again at a touch, without the card being moved', async () => {
    let reads = 0;
    const hall = await openWithCard({
      readCard: async () => {
        reads += 1;
        return reads < 3 ? { ok: false, reason: 'card-busy' } : { ok: true, card: { ...readCard } };
      },
    });
    await hall.act({ type: 'choose', choice: 'again' }, { type: 'choose', choice: 'again' });
    expect(hall.shown().step.kind).toBe('password');
    expect(reads).toBe(3);
  });

  test('asks again where a card was put in askew and pulled at once, and the visit goes on', async () => {
    const hall = await openWithCard({ readCard: () => new Promise(() => {}) });
    await hall.happen({ type: 'card.taken' });
    expect(hall.shows('identify').reading).toBe(false);
    expect(hall.forgotten).toEqual([]);
  });

  test('gives up the reading of a card that is gone', async () => {
    const signals: AbortSignal[] = [];
    const hall = await openWithCard({
      readCard: (_visit, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    await hall.happen({ type: 'card.taken' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('what the centre says of the card', () => {
  const standings: [Exclude<CardStanding['state'], 'in-order'>, TroubleReason][] = [
    ['lost', 'card-lost'],
    ['cancelled', 'card-cancelled'],
    ['not-active', 'card-not-active'],
    ['other-region', 'card-other-region'],
    ['holder-deceased', 'card-holder-deceased'],
    ['unknown', 'card-unknown'],
    ['no-password', 'card-no-password'],
    ['locked', 'password-locked'],
  ];
  test.each(standings)('shows a card that is %s as %s, and asks for no password', async (state, reason) => {
    const standing = state === 'locked' ? ({ state, until: null } as const) : ({ state } as CardStanding);
    const challenges: string[] = [];
    const hall = await openWithCard({
      checkCard: async () => ({ ok: true, standing }),
      challenge: async (visit) => {
        challenges.push(visit.id);
        return { ok: false, reason: 'centre-trouble' };
      },
    });
    expect(hall.shows('trouble').code).toBe(troubles[reason].code);
    expect(challenges).toEqual([]);
    await hall.act({ type: 'next' });
    expect(hall.shown().step.kind).toBe('take');
  });

  test.each(['checkCard', 'challenge', 'provePassword'] as const)(
    'says that the centre cannot be reached where %s got no answer, and tries again at a touch',
    async (effect) => {
      let isAway = true;
      const rightEffects = (await openHall()).effects;
      const effects: Partial<Effects> = {
        [effect]: async (...given: never[]) =>
          isAway
            ? { ok: false, reason: 'centre-unreachable' }
            : (rightEffects[effect] as (...given: never[]) => unknown)(...given),
      };
      const hall = await openWithCard(effects);
      if (effect === 'provePassword') await hall.act({ type: 'password', jwe });
      expect(hall.shows('trouble').code).toBe('N01');
      isAway = false;
      await hall.act({ type: 'choose', choice: 'again' });
      expect(hall.shown().step.kind).toBe('password');
    },
  );

  test('leads home from a centre that cannot be reached, the card still in', async () => {
    const hall = await openWithCard({ checkCard: async () => ({ ok: false, reason: 'centre-unreachable' }) });
    await hall.act({ type: 'choose', choice: 'home' });
    expect(hall.shown().step.kind).toBe('home');
    expect(hall.shown().header.visitor).toBeNull();
  });

  test('shows who the centre says it is, masked, and how many tries are left', async () => {
    const hall = await openWithCard({
      checkCard: async (_visit, card) => {
        card.maskedName = '𠮷*';
        return {
          ok: true,
          standing: { state: 'in-order', maskedName: '𠮷*', maskedNumber: card.maskedNumber, attemptsLeft: 2 },
        };
      },
    });
    expect(hall.shows('password')).toMatchObject({
      who: { name: '𠮷*', number: '890***********0019' },
      note: expect.stringContaining('还可以试2次'),
    });
    expect(hall.shows('password').problem).toBeUndefined();
  });
});

describe('the password', () => {
  test('is passed on as it came, and kept nowhere once it was judged', async () => {
    const centre = answering({ state: 'wrong', attemptsLeft: 4, waitMs: 0 }, right);
    const hall = await openWithCard(centre);
    await hall.act({ type: 'password', jwe });
    expect(centre.asked).toEqual([jwe]);
    expect(JSON.stringify(hall.session()?.children.login?.getSnapshot().context)).not.toContain(jwe);
    await hall.act({ type: 'password', jwe });
    expect(JSON.stringify(hall.kiosk.getPersistedSnapshot())).not.toContain(jwe);
  });

  test('wrong: says how many tries are left, and asks with a fresh envelope', async () => {
    const hall = await openWithCard(answering({ state: 'wrong', attemptsLeft: 3, waitMs: 0 }));
    const { nonce } = hall.shows('password').envelope;
    await hall.act({ type: 'password', jwe });
    expect(hall.shows('password')).toMatchObject({
      problem: '密码不对，还可以试3次',
      note: expect.not.stringContaining('3次'),
      busy: false,
    });
    expect(hall.shows('password').envelope.nonce).not.toBe(nonce);
  });

  test('wrong with a wait: looks at the next try only after it', async () => {
    const centre = answering({ state: 'wrong', attemptsLeft: 2, waitMs: 8_000 }, right);
    const hall = await openWithCard(centre);
    await hall.act({ type: 'password', jwe });
    await hall.elapse(1_000);
    await hall.act({ type: 'password', jwe });
    expect(hall.shows('password').busy).toBe(true);
    await hall.elapse(6_999);
    expect(centre.asked).toHaveLength(1);
    await hall.elapse(1);
    expect(centre.asked).toHaveLength(2);
    expect(hall.shown().step.kind).toBe('home');
  });

  test('wrong with a wait that is over: is looked at once', async () => {
    const centre = answering({ state: 'wrong', attemptsLeft: 2, waitMs: 8_000 }, right);
    const hall = await openWithCard(centre);
    await hall.act({ type: 'password', jwe });
    await hall.elapse(8_000);
    await hall.act({ type: 'password', jwe });
    expect(centre.asked).toHaveLength(2);
  });

  test('wrong for the last time: is locked, and no further try is offered', async () => {
    const hall = await openWithCard(answering({ state: 'wrong', attemptsLeft: 0, waitMs: 0 }));
    await hall.act({ type: 'password', jwe });
    expect(hall.shows('trouble').code).toBe('P01');
    expect(await hall.touch({ type: 'password', jwe })).toBe(false);
    expect(await hall.touch({ type: 'choose', choice: 'again' })).toBe(false);
  });

  test.each([
    [{ state: 'locked', until: null }, 'P01'],
    [{ state: 'slow-down', waitMs: 60_000 }, 'P02'],
  ] satisfies [PasswordAnswer, string][])('answered with %o: has its own screen', async (answer, code) => {
    const hall = await openWithCard(answering(answer));
    await hall.act({ type: 'password', jwe });
    expect(hall.shows('trouble').code).toBe(code);
  });

  test('that came too late for its envelope: asks again, and costs no try', async () => {
    const hall = await openWithCard(answering({ state: 'challenge-spent' }, right));
    await hall.act({ type: 'password', jwe });
    expect(hall.shows('password')).toMatchObject({
      problem: '时间久了，请重新输入一次',
      note: expect.stringContaining('5次'),
    });
    await hall.act({ type: 'password', jwe });
    expect(hall.shown().step.kind).toBe('home');
  });

  test('is taken once: a second one while the first is looked at counts for nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<{ ok: true; answer: PasswordAnswer }>();
    const asked: string[] = [];
    const hall = await openWithCard({
      provePassword: (_visit, _card, sealed) => {
        asked.push(sealed);
        return promise;
      },
    });
    await hall.act({ type: 'password', jwe });
    expect(await hall.touch({ type: 'password', jwe: 'another' })).toBe(false);
    expect(await hall.touch({ type: 'back' })).toBe(false);
    resolve({ ok: true, answer: right });
    await hall.settle();
    expect(asked).toEqual([jwe]);
    expect(hall.shown().step.kind).toBe('home');
  });

  test('is not shown as wrong any more to whoever puts a card in next', async () => {
    const hall = await openWithCard(answering({ state: 'wrong', attemptsLeft: 3, waitMs: 0 }));
    await hall.act({ type: 'password', jwe });
    await hall.happen({ type: 'card.taken' });
    await hall.happen({ type: 'card.inserted' });
    expect(hall.shows('password').problem).toBeUndefined();
  });

  test.each([
    ['is being asked for', false],
    ['is being looked at', true],
  ])('ends the visit, wiped, when the card is pulled while it %s', async (_when, isSent) => {
    const hall = await openWithCard({ provePassword: () => new Promise(() => {}) });
    if (isSent) await hall.act({ type: 'password', jwe });
    await hall.happen({ type: 'card.taken' });
    expect(hall.shown().step.kind).toBe('attract');
    expect(hall.forgotten).toEqual([{ visit: 'visit-1', login: null }]);
  });
});
