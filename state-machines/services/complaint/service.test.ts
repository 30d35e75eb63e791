import { expect, test } from 'vitest';
import { proveItem } from '../item-suite.ts';
import { startItem } from '../item-visit.ts';
import * as copy from './copy.ts';
import { complaint } from './service.ts';

proveItem(complaint, copy);

const values = { kind: 'suggestion', text: '希望大厅中午也开一个窗口。\n谢谢！', mobile: '' };

test('is written without logging in', async () => {
  const visit = await startItem(complaint);
  expect(visit.shows('form').fields.map(({ id, required }) => [id, required])).toEqual([
    ['kind', true],
    ['text', true],
    ['mobile', false],
  ]);
  visit.stop();
});

test('says on the button that it will be handed in', async () => {
  const visit = await startItem(complaint);
  expect(visit.shows('form').wayOn?.label).toBe('确认提交');
  visit.stop();
});

test('gives number, code and the promised day in words', async () => {
  const visit = await startItem(complaint, {
    answer: {
      kind: 'complaint',
      number: 'TS20261124-0003',
      followUpCode: '4821',
      promisedBy: '2026-12-01',
      promisedWorkingDays: 5,
    },
  });
  await visit.act({ type: 'submit', values });
  expect(visit.submitted).toEqual([{ kind: 'complaint', item: 'complaint', itemVersion: 1, values }]);
  const result = visit.shows('result');
  expect(result.text).toContain('5个工作日内答复您，最晚2026年12月1日');
  expect(result.rows.map(({ value }) => value)).toEqual(['TS20261124-0003', '4821', '2026年12月1日']);
  visit.stop();
});

test('goes on without the line, and says that the time begins when the centre has it', async () => {
  const visit = await startItem(complaint, { line: 'offline' });
  await visit.act({ type: 'submit', values });
  expect(visit.shows('result')).toMatchObject({ tone: 'received', rows: [{ value: 'K1-000001' }] });
  expect(visit.shows('result').text).toContain('从中心收到那天算起');
  visit.stop();
});

test.each([
  ['nothing written', { ...values, text: '   ' }, 'text', '这一项要填'],
  ['501 characters', { ...values, text: '字'.repeat(501) }, 'text', '太长了，请写短一些'],
  ['a direction-changing character', { ...values, text: '你好\u202e' }, 'text', '里面有看不见的字符，请重新输入'],
  ['a kind that is not offered', { ...values, kind: 'praise' }, 'kind', '请从列出的选项里选'],
  ['half a number', { ...values, mobile: '1990000' }, 'mobile', '手机号是11位，以1开头，请再看看'],
])('refuses %s at the field, and sends nothing', async (_what, wrong, field, problem) => {
  const visit = await startItem(complaint);
  await visit.act({ type: 'submit', values: wrong });
  expect(visit.shows('form').fields.find(({ id }) => id === field)?.problem).toBe(problem);
  expect(visit.submitted).toEqual([]);
  visit.stop();
});
