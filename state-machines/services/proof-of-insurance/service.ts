import { defineService } from '../define-service.ts';
import { copy, facts, terms } from './copy.ts';

/** 参保证明 (5.4.2.3): look at the paper, choose how many, take it. */
export const proofOfInsurance = defineService({
  id: 'proof-of-insurance',
  version: 1,
  group: 'print',
  initials: 'cbzm',
  icon: 'certificate',
  handling: 'immediate',
  facts,
  identity: 'verified',
  devices: ['document-printer'],
  centre: 'needed',
  steps: [
    {
      id: 'check',
      kind: 'review',
      title: copy.reviewTitle,
      terms,
      paper: () => ({ layout: 'proof-of-insurance' }),
      copies: { min: 1, max: 5 },
    },
    {
      id: 'print',
      kind: 'print',
      order: ({ answers }) => ({
        kind: 'certificate',
        paper: { layout: 'proof-of-insurance' },
        copies: answers.copies,
      }),
    },
  ],
});
