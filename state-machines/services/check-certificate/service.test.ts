import { expect, test } from 'vitest';
import type { CodeCheck } from '../../effects.ts';
import { proveItem } from '../item-suite.ts';
import { startItem } from '../item-visit.ts';
import * as copy from './copy.ts';
import { checkCertificate } from './service.ts';

proveItem(checkCertificate, copy);

const genuine = {
  kind: 'genuine',
  by: 'signature',
  number: 'YC202611240372',
  layout: 'proof-of-insurance',
  maskedName: '张**',
  maskedNumber: '890***********0019',
  issuer: '云川市社会保险事业管理中心',
  issuedOn: '2026-11-24',
  standing: 'good',
} as const satisfies CodeCheck;

/** Reads the code with the scanner's own keys, or types it. */
async function check(outcome: CodeCheck, line: 'online' | 'offline' = 'online') {
  const visit = await startItem(checkCertificate, { check: outcome, line });
  await visit.act({ type: 'code', text: '7K3M-92QF-5TXA-0H6D', by: 'hand' });
  return visit;
}

test.each<[string, CodeCheck, string, string]>([
  ['a paper that is good', genuine, 'done', '是真的，现在有效'],
  ['a paper good by its seal alone', { ...genuine, standing: null }, 'done', '印章是真的'],
  ['a paper withdrawn since', { ...genuine, standing: 'withdrawn' }, 'refused', '是真的，但已经撤回'],
  ['a number that was voided', { ...genuine, standing: 'void' }, 'refused', '编号已经作废'],
  ['a forgery', { kind: 'forged' }, 'refused', '是假的'],
  ['an issuer nobody knows', { kind: 'unknown-issuer' }, 'problem', '认不出是谁盖的章'],
  ['a seal that has expired', { kind: 'issuer-not-admitted', why: 'expired' }, 'refused', '盖章的证书过期了'],
  ['a seal that was withdrawn', { kind: 'issuer-not-admitted', why: 'withdrawn' }, 'refused', '盖章的证书被撤销了'],
  ['a code of something else', { kind: 'not-ours' }, 'problem', '这不是社保证明上的码'],
  ['a code the centre does not have', { kind: 'unknown-code' }, 'problem', '查不到这个防伪码'],
])('tells %s for what it is', async (_what, outcome, tone, title) => {
  const visit = await check(outcome);
  expect(visit.shows('result')).toMatchObject({ tone, title });
  visit.stop();
});

// In the hall sixteen characters stood on the screen, and there was no button to have them looked up with.
test('offers a way on to who types the code', async () => {
  const visit = await startItem(checkCertificate, { check: genuine });
  expect(visit.shows('scan').wayOn).toEqual({ label: '查一查', icon: 'right' });
  visit.stop();
});

test('shows what the paper must say, masked', async () => {
  const visit = await check(genuine);
  expect(visit.shows('result').rows.map(({ value }) => value)).toEqual([
    '社会保险参保证明',
    'YC202611240372',
    '张**',
    '890***********0019',
    '云川市社会保险事业管理中心',
    '2026年11月24日',
  ]);
  visit.stop();
});

test('shows nothing to compare where nothing is proved', async () => {
  const visit = await check({ kind: 'forged' });
  expect(visit.shows('result').rows).toEqual([]);
  visit.stop();
});

test('warns that a typed code may have been copied from another paper', async () => {
  const visit = await check({ ...genuine, by: 'centre' });
  expect(visit.shows('result').text).toContain('防伪码可能被抄到别的纸上');
  visit.stop();
});

test('names a paper of a layout this kiosk does not know', async () => {
  const visit = await check({ ...genuine, layout: 'transfer-voucher' });
  expect(visit.shows('result').rows[0]?.value).toBe('社会保险证明');
  visit.stop();
});

test('works without login and without the line, and goes on to the next paper', async () => {
  const visit = await check({ ...genuine, standing: null }, 'offline');
  await visit.act({ type: 'choose', choice: 'again' });
  expect(visit.screen().kind).toBe('scan');
  visit.stop();
});
