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
  devices: { 'card-reader': null, 'code-scanner': null, 'document-printer': null },
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

test('a reader out of order blocks a login, not somebody who has logged in', () => {
  expect(blockedBecause(contactChange, without('card-reader'), false, nothingOff)).toBe(words.blockedReader);
  expect(blockedBecause(contactChange, without('card-reader'), true, nothingOff)).toBeNull();
});
