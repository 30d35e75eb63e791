import { expect, test } from 'vitest';
import type { RequestAnswer } from '../../contract/central/requests.ts';
import { proveItem } from '../item-suite.ts';
import { startItem } from '../item-visit.ts';
import * as copy from './copy.ts';
import { contactChange } from './service.ts';

proveItem(contactChange, copy);

const contact = {
  mobile: '19900000001',
  postalCode: '890100',
  address: '云川市东湖区滨江路1号2幢201室',
  email: 'zhang@example.com',
};
const strokes: [number, number, number][][] = [
  [
    [100, 100, 0],
    [200, 120, 16],
  ],
];

type Decision = Extract<RequestAnswer, { kind: 'application' }>;

function decided(change: Partial<Decision>): Decision {
  return {
    kind: 'application',
    number: 'SL20261124-0007',
    state: 'approved',
    reason: null,
    promisedBy: null,
    ...change,
  };
}

/** Fills in a new number, checks, signs, and stands before the outcome. */
async function changeNumber(answer?: Decision) {
  const visit = await startItem(contactChange, { data: { contact }, ...(answer === undefined ? {} : { answer }) });
  await visit.act({ type: 'submit', values: { ...contact, mobile: '19900000002' } });
  await visit.act({ type: 'next' });
  await visit.act({ type: 'sign', strokes });
  return visit;
}

test('asks nothing the centre already knows: the form is filled in', async () => {
  const visit = await startItem(contactChange, { data: { contact } });
  expect(visit.shows('form').fields.map(({ id, value }) => [id, value])).toEqual(
    ['mobile', 'address', 'postalCode', 'email'].map((id) => [id, contact[id as keyof typeof contact]]),
  );
  visit.stop();
});

test('says at the field what is wrong, and goes on when it is mended', async () => {
  const visit = await startItem(contactChange, { data: { contact } });
  await visit.act({ type: 'submit', values: { ...contact, mobile: '12345' } });
  expect(visit.shows('form').fields[0]).toMatchObject({ value: '12345', problem: '手机号是11位，以1开头，请再看看' });
  await visit.act({ type: 'submit', values: { ...contact, mobile: '19900000002' } });
  expect(visit.screen().kind).toBe('review');
  visit.stop();
});

test('shows what is new beside what was, the old number masked', async () => {
  const visit = await startItem(contactChange, { data: { contact } });
  await visit.act({ type: 'submit', values: { ...contact, mobile: '19900000002', email: '' } });
  expect(visit.shows('review').rows).toEqual([
    { label: '手机号', value: '19900000002（原来是199****0001）' },
    { label: '通讯地址', value: '云川市东湖区滨江路1号2幢201室（不变）' },
    { label: '邮政编码', value: '890100（不变）' },
    { label: '电子邮箱', value: '删掉（原来是zhang@example.com）' },
  ]);
  expect(visit.shows('review').risks).toHaveLength(1);
  visit.stop();
});

// What was confirmed unchanged went through check and signature to the centre.
test('does not go on with nothing changed, and says so', async () => {
  const visit = await startItem(contactChange, { data: { contact } });
  expect(visit.shows('form').problem).toBeUndefined();
  await visit.act({ type: 'submit', values: contact });
  expect(visit.shows('form').problem).toBe('一项都没改，和原来一样。请点要改的那一项；不改了请点“返回”');
  await visit.act({ type: 'submit', values: { ...contact, mobile: '12345' } });
  expect(visit.shows('form').problem).toBeUndefined();
  await visit.act({ type: 'submit', values: { ...contact, email: '' } });
  expect(visit.screen().kind).toBe('review');
  visit.stop();
});

test('sends what was filled in with the signature, and prints the notice of the number the centre gave', async () => {
  const visit = await changeNumber(decided({}));
  expect(visit.submitted).toEqual([
    {
      kind: 'application',
      item: 'contact-change',
      itemVersion: 1,
      values: { ...contact, mobile: '19900000002' },
      signature: strokes,
    },
  ]);
  expect(visit.shows('result')).toMatchObject({ tone: 'done', title: '改好了' });
  await visit.act({ type: 'print' });
  expect(visit.printed).toEqual([
    { kind: 'certificate', paper: { layout: 'acceptance-notice', application: 'SL20261124-0007' }, copies: 1 },
  ]);
  visit.stop();
});

test('counts its steps up to the outcome, not the notice that may be printed after it', async () => {
  const visit = await startItem(contactChange, { data: { contact }, answer: decided({}) });
  expect(visit.shows('form')).toMatchObject({ progress: { at: 1, of: 3 }, wayOn: { label: '下一步' } });
  await visit.act({ type: 'submit', values: { ...contact, email: '' } });
  await visit.act({ type: 'next' });
  await visit.act({ type: 'sign', strokes });
  expect(visit.shows('result').progress).toEqual({ at: 3, of: 3 });
  await visit.act({ type: 'print' });
  expect(visit.shows('take').progress).toBeUndefined();
  visit.stop();
});

test('says until when, where the centre wants to look first', async () => {
  const visit = await changeNumber(decided({ state: 'under-review', promisedBy: '2026-11-27' }));
  expect(visit.shows('result').rows).toContainEqual({ label: '最晚办好', value: '2026年11月27日' });
  visit.stop();
});

test('gives the reason of a refusal, prints nothing, and lets the visitor fill it in again', async () => {
  const visit = await changeNumber(decided({ state: 'refused', reason: '这个手机号已由他人登记。' }));
  expect(visit.shows('result')).toMatchObject({
    tone: 'refused',
    text: '这个手机号已由他人登记。原来的联系方式没有动。可以改了再来一次，或到人工窗口办理。',
  });
  expect(visit.takes({ type: 'print' })).toBe(false);
  await visit.act({ type: 'choose', choice: 'again' });
  expect(visit.shows('form').fields[0]?.value).toBe('19900000001');
  visit.stop();
});

test('says received, not done, where the centre has not answered', async () => {
  const visit = await changeNumber();
  expect(visit.shows('result')).toMatchObject({
    tone: 'received',
    title: '已经收下',
    rows: [{ label: '受理编号', value: 'K1-000001' }],
  });
  expect(visit.takes({ type: 'print' })).toBe(false);
  visit.stop();
});

test('cannot be taken back once it was submitted', async () => {
  const visit = await changeNumber();
  expect(visit.takes({ type: 'back' })).toBe(false);
  visit.stop();
});

test('by a card alone: new details typed, checked, signed and kept with what the card says, and told that they wait', async () => {
  const visit = await startItem(contactChange, { line: 'offline' });
  expect(visit.shows('form').fields.map(({ value }) => value)).toEqual(['', '', '', '']);
  await visit.act({ type: 'submit', values: { mobile: '19900000002', address: '', postalCode: '', email: '' } });
  await visit.act({ type: 'next' });
  await visit.act({ type: 'sign', strokes });
  expect(visit.submitted).toEqual([
    {
      kind: 'application',
      item: 'contact-change',
      itemVersion: 1,
      values: { mobile: '19900000002' },
      signature: strokes,
    },
  ]);
  expect(visit.submittedBy).toMatchObject([{ kind: 'social-security-card', cardNumber: 'Y00890001' }]);
  expect(visit.shows('result', 'en')).toMatchObject({ tone: 'received', title: 'Received, pending verification' });
  expect(visit.takes({ type: 'print' })).toBe(false);
  visit.stop();
});

test('by a card alone: a promise to check it stands beside the number, and no notice is offered', async () => {
  const answer = decided({ state: 'under-review', promisedBy: '2026-11-27' });
  const visit = await startItem(contactChange, { line: 'offline', answer });
  await visit.act({ type: 'submit', values: { mobile: '19900000002', address: '', postalCode: '', email: '' } });
  await visit.act({ type: 'next' });
  await visit.act({ type: 'sign', strokes });
  expect(visit.shows('result')).toMatchObject({ title: '已经收下，待核验', actions: [] });
  expect(visit.shows('result').rows).toContainEqual({ label: '最晚办好', value: '2026年11月27日' });
  visit.stop();
});
