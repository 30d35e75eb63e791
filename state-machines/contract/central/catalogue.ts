import { z } from 'zod';
import { textSchema } from '../words/text.ts';
import { dateSchema, endpoint, publicKeySchema } from './envelope.ts';

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

/** A notice the hall shows from one day to another; `until` null: until it is taken back. */
export const noticeSchema = z.object({
  id: z.string().min(1).max(40),
  title: textSchema,
  text: textSchema,
  from: dateSchema,
  until: dateSchema.nullable(),
  /** Shown before anything else. */
  isUrgent: z.boolean(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** An answer of the knowledge base (5.5.3), found offline by its title, text and words. */
export const articleSchema = z.object({
  id: z.string().min(1).max(40),
  title: textSchema,
  text: textSchema,
  words: z.array(z.string().min(1).max(40)).max(40),
  items: z.array(z.string().max(64)).max(20),
});
export type Article = z.infer<typeof articleSchema>;

/** Nobody stands longer before a question; who is slow has 20 s to say that they are there (WCAG 2.2.1). */
const attendanceSchema = z.number().int().min(20_000).max(3_600_000);

/**
 * What the centre sets for all its kiosks, by the names `docs/configuration.md` has; each kiosk's own file says the rest, and these where the centre
 * does not. They hold from the next visit on. Names a kiosk does not know it leaves.
 */
export const settingsSchema = z
  .object({
    /** Telephone shown on every screen and slip. */
    hotline: z.string().min(3).max(30),
    /** Without a touch for so long, the visitor is asked whether they are still there. */
    'times.idleMs': attendanceSchema,
    /** And so long after that the visit ends. */
    'times.warningMs': attendanceSchema,
  })
  .partial();
export type Settings = z.infer<typeof settingsSchema>;

/**
 * What a kiosk keeps from the centre: one edition, taken up whole or not at all. `version` rises with every change and is the cursor a kiosk asks
 * with.
 */
export const catalogueSchema = z.object({
  version: z.number().int().positive(),
  items: z.array(itemChangeSchema),
  agreement: agreementSchema,
  /**
   * The list of admitted issuers (6.2.7), signed on its own so that anyone can be handed it to check papers offline: a compact JWS as
   * `main/certificates/admitted-issuers.ts` reads it. Expired or withdrawn issuers are refused.
   */
  issuers: z.string().max(1_000_000),
  notices: z.array(noticeSchema).max(100).default([]),
  articles: z.array(articleSchema).max(2_000).default([]),
  /** Numbers of papers withdrawn, so that a kiosk can tell without the line; of more than there is room for, the newest. */
  withdrawals: z.array(z.string().max(40)).max(100_000).default([]),
  settings: settingsSchema.default({}),
});
export type Catalogue = z.infer<typeof catalogueSchema>;

/**
 * A signed edition, in characters at most: content of {@link longestContentBytes}, 100,000 withdrawals and the longest list of issuers, written as a
 * JWS, come to 15.2 million.
 */
export const longestEdition = 16_000_000;

/** What an agency publishes of an edition (items, agreement, notices, articles, settings), as JSON in UTF-8, at most. */
export const longestContentBytes = 6_000_000;

const signedSchema = z.string().max(longestEdition);

/** The signed catalogue: `signed` is a compact JWS by the centre's root key (pinned at enrolment or in the configuration) over {@link catalogueSchema}. */
export const fetchCatalogue = endpoint({
  method: 'GET',
  path: '/v2/catalogue',
  summary: 'Items, agreement and admitted issuers, signed by the centre',
  access: 'kiosk',
  keyed: false,
  answer: z.object({ signed: signedSchema }),
});

/** {@link fetchCatalogue} for whoever has an edition: only a newer one travels. `have` 0: none yet. */
export const fetchChanges = endpoint({
  method: 'POST',
  path: '/v2/catalogue/changes',
  summary: 'The newest edition, where it is newer than the one at hand',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({ have: z.number().int().nonnegative() }),
  answer: z.discriminatedUnion('state', [
    z.object({ state: z.literal('same'), version: z.number().int().nonnegative() }),
    z.object({ state: z.literal('newer'), version: z.number().int().positive(), signed: signedSchema }),
  ]),
});

/** The centre's public keys: `root` signs catalogues, `grants` visits' grants. */
export const fetchKeys = endpoint({
  method: 'GET',
  path: '/v2/keys',
  summary: "The centre's public keys",
  access: 'open',
  keyed: false,
  answer: z.object({ root: publicKeySchema, grants: publicKeySchema }),
});
