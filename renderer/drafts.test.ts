import { expect, it } from 'vitest';
import { Drafts } from './drafts.ts';

it('gives back what was half-typed on a step, after another step was shown in between', () => {
  const drafts = new Drafts();
  drafts.write('step-7', { street: '春溪街道' });
  drafts.write('step-8', { other: true });
  expect(drafts.read('step-7', () => ({ street: '' }))).toEqual({ street: '春溪街道' });
});

it('starts afresh on a step nobody has typed on', () => {
  expect(new Drafts().read('step-9', () => 'fresh')).toBe('fresh');
});

it('remembers nothing once the visit has ended', () => {
  const drafts = new Drafts();
  drafts.write('step-7', { street: '春溪街道' });
  drafts.wipe();
  expect(drafts.size).toBe(0);
  expect(drafts.read('step-7', () => null)).toBeNull();
});
