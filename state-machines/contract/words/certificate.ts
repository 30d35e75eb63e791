import { z } from 'zod';
import { certificateCodeSchema } from './certificate-code.ts';
import { personSchema } from './person.ts';

/**
 * What a printed paper says. The centre issues a record, seals it (`state-machines/certificates`), and the kiosk lays it out
 * (`main/certificates`): nothing is on the paper that is not in the record.
 *
 * Money is in cents (分) as whole numbers, months are `YYYY-MM`, days `YYYY-MM-DD`, all in the centre's local time. Texts are
 * Chinese, ready to print. Adding a layout is a schema here, a line in {@link certificateRecordSchema} and
 * {@link certificateLayouts}, and a `.typ` file.
 */
export const certificateVersion = 1;

/** Every sealed layout, with the number the QR carries for it and the name a person knows it by. Numbers are never reused. */
export const certificateLayouts = {
  'proof-of-insurance': { qrNumber: 1, title: '社会保险参保证明' },
  'contribution-record': { qrNumber: 2, title: '社会保险缴费权益记录' },
  'acceptance-notice': { qrNumber: 3, title: '业务受理通知单' },
} as const;
export type CertificateLayout = keyof typeof certificateLayouts;

export const monthSchema = z.string().regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/);
export const daySchema = z.iso.date().regex(/^(19|20)/);
const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const mostCents = 100_000_000_000;
const centsSchema = z.number().int().min(0).max(mostCents);
/** What was paid: below zero where more was given back than paid. */
const paidCentsSchema = z.number().int().min(-mostCents).max(mostCents);
const yearSchema = z.number().int().min(1951).max(2099);
const monthCountSchema = z.number().int().min(0).max(1200);
const lineSchema = z.string().min(1).max(200);
const phoneSchema = z.string().regex(/^[0-9+ -]{3,24}$/);

/** The digest of the layout a record was issued for: the paper can be laid out in that one way only. `value` is lower-case hex. */
export const layoutDigestSchema = z.strictObject({
  algorithm: z.literal('SHA-256'),
  value: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LayoutDigest = z.infer<typeof layoutDigestSchema>;

/** Who issued: `id` names the issuer in the list of admitted issuers, `name` is what stands on paper and seal. */
export const certificateIssuerSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,31}$/),
  name: z.string().min(2).max(40),
});

/** Who asked for the paper. The number is masked: the actor's full number belongs into the audit, not onto somebody's paper. */
export const certificateActorSchema = z.strictObject({
  relation: z.enum(['self', 'agent', 'guardian', 'relative']),
  name: z.string().min(1).max(120),
  maskedNumber: z.string().min(1).max(32),
});

/** The person a paper is about, and the unit that insures them, where there is one. */
export const certificateSubjectSchema = z.strictObject({
  ...personSchema.shape,
  sex: z.enum(['male', 'female', 'unknown']),
  unit: z.string().min(1).max(120).optional(),
});

/** One kind of insurance. Which kinds appear, and what they are called, is the issuer's data. */
export const insuranceSchema = z.strictObject({
  kind: z.string().min(2).max(40),
  state: z.enum(['active', 'paused', 'ended', 'receiving']),
  /** First and last month paid; absent where nothing was ever paid. */
  firstMonth: monthSchema.optional(),
  lastMonth: monthSchema.optional(),
  /** Months paid in all; absent where the kind does not count months (work injury). */
  months: monthCountSchema.optional(),
});

/** One paid month. `baseCents` is the month's base, the others what unit and person paid. */
export const contributionMonthSchema = z.strictObject({
  month: monthSchema,
  baseCents: centsSchema,
  unitCents: paidCentsSchema,
  personCents: paidCentsSchema,
  arrived: z.enum(['arrived', 'pending', 'overdue']),
});

/** One calendar year of contributions. `baseCents` is the mean monthly base, `accountCents` the personal account at the year's end. */
export const contributionYearSchema = z.strictObject({
  year: yearSchema,
  months: z.number().int().min(0).max(12),
  baseCents: centsSchema,
  unitCents: paidCentsSchema,
  personCents: paidCentsSchema,
  accountCents: centsSchema,
});

/** What every sealed paper has. `number` is the centre's certificate number, `code` the anti-counterfeit code one can type. */
const sealedShape = {
  version: z.literal(certificateVersion),
  layoutDigest: layoutDigestSchema,
  number: z.string().regex(/^[A-Z0-9]{8,24}$/),
  code: certificateCodeSchema,
  issuer: certificateIssuerSchema,
  issuedOn: daySchema,
  validUntil: daySchema.optional(),
  actor: certificateActorSchema,
  subject: certificateSubjectSchema,
  region: z.string().min(2).max(40),
  notes: z.array(lineSchema).max(12),
};

/** 参保证明 (LD/T 01-2020, 5.4.2.3): that somebody is insured, in what, and the months paid. */
export const proofOfInsuranceSchema = z.strictObject({
  layout: z.literal('proof-of-insurance'),
  ...sealedShape,
  /** The month up to which the facts are given. */
  asOf: monthSchema,
  insurances: z.array(insuranceSchema).max(12),
  /** The insurance the months below belong to, as the table's heading says it, e.g. 养老保险. */
  monthsOf: z.string().min(2).max(20),
  /** Newest first. Empty where nothing was paid. */
  months: z.array(contributionMonthSchema).max(720),
});
export type ProofOfInsurance = z.infer<typeof proofOfInsuranceSchema>;

/** 缴费权益记录 (5.4.2.3): the years of one insurance, and what they come to. */
export const contributionRecordSchema = z.strictObject({
  layout: z.literal('contribution-record'),
  ...sealedShape,
  asOf: monthSchema,
  insurance: z.string().min(2).max(40),
  summary: z.strictObject({
    months: monthCountSchema,
    gapMonths: monthCountSchema,
    firstMonth: monthSchema.optional(),
    lastMonth: monthSchema.optional(),
    accountCents: centsSchema,
  }),
  /** Newest first. */
  years: z.array(contributionYearSchema).max(80),
});
export type ContributionRecord = z.infer<typeof contributionRecordSchema>;

/** 受理通知单 (5.4.2.2): that a request was accepted, with what, and until when it is answered. */
export const acceptanceNoticeSchema = z.strictObject({
  layout: z.literal('acceptance-notice'),
  ...sealedShape,
  requestNumber: z.string().regex(/^[A-Z0-9-]{6,32}$/),
  item: z.string().min(2).max(60),
  handling: z.enum(['immediate', 'commitment', 'appointment']),
  /** When the centre accepted: its day and its time `HH:MM`. */
  acceptedOn: daySchema,
  acceptedAt: timeSchema,
  /** Working days promised; 0 for what was done at once. `promisedBy` is the last of them. */
  promisedDays: z.number().int().min(0).max(365),
  promisedBy: daySchema.optional(),
  materials: z
    .array(z.strictObject({ name: lineSchema, form: z.enum(['original', 'copy', 'electronic', 'fetched']) }))
    .max(40),
  /** What was asked for, as label and value, in the order of the form. */
  facts: z.array(z.strictObject({ label: z.string().min(1).max(40), value: lineSchema })).max(30),
  department: z.string().min(2).max(60),
  /** The window to go to, where one has to. */
  window: z.string().min(1).max(60).optional(),
  contact: phoneSchema,
});
export type AcceptanceNotice = z.infer<typeof acceptanceNoticeSchema>;

/** A record of any layout: what a seal is put on. */
export const certificateRecordSchema = z.discriminatedUnion('layout', [
  proofOfInsuranceSchema,
  contributionRecordSchema,
  acceptanceNoticeSchema,
]);
export type CertificateRecord = z.infer<typeof certificateRecordSchema>;

const notYetIssued = { number: true, code: true, layoutDigest: true } as const;

/** What is shown before anything is issued: a record without number, code and layout digest. It is never sealed. */
export const certificateDraftSchema = z.discriminatedUnion('layout', [
  proofOfInsuranceSchema.omit(notYetIssued),
  contributionRecordSchema.omit(notYetIssued),
  acceptanceNoticeSchema.omit(notYetIssued),
]);
export type CertificateDraft = z.infer<typeof certificateDraftSchema>;

/** 预约取号凭条: a booked window. It proves nothing and carries no seal: the number called at the window is what counts. */
export const bookingTicketSchema = z.strictObject({
  layout: z.literal('booking-ticket'),
  version: z.literal(certificateVersion),
  bookingNumber: z.string().regex(/^[A-Z0-9-]{4,24}$/),
  maskedName: z.string().min(1).max(120),
  item: z.string().min(2).max(60),
  window: z.string().min(1).max(60),
  day: daySchema,
  from: timeSchema,
  to: timeSchema,
  centre: z.strictObject({ name: z.string().min(2).max(60), address: lineSchema, phone: phoneSchema }),
  materials: z.array(lineSchema).max(12),
  notes: z.array(lineSchema).max(6),
});
export type BookingTicket = z.infer<typeof bookingTicketSchema>;
