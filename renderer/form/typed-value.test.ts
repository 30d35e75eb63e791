import { describe, expect, it } from 'vitest';
import type { FieldView } from '../../state-machines/contract/screen.ts';
import { dateFromDigits, readable, takeBack, typeKey } from './typed-value.ts';

const chinese = { year: '年', month: '月', day: '日' };
const english = { year: 'Year', month: 'Month', day: 'Day' };
const field = (kind: FieldView['kind'], more: Partial<FieldView> = {}): FieldView => ({
  id: 'x',
  kind,
  label: 'x',
  required: true,
  maxLength: 6,
  validators: [],
  value: '',
  ...more,
});
const typeAll = (one: FieldView, keys: string) => [...keys].reduce((value, key) => typeKey(one, value, key), '');

describe('what the number pad types', () => {
  it('becomes a date as it grows, and stops when it is whole', () => {
    expect(typeAll(field('date'), '202612013')).toBe('2026-12-01');
    expect(dateFromDigits('20261')).toBe('2026-1');
  });

  it('is taken back digit by digit, over the marks between', () => {
    expect(takeBack(field('date'), '2026-12-0')).toBe('2026-12');
    expect(takeBack(field('date'), '2026-1')).toBe('2026');
  });

  it('ends with the eleventh digit of a mobile number and the eighteenth of an identity number', () => {
    expect(typeAll(field('mobile'), '138000020419')).toHaveLength(11);
    expect(typeAll(field('id-number'), '9900011990010112345')).toHaveLength(18);
  });

  it('takes a rare character back whole', () => {
    expect(takeBack(field('line'), '李𠮷')).toBe('李');
  });
});

describe('how a value is read', () => {
  it('stands in groups', () => {
    expect(readable(field('mobile'), '13800002041', chinese)).toBe('138 0000 2041');
    expect(readable(field('id-number'), '99000119900101123X', chinese)).toBe('990001 19900101 123X');
  });

  it('names the parts of a date in Chinese, as far as they are whole', () => {
    expect(readable(field('date'), '2026-12-0', chinese)).toBe('2026年12月0');
    expect(readable(field('date'), '2026-12-01', english)).toBe('2026-12-01');
  });

  it('is the label of what was chosen, never its id', () => {
    const choices = [{ id: 'bj', label: '滨江区' }];
    expect(readable(field('choice', { choices }), 'bj', chinese)).toBe('滨江区');
  });
});
