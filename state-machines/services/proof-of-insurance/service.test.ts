import { expect, test } from 'vitest';
import { proveItem } from '../item-suite.ts';
import { startItem } from '../item-visit.ts';
import * as copy from './copy.ts';
import { proofOfInsurance } from './service.ts';

proveItem(proofOfInsurance, copy);

test('shows the paper, prints as many as were chosen, and asks how it was', async () => {
  const visit = await startItem(proofOfInsurance);
  expect(visit.shows('review').copies).toMatchObject({ value: 1, min: 1, max: 5 });
  await visit.act({ type: 'copies', value: 3 });
  await visit.act({ type: 'next' });
  expect(visit.printed).toEqual([{ kind: 'certificate', paper: { layout: 'proof-of-insurance' }, copies: 3 }]);
  await visit.act({ type: 'next' });
  expect(visit.screen().kind).toBe('rate');
  visit.stop();
});

test('takes no more than five copies', async () => {
  const visit = await startItem(proofOfInsurance);
  expect(visit.takes({ type: 'copies', value: 6 })).toBe(false);
  visit.stop();
});

test('issues nothing as long as the visitor only looks', async () => {
  const visit = await startItem(proofOfInsurance);
  await visit.act({ type: 'back' });
  expect(visit.screen().kind).toBe('facts');
  expect(visit.printed).toEqual([]);
  visit.stop();
});
