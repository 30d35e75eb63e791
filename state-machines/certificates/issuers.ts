import { z } from 'zod';
import { daySchema } from '../contract/words/certificate.ts';

/**
 * Signature algorithms by name, with their COSE number (RFC 9053). SM2 with SM3 keeps its place here: COSE has registered no number
 * for it, so the profile that brings SM2 also names a private-use one (below -65536).
 */
export const signatureAlgorithms = { ES256: -7 } as const;
export type SignatureAlgorithm = keyof typeof signatureAlgorithms;

/** Names a key in a seal: the first eight bytes of the key's RFC 7638 thumbprint, in hex. */
const kidSchema = z.string().regex(/^[0-9a-f]{16}$/);

const coordinateSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** An issuer's public key as a JWK; `alg` names what it signs with. */
export const issuerKeySchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  alg: z.literal('ES256'),
  x: coordinateSchema,
  y: coordinateSchema,
});
export type IssuerKey = z.infer<typeof issuerKeySchema>;

/**
 * An issuer whose seals count (LD/T 01-2020, 6.2.7). `from` and `until` are days, both included. `withdrawnAt` is the day its seal
 * was withdrawn: from then on nothing under this key counts, whatever date it bears, because whoever has the key can write any date.
 * An issuer that changes keys has one entry for each.
 */
const admittedIssuerSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,31}$/),
  name: z.string().min(2).max(40),
  kid: kidSchema,
  jwk: issuerKeySchema,
  from: daySchema,
  until: daySchema,
  withdrawnAt: daySchema.optional(),
});
export type AdmittedIssuer = z.infer<typeof admittedIssuerSchema>;

/** The list the centre's root signs. `serial` grows with every edition, so that an older list cannot bring a withdrawn seal back. */
export const admittedIssuersSchema = z
  .strictObject({
    version: z.literal(1),
    serial: z.number().int().min(1),
    publishedOn: daySchema,
    issuers: z.array(admittedIssuerSchema).max(200),
  })
  .refine(
    (list) => new Set(list.issuers.map((issuer) => issuer.kid)).size === list.issuers.length,
    'a kid stands twice',
  );
export type AdmittedIssuers = z.infer<typeof admittedIssuersSchema>;

export type IssuerFailure = 'unknown-issuer' | 'issuer-withdrawn' | 'issuer-expired' | 'issuer-not-yet-admitted';

/** The issuer a key belongs to, unless the list does not hold it or its seal was withdrawn. */
export function findIssuer(
  list: AdmittedIssuers,
  kid: string,
): { ok: true; issuer: AdmittedIssuer } | { ok: false; reason: IssuerFailure } {
  const issuer = list.issuers.find((candidate) => candidate.kid === kid);
  if (!issuer) return { ok: false, reason: 'unknown-issuer' };
  return issuer.withdrawnAt === undefined ? { ok: true, issuer } : { ok: false, reason: 'issuer-withdrawn' };
}

/** Why an issuer's seal does not count on a day, or `null` if it does. Days compare as text. */
export function whyNotAdmittedOn(issuer: AdmittedIssuer, day: string): IssuerFailure | null {
  if (day < issuer.from) return 'issuer-not-yet-admitted';
  return day > issuer.until ? 'issuer-expired' : null;
}
