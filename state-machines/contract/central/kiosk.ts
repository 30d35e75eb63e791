import { z } from 'zod';
import { endpoint, instantSchema, publicKeySchema } from './envelope.ts';

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
  path: '/v1/kiosks/enrolments',
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

/**
 * Exchanges a client assertion (RFC 7523) for a short access token. Header `{ alg: 'ES256', kid }`; claims `iss` and `sub` the kiosk's
 * id, `aud` {@link assertionAudience}, `jti` used once, `iat`, `exp` at most {@link assertionLifeSeconds} later. Instants are the kiosk's own
 * clock, which may be off by {@link assertionSkewSeconds}; both this answer and the refusal carry the centre's (`nowMs`), so that
 * a kiosk further off signs again by it.
 */
export const requestToken = endpoint({
  method: 'POST',
  path: '/v1/kiosks/tokens',
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

/** A sign of life. The answer carries the centre's clock, so that the kiosk knows its offset. */
export const heartbeat = endpoint({
  method: 'POST',
  path: '/v1/kiosks/heartbeats',
  summary: 'A sign of life with health figures',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({
    nowMs: instantSchema,
    version: z.string().max(40),
    state: z.enum(['checking', 'in-service', 'in-visit', 'out-of-service', 'maintenance']),
    queue: z.object({ waiting: z.number().int(), oldestMs: z.number().int(), setAside: z.number().int() }),
    devices: z.record(z.string().max(40), z.string().max(80)),
  }),
  answer: z.object({ nowMs: instantSchema }),
});
