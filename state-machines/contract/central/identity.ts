import { z } from 'zod';
import { facePrompts, maxFaceJweLength, maxPicturesBytes } from '../words/face.ts';
import { identityLevelSchema, partiesSchema } from '../words/person.ts';
import { dateSchema, endpoint, instantSchema, publicKeySchema, uuidSchema } from './envelope.ts';

/** What the social security card says of itself; sent so that the centre can say whether the card is in order. */
export const socialSecurityCardClaimSchema = z.strictObject({
  kind: z.literal('social-security-card'),
  cardNumber: z.string().min(1).max(20),
  /** Card identification code, 32 digits; empty where the card would not tell. */
  identificationCode: z.string().max(32),
  regionCode: z.string().max(6),
  /** Empty where the card would not tell (third generation, partly readable): the centre then finds the person by the card. */
  idNumber: z.string().max(32),
});
export type SocialSecurityCardClaim = z.infer<typeof socialSecurityCardClaimSchema>;

/**
 * What an identity card says of its holder, whichever of the four kinds it is. The name is the card's: a field of 15 characters (46 or 60
 * on a foreigner's), which may hold only the beginning of a longer one.
 */
export const residentIdCardClaimSchema = z.strictObject({
  kind: z.literal('resident-id-card'),
  idNumber: z.string().min(6).max(32),
  name: z.string().min(1).max(120),
  /** Last day, null where the card has no end (长期). */
  validUntil: dateSchema.nullable(),
  /** Number of the security module (SAM) that read the card, by which a reader is told; empty where it would not say. */
  sam: z.string().max(64),
});
export type ResidentIdCardClaim = z.infer<typeof residentIdCardClaimSchema>;

/** What a card says of itself or its holder. Nothing of it proves who stands there: the password does. */
export const cardClaimSchema = z.discriminatedUnion('kind', [socialSecurityCardClaimSchema, residentIdCardClaimSchema]);
export type CardClaim = z.infer<typeof cardClaimSchema>;

/** What the centre says of a card (the card itself cannot know these). */
export const cardStandingSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('in-order'),
    maskedName: z.string(),
    maskedNumber: z.string(),
    attemptsLeft: z.number().int().min(0).max(5),
    /** Whether the centre takes a face in place of the password; one that does not say so does not. */
    takesFace: z.boolean().optional(),
  }),
  z.object({ state: z.literal('locked'), until: instantSchema.nullable() }),
  z.object({
    state: z.enum([
      'lost',
      'cancelled',
      'not-active',
      'other-region',
      /** By the centre's calendar; a kiosk whose clock is wrong may have taken the card for a good one. */
      'expired',
      'holder-deceased',
      'unknown',
      'no-password',
    ]),
  }),
]);
export type CardStanding = z.infer<typeof cardStandingSchema>;

/** Asks whether a card is in order, before a password is asked for. */
export const checkCard = endpoint({
  method: 'POST',
  path: '/v2/identity/cards',
  summary: 'Whether a card is in order',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema, card: cardClaimSchema }),
  answer: cardStandingSchema,
});

/** How a PIN pad makes its block: 3DES with ISO 9564-1 format 0, or SM4 with format 4. */
export const pinSuites = ['tdes-iso-0', 'sm4-iso-4'] as const;
export type PinSuite = (typeof pinSuites)[number];

const hexSchema = (least: number, most: number) =>
  z.string().regex(new RegExp(`^(?:[0-9A-F]{2}){${least},${most}}$`), `${least} to ${most} bytes, hexadecimal`);
const padSerialSchema = z.string().min(1).max(64);
const padSlotSchema = z.number().int().min(0).max(255);

/** What a terminal with a PIN pad says of it when it asks for a challenge. */
export const pinPadSchema = z.strictObject({
  serialNumber: padSerialSchema,
  suites: z.array(z.enum(pinSuites)).max(4),
});
export type PinPadClaim = z.infer<typeof pinPadSchema>;

/** What a pad needs for one entry: a fresh working key under its master key, and the account its block is bound to. */
export const pinChallengeSchema = z.object({
  slot: padSlotSchema,
  suite: z.enum(pinSuites),
  /** 16 or 24 bytes, enciphered block by block (ECB) under the master key of the slot. */
  workingKey: hexSchema(16, 24),
  /** The first three bytes of the zero block enciphered by the working key. */
  checkValue: hexSchema(3, 3),
  account: z.string().regex(/^\d{12,19}$/),
});
export type PinChallenge = z.infer<typeof pinChallengeSchema>;

/**
 * A nonce used once and the key a password is encrypted to. A terminal with a PIN pad names it, and gets `pin` where the centre knows that pad's
 * master key; without it the password is typed on the screen.
 */
export const passwordChallenge = endpoint({
  method: 'POST',
  path: '/v2/identity/challenges',
  summary: 'A nonce for one password entry, and the key to encrypt to',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema, pad: pinPadSchema.optional() }),
  answer: z.object({
    nonce: z.string().min(16).max(64),
    key: publicKeySchema,
    expiresAt: instantSchema,
    pin: pinChallengeSchema.optional(),
  }),
});
export type PasswordChallenge = z.infer<typeof passwordChallenge.answer>;

/**
 * What a right password proves. `grant` is a JWS by the centre over {@link grantClaimsSchema}; the kiosk shows it with every call
 * for this visit and stores it with each outbox row, so that delivery tomorrow needs no open session.
 */
export const loginSchema = z.object({
  grant: z.string(),
  parties: partiesSchema,
  level: identityLevelSchema,
  expiresAt: instantSchema,
  /** Version of the service agreement this person has accepted, null if none yet. */
  agreementAccepted: z.string().nullable(),
  unreadMessages: z.number().int().nonnegative(),
});
export type Login = z.infer<typeof loginSchema>;

/** Claims inside a grant. `sub` is the subject's number, `act.sub` the actor's. */
export const grantClaimsSchema = z.object({
  iss: z.string(),
  aud: z.literal('visit'),
  jti: z.string(),
  kiosk: z.string(),
  visit: uuidSchema,
  level: identityLevelSchema,
  parties: partiesSchema,
  iat: z.number().int(),
  exp: z.number().int(),
});
export type GrantClaims = z.infer<typeof grantClaimsSchema>;

export const passwordAnswerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('right'), login: loginSchema }),
  /** `waitMs`: no further try is looked at before that time has passed (per person and kiosk). */
  z.object({
    state: z.literal('wrong'),
    attemptsLeft: z.number().int().min(0).max(5),
    waitMs: z.number().int().nonnegative(),
  }),
  z.object({ state: z.literal('locked'), until: instantSchema.nullable() }),
  /** Too many wrong tries at this kiosk, whoever's: slowed, so that strangers cannot lock people out at will. */
  z.object({ state: z.literal('slow-down'), waitMs: z.number().int().positive() }),
  /** The envelope could not be opened, or its nonce was used or has expired: ask for a new challenge. */
  z.object({ state: z.literal('challenge-spent') }),
]);
export type PasswordAnswer = z.infer<typeof passwordAnswerSchema>;

/**
 * Proves a password, encrypted in the screen process: compact JWE, ECDH-ES + A256GCM, payload {@link passwordPayloadSchema}, protected
 * header `{ kid, cty: 'json', apu: base64url(kiosk), apv: base64url(visit + '.' + nonce) }` beside `alg`, `enc` and `epk`.
 */
export const provePassword = endpoint({
  method: 'POST',
  path: '/v2/identity/passwords',
  summary: 'Prove the six-digit password of a card holder',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema, card: cardClaimSchema, jwe: z.string().max(4000) }),
  answer: passwordAnswerSchema,
});

/** Payload of the password JWE, opened at the centre only. */
export const passwordPayloadSchema = z.strictObject({
  password: z.string().regex(/^\d{6}$/),
  kiosk: z.string(),
  visit: uuidSchema,
  nonce: z.string(),
});

/** What a PIN pad made of the digits typed on it, with what it was made by; worthless to whoever has not got the working key. */
export const pinProofSchema = z.strictObject({
  nonce: z.string().min(16).max(64),
  serialNumber: padSerialSchema,
  slot: padSlotSchema,
  suite: z.enum(pinSuites),
  block: hexSchema(8, 16),
});
export type PinProof = z.infer<typeof pinProofSchema>;

/**
 * Proves the same password by the block of a PIN pad (docs/devices/pin-pad.md). Nonce, working key and account are used once, and tries count as
 * they do for {@link provePassword}; a block that holds no six digits under them is `challenge-spent`.
 */
export const provePin = endpoint({
  method: 'POST',
  path: '/v2/identity/pins',
  summary: 'Prove the six-digit password of a card holder by the block of a PIN pad',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema, card: cardClaimSchema, pin: pinProofSchema }),
  answer: passwordAnswerSchema,
});

/** Longest code of an electronic card that is passed on. */
export const maxElectronicCodeLength = 512;

export const codeAnswerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('right'), login: loginSchema }),
  z.object({
    state: z.enum([
      /** Its time (a minute or so) was over. */
      'expired',
      /** It has logged somebody in before. */
      'used',
      /** No code of an electronic card, or of somebody this centre does not know. */
      'unknown',
      /** Whoever resolves such codes cannot be reached, or this centre has nobody who does. */
      'unavailable',
    ]),
  }),
]);
export type CodeAnswer = z.infer<typeof codeAnswerSchema>;

/**
 * Proves an electronic social security card by the code its holder's phone shows. The code is opaque: the phone's own login stands behind it,
 * only the back end can resolve it, and it is neither parsed nor logged on the way.
 */
export const proveCode = endpoint({
  method: 'POST',
  path: '/v2/identity/codes',
  summary: 'Log in by the code of an electronic social security card',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema, code: z.string().min(1).max(maxElectronicCodeLength) }),
  answer: codeAnswerSchema,
});

/** What was asked for, in its order. */
export const facePromptsSchema = z.array(z.enum(facePrompts)).min(2).max(4);

/** Payload of the JWE of a face, opened at the centre only: one JPEG (base64) a prompt. */
export const facePayloadSchema = z.strictObject({
  frames: z
    .array(
      z.strictObject({
        prompt: z.enum(facePrompts),
        jpeg: z
          .string()
          .min(100)
          .max(Math.ceil(maxPicturesBytes / 3) * 4)
          .regex(/^[A-Za-z0-9+/]+={0,2}$/),
      }),
    )
    .min(2)
    .max(4),
  kiosk: z.string(),
  visit: uuidSchema,
  nonce: z.string(),
});

export const faceAnswerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('right'), login: loginSchema }),
  z.object({
    /** Not the card's holder, or nobody who moved as asked. Counted and locked like wrong passwords, on a path of its own. */
    state: z.enum(['different', 'not-live']),
    attemptsLeft: z.number().int().min(0).max(5),
    waitMs: z.number().int().nonnegative(),
  }),
  z.object({ state: z.literal('locked'), until: instantSchema.nullable() }),
  z.object({ state: z.literal('slow-down'), waitMs: z.number().int().positive() }),
  z.object({
    state: z.enum([
      /** No face in it, several, too dark, or no picture at all: take another. */
      'unclear',
      /** Whoever compares faces cannot be reached, or this centre has nobody who does. */
      'unavailable',
      /** The envelope could not be opened, was made for other prompts, or its nonce was used or has expired: ask for a new challenge. */
      'challenge-spent',
    ]),
  }),
]);
export type FaceAnswer = z.infer<typeof faceAnswerSchema>;

/**
 * Proves a card's holder by their face, in place of the password. The pictures are encrypted in the screen process: a compact JWE made as
 * a password's, with a challenge of its own and the payload {@link facePayloadSchema}. They are handed to whoever compares faces for the
 * agency, and kept neither here nor on the way. `prompts` are what the kiosk asked for; the pictures inside must say the same.
 */
export const proveFace = endpoint({
  method: 'POST',
  path: '/v2/identity/faces',
  summary: 'Log in by card and face',
  access: 'kiosk',
  keyed: false,
  body: z.strictObject({
    visit: uuidSchema,
    card: cardClaimSchema,
    prompts: facePromptsSchema,
    jwe: z.string().max(maxFaceJweLength),
  }),
  answer: faceAnswerSchema,
});

/** Ends a visit at the centre: its grant serves no further queries (outbox rows keep their own authority). */
export const endVisit = endpoint({
  method: 'POST',
  path: '/v2/identity/ends',
  summary: 'End a visit',
  access: 'visit',
  keyed: false,
  body: z.strictObject({ visit: uuidSchema }),
  answer: z.object({ ended: z.literal(true) }),
});
