/**
 * Login by an account the visitor has with somebody else: a platform of the ministry, a bank, a payment service. The terminal shows an address as a QR
 * code, the visitor opens it on a phone and agrees there, and the kiosk asks the centre what came of it: as a device is authorised by RFC 8628. What the
 * kiosk holds is a ticket of one visit; account, tokens and the third party's words stay between it and the centre.
 */
import { z } from 'zod';
import { textSchema } from '../words/text.ts';
import { endpoint, instantSchema, uuidSchema } from './envelope.ts';
import { loginSchema } from './identity.ts';

/** A third party by its id, and by the name a visitor knows it under. */
export const thirdPartySchema = z.object({ id: z.string().regex(/^[a-z0-9-]{2,40}$/), name: textSchema });
export type ThirdParty = z.infer<typeof thirdPartySchema>;

/** By whose accounts a kiosk may offer a login; none where the agency has agreed with nobody. */
export const fetchThirdParties = endpoint({
  method: 'GET',
  path: '/v2/identity/third-parties',
  summary: 'By whose accounts one can log in',
  access: 'kiosk',
  keyed: false,
  answer: z.object({ parties: z.array(thirdPartySchema).max(20) }),
});

const waitSchema = z.number().int().min(200).max(60_000);
const ticketSchema = z.string().min(20).max(64);

export const begunThirdPartySchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('begun'),
    ticket: ticketSchema,
    /** What the visitor's phone opens; shown as a QR code. */
    address: z.string().min(1).max(1_000),
    expiresAt: instantSchema,
    /** The first question comes no sooner. */
    waitMs: waitSchema,
  }),
  z.object({
    state: z.enum([
      /** No third party of this name is offered here. */
      'unknown',
      /** It cannot be reached. */
      'unavailable',
    ]),
  }),
]);
export type BegunThirdParty = z.infer<typeof begunThirdPartySchema>;

/** Begins a login for a visit. */
export const beginThirdParty = endpoint({
  method: 'POST',
  path: '/v2/identity/third-parties/logins',
  summary: 'Begin a login by an account of a third party',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema, party: thirdPartySchema.shape.id }),
  answer: begunThirdPartySchema,
});

export const thirdPartyAnswerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('right'), login: loginSchema }),
  /** The visitor has not decided yet, or it was asked sooner than it may be. */
  z.object({ state: z.literal('waiting'), waitMs: waitSchema }),
  z.object({
    state: z.enum([
      /** The visitor said no on the phone. */
      'declined',
      'expired',
      /** It has logged somebody in, or was declined, before. */
      'used',
      /** No ticket of this kiosk and visit, or an account of somebody this centre does not know. */
      'unknown',
      /** The third party cannot be reached now; asking again may help. */
      'unavailable',
    ]),
  }),
]);

/** What came of a login that was begun. The ticket is good once, at the kiosk and for the visit it was given to. */
export const proveThirdParty = endpoint({
  method: 'POST',
  path: '/v2/identity/third-parties/proofs',
  summary: 'Log in by an account of a third party, once its holder has agreed',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema, ticket: ticketSchema }),
  answer: thirdPartyAnswerSchema,
});
