import { expect, test } from 'vitest';
import type { Failed } from '../effects.ts';
import { openHall } from '../kiosk/played-hall.ts';

async function openReview() {
  const hall = await openHall();
  await hall.begin('proof-of-insurance');
  return hall;
}

test('shows the paper with its places numbered from the top, in the language of the visitor', async () => {
  const hall = await openHall({
    effects: {
      preview: async () => ({
        ok: true,
        preview: {
          resource: 'paper-7',
          pages: 2,
          widthMm: 210,
          heightMm: 297,
          spots: [{ n: 1, label: 'insurances', topPercent: 31.5 }],
        },
      }),
    },
  });
  await hall.begin('proof-of-insurance');
  await hall.act({ type: 'appearance', language: 'en' });
  expect(hall.shows('review').paper).toEqual({
    resource: 'paper-7',
    pages: 2,
    widthMm: 210,
    heightMm: 297,
    spots: [{ n: 1, label: 'Insurance', topPercent: 31.5 }],
  });
});

test.each([2, 5])('takes %i copies', async (value) => {
  const hall = await openReview();
  await hall.act({ type: 'copies', value }, { type: 'next' });
  expect(hall.print().order.copies).toBe(value);
});

test.each([0, 6, 20])('does not take %i copies', async (value) => {
  const hall = await openReview();
  expect(await hall.touch({ type: 'copies', value })).toBe(false);
  await hall.act({ type: 'next' });
  expect(hall.print().order.copies).toBe(1);
});

test('takes the last number of copies that was chosen', async () => {
  const hall = await openReview();
  await hall.act({ type: 'copies', value: 5 }, { type: 'copies', value: 2 }, { type: 'next' });
  expect(hall.print().order.copies).toBe(2);
});

test('can be left while the paper is still being prepared, and gives that up', async () => {
  const signals: AbortSignal[] = [];
  const hall = await openHall({
    effects: {
      preview: (_visit, _login, _paper, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    },
  });
  await hall.begin('proof-of-insurance');
  expect(hall.shows('working').title).toBe('正在准备预览');
  await hall.act({ type: 'back' });
  expect(hall.shown().step.kind).toBe('facts');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test.each([
  ['again', 'review'],
  ['home', 'home'],
  ['leave', 'take'],
  ['back', 'facts'],
] as const)('leads from a paper that cannot be shown %s', async (way, kind) => {
  let answers = 0;
  const failed: Failed = { ok: false, reason: 'centre-busy' };
  const hall = await openHall();
  const { preview } = hall.effects;
  hall.effects.preview = async (...given) => {
    answers += 1;
    return answers === 1 ? failed : preview(...given);
  };
  await hall.begin('proof-of-insurance');
  expect(hall.shows('trouble').code).toBe('N03');
  await hall.act(way === 'back' ? { type: 'back' } : { type: 'choose', choice: way });
  expect(hall.shown().step.kind).toBe(kind);
  expect(hall.prints).toEqual([]);
});
