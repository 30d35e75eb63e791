import { describe, expect, test } from 'vitest';
import type { ContributionMonth, ContributionRecord } from '../../contract/central/queries.ts';
import type { ReadBlock } from '../../contract/screen.ts';
import type { Language } from '../../contract/words/text.ts';
import { proveItem } from '../item-suite.ts';
import { startItem } from '../item-visit.ts';
import { contributionBlocks } from './blocks.ts';
import * as copy from './copy.ts';
import { contributionRecord } from './service.ts';

proveItem(contributionRecord, copy);

function paid(month: string, change: Partial<ContributionMonth> = {}): ContributionMonth {
  return {
    month,
    unit: '云川示例食品有限公司',
    baseCents: 850_000,
    unitCents: 136_000,
    personCents: 68_000,
    state: 'arrived',
    ...change,
  };
}

function record(change: Partial<ContributionRecord> = {}): ContributionRecord {
  return {
    asOf: '2026-11-24',
    insurances: [],
    months: [paid('2025-12'), paid('2026-03')],
    deemedMonths: 0,
    accountCents: 9_648_212,
    ...change,
  };
}

function block<K extends ReadBlock['kind']>(of: ContributionRecord, kind: K, language: Language = 'zh') {
  const found = contributionBlocks(of, language).find((candidate) => candidate.kind === kind);
  return found as Extract<ReadBlock, { kind: K }> | undefined;
}

test('is read on the screen, then printed after a look at the paper', async () => {
  const visit = await startItem(contributionRecord, { data: { 'contribution-record': record() } });
  expect(visit.shows('read')).toMatchObject({ asOf: '截至2026年11月24日', print: { label: '打印这份记录' } });
  await visit.act({ type: 'print' });
  expect(visit.screen().kind).toBe('review');
  await visit.act({ type: 'next' });
  expect(visit.printed).toEqual([{ kind: 'certificate', paper: { layout: 'contribution-record' }, copies: 1 }]);
  visit.stop();
});

test('is done without a paper, where reading was enough', async () => {
  const visit = await startItem(contributionRecord, { data: { 'contribution-record': record() } });
  await visit.act({ type: 'next' });
  expect(visit.screen().kind).toBe('rate');
  expect(visit.printed).toEqual([]);
  visit.stop();
});

test('says so when the centre cannot be asked, and can be tried again', async () => {
  const visit = await startItem(contributionRecord);
  expect(visit.screen().kind).toBe('trouble');
  expect(visit.takes({ type: 'choose', choice: 'again' })).toBe(true);
  visit.stop();
});

describe('what is read', () => {
  test('answers three questions first: how long, how much, when last', () => {
    expect(block(record(), 'figures')?.figures).toEqual([
      { label: '缴费年限', value: '2个月' },
      { label: '个人账户里有', value: '96,482.12', unit: '元' },
      { label: '最近一次缴费', value: '2026年3月' },
    ]);
  });

  test('says how the years are made up where part of them is deemed paid', () => {
    const retired = record({ deemedMonths: 138 });
    expect(block(retired, 'figures')?.figures[0]?.value).toBe('11年8个月');
    expect(block(retired, 'text')?.paragraphs).toEqual(['缴费年限里，实际缴费2个月，视同缴费11年6个月。']);
    expect(block(record(), 'text')).toBeUndefined();
  });

  test('names a gap over new year as one', () => {
    expect(block(record(), 'gaps')?.gaps).toEqual([
      { from: '2026年1月', to: '2026年2月', text: '2个月，没有单位为您申报' },
    ]);
  });

  test('tells months that a unit owes from months nobody reported', () => {
    const owed = (month: string) => paid(month, { state: 'owed', unitCents: 0, personCents: 0 });
    const both = record({ months: [paid('2025-12'), owed('2026-01'), owed('2026-02'), paid('2026-03')] });
    expect(block(both, 'gaps')?.gaps[0]?.text).toBe('2个月，单位报了但还没有缴');
    const one = record({ months: [paid('2025-12'), owed('2026-01'), paid('2026-03')] });
    expect(block(one, 'gaps')?.gaps[0]?.text).toBe('2个月，其中1个月单位报了但还没有缴');
  });

  test('lists the latest months newest first, with a column for the unit only where it differs', () => {
    const alone = block(record(), 'table');
    expect(alone?.columns).toEqual(['月份', '缴费基数', '单位缴', '个人缴', '到账']);
    expect(alone?.rows[0]).toEqual(['2026年3月', '8,500.00', '1,360.00', '680.00', '已到账']);
    const two = record({ months: [paid('2026-03'), paid('2026-03', { unit: '云川示例物流有限公司' })] });
    expect(block(two, 'table')?.columns).toContain('单位');
    expect(block(two, 'table')?.rows).toHaveLength(2);
  });

  test('tells somebody who never paid what to do instead of drawing an empty chart', () => {
    const nothing = record({ months: [], accountCents: 0 });
    expect(contributionBlocks(nothing, 'zh').map(({ kind }) => kind)).toEqual(['text']);
    expect(block(nothing, 'text', 'en')?.paragraphs[0]).toBe('No pension contributions are on record for you.');
  });

  test('still shows the deemed years of somebody who never paid in money', () => {
    const deemed = record({ months: [], deemedMonths: 240, accountCents: 0 });
    expect(block(deemed, 'figures')?.figures[0]?.value).toBe('20年');
    expect(block(deemed, 'figures')?.figures[2]?.value).toBe('没有');
  });

  test('still lists months that are owed when nothing was ever paid', () => {
    const owed = record({ months: [paid('2026-09', { state: 'owed' })], accountCents: 0 });
    expect(block(owed, 'table')?.rows).toHaveLength(1);
    expect(block(owed, 'years')).toBeUndefined();
  });
});
