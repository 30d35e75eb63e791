import { z } from 'zod';

/**
 * How sure the kiosk is of who stands there. `none`: nobody logged in; `card-present`: a card says so, nothing proved it;
 * `verified`: the centre's password (or another proof the centre accepts) was right. Items state the level they accept.
 */
export const identityLevels = ['none', 'card-present', 'verified'] as const;
export const identityLevelSchema = z.enum(identityLevels);
export type IdentityLevel = z.infer<typeof identityLevelSchema>;

/** Kinds of document that identify a person. */
export const idKindSchema = z.enum([
  'resident-id',
  'hk-macao-taiwan-residence',
  'foreigner-permanent-residence',
  'passport',
]);
export type IdKind = z.infer<typeof idKindSchema>;

/** A person as the two sides name one. The number identifies; the name is the centre's, which may hold characters a card cannot write. */
export const personSchema = z.object({
  kind: z.literal('person'),
  idKind: idKindSchema,
  idNumber: z.string().min(6).max(32),
  name: z.string().min(1).max(120),
});
export type Person = z.infer<typeof personSchema>;

/** An insured unit, by its unified social credit code. */
export const unitSchema = z.object({
  kind: z.literal('unit'),
  creditCode: z.string().length(18),
  name: z.string().min(1).max(120),
});

/** For whom something is done. */
export const subjectSchema = z.discriminatedUnion('kind', [personSchema, unitSchema]);

/** Who stands at the kiosk, and for whom: an agent acts for a unit, a guardian for a person, most people for themselves. */
export const partiesSchema = z.object({ actor: personSchema, subject: subjectSchema });
export type Parties = z.infer<typeof partiesSchema>;

/** Masks a name: the surname (first character) stays. `张三` → `张*`, `·` names keep the part before the dot's first character. */
export function maskName(name: string): string {
  const characters = [...name];
  const first = characters[0] ?? '';
  if (/^[A-Za-z]/.test(name)) {
    const word = name.split(/\s+/)[0] ?? name;
    return `${word} *`;
  }
  return characters.length <= 1 ? first : `${first}${'*'.repeat(Math.min(characters.length - 1, 3))}`;
}

/** Masks an identity number: the first three and the last four characters stay. */
export function maskNumber(number: string): string {
  if (number.length <= 7) return '*'.repeat(number.length);
  return `${number.slice(0, 3)}${'*'.repeat(number.length - 7)}${number.slice(-4)}`;
}

/** Masks a mobile number: the first three and the last four digits stay. */
export function maskMobile(mobile: string): string {
  return maskNumber(mobile);
}
