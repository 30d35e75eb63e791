import { z } from 'zod';
import { endpoint, instantSchema, publicKeySchema } from './envelope.ts';

/** Enrols a kiosk once: staff type a one-time code, the kiosk sends its own public key. `proof` is a JWS by that key over the code. */
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

/** Exchanges a client assertion (RFC 7523, ES256 by the kiosk's key, `aud` the centre, used once) for a short access token. */
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
