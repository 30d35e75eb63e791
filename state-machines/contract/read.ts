import { z } from 'zod';

/**
 * `schema.safeParse` for what comes from outside, and total. zod 4.6 itself is not: where a text or a list has a least length, a value like
 * `{ "length": { "toString": 1 } }` makes it throw, which no screen and no centre may do to a kiosk.
 */
export function readBy<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { success: true; data: z.output<S> } | { success: false; error: z.ZodError } {
  try {
    return schema.safeParse(value);
  } catch {
    return { success: false, error: new z.ZodError([{ code: 'custom', path: [], message: 'no value', input: null }]) };
  }
}
