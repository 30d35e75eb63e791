import { expect, it } from 'vitest';
import type { FieldView } from '../../state-machines/contract/screen.ts';
import { findProblem, toGo } from './check-field.ts';

const mobile: FieldView = {
  id: 'mobile',
  kind: 'mobile',
  label: '手机号',
  required: true,
  maxLength: 11,
  validators: ['mobile'],
  value: '',
};
const today = '2026-11-24';

it('says what is wrong in the visitor’s language, and that the form cannot go on', () => {
  expect(findProblem(mobile, '23800002041', today, 'zh')).toEqual({
    text: '手机号是11位，以1开头，请再看看',
    stops: true,
  });
  expect(findProblem(mobile, '23800002041', today, 'en')?.text).toMatch(/11 digits/);
});

it('finds nothing wrong with a right value, nor with an optional field left empty', () => {
  expect(findProblem(mobile, '13800002041', today, 'zh')).toBeNull();
  expect(findProblem({ ...mobile, required: false }, '', today, 'zh')).toBeNull();
});

it('voices a doubt about a bank card without stopping the form', () => {
  const card: FieldView = { ...mobile, kind: 'digits', maxLength: 19, validators: ['bank-card'] };
  expect(findProblem(card, '6222020000000000001', today, 'zh')?.stops).toBe(false);
});

it('counts what is still wanted of a number whose length is known', () => {
  expect(toGo(mobile, '1380000204')).toBe(1);
  expect(toGo(mobile, '13800002041')).toBe(0);
  expect(toGo(mobile, '')).toBeNull();
  expect(toGo({ ...mobile, kind: 'line' }, '春溪')).toBeNull();
});
