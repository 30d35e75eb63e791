import { expect, test } from 'vitest';
import type { ContributionRecord } from '../../contract/central/queries.ts';
import { proveItem } from '../item-suite.ts';
import { startItem } from '../item-visit.ts';
import * as copy from './copy.ts';
import { insuranceSummary } from './service.ts';

proveItem(insuranceSummary, copy);

const record: ContributionRecord = {
  asOf: '2026-11-24',
  insurances: [
    { kind: '企业职工基本养老保险', state: '正常参保', firstMonth: '2006-07', lastMonth: '2026-10', months: 244 },
    { kind: '工伤保险', state: '正常参保', firstMonth: null, lastMonth: null, months: null },
  ],
  months: [],
  deemedMonths: 0,
  accountCents: 0,
};

test('lists every insurance with its state and months in words', async () => {
  const visit = await startItem(insuranceSummary, { data: { 'contribution-record': record } });
  expect(visit.shows('read')).toMatchObject({
    asOf: '截至2026年11月24日',
    blocks: [
      {
        kind: 'table',
        rows: [
          ['企业职工基本养老保险', '正常参保', '2006年7月', '2026年10月', '20年4个月'],
          ['工伤保险', '正常参保', '没有', '没有', '不计月数'],
        ],
      },
    ],
  });
  visit.stop();
});

test('prints the proof of insurance after a look at it', async () => {
  const visit = await startItem(insuranceSummary, { data: { 'contribution-record': record } });
  await visit.act({ type: 'print' });
  await visit.act({ type: 'next' });
  expect(visit.printed).toEqual([{ kind: 'certificate', paper: { layout: 'proof-of-insurance' }, copies: 1 }]);
  visit.stop();
});

test('tells somebody who is not insured what to do', async () => {
  const visit = await startItem(insuranceSummary, { data: { 'contribution-record': { ...record, insurances: [] } } });
  expect(visit.shows('read', 'en').blocks).toMatchObject([
    { kind: 'text', paragraphs: [{}, {}].map(() => expect.any(String)) },
  ]);
  visit.stop();
});
