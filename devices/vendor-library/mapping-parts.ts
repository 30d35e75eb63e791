/** What the mapping files of libraries and of middleware have in common. */
import * as z from 'zod';
import { operationRefusals } from './operations.ts';

/** Of operations, fields, inputs, buffers. */
export const nameSchema = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/, 'a letter, then letters, digits and hyphens');

/** Error codes as texts, `*` for any other. */
export const errorsSchema = z.record(z.string().min(1), z.enum(operationRefusals));

/** One of several values in a text, e.g. `{ "separator": "|", "index": 2 }`; the first is 0. */
export const partSchema = z.strictObject({ separator: z.string().min(1), index: z.number().int().min(0).max(199) });

/** A flaw by its place in the file, e.g. `transport.url: an address of this machine`. */
export function flawsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || 'mapping'}: ${issue.message}`);
}
