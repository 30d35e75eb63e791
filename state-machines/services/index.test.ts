import { expect, test } from 'vitest';
import { groupIds } from './define-service.ts';
import { commonItems, groups, services } from './index.ts';

test('every item has an id and pinyin letters of its own', () => {
  expect(new Set(services.map(({ id }) => id)).size).toBe(services.length);
  expect(new Set(services.map(({ initials }) => initials)).size).toBe(services.length);
});

test('the home screen shows five or six items that exist, once each', () => {
  expect(new Set(commonItems).size).toBe(commonItems.length);
  expect([5, 6]).toContain(commonItems.length);
  const ids = services.map(({ id }) => id);
  expect(commonItems.filter((id) => !ids.includes(id))).toEqual([]);
});

test('every group has its words, in the order the groups are declared', () => {
  expect(groups.map(({ id }) => id)).toEqual([...groupIds]);
});
