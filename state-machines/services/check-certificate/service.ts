import { defineService } from '../define-service.ts';
import { copy, facts, terms } from './copy.ts';
import { checkOutcome } from './outcome.ts';

/**
 * 查验真伪 (5.4.2.4): anyone, no login; a QR is checked offline by its signature, a typed code asks the centre. The scanner is not
 * needed, since a code can be typed.
 */
export const checkCertificate = defineService({
  id: 'check-certificate',
  version: 1,
  group: 'print',
  initials: 'cyzw',
  icon: 'shield',
  handling: 'immediate',
  facts,
  identity: 'none',
  devices: [],
  centre: 'not-needed',
  steps: [
    {
      id: 'scan',
      kind: 'scan',
      title: copy.scanTitle,
      text: copy.scanText,
      typed: { label: copy.typed, length: 16, placeholder: 'XXXX-XXXX-XXXX-XXXX' },
      terms,
    },
    { id: 'outcome', kind: 'result', show: checkOutcome },
  ],
});
