import { expect, test } from 'vitest';
import { sayYuan } from './money.ts';

test('says cents as yuan, always with two places and groups of three', () => {
  expect(sayYuan(0)).toBe('0.00');
  expect(sayYuan(5)).toBe('0.05');
  expect(sayYuan(99_999)).toBe('999.99');
  expect(sayYuan(850_000)).toBe('8,500.00');
  expect(sayYuan(123_456_789)).toBe('1,234,567.89');
  expect(sayYuan(-1_050)).toBe('-10.50');
});
