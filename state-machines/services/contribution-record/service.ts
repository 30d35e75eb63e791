import { commonCopy } from '../common/copy.ts';
import { asOfRecord, fromLoaded } from '../common/loaded.ts';
import { paperSteps } from '../common/paper-steps.ts';
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
      blocks: fromLoaded('contribution-record', [], (record, { language }) => contributionBlocks(record, language)),
      asOf: asOfRecord,
      print: commonCopy.printThis,
    },
    ...paperSteps({ layout: 'contribution-record' }),
  ],
});
