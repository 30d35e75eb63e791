import { z } from 'zod';
import { textSchema } from './text.ts';

/**
 * The closed list of checks a form field may name. Each is a pure function in `validators.ts` that screen, kiosk and centre run
 * alike, so that a form sent by the centre can never bring code along.
 */
export const validatorNames = [
  'mobile',
  'id-number',
  'social-credit-code',
  'bank-card',
  'postal-code',
  'email',
  'chinese-name',
  'real-date',
  'past-date',
  'no-control-characters',
] as const;
export const validatorNameSchema = z.enum(validatorNames);
export type ValidatorName = z.infer<typeof validatorNameSchema>;

/** One field of a form. `prefill` names a fact the centre already holds, so that what is known is not asked. */
export const fieldDefinitionSchema = z.object({
  id: z.string().regex(/^[a-z][a-zA-Z0-9]{0,31}$/),
  kind: z.enum(['line', 'paragraph', 'digits', 'mobile', 'id-number', 'date', 'choice']),
  label: textSchema,
  hint: textSchema.optional(),
  required: z.boolean(),
  maxLength: z.number().int().positive().max(2000),
  validators: z.array(validatorNameSchema).default([]),
  choices: z.array(z.object({ id: z.string().min(1), label: textSchema })).optional(),
  prefill: z.string().optional(),
});
export type FieldDefinition = z.infer<typeof fieldDefinitionSchema>;

/** A form: its fields in the order they are asked. */
export const formDefinitionSchema = z.array(fieldDefinitionSchema).min(1).max(12);
export type FormDefinition = z.infer<typeof formDefinitionSchema>;

/** What was filled in, by field id. An empty string is a field left empty. */
export const formValuesSchema = z.record(z.string().max(64), z.string().max(4000));
export type FormValues = z.infer<typeof formValuesSchema>;
