import type { ContributionRecord } from '../../contract/central/queries.ts';
import type { ReadBlock } from '../../contract/screen.ts';
import type { Language } from '../../contract/words/text.ts';
import { say } from '../../copy.ts';
import { commonCopy } from '../common/copy.ts';
import { sayMonth, sayYearsAndMonths } from '../common/dates.ts';
import { asOfRecord, fromLoaded } from '../common/loaded.ts';
import { paperSteps } from '../common/paper-steps.ts';
import { defineService } from '../define-service.ts';
import { copy, facts } from './copy.ts';

function insuranceBlocks({ insurances }: ContributionRecord, language: Language): ReadBlock[] {
  if (insurances.length === 0) {
    return [{ kind: 'text', paragraphs: [say(copy.nothing, language), say(copy.nothingTodo, language)] }];
  }
  const month = (of: string | null) => (of === null ? say(commonCopy.none, language) : sayMonth(of, language));
  const columns = [copy.kind, copy.state, copy.first, copy.last, copy.months];
  return [
    {
      kind: 'table',
      title: say(copy.table, language),
      columns: columns.map((column) => say(column, language)),
      rows: insurances.map(({ kind, state, firstMonth, lastMonth, months }) => [
        kind,
        state,
        month(firstMonth),
        month(lastMonth),
        months === null ? say(copy.notCounted, language) : sayYearsAndMonths(months, language),
      ]),
    },
  ];
}

/** 参保登记查询 (5.2.2 a): the insurances on record; on paper they are the proof of insurance. */
export const insuranceSummary = defineService({
  id: 'insurance-summary',
  version: 1,
  group: 'look-up',
  initials: 'cbdjcx',
  icon: 'shield',
  handling: 'immediate',
  facts,
  identity: 'verified',
  devices: [],
  centre: 'needed',
  steps: [
    {
      id: 'read',
      kind: 'read',
      title: copy.title,
      load: 'contribution-record',
      blocks: fromLoaded('contribution-record', [], (record, { language }) => insuranceBlocks(record, language)),
      asOf: asOfRecord,
      print: copy.print,
    },
    ...paperSteps({ layout: 'proof-of-insurance' }),
  ],
});
