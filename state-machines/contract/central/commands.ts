import { z } from 'zod';
import { endpoint, instantSchema, uuidSchema } from './envelope.ts';

/** How much is left of something that runs out. */
export const supplySchema = z.enum(['enough', 'low', 'out', 'unknown']);

/** What the centre may have a kiosk do. The list is closed: a command brings no code along. */
export const commandSchema = z.discriminatedUnion('kind', [
  /** Takes no more visitors, once the present one has gone; `because` is shown to visitors as it is, and stands in the log. */
  z.strictObject({ kind: z.literal('out-of-service'), because: z.string().max(200) }),
  z.strictObject({ kind: z.literal('back-in-service') }),
  /** Fetches catalogue, notices and the rest now. */
  z.strictObject({ kind: z.literal('refresh') }),
  /** Delivers its log of this time ({@link deliverLog}). */
  z.strictObject({ kind: z.literal('collect-logs'), from: instantSchema, to: instantSchema }),
  /** Starts anew, once the present visitor has gone. */
  z.strictObject({ kind: z.literal('restart') }),
  /** Has a request that the kiosk set aside tried again (`release`), or gives it up so that its person's later ones go on (`drop`). */
  z.strictObject({ kind: z.literal('release-request'), id: uuidSchema, decision: z.enum(['release', 'drop']) }),
  /** Staff have looked for a paper of which nobody knew whether it came out: so many copies did, 0 where none. */
  z.strictObject({
    kind: z.literal('found-paper'),
    number: z.string().min(1).max(40),
    copies: z.number().int().min(0).max(20),
  }),
]);
export type Command = z.infer<typeof commandSchema>;

/** Marks a signed command apart from anything else the centre's root key signs: `typ` of its header. */
export const commandType = 'command+jws';

/**
 * What a command says: a compact JWS by the centre's root key, header `{ alg: 'ES256', kid, typ: 'command+jws' }`. A kiosk carries out one of its
 * own name and epoch, once by `jti`, while `expiresAt` (the centre's clock) has not passed, and in the order of `number`. What it does not carry out it
 * reports too: a kind it does not know, a number that is not above the last one it took.
 */
export const commandClaimsSchema = z.object({
  jti: uuidSchema,
  kiosk: z.string(),
  epoch: z.number().int().positive(),
  /** Rises with each command to this kiosk, by one or more; not even a centre to which a backup was put back gives one twice. */
  number: z.number().int().positive(),
  givenAt: instantSchema,
  expiresAt: instantSchema,
  command: commandSchema,
});
export type CommandClaims = z.infer<typeof commandClaimsSchema>;

/** The same as a kiosk reads it, which may be older than the centre: what it is told to do may be something it never heard of. */
export const receivedCommandSchema = commandClaimsSchema.extend({ command: z.looseObject({ kind: z.string() }) });
export type ReceivedCommand = z.infer<typeof receivedCommandSchema>;

/** What became of a command. `refused`: the kiosk does not do that, or cannot. The first report about a command stands. */
export const commandReportSchema = z.strictObject({
  id: uuidSchema,
  outcome: z.enum(['done', 'failed', 'expired', 'refused']),
  detail: z.string().max(200),
  at: instantSchema,
});
export type CommandReport = z.infer<typeof commandReportSchema>;

/** A part of the log a command asked for: whole lines, in order. A part delivered twice is kept once. */
export const deliverLog = endpoint({
  method: 'POST',
  path: '/v2/kiosks/logs',
  summary: 'Deliver a part of the log that a command asked for',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({
    command: uuidSchema,
    part: z.number().int().min(0).max(999),
    isLast: z.boolean(),
    text: z.string().max(512 * 1024),
  }),
  answer: z.object({ kept: z.literal(true) }),
});
