import { describe, expect, test } from 'vitest';
import type { ContributionMonth } from '../../contract/central/queries.ts';
import { gapsOf, latestEntries, paidMonths, yearsOf } from './months.ts';

function entry(month: string, change: Partial<ContributionMonth> = {}): ContributionMonth {
  return {
    month,
    unit: '云川示例食品有限公司',
    baseCents: 400_000,
    unitCents: 64_000,
    personCents: 32_000,
    state: 'arrived',
    ...change,
  };
}

describe('nothing at all', () => {
  test('has no months, no gaps, no years and no latest entries', () => {
    expect(paidMonths([])).toEqual([]);
    expect(gapsOf([])).toEqual([]);
    expect(yearsOf([])).toEqual([]);
    expect(latestEntries([], 12)).toEqual([]);
  });

  test('is also what a single owed month comes to, though it is listed', () => {
    const owed = [entry('2026-03', { state: 'owed' })];
    expect(yearsOf(owed)).toEqual([]);
    expect(gapsOf(owed)).toEqual([]);
    expect(latestEntries(owed, 12)).toHaveLength(1);
  });
});

test('one month is one year of one month, without gaps before or after it', () => {
  expect(yearsOf([entry('2026-05')])).toEqual([{ year: 2026, months: 1, gaps: [], amountCents: 96_000 }]);
  expect(gapsOf([entry('2026-05')])).toEqual([]);
});

test('somebody who retired has no gap after the last month paid', () => {
  const months = [entry('2013-11'), entry('2013-12'), entry('2014-01'), entry('2014-02')];
  expect(gapsOf(months)).toEqual([]);
  expect(yearsOf(months).at(-1)).toMatchObject({ year: 2014, months: 2, gaps: [] });
});

test('several units in the same month count one month and add their amounts', () => {
  const months = [entry('2026-01'), entry('2026-01', { unit: '云川示例物流有限公司', personCents: 10_000 })];
  expect(paidMonths(months)).toEqual(['2026-01']);
  expect(yearsOf(months)).toEqual([{ year: 2026, months: 1, gaps: [], amountCents: 64_000 * 2 + 42_000 }]);
});

test('a month one unit paid and another owes is paid', () => {
  const months = [
    entry('2026-01'),
    entry('2026-02', { state: 'owed' }),
    entry('2026-02', { unit: '云川示例物流有限公司' }),
    entry('2026-03'),
  ];
  expect(gapsOf(months)).toEqual([]);
});

test('a gap over new year is one gap, drawn in both years', () => {
  const months = [entry('2024-10'), entry('2025-03')];
  expect(gapsOf(months)).toEqual([{ from: '2024-11', to: '2025-02', months: 4, owed: 0 }]);
  expect(yearsOf(months)).toEqual([
    { year: 2024, months: 1, gaps: [11, 12], amountCents: 96_000 },
    { year: 2025, months: 1, gaps: [1, 2], amountCents: 96_000 },
  ]);
});

test('a year without any payment stands between the others', () => {
  const years = yearsOf([entry('2013-05'), entry('2015-02')]);
  expect(years.map((year) => [year.year, year.months, year.gaps.length])).toEqual([
    [2013, 1, 7],
    [2014, 0, 12],
    [2015, 1, 1],
  ]);
});

test('a gap says how many of its months a unit reported and still owes', () => {
  const months = [entry('2026-02'), entry('2026-03', { state: 'owed' }), entry('2026-05')];
  expect(gapsOf(months)).toEqual([{ from: '2026-03', to: '2026-04', months: 2, owed: 1 }]);
});

test('a month paid late fills its gap', () => {
  expect(gapsOf([entry('2026-02'), entry('2026-03', { state: 'supplemented' }), entry('2026-04')])).toEqual([]);
});

test('does not depend on the order in which the centre lists', () => {
  const months = [entry('2025-03'), entry('2024-10'), entry('2025-02')];
  expect(gapsOf(months)).toEqual([{ from: '2024-11', to: '2025-01', months: 3, owed: 0 }]);
  expect(latestEntries(months, 2).map(({ month }) => month)).toEqual(['2025-03', '2025-02']);
});

test('the latest twelve months may be more than twelve entries', () => {
  const months = Array.from({ length: 13 }, (_, index) => entry(`2025-${String((index % 12) + 1).padStart(2, '0')}`));
  expect(latestEntries(months, 12)).toHaveLength(13);
});
