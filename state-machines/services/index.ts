/** Every service item, in the order shown, and how the home screen groups them. A new item is one folder and one line here. */
import type { IconName } from '../contract/screen.ts';
import type { Text } from '../contract/words/text.ts';
import { bookWindow } from './book-window/service.ts';
import { cancelBooking } from './cancel-booking/service.ts';
import { checkCertificate } from './check-certificate/service.ts';
import { complaint } from './complaint/service.ts';
import { contactChange } from './contact-change/service.ts';
import { contributionRecord } from './contribution-record/service.ts';
import type { GroupId, Service } from './define-service.ts';
import { insuranceSummary } from './insurance-summary/service.ts';
import { proofOfInsurance } from './proof-of-insurance/service.ts';

export const services: readonly Service[] = [
  proofOfInsurance,
  contributionRecord,
  insuranceSummary,
  contactChange,
  bookWindow,
  cancelBooking,
  complaint,
  checkCertificate,
];

/** The items most people come for, on the home screen itself. */
export const commonItems: readonly string[] = [
  'proof-of-insurance',
  'contribution-record',
  'contact-change',
  'book-window',
  'check-certificate',
];

/** The groups of the home screen, in order. One without items is not shown. */
export const groups: readonly { id: GroupId; title: Text; icon: IconName }[] = [
  {
    id: 'print',
    title: { zh: '打印', en: 'Print' },
    icon: 'print',
  },
  {
    id: 'look-up',
    title: { zh: '查询', en: 'Look up' },
    icon: 'look-up',
  },
  {
    id: 'apply',
    title: { zh: '办理', en: 'Apply' },
    icon: 'edit',
  },
  {
    id: 'book',
    title: { zh: '预约', en: 'Book' },
    icon: 'calendar',
  },
  {
    id: 'ask',
    title: { zh: '咨询投诉', en: 'Ask and complain' },
    icon: 'chat',
  },
  {
    id: 'read',
    title: { zh: '政策指南', en: 'Guides' },
    icon: 'book',
  },
];
