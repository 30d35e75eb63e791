import { expect, test } from 'vitest';
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
    expect(blockedBecause(service, inOrder, false, nothingOff)).toBeNull();
  }
});

test('what the centre switched off says why, before anything else', () => {
  const reason = { zh: '系统升级，明天再来', en: 'Maintenance until tomorrow' };
  expect(blockedBecause(proofOfInsurance, offline, true, new Map([['proof-of-insurance', reason]]))).toBe(reason);
});

test('without the line, what needs no centre and what is delivered later goes on', () => {
  expect(blockedBecause(checkCertificate, offline, false, nothingOff)).toBeNull();
  expect(blockedBecause(complaint, offline, false, nothingOff)).toBeNull();
});

test('without the line nobody can log in, so what asks for a login is blocked', () => {
  expect(blockedBecause(proofOfInsurance, offline, false, nothingOff)).toBe(words.blockedLine);
});

test('an item that first looks something up cannot begin without the line, though it is delivered later', () => {
  expect(blockedBecause(contactChange, offline, true, nothingOff)).toBe(words.blockedLine);
});

test('a printer out of order blocks what is printed, not what can be read', () => {
  expect(blockedBecause(proofOfInsurance, without('document-printer'), false, nothingOff)).toBe(words.blockedPrinter);
  expect(blockedBecause(contributionRecord, without('document-printer'), false, nothingOff)).toBeNull();
});

test('a login is blocked once none of its ways is left, and never for somebody who has logged in', () => {
  const standing = (card: 'card-reader-out' | null, idCard: 'id-reader-out' | null, code: 'not-fitted' | null) => ({
    ...inOrder,
    devices: { ...inOrder.devices, 'card-reader': card, 'id-reader': idCard, 'code-scanner': code },
  });
  const blocked = (environment: Environment, isLoggedIn = false) =>
    blockedBecause(contactChange, environment, isLoggedIn, nothingOff);
  expect(blocked(standing('card-reader-out', null, null))).toBeNull();
  expect(blocked(standing('card-reader-out', null, 'not-fitted'))).toBeNull();
  expect(blocked(standing('card-reader-out', 'id-reader-out', 'not-fitted'))).toBe(words.blockedLogin);
  expect(blocked(standing('card-reader-out', 'id-reader-out', 'not-fitted'), true)).toBeNull();
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
  expect(blockedBecause(contactChange, only('card-reader'), false, nothingOff)).toBe(words.blockedReader);
  expect(blockedBecause(contactChange, only('id-reader'), false, nothingOff)).toBe(words.blockedIdReader);
  // It was called the card reader's fault.
  expect(blockedBecause(proofOfInsurance, only('code-scanner'), false, nothingOff)).toBe(words.blockedScanner);
});
