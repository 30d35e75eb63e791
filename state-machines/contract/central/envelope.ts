import { z } from 'zod';

/**
 * Version of the kiosk ⇄ centre contract. It is the first part of every path (`/v2/…`); the centre serves the current version
 * and the one before, so that a fleet can update over weeks.
 */
export const centralContract = 2;
/** The version before, served beside it (previous.ts says where it differs). */
export const previousContract = 1;

/** RFC 9457 problem, the body of every answer that is not 2xx. `code` is what the kiosk acts on. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum([
    'malformed',
    'not-authenticated',
    /** The kiosk was copied, or an older state of it was put back: it opens a new epoch (kiosk.ts, `openEpoch`) and waits for staff. */
    'not-this-epoch',
    'not-permitted',
    'not-found',
    'conflict',
    'key-reused',
    'too-many-requests',
    'unsupported-version',
    'internal',
    'unavailable',
  ]),
  detail: z.string().optional(),
  trace: z.string().optional(),
  /** The centre's clock, where a wrong clock may be the reason. */
  nowMs: z.number().int().nonnegative().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Who may call: nobody in particular, an enrolled kiosk, or a kiosk for a visit that proved who stands there. */
export type Access = 'open' | 'kiosk' | 'visit';

/**
 * One call of the contract. Client, reference server and OpenAPI derive from these.
 *
 * `kiosk`: header `Authorization: Bearer <access token>`. `visit`: also `Visit-Grant: <grant>` (see identity.ts).
 * Every call may carry `Trace-Id`; calls that change something carry `Idempotency-Key`, and a repeat with the same key and body
 * gets the stored answer (another body: 409 `key-reused`).
 */
export type Endpoint = {
  method: 'GET' | 'POST';
  path: `/v${number}/${string}`;
  summary: string;
  access: Access;
  keyed: boolean;
  params?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
};

/** Declares an endpoint without losing its schemas' types. */
export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}

/** UUID version 7 in lower case: request and visit ids. */
export const uuidSchema = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
/** `2026-11-24` */
export const dateSchema = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
/** `2026-11` */
export const monthSchema = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
/** Epoch milliseconds. */
export const instantSchema = z.number().int().nonnegative();
/** Public P-256 key as JWK. */
export const publicKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().min(40).max(48),
  y: z.string().min(40).max(48),
  kid: z.string().min(1).max(80),
});
export type PublicKey = z.infer<typeof publicKeySchema>;
