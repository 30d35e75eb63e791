import { z } from 'zod';
import { formValuesSchema } from '../words/form.ts';
import { dateSchema, endpoint, instantSchema, uuidSchema } from './envelope.ts';
import { cardClaimSchema } from './identity.ts';

const itemSchema = z.object({ item: z.string().min(1).max(64), itemVersion: z.number().int().positive() });

/** What can be asked of the centre through the outbox. */
export const requestBodySchema = z.discriminatedUnion('kind', [
  /** An application (5.3): decided by rule at once, or accepted for review, as the item says. */
  z.strictObject({
    kind: z.literal('application'),
    ...itemSchema.shape,
    values: formValuesSchema,
    /** Pen strokes as drawn (screen.ts), kept with the application; no paper bears them. */
    signature: z.array(z.array(z.tuple([z.number(), z.number(), z.number()]))).optional(),
  }),
  z.strictObject({
    kind: z.literal('booking'),
    ...itemSchema.shape,
    matter: z.string().max(64),
    date: dateSchema,
    from: z.string().regex(/^\d\d:\d\d$/),
  }),
  z.strictObject({ kind: z.literal('booking-cancel'), ...itemSchema.shape, number: z.string().max(40) }),
  /** A question, suggestion, complaint or report (5.5). Anonymous where nobody logged in. */
  z.strictObject({ kind: z.literal('complaint'), ...itemSchema.shape, values: formValuesSchema }),
  z.strictObject({ kind: z.literal('agreement'), version: z.string().min(1).max(20) }),
  /** What became of a numbered paper. */
  z.strictObject({
    kind: z.literal('print-outcome'),
    number: z.string().max(40),
    outcome: z.enum(['printed', 'void', 'unknown']),
    copies: z.number().int().nonnegative(),
    reason: z.string().max(60).nullable(),
  }),
  /** Ratings by indicator, 1 (worst) to 5. */
  z.strictObject({
    kind: z.literal('rating'),
    ...itemSchema.shape,
    scores: z.record(z.string().max(32), z.number().int().min(1).max(5)),
  }),
]);
export type RequestBody = z.infer<typeof requestBodySchema>;
export type RequestKind = RequestBody['kind'];

/**
 * By what a row may do what it asks. `grant`: what was proved at login (identity.ts), null where nobody logged in. `card`: with no grant, what the
 * card in the slot said of its holder while the line was down (identity level `card-present`). `proof`: the kiosk's word, see {@link requestSchema}.
 */
export const authoritySchema = z.strictObject({
  grant: z.string().max(4000).nullable(),
  card: cardClaimSchema.nullable().optional(),
  proof: z.string().max(4000),
});

/** Claims of a row's proof. Digests are base64url(SHA-256(…)): of canonical JSON for `body` and `card`, of the text for `grant`. `iat` in seconds. */
export const proofClaimsSchema = z.object({
  jti: z.string(),
  body: z.string(),
  grant: z.string().nullable(),
  card: z.string().nullable().optional(),
  iat: z.number(),
});

/**
 * One row of a kiosk's outbox on its way. `order` groups rows that must keep their order (an opaque key a person, or a request's
 * own id where order does not matter) and `sequence` rises by one within it, never by clock.
 *
 * `authority`: {@link authoritySchema}. Its `proof` is a JWS by the kiosk's key over {@link proofClaimsSchema}, `jti` being the row's id (`card` is
 * left out where the row has none): the kiosk's word that this request, and no other, was made under that grant or by that card. Its header is `{ alg: 'ES256', kid }`, its payload JSON; canonical JSON
 * is canonical.ts. The proof is made when the row is sent: a
 * kiosk enrolled anew in between proves with its new key.
 */
export const requestSchema = z.strictObject({
  id: uuidSchema,
  order: z.string().min(1).max(64),
  sequence: z.number().int().positive(),
  madeAt: instantSchema,
  visit: uuidSchema,
  trace: z.string().max(64),
  authority: authoritySchema,
  body: requestBodySchema,
});
export type CentralRequest = z.infer<typeof requestSchema>;

/** What the visitor is told of a request that was carried out. Fields by kind; amounts in cents, dates as dates. */
export const requestAnswerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('application'),
    number: z.string(),
    /** What came in by a card alone is always under review: a clerk makes sure who it was. */
    state: z.enum(['approved', 'under-review', 'refused']),
    /** Why it was refused, in the agency's words. */
    reason: z.string().nullable(),
    promisedBy: dateSchema.nullable(),
  }),
  z.object({
    kind: z.literal('booking'),
    state: z.enum(['booked', 'taken', 'closed', 'already-booked']),
    booking: z
      .object({
        number: z.string(),
        matter: z.string(),
        window: z.string(),
        date: dateSchema,
        from: z.string(),
        to: z.string(),
      })
      .nullable(),
  }),
  z.object({ kind: z.literal('booking-cancel'), state: z.enum(['cancelled', 'not-found', 'too-late']) }),
  z.object({
    kind: z.literal('complaint'),
    number: z.string(),
    followUpCode: z.string(),
    promisedBy: dateSchema,
    promisedWorkingDays: z.number().int().positive(),
  }),
  z.object({ kind: z.literal('agreement') }),
  z.object({ kind: z.literal('print-outcome') }),
  z.object({ kind: z.literal('rating') }),
]);
export type RequestAnswer = z.infer<typeof requestAnswerSchema>;

/** What became of one row. `refused` is final (poison: the kiosk sets it aside); `later` is not. */
export const requestResultSchema = z.discriminatedUnion('state', [
  z.object({ id: uuidSchema, state: z.literal('done'), answer: requestAnswerSchema }),
  z.object({
    id: uuidSchema,
    state: z.literal('refused'),
    code: z.enum(['malformed', 'not-permitted', 'unknown-item', 'authority', 'key-reused', 'out-of-order']),
    detail: z.string(),
  }),
  z.object({ id: uuidSchema, state: z.literal('later'), afterMs: z.number().int().nonnegative() }),
]);
export type RequestResult = z.infer<typeof requestResultSchema>;

/** Delivers a batch. Rows are judged one by one; each is idempotent by its id, and a repeat gets the stored answer. */
export const deliverRequests = endpoint({
  method: 'POST',
  path: '/v2/requests',
  summary: 'Deliver a batch of outbox rows',
  access: 'kiosk',
  keyed: false,
  /** Rows are validated singly, so that one malformed row does not refuse its neighbours. */
  body: z.strictObject({ requests: z.array(z.unknown()).min(1).max(64) }),
  answer: z.object({ results: z.array(requestResultSchema) }),
});
