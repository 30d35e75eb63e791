import { expect, test } from 'vitest';
import { sayDay, sayMonth, sayNearDay, sayTimes, sayYearsAndMonths } from './dates.ts';

test('says months and days without leading zeros', () => {
  expect(sayMonth('2026-01', 'zh')).toBe('2026年1月');
  expect(sayMonth('2026-12', 'en')).toBe('Dec 2026');
  expect(sayDay('2026-11-04', 'zh')).toBe('2026年11月4日');
  expect(sayDay('2026-11-04', 'en')).toBe('4 Nov 2026');
});

test('names the weekday of a near day, over a leap day and a new year too', () => {
  expect(sayNearDay('2026-11-24', 'zh')).toBe('11月24日 星期二');
  expect(sayNearDay('2028-02-29', 'en')).toBe('Tuesday, 29 Feb');
  expect(sayNearDay('2027-01-01', 'zh')).toBe('1月1日 星期五');
});

test('says times of day as people do', () => {
  expect(sayTimes('09:00', '09:30', 'zh')).toBe('9:00至9:30');
  expect(sayTimes('13:30', '14:00', 'en')).toBe('13:30 to 14:00');
});

test('turns a count of months into years and months, leaving out what is nothing', () => {
  expect(sayYearsAndMonths(0, 'zh')).toBe('0个月');
  expect(sayYearsAndMonths(11, 'zh')).toBe('11个月');
  expect(sayYearsAndMonths(12, 'zh')).toBe('1年');
  expect(sayYearsAndMonths(217, 'zh')).toBe('18年1个月');
  expect(sayYearsAndMonths(217, 'en')).toBe('18 y 1 m');
});
