import { expect, test } from 'vitest';
import type { IdentityLevel } from '../contract/words/person.ts';
import { words } from '../copy.ts';
import type { Environment } from '../effects.ts';
import { blockedBecause } from './availability.ts';
import { checkCertificate } from './check-certificate/service.ts';
import { complaint } from './complaint/service.ts';
import { contactChange } from './contact-change/service.ts';
import { contributionRecord } from './contribution-record/service.ts';
import { proofOfInsurance } from './proof-of-insurance/service.ts';

const inOrder: Environment = {
  line: 'online',
  card: 'absent',
  idCard: 'absent',
  devices: {
    'card-reader': null,
    'id-reader': null,
    'code-scanner': null,
    'document-printer': null,
    'receipt-printer': 'not-fitted',
    'pin-pad': 'not-fitted',
    camera: 'not-fitted',
  },
};
const offline: Environment = { ...inOrder, line: 'offline' };
const without = (need: keyof Environment['devices']): Environment => ({
  ...inOrder,
  devices: { ...inOrder.devices, [need]: 'printer-offline' },
});
const nothingOff = new Map();

test('nothing is blocked while everything is in order', () => {
  for (const service of [proofOfInsurance, contributionRecord, contactChange, complaint, checkCertificate]) {
    expect(blockedBecause(service, inOrder, 'none', nothingOff)).toBeNull();
  }
});

test('what the centre switched off says why, before anything else', () => {
  const reason = { zh: '系统升级，明天再来', en: 'Maintenance until tomorrow' };
  expect(blockedBecause(proofOfInsurance, offline, 'verified', new Map([['proof-of-insurance', reason]]))).toBe(reason);
});

test('without the line, what needs no centre and what is delivered later goes on', () => {
  expect(blockedBecause(checkCertificate, offline, 'none', nothingOff)).toBeNull();
  expect(blockedBecause(complaint, offline, 'none', nothingOff)).toBeNull();
});

test('without the line nobody can log in, so what asks for a login is blocked', () => {
  expect(blockedBecause(proofOfInsurance, offline, 'none', nothingOff)).toBe(words.blockedLine);
});

test('an item that first looks something up cannot begin without the line, though it is delivered later', () => {
  const [form, ...others] = contactChange.steps;
  if (form?.kind !== 'form') throw new Error('it begins with a form');
  const { withoutLoad: _, ...looking } = form;
  const service = { ...contactChange, steps: [looking, ...others] };
  expect(blockedBecause(service, offline, 'verified', nothingOff)).toBe(words.blockedLine);
  expect(blockedBecause(contactChange, offline, 'verified', nothingOff)).toBeNull();
});

test('a card alone opens what accepts it while the line is down; what wants a password says so', () => {
  expect(blockedBecause(contactChange, offline, 'none', nothingOff)).toBeNull();
  expect(blockedBecause(contactChange, offline, 'card-present', nothingOff)).toBeNull();
  expect(blockedBecause(proofOfInsurance, offline, 'card-present', nothingOff)).toBe(words.blockedByCard);
  expect(blockedBecause(proofOfInsurance, offline, 'none', nothingOff)).toBe(words.blockedLine);
  expect(blockedBecause(proofOfInsurance, inOrder, 'card-present', nothingOff)).toBeNull();
});

test('a code is nobody’s card: with the scanner alone nobody is let in while the line is down', () => {
  const devices = { ...inOrder.devices, 'card-reader': 'not-fitted', 'id-reader': 'not-fitted' } as const;
  expect(blockedBecause(contactChange, { ...inOrder, devices }, 'none', nothingOff)).toBeNull();
  expect(blockedBecause(contactChange, { ...offline, devices }, 'none', nothingOff)).toBe(words.blockedLine);
});

test('a printer out of order blocks what is printed, not what can be read', () => {
  expect(blockedBecause(proofOfInsurance, without('document-printer'), 'none', nothingOff)).toBe(words.blockedPrinter);
  expect(blockedBecause(contributionRecord, without('document-printer'), 'none', nothingOff)).toBeNull();
});

test('a login is blocked once none of its ways is left, and never for somebody who has logged in', () => {
  const standing = (card: 'card-reader-out' | null, idCard: 'id-reader-out' | null, code: 'not-fitted' | null) => ({
    ...inOrder,
    devices: { ...inOrder.devices, 'card-reader': card, 'id-reader': idCard, 'code-scanner': code },
  });
  const blocked = (environment: Environment, level: IdentityLevel = 'none') =>
    blockedBecause(contactChange, environment, level, nothingOff);
  expect(blocked(standing('card-reader-out', null, null))).toBeNull();
  expect(blocked(standing('card-reader-out', null, 'not-fitted'))).toBeNull();
  expect(blocked(standing('card-reader-out', 'id-reader-out', 'not-fitted'))).toBe(words.blockedLogin);
  expect(blocked(standing('card-reader-out', 'id-reader-out', 'not-fitted'), 'verified')).toBeNull();
});

test('a login is blocked by its device where the terminal has one way only', () => {
  const only = (need: 'card-reader' | 'id-reader' | 'code-scanner') => ({
    ...inOrder,
    devices: {
      ...inOrder.devices,
      'card-reader': 'not-fitted' as const,
      'id-reader': 'not-fitted' as const,
      'code-scanner': 'not-fitted' as const,
      [need]: 'card-reader-out' as const,
    },
  });
  expect(blockedBecause(contactChange, only('card-reader'), 'none', nothingOff)).toBe(words.blockedReader);
  expect(blockedBecause(contactChange, only('id-reader'), 'none', nothingOff)).toBe(words.blockedIdReader);
  // It was called the card reader's fault.
  expect(blockedBecause(proofOfInsurance, only('code-scanner'), 'none', nothingOff)).toBe(words.blockedScanner);
});
