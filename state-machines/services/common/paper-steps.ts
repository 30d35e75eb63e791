import type { PaperRequest } from '../../contract/central/certificates.ts';
import type { Step } from '../define-service.ts';

/** The way to a sealed paper: look at it, say how many, take it. Nothing is issued before the second of the two. */
export function paperSteps(paper: PaperRequest, most = 5): [Step, Step] {
  return [
    { id: 'check', kind: 'review', paper: () => paper, copies: { min: 1, max: most } },
    { id: 'print', kind: 'print', order: ({ answers }) => ({ kind: 'certificate', paper, copies: answers.copies }) },
  ];
}
