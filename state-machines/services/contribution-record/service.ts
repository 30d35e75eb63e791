import { say } from '../../copy.ts';
import { commonCopy } from '../common/copy.ts';
import { sayDay } from '../common/dates.ts';
import { defineService } from '../define-service.ts';
import { contributionBlocks } from './blocks.ts';
import { copy, facts, terms } from './copy.ts';

/** 缴费记录 (5.2.2 b and c, 5.4.2.3): read it on the screen, and take it on paper if wished. */
export const contributionRecord = defineService({
  id: 'contribution-record',
  version: 1,
  group: 'look-up',
  initials: 'jfjl',
  icon: 'record',
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
      terms,
      load: 'contribution-record',
      blocks: ({ answers, language }) => {
        const record = answers.data['contribution-record'];
        return record === undefined ? [] : contributionBlocks(record, language);
      },
      asOf: ({ answers, language }) => {
        const record = answers.data['contribution-record'];
        return record === undefined ? '' : say(commonCopy.upTo, language, { date: sayDay(record.asOf, language) });
      },
      print: commonCopy.printThis,
    },
    {
      id: 'check',
      kind: 'review',
      paper: () => ({ layout: 'contribution-record' }),
      copies: { min: 1, max: 5 },
    },
    {
      id: 'print',
      kind: 'print',
      order: ({ answers }) => ({
        kind: 'certificate',
        paper: { layout: 'contribution-record' },
        copies: answers.copies,
      }),
    },
  ],
});
