/** The card pulled, or the visit ended, wherever a visitor can stand. */
import { describe, expect, test } from 'vitest';
import type { Effects } from '../effects.ts';
import type { Hall } from '../kiosk/played-hall.ts';
import { hallTimes, jwe, onFile, openHall, readCard } from '../kiosk/played-hall.ts';

const number = 'YC202611240372';
const strokes: [number, number, number][][] = [[[100, 100, 0]]];
const never = () => new Promise<never>(() => {});

const changed = { ...onFile.contact, email: 'zhang@example.com' };

type Place = {
  name: string;
  effects?: Partial<Effects>;
  /** From the first screen to the place, the card in its slot. */
  go: (hall: Hall) => Promise<void>;
  kind: ReturnType<Hall['shown']>['step']['kind'];
  /** Whether somebody is logged in there. */
  isLoggedIn?: boolean;
};

const failing = {
  query: async () => ({ ok: false, reason: 'centre-unreachable' }),
} as const satisfies Partial<Effects>;

async function goHome(hall: Hall): Promise<void> {
  await hall.happen({ type: 'card.inserted' });
  await hall.act({ type: 'password', jwe });
}

async function goOffline(hall: Hall): Promise<void> {
  await hall.happen({ type: 'line', state: 'offline' });
  await hall.happen({ type: 'card.inserted' });
}

const places: Place[] = [
  {
    name: 'the card being checked at the centre',
    effects: { checkCard: never },
    go: (hall) => hall.happen({ type: 'card.inserted' }),
    kind: 'identify',
  },
  { name: 'the password', go: (hall) => hall.happen({ type: 'card.inserted' }), kind: 'password' },
  {
    name: 'the password being looked at',
    effects: { provePassword: never },
    go: goHome,
    kind: 'password',
  },
  {
    name: 'a card that is not in order',
    effects: { checkCard: async () => ({ ok: true, standing: { state: 'lost' } }) },
    go: (hall) => hall.happen({ type: 'card.inserted' }),
    kind: 'trouble',
  },
  {
    name: 'the agreement',
    effects: {
      agreement: () => ({
        version: '1',
        sections: [{ title: { zh: '一', en: 'One' }, text: { zh: '一', en: 'One' } }],
      }),
    },
    go: goHome,
    kind: 'agreement',
    isLoggedIn: true,
  },
  { name: 'home', go: goHome, kind: 'home', isLoggedIn: true },
  { name: 'what a card alone is good for', go: goOffline, kind: 'review' },
  {
    name: 'home by a card alone',
    go: async (hall) => {
      await goOffline(hall);
      await hall.act({ type: 'next' });
    },
    kind: 'home',
  },
  {
    name: 'a form by a card alone',
    go: async (hall) => {
      await goOffline(hall);
      await hall.act({ type: 'next' }, { type: 'choose', choice: 'contact-change' }, { type: 'next' });
    },
    kind: 'form',
  },
  {
    name: 'home, nobody logged in',
    go: async (hall) => {
      await hall.happen({ type: 'card.inserted' });
      await hall.act({ type: 'back' });
    },
    kind: 'home',
  },
  {
    name: 'a list',
    go: async (hall) => {
      await goHome(hall);
      await hall.act({ type: 'choose', choice: 'group:look-up' });
    },
    kind: 'list',
    isLoggedIn: true,
  },
  {
    name: 'an item',
    go: async (hall) => {
      await goHome(hall);
      await hall.act({ type: 'choose', choice: 'proof-of-insurance' });
    },
    kind: 'facts',
    isLoggedIn: true,
  },
  {
    name: 'something being looked up',
    effects: { query: never },
    go: (hall) => hall.begin('contribution-record'),
    kind: 'working',
    isLoggedIn: true,
  },
  {
    name: 'something that could not be looked up',
    effects: failing,
    go: (hall) => hall.begin('contribution-record'),
    kind: 'trouble',
    isLoggedIn: true,
  },
  { name: 'a record', go: (hall) => hall.begin('contribution-record'), kind: 'read', isLoggedIn: true },
  { name: 'a form', go: (hall) => hall.begin('contact-change'), kind: 'form', isLoggedIn: true },
  {
    name: 'a signature',
    go: async (hall) => {
      await hall.begin('contact-change');
      await hall.act({ type: 'submit', values: changed }, { type: 'next' });
    },
    kind: 'sign',
    isLoggedIn: true,
  },
  {
    name: 'a request being handed in',
    effects: { submit: never },
    go: async (hall) => {
      await hall.begin('contact-change');
      await hall.act({ type: 'submit', values: changed }, { type: 'next' }, { type: 'sign', strokes });
    },
    kind: 'working',
    isLoggedIn: true,
  },
  {
    name: 'a result',
    go: async (hall) => {
      await hall.begin('contact-change');
      await hall.act({ type: 'submit', values: changed }, { type: 'next' }, { type: 'sign', strokes });
    },
    kind: 'result',
    isLoggedIn: true,
  },
  { name: 'a choice', go: (hall) => hall.begin('book-window'), kind: 'choose', isLoggedIn: true },
  { name: 'a paper to check', go: (hall) => hall.begin('proof-of-insurance'), kind: 'review', isLoggedIn: true },
  {
    name: 'a paper being prepared',
    effects: { preview: never },
    go: (hall) => hall.begin('proof-of-insurance'),
    kind: 'working',
    isLoggedIn: true,
  },
  {
    name: 'a print',
    go: async (hall) => {
      await hall.begin('proof-of-insurance');
      await hall.act({ type: 'next' });
    },
    kind: 'working',
    isLoggedIn: true,
  },
  {
    name: 'a printer that waits for staff',
    go: async (hall) => {
      await hall.begin('proof-of-insurance');
      await hall.act({ type: 'next' });
      hall.print().tell({ state: 'waiting', reason: 'paper-out', untilMs: hall.nowMs() + 120_000, number });
    },
    kind: 'trouble',
    isLoggedIn: true,
  },
  {
    name: 'a print that failed',
    go: async (hall) => {
      await hall.begin('proof-of-insurance');
      await hall.act({ type: 'next' });
      hall.print().end({ ok: false, reason: 'paper-jam', number });
      await hall.settle();
    },
    kind: 'trouble',
    isLoggedIn: true,
  },
  {
    name: 'a paper to take',
    go: async (hall) => {
      await hall.begin('proof-of-insurance');
      await hall.act({ type: 'next' });
      hall.print().end({ ok: true, number, pages: 1, copies: 1 });
      await hall.settle();
    },
    kind: 'take',
    isLoggedIn: true,
  },
  {
    name: 'a code to be scanned',
    go: async (hall) => {
      await goHome(hall);
      await hall.act({ type: 'choose', choice: 'check-certificate' }, { type: 'next' });
    },
    kind: 'scan',
    isLoggedIn: true,
  },
  {
    name: 'a rating',
    go: async (hall) => {
      await hall.begin('contribution-record');
      await hall.act({ type: 'next' });
    },
    kind: 'rate',
    isLoggedIn: true,
  },
  {
    name: 'the question whether there is more',
    go: async (hall) => {
      await hall.begin('contribution-record');
      await hall.act({ type: 'next' }, { type: 'next' });
    },
    kind: 'result',
    isLoggedIn: true,
  },
  {
    name: 'the question whether anybody is there',
    go: async (hall) => {
      await goHome(hall);
      await hall.elapse(hallTimes.idleMs);
    },
    kind: 'still-there',
    isLoggedIn: true,
  },
];

async function openAt({ effects = {}, go, kind }: Place): Promise<Hall> {
  const hall = await openHall({ effects });
  await go(hall);
  expect(hall.shown().step.kind).toBe(kind);
  return hall;
}

describe.each(places)('at $name', (place) => {
  test('the card pulled ends the visit at once, wiped, and forgotten once', async () => {
    const hall = await openAt(place);
    expect(hall.shown().header.visitor).toBe(place.isLoggedIn === true ? '张**' : null);
    await hall.happen({ type: 'card.taken' });
    expect(hall.shown().step.kind).toBe('attract');
    expect(hall.shown().header.visitor).toBeNull();
    expect(hall.forgotten.map(({ visit, login }) => [visit, login !== null])).toEqual([
      ['visit-1', place.isLoggedIn === true],
    ]);
  });

  test('the visitor ends the visit, and nothing is left but the card, and the paper where there is one', async () => {
    const hall = await openAt(place);
    await hall.act({ type: 'end' });
    const { things } = hall.shows('take');
    expect(things.map(({ id }) => id).filter((id) => id !== 'paper')).toEqual(['card']);
    expect(things.some(({ id }) => id === 'paper')).toBe(hall.session()?.context.parting?.startsWith('paper') ?? false);
    expect(hall.shown().header.visitor).toBeNull();
    expect(hall.forgotten).toHaveLength(1);
    expect(JSON.stringify(hall.session()?.context)).not.toContain(readCard.maskedNumber);
    expect(await hall.touch({ type: 'end' })).toBe(false);
    await hall.happen({ type: 'card.taken' });
    expect(hall.shown().step.kind).toBe('attract');
    expect(hall.forgotten).toHaveLength(1);
  });

  test('the next visitor finds a kiosk that knows nothing', async () => {
    const hall = await openAt(place);
    await hall.happen({ type: 'card.taken' });
    await hall.act({ type: 'start' });
    expect(hall.session()?.context).toMatchObject({ login: null, item: null, stepIndex: 0, helpCalled: false });
  });
});

test('a card taken out while it is read may only have been askew: the visit goes on', async () => {
  const hall = await openHall({ effects: { readCard: never } });
  await hall.happen({ type: 'card.inserted' });
  await hall.happen({ type: 'card.taken' });
  expect(hall.shown().step.kind).toBe('identify');
  expect(hall.forgotten).toEqual([]);
});

test('without a card, the end of a visit is its end', async () => {
  const hall = await openHall();
  await hall.choose('complaint');
  await hall.act({ type: 'next' }, { type: 'end' });
  expect(hall.shown().step.kind).toBe('attract');
  expect(hall.forgotten).toHaveLength(1);
});

test('a card put in, logged in and pulled begins nothing of itself: the next card begins the next visit', async () => {
  const hall = await openHall();
  for (let visit = 1; visit <= 3; visit += 1) {
    await goHome(hall);
    expect(hall.shown().step.kind).toBe('home');
    await hall.happen({ type: 'card.taken' });
    expect(hall.forgotten).toHaveLength(visit);
  }
});

describe('somebody else’s card', () => {
  const byCode = async (): Promise<Hall> => {
    const hall = await openHall();
    await hall.happen({ type: 'code.scanned', text: '651089204417735021' });
    expect(hall.shown().header.visitor).toBe('张**');
    return hall;
  };
  const byIdCard = async (): Promise<Hall> => {
    const hall = await openHall();
    await hall.happen({ type: 'idcard.placed' });
    await hall.act({ type: 'password', jwe });
    await hall.happen({ type: 'idcard.lifted' });
    expect(hall.shown().header.visitor).toBe('张**');
    return hall;
  };

  test.each([
    ['in the slot', 'a code', byCode, 'card.inserted'],
    ['in the slot', 'an identity card', byIdCard, 'card.inserted'],
    ['on the reader', 'a code', byCode, 'idcard.placed'],
  ] as const)('%s ends the visit of who logged in by %s and walked off', async (_where, _by, logIn, type) => {
    const hall = await logIn();
    await hall.elapse(hallTimes.idleMs);
    expect(hall.shown().step.kind).toBe('still-there');
    await hall.happen({ type });
    expect(hall.shown().step.kind).toBe('take');
    expect(hall.shown().header.visitor).toBeNull();
    expect(hall.forgotten).toHaveLength(1);
  });

  test('on the identity card’s reader does not answer for who lifted theirs from it', async () => {
    const hall = await byIdCard();
    await hall.elapse(hallTimes.idleMs);
    await hall.happen({ type: 'idcard.placed' });
    expect(hall.shown().step.kind).toBe('still-there');
  });
});
