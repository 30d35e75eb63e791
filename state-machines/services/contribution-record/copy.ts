import type { Text } from '../../contract/words/text.ts';
import { commonCopy, usualFacts } from '../common/copy.ts';
import type { Facts, Term } from '../define-service.ts';

export const facts: Facts = {
  ...usualFacts,
  name: { zh: '缴费记录', en: 'Contribution record' },
  summary: {
    zh: '看养老保险每年每月缴了多少，也可以打印',
    en: 'See your pension contributions by year and month, and print them',
  },
  materials: commonCopy.materialsToLogIn,
  method: commonCopy.methodHere,
  limit: { zh: '当场就能看到', en: 'Shown at once' },
  delivery: {
    zh: '显示在屏幕上；要纸的，盖好电子印章打出来',
    en: 'On the screen; on paper with an electronic seal if you wish',
  },
};

export const copy = {
  title: { zh: '您的养老保险缴费', en: 'Your pension contributions' },
  total: { zh: '缴费年限', en: 'Contribution years' },
  account: { zh: '个人账户里有', en: 'In your personal account' },
  latest: { zh: '最近一次缴费', en: 'Last payment' },
  deemed: {
    zh: '缴费年限里，实际缴费{paid}，视同缴费{deemed}。',
    en: 'Of these years, {paid} were paid and {deemed} are deemed paid.',
  },
  nothing: {
    zh: '没有查到您的养老保险缴费记录。',
    en: 'No pension contributions are on record for you.',
  },
  nothingTodo: {
    zh: '刚参保的，下个月再来看；在外地缴过的，请到那边查，或打12333问问怎么转过来。',
    en: 'If you have just joined, look again next month. If you paid elsewhere, ask there, or call 12333 about a transfer.',
  },
  chartTitle: { zh: '每年缴了几个月', en: 'Months paid in each year' },
  paid: { zh: '缴了费', en: 'Paid' },
  gap: { zh: '没缴费', en: 'Not paid' },
  gapsTitle: { zh: '中间断缴的月份', en: 'Gaps' },
  noGaps: { zh: '中间没有断缴', en: 'No gaps' },
  gapUnreported: {
    zh: '{months}个月，没有单位为您申报',
    en: '{months} months, reported by no employer',
  },
  gapOwed: { zh: '{months}个月，单位报了但还没有缴', en: '{months} months, reported by the employer and not yet paid' },
  gapPartlyOwed: {
    zh: '{months}个月，其中{owed}个月单位报了但还没有缴',
    en: '{months} months, {owed} of them reported by the employer and not yet paid',
  },
  tableTitle: { zh: '最近12个月，金额单位是元', en: 'The last 12 months on record, in yuan' },
  columnMonth: { zh: '月份', en: 'Month' },
  columnUnit: { zh: '单位', en: 'Employer' },
  columnBase: { zh: '缴费基数', en: 'Base' },
  columnByUnit: { zh: '单位缴', en: 'Employer paid' },
  columnByPerson: { zh: '个人缴', en: 'You paid' },
  columnState: { zh: '到账', en: 'Received' },
  arrived: { zh: '已到账', en: 'Yes' },
  owed: { zh: '还欠着', en: 'Owed' },
  supplemented: { zh: '补缴的', en: 'Paid late' },
} as const satisfies Record<string, Text>;

export const terms: readonly Term[] = [
  {
    word: { zh: '缴费基数', en: 'Base' },
    meaning: {
      zh: '算社会保险费用的那个工资数：单位和个人都按它乘上比例来缴。',
      en: 'The wage that contributions are worked out from: employer and employee each pay a share of it.',
    },
  },
  {
    word: { zh: '缴费年限', en: 'Contribution years' },
    meaning: {
      zh: '一共算您缴了多少年，包括实际缴费的月数和视同缴费的月数。退休时要看它够不够。',
      en: 'All the months counted for you, paid and deemed paid. It decides whether you can draw a pension.',
    },
  },
  {
    word: { zh: '视同缴费', en: 'deemed paid' },
    meaning: {
      zh: '本地实行个人缴费以前的工作时间，按国家规定算作缴过费。',
      en: 'Time worked before personal contributions began here, which the law counts as if it had been paid.',
    },
  },
  {
    word: { zh: '个人账户', en: 'personal account' },
    meaning: {
      zh: '您自己缴的那部分，加上每年的利息，都记在您名下。',
      en: 'What you have paid yourself with yearly interest, kept under your name.',
    },
  },
];
