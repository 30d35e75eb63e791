import { paperSteps } from '../common/paper-steps.ts';
import { defineService } from '../define-service.ts';
import { facts, terms } from './copy.ts';

const [check, print] = paperSteps({ layout: 'proof-of-insurance' });

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
  steps: [{ ...check, terms }, print],
});
