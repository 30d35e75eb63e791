import { z } from 'zod';
import { dateSchema, endpoint, instantSchema, uuidSchema } from './envelope.ts';

/** What a paper is asked for with: `application` for notices about an application, years for records. */
export const paperRequestSchema = z.strictObject({
  layout: z.enum(['proof-of-insurance', 'contribution-record', 'acceptance-notice']),
  application: z.string().max(40).optional(),
  fromYear: z.number().int().optional(),
  toYear: z.number().int().optional(),
});
export type PaperRequest = z.infer<typeof paperRequestSchema>;

/** What a paper would say, without number and seal: for the preview. `draft` is the record's content (words/certificate.ts). */
export const draftCertificate = endpoint({
  method: 'POST',
  path: '/v2/certificates/drafts',
  summary: 'The content of a paper, unnumbered and unsealed',
  access: 'visit',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema, paper: paperRequestSchema }),
  answer: z.object({ draft: z.unknown() }),
});

/** Issues a numbered, sealed paper. Keyed: a repeat of the same key gets the same number. `sealed` is COSE_Sign1, base64url. */
export const issueCertificate = endpoint({
  method: 'POST',
  path: '/v2/certificates',
  summary: 'Issue a numbered, sealed paper',
  access: 'visit',
  keyed: true,
  body: z.strictObject({ visit: uuidSchema, paper: paperRequestSchema }),
  answer: z.object({ number: z.string().min(6).max(40), code: z.string(), sealed: z.string(), qr: z.string() }),
});

/** Looks a paper up by its short anti-counterfeit code. Anyone may ask; the answer is masked. */
export const lookUpCode = endpoint({
  method: 'GET',
  path: '/v2/certificates/codes/:code',
  summary: 'Whether the paper with this anti-counterfeit code is genuine and still good',
  access: 'open',
  keyed: false,
  params: z.object({ code: z.string().min(4).max(40) }),
  answer: z.discriminatedUnion('state', [
    z.object({
      state: z.enum(['good', 'withdrawn', 'void']),
      number: z.string(),
      layout: z.string(),
      maskedName: z.string(),
      maskedNumber: z.string(),
      issuedOn: dateSchema,
      issuer: z.string(),
      withdrawnAt: instantSchema.nullable(),
    }),
    z.object({ state: z.literal('unknown') }),
  ]),
});

/**
 * What became of a numbered paper since it was issued. Numbers run in order and can be guessed, so only kiosks may ask, and nothing but
 * the standing is told: who holds the paper has it from its signature.
 */
export const lookUpNumber = endpoint({
  method: 'GET',
  path: '/v2/certificates/numbers/:number',
  summary: 'Whether the paper with this number is still good',
  access: 'kiosk',
  keyed: false,
  params: z.object({ number: z.string().regex(/^[A-Z0-9]{8,24}$/) }),
  answer: z.object({ state: z.enum(['good', 'withdrawn', 'void', 'unknown']) }),
});
