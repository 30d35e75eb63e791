import { z } from 'zod';
import { commandReportSchema, supplySchema } from './commands.ts';
import { endpoint, instantSchema, publicKeySchema, uuidSchema } from './envelope.ts';

/** Audience of client assertions: this contract's centre, whatever address or proxy it is reached by. */
export const assertionAudience = 'social-insurance-centre';
/** Longest life of a client assertion, `exp - iat`. */
export const assertionLifeSeconds = 300;
/** How far an assertion's clock may be off the centre's, either way: a kiosk with a flat clock battery still gets in. */
export const assertionSkewSeconds = 49 * 60 * 60;

/**
 * Enrols a kiosk once: staff type a one-time code, the kiosk sends its own public key. `proof` is a compact JWS by that key (header
 * `{ alg: 'ES256', kid }`), its payload the UTF-8 bytes of the code as sent.
 */
export const enrolKiosk = endpoint({
  method: 'POST',
  path: '/v2/kiosks/enrolments',
  summary: 'Enrol a kiosk with a one-time code',
  access: 'open',
  keyed: false,
  body: z.strictObject({
    code: z.string().min(6).max(40),
    publicKey: publicKeySchema,
    proof: z.string().max(4000),
    model: z.string().max(80),
  }),
  answer: z.object({
    kiosk: z.string().min(1).max(64),
    name: z.string(),
    hall: z.string(),
    epoch: z.number().int().positive(),
  }),
});

/** Counts the epochs of a kiosk; what fits into 32 bits. */
const epochSchema = z.number().int().positive().max(0x7fff_ffff);

/**
 * By what a centre tells a kiosk from its copy. Each assertion names the mark of the last one that was admitted (empty after an enrolment, in a new epoch `next` of the wish that opened it) and a
 * fresh one of its own, which the kiosk keeps durably, beside its outbox, before it sends the assertion. The centre admits `last` when
 * it is the mark it holds, and holds `next` from then on; or, the answer having been lost, the same pair again. A copied disk knows the same
 * mark, but only the first of the two that calls moves it on: the other is refused with `not-this-epoch`, and so is a kiosk to which an older
 * state of its database was put back.
 */
export const marksSchema = z.object({
  epoch: epochSchema,
  last: z.string().max(64),
  /** At least 16 random bytes, base64url. */
  next: z.string().min(22).max(64),
});
export type Marks = z.infer<typeof marksSchema>;

/** Claims of a client assertion. Instants are seconds. */
export const assertionClaimsSchema = z.object({
  iss: z.string().min(1).max(64),
  sub: z.string(),
  aud: z.literal(assertionAudience),
  jti: z.string().min(8).max(80),
  iat: z.number().int().nonnegative(),
  exp: z.number().int().nonnegative(),
  /** Wanted from every kiosk that ever sent some in this epoch; a kiosk of the version before sends none. */
  marks: marksSchema.optional(),
});
export type AssertionClaims = z.infer<typeof assertionClaimsSchema>;

/**
 * Exchanges a client assertion (RFC 7523) for a short access token. Header `{ alg: 'ES256', kid }`; claims {@link assertionClaimsSchema}: `iss`
 * and `sub` the kiosk's id, `aud` {@link assertionAudience}, `jti` used once, `iat`, `exp` at most {@link assertionLifeSeconds} later. Instants are the kiosk's own
 * clock, which may be off by {@link assertionSkewSeconds}; both this answer and the refusal carry the centre's (`nowMs`), so that
 * a kiosk further off signs again by it.
 */
export const requestToken = endpoint({
  method: 'POST',
  path: '/v2/kiosks/tokens',
  summary: 'A short access token for a signed client assertion',
  access: 'open',
  keyed: false,
  body: z.strictObject({
    grantType: z.literal('client_credentials'),
    assertionType: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
    assertion: z.string().max(4000),
  }),
  answer: z.object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresInSeconds: z.number().int().positive(),
    nowMs: instantSchema,
  }),
});

/** Requests that could not be saved, by their ids (UUIDv7: ids are ordered by time). Both ends belong to the range. */
export const lostRangeSchema = z.strictObject({ from: uuidSchema, to: uuidSchema });

/**
 * What a kiosk says that wants a new epoch. `epoch` is the one it was in, `next` its first mark of the new one, `shown` the six digits on its
 * screen, by which staff authorise this machine and not its copy. `lost` names what could not be saved.
 */
export const epochClaimsSchema = z.object({
  iss: z.string().min(1).max(64),
  aud: z.literal('epoch'),
  /** Names the wish: asked again with the same one, the centre answers how it stands. */
  jti: uuidSchema,
  epoch: epochSchema,
  reason: z.enum(['refused', 'restored', 'rebuilt']),
  next: marksSchema.shape.next,
  shown: z.string().regex(/^\d{6}$/),
  lost: z.array(lostRangeSchema).max(100),
});
export type EpochClaims = z.infer<typeof epochClaimsSchema>;

/**
 * Asks for a new epoch, and how the wish stands. `statement` is a compact JWS by the kiosk's key over {@link epochClaimsSchema}. Until staff have
 * authorised it the answer is `waiting`. In the new epoch each order of the outbox is taken up once at whatever sequence comes first.
 */
export const openEpoch = endpoint({
  method: 'POST',
  path: '/v2/kiosks/epochs',
  summary: 'Ask for a new epoch, which staff authorise',
  access: 'open',
  keyed: false,
  body: z.strictObject({ statement: z.string().max(16_000) }),
  answer: z.discriminatedUnion('state', [
    z.object({ state: z.literal('waiting'), nowMs: instantSchema }),
    z.object({ state: z.literal('refused'), nowMs: instantSchema }),
    z.object({ state: z.literal('opened'), epoch: z.number().int().positive(), nowMs: instantSchema }),
  ]),
});

/** How the kiosk's store is. `fault`: why it takes nothing on any more; `warnings`: what will become one. Both are words for staff and of no closed list. */
export const storeReportSchema = z.strictObject({
  fault: z.string().max(40).nullable(),
  warnings: z.array(z.string().max(40)).max(20),
  /** When the newest backup was taken that was read through, by the kiosk's clock; null where there is none. */
  lastBackupAtMs: instantSchema.nullable(),
  /** Free bytes of its disk, null where that cannot be asked. */
  freeBytes: z.number().int().nonnegative().nullable(),
});

/** A request that waits for staff (commands.ts, `release-request`): the centre's code for the refusal, or the kiosk's, and how many of its person's wait behind it. */
export const setAsideSchema = z.strictObject({
  id: uuidSchema,
  kind: z.string().max(40),
  code: z.string().max(40),
  madeAt: instantSchema,
  waitingBehind: z.number().int().nonnegative(),
});
/** Most that one heartbeat names, the oldest first; `queue` counts them all. */
export const mostSetAsideTold = 50;

/** A sign of life. The answer carries the centre's clock, so that the kiosk knows its offset. */
export const heartbeat = endpoint({
  method: 'POST',
  path: '/v2/kiosks/heartbeats',
  summary: 'A sign of life with health figures',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({
    nowMs: instantSchema,
    version: z.string().max(40),
    state: z.enum(['checking', 'in-service', 'in-visit', 'out-of-service', 'maintenance']),
    /** Null where the kiosk cannot read it. */
    queue: z.object({ waiting: z.number().int(), oldestMs: z.number().int(), setAside: z.number().int() }).nullable(),
    store: storeReportSchema.optional(),
    setAside: z.array(setAsideSchema).max(mostSetAsideTold).optional(),
    devices: z.record(z.string().max(40), z.string().max(80)),
    /** Paper and the like, by device. */
    supplies: z.record(z.string().max(40), supplySchema).optional(),
    /** The centre's clock less the kiosk's, as the kiosk last reckoned it; null where it has not. */
    clockOffsetMs: z.number().int().nullable().optional(),
    /** What became of commands; each is told until a heartbeat with it was answered. */
    reports: z.array(commandReportSchema).max(50).optional(),
  }),
  /** `commands`: those not yet reported, oldest first, each a compact JWS (commands.ts). A centre of another maker may send none. */
  answer: z.object({ nowMs: instantSchema, commands: z.array(z.string().max(4000)).max(20).default([]) }),
});
