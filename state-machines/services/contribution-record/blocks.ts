import type { ContributionMonth, ContributionRecord } from '../../contract/central/queries.ts';
import type { ReadBlock } from '../../contract/screen.ts';
import type { Language } from '../../contract/words/text.ts';
import { say } from '../../copy.ts';
import { commonCopy } from '../common/copy.ts';
import { sayMonth, sayYearsAndMonths } from '../common/dates.ts';
import { sayYuan } from '../common/money.ts';
import { copy } from './copy.ts';
import type { Gap } from './months.ts';
import { gapsOf, latestEntries, paidMonths, yearsOf } from './months.ts';

/** What there is to read: three answers first, then the years, the gaps and the latest months. */
export function contributionBlocks(record: ContributionRecord, language: Language): ReadBlock[] {
  const paid = paidMonths(record.months);
  const last = paid.at(-1);
  const figures = figuresOf(record, paid.length, last, language);
  const deemed = deemedOf(record, paid.length, language);
  if (last === undefined) {
    const nothing: ReadBlock = {
      kind: 'text',
      paragraphs: [say(copy.nothing, language), say(copy.nothingTodo, language)],
    };
    // A month that is only owed is no payment, but it is on record, and it is what this person came to see.
    const rest = record.months.length === 0 ? [] : [tableOf(record.months, language)];
    return record.deemedMonths === 0 && record.accountCents === 0
      ? [nothing, ...rest]
      : [figures, ...deemed, nothing, ...rest];
  }
  return [
    figures,
    ...deemed,
    {
      kind: 'years',
      title: say(copy.chartTitle, language),
      years: yearsOf(record.months),
      legend: { paid: say(copy.paid, language), gap: say(copy.gap, language) },
    },
    {
      kind: 'gaps',
      title: say(copy.gapsTitle, language),
      gaps: gapsOf(record.months).map((gap) => sayGap(gap, language)),
      none: say(copy.noGaps, language),
    },
    tableOf(record.months, language),
  ];
}

function figuresOf(
  record: ContributionRecord,
  paidCount: number,
  last: string | undefined,
  language: Language,
): Extract<ReadBlock, { kind: 'figures' }> {
  return {
    kind: 'figures',
    figures: [
      { label: say(copy.total, language), value: sayYearsAndMonths(paidCount + record.deemedMonths, language) },
      { label: say(copy.account, language), value: sayYuan(record.accountCents), unit: say(commonCopy.yuan, language) },
      {
        label: say(copy.latest, language),
        value: last === undefined ? say(commonCopy.none, language) : sayMonth(last, language),
      },
    ],
  };
}

/** How the total is made up, where part of it was never paid in money. */
function deemedOf(record: ContributionRecord, paidCount: number, language: Language): ReadBlock[] {
  if (record.deemedMonths === 0) return [];
  const text = say(copy.deemed, language, {
    paid: sayYearsAndMonths(paidCount, language),
    deemed: sayYearsAndMonths(record.deemedMonths, language),
  });
  return [{ kind: 'text', paragraphs: [text] }];
}

function sayGap(gap: Gap, language: Language): { from: string; to: string; text: string } {
  const text = gap.owed === 0 ? copy.gapUnreported : gap.owed === gap.months ? copy.gapOwed : copy.gapPartlyOwed;
  return {
    from: sayMonth(gap.from, language),
    to: sayMonth(gap.to, language),
    text: say(text, language, { months: gap.months, owed: gap.owed }),
  };
}

/** The unit has a column only where it differs: a name of fifteen characters takes the room of three amounts. */
function tableOf(months: readonly ContributionMonth[], language: Language): ReadBlock {
  const entries = latestEntries(months, 12);
  const showsUnit = new Set(entries.map((entry) => entry.unit)).size > 1;
  const columns = [
    copy.columnMonth,
    ...(showsUnit ? [copy.columnUnit] : []),
    copy.columnBase,
    copy.columnByUnit,
    copy.columnByPerson,
    copy.columnState,
  ];
  return {
    kind: 'table',
    title: say(copy.tableTitle, language),
    columns: columns.map((column) => say(column, language)),
    rows: entries.map((entry) => [
      sayMonth(entry.month, language),
      ...(showsUnit ? [entry.unit] : []),
      sayYuan(entry.baseCents),
      sayYuan(entry.unitCents),
      sayYuan(entry.personCents),
      say(copy[entry.state], language),
    ]),
  };
}
