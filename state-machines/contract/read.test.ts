import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBy } from './read.ts';

describe('what comes from outside', () => {
  // A mutated message took the kiosk's process down: the schema threw instead of refusing.
  it.each([
    ['a text', z.string().min(1)],
    ['a list', z.array(z.string()).min(1)],
    ['a field of a message', z.strictObject({ id: z.string().min(8).max(64) })],
  ])('is refused where something with an odd length stands for %s', (_, schema) => {
    const odd: unknown = JSON.parse('{"length":{"toString":1},"id":{"length":{"toString":1}}}');
    expect(readBy(schema, odd).success).toBe(false);
  });

  it('is read as the schema reads it otherwise', () => {
    expect(readBy(z.string().min(1), 'x')).toEqual({ success: true, data: 'x' });
    expect(readBy(z.string().min(1), '')).toMatchObject({ success: false, error: { issues: [{ code: 'too_small' }] } });
  });
});
