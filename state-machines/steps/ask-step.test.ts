import { describe, expect, test } from 'vitest';
import type { Failed } from '../effects.ts';
import { onFile, openHall } from '../kiosk/played-hall.ts';

const strokes: [number, number, number][][] = [
  [
    [100, 100, 0],
    [200, 120, 16],
  ],
];

describe('looking something up', () => {
  test('says so, and can be left meanwhile', async () => {
    const hall = await openHall({ effects: { query: () => new Promise(() => {}) } });
    await hall.begin('contribution-record');
    expect(hall.shows('working')).toMatchObject({ title: '正在查，请稍等', back: '返回' });
    await hall.act({ type: 'back' });
    expect(hall.shown().step.kind).toBe('facts');
  });

  // In the hall "looking it up" flashed between two sheets that had nothing to look up, and every touch cost two screens.
  test('shows a sheet that wants nothing looked up at the touch itself', async () => {
    const hall = await openHall();
    await hall.choose('complaint');
    const touched = hall.touch({ type: 'next' });
    expect(hall.shown().step.kind).toBe('form');
    await touched;
  });

  test.each([
    ['again', 'read'],
    ['home', 'home'],
    ['leave', 'take'],
    ['back', 'facts'],
  ] as const)('leads from what could not be looked up %s', async (way, kind) => {
    const failed: Failed = { ok: false, reason: 'centre-unreachable' };
    const hall = await openHall();
    const { query } = hall.effects;
    let isAway = true;
    hall.effects.query = async (...given) => (isAway ? failed : query(...given));
    await hall.begin('contribution-record');
    expect(hall.shows('trouble').code).toBe('N01');
    isAway = false;
    await hall.act(way === 'back' ? { type: 'back' } : { type: 'choose', choice: way });
    expect(hall.shown().step.kind).toBe(kind);
  });

  test('offers no second try where the centre has nothing on file', async () => {
    const hall = await openHall({ effects: { query: async () => ({ ok: false, reason: 'nothing-on-file' }) } });
    await hall.begin('contribution-record');
    expect(hall.shows('trouble').code).toBe('N05');
    expect(await hall.touch({ type: 'choose', choice: 'again' })).toBe(false);
  });

  test('is done once an item, and anew when the item is begun again', async () => {
    const asked: string[] = [];
    const hall = await openHall();
    const { query } = hall.effects;
    hall.effects.query = (name, ...given) => {
      asked.push(name);
      return query(name, ...given);
    };
    await hall.begin('contribution-record');
    await hall.act({ type: 'print' }, { type: 'back' });
    expect(hall.shown().step.kind).toBe('read');
    expect(asked).toEqual(['contribution-record']);
    await hall.act({ type: 'back' }, { type: 'next' });
    expect(asked).toHaveLength(2);
  });
});

describe('a form', () => {
  test('says at the field what is wrong, keeps what was filled in, and is a new screen', async () => {
    const hall = await openHall();
    await hall.begin('contact-change');
    const { id } = hall.shown().step;
    await hall.act({ type: 'submit', values: { ...onFile.contact, mobile: '123', postalCode: '89010x' } });
    const { fields } = hall.shows('form');
    expect(fields.map(({ id: field, value, problem }) => [field, value, problem !== undefined])).toEqual([
      ['mobile', '123', true],
      ['address', onFile.contact.address, false],
      ['postalCode', '89010x', true],
      ['email', '', false],
    ]);
    expect(hall.shown().step.id).not.toBe(id);
  });

  test('says a field is missing that must be filled in', async () => {
    const hall = await openHall();
    await hall.choose('complaint');
    await hall.act({ type: 'next' }, { type: 'submit', values: {} });
    expect(
      hall
        .shows('form')
        .fields.filter(({ problem }) => problem === '这一项要填')
        .map(({ id }) => id),
    ).toEqual(['kind', 'text']);
  });

  test('passes nothing on that it did not ask for', async () => {
    const hall = await openHall();
    await hall.choose('complaint');
    const values = { kind: 'question', text: '几点上班？', mobile: '', somethingElse: 'x' };
    await hall.act({ type: 'next' }, { type: 'submit', values });
    expect(hall.submitted).toEqual([
      {
        kind: 'complaint',
        item: 'complaint',
        itemVersion: 1,
        values: { kind: 'question', text: '几点上班？', mobile: '' },
      },
    ]);
  });

  test('shows what was entered to whoever comes back to it', async () => {
    const hall = await openHall();
    await hall.begin('contact-change');
    await hall.act({ type: 'submit', values: { ...onFile.contact, mobile: '19900000002' } }, { type: 'back' });
    expect(hall.shows('form').fields[0]?.value).toBe('19900000002');
  });
});

describe('a choice', () => {
  test('takes what is offered, and shows it in the review', async () => {
    const hall = await openHall();
    await hall.begin('book-window');
    await hall.act({ type: 'choose', choice: 'transfer' }, { type: 'choose', choice: '2026-11-26 09:00' });
    expect(hall.shows('review').rows.map(({ value }) => value)).toContain('关系转移');
  });

  test.each([
    ['what is blocked', 'pension'],
    ['what is not there', 'no-such-matter'],
    ["a trouble's way out, which is none here", 'home'],
  ])('does not take %s', async (_what, choice) => {
    const hall = await openHall();
    await hall.begin('book-window');
    expect(await hall.touch({ type: 'choose', choice })).toBe(false);
    expect(hall.shown().step.kind).toBe('choose');
  });

  test('does not take a time that is full, nor one of another matter', async () => {
    const hall = await openHall();
    await hall.begin('book-window');
    await hall.act({ type: 'choose', choice: 'transfer' });
    expect(await hall.touch({ type: 'choose', choice: '2026-11-26 09:30' })).toBe(false);
    expect(await hall.touch({ type: 'choose', choice: '2026-11-27 09:00' })).toBe(false);
  });
});

describe('what each kind of step takes', () => {
  test('a review is confirmed, and neither signed nor printed', async () => {
    const hall = await openHall();
    await hall.begin('contact-change');
    await hall.act({ type: 'submit', values: { ...onFile.contact, mobile: '19900000002' } });
    expect(await hall.touch({ type: 'print' })).toBe(false);
    expect(await hall.touch({ type: 'sign', strokes })).toBe(false);
    await hall.act({ type: 'next' });
    expect(hall.shown().step.kind).toBe('sign');
  });

  test('a signature is signed, and not skipped', async () => {
    const hall = await openHall();
    await hall.begin('contact-change');
    await hall.act({ type: 'submit', values: { ...onFile.contact, mobile: '19900000002' } }, { type: 'next' });
    expect(await hall.touch({ type: 'next' })).toBe(false);
    await hall.act({ type: 'sign', strokes });
    expect(hall.submitted).toMatchObject([{ kind: 'application', signature: strokes }]);
  });

  test('something read is finished, or printed where it can be', async () => {
    const hall = await openHall();
    await hall.begin('contribution-record');
    await hall.act({ type: 'print' });
    expect(hall.shown().step.kind).toBe('review');
    await hall.act({ type: 'back' }, { type: 'next' });
    expect(hall.shown().step.kind).toBe('rate');
    expect(hall.prints).toEqual([]);
  });

  test('a result cannot be gone back from, and is finished', async () => {
    const hall = await openHall();
    await hall.choose('check-certificate');
    await hall.act({ type: 'next' }, { type: 'code', text: 'x', by: 'hand' });
    expect(hall.shows('result').back).toBeUndefined();
    expect(await hall.touch({ type: 'back' })).toBe(false);
    await hall.act({ type: 'next' });
    expect(hall.shown().step.kind).toBe('rate');
  });
});
