import { z } from 'zod';
import { textSchema } from '../words/text.ts';
import { endpoint, publicKeySchema } from './envelope.ts';

/** A change of one built-in item: switched off with a reason, or facts changed. */
export const itemChangeSchema = z.object({
  id: z.string(),
  available: z.boolean(),
  unavailableBecause: textSchema.optional(),
  facts: z.record(z.string(), textSchema).optional(),
});

/** The service agreement shown at first login; `version` is recorded with its acceptance (6.2.4). */
export const agreementSchema = z.object({
  version: z.string().min(1).max(20),
  sections: z.array(z.object({ title: textSchema, text: textSchema })).min(1),
});
export type Agreement = z.infer<typeof agreementSchema>;

/** What a kiosk keeps from the centre. `version` rises with every change. */
export const catalogueSchema = z.object({
  version: z.number().int().positive(),
  items: z.array(itemChangeSchema),
  agreement: agreementSchema,
  /**
   * The list of admitted issuers (6.2.7), signed on its own so that anyone can be handed it to check papers offline: a compact JWS as
   * `main/certificates/admitted-issuers.ts` reads it. Expired or withdrawn issuers are refused.
   */
  issuers: z.string().max(1_000_000),
});
export type Catalogue = z.infer<typeof catalogueSchema>;

/** The signed catalogue: `signed` is a compact JWS by the centre's root key (pinned at enrolment or in the configuration) over {@link catalogueSchema}. */
export const fetchCatalogue = endpoint({
  method: 'GET',
  path: '/v1/catalogue',
  summary: 'Items, agreement and admitted issuers, signed by the centre',
  access: 'kiosk',
  keyed: false,
  answer: z.object({ signed: z.string() }),
});

/** The centre's public keys: `root` signs catalogues, `grants` visits' grants. */
export const fetchKeys = endpoint({
  method: 'GET',
  path: '/v1/keys',
  summary: "The centre's public keys",
  access: 'open',
  keyed: false,
  answer: z.object({ root: publicKeySchema, grants: publicKeySchema }),
});
