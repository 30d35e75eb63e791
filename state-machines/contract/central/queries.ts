import { z } from 'zod';
import { dateSchema, endpoint, monthSchema } from './envelope.ts';

const cents = z.number().int();

/** Contact data on file. */
export const contactSchema = z.object({
  mobile: z.string(),
  postalCode: z.string(),
  address: z.string(),
  email: z.string(),
});
export type Contact = z.infer<typeof contactSchema>;

/** One insurance a person has: kind and state as words of the agency, months as counts. */
export const insuranceSchema = z.object({
  kind: z.string(),
  state: z.string(),
  firstMonth: monthSchema.nullable(),
  lastMonth: monthSchema.nullable(),
  /** Null where months are not counted (work injury, maternity). */
  months: z.number().int().nonnegative().nullable(),
});

/** One month of pension contributions. */
export const contributionMonthSchema = z.object({
  month: monthSchema,
  unit: z.string(),
  baseCents: cents,
  unitCents: cents,
  personCents: cents,
  state: z.enum(['arrived', 'owed', 'supplemented']),
});
export type ContributionMonth = z.infer<typeof contributionMonthSchema>;

/** Contributions of a person, oldest month first. `accountCents` is the personal account with interest. */
export const contributionRecordSchema = z.object({
  asOf: dateSchema,
  insurances: z.array(insuranceSchema),
  months: z.array(contributionMonthSchema),
  deemedMonths: z.number().int().nonnegative(),
  accountCents: cents,
});
export type ContributionRecord = z.infer<typeof contributionRecordSchema>;

/** Windows that can be booked. Dates run one week from the second day (5.1 a); times are `HH:MM`. */
export const bookingOffersSchema = z.object({
  matters: z.array(z.object({ id: z.string(), name: z.string(), window: z.string() })),
  days: z.array(
    z.object({
      date: dateSchema,
      times: z.array(
        z.object({ from: z.string(), to: z.string(), matter: z.string(), free: z.number().int().nonnegative() }),
      ),
    }),
  ),
});
export type BookingOffers = z.infer<typeof bookingOffersSchema>;

/** Bookings of the subject that are still to come. */
export const bookingsSchema = z.array(
  z.object({
    number: z.string(),
    matter: z.string(),
    window: z.string(),
    date: dateSchema,
    from: z.string(),
    to: z.string(),
  }),
);
export type Bookings = z.infer<typeof bookingsSchema>;

/** Every query by name: what it takes and what it gives. New queries are added here, and only here. */
export const queries = {
  contact: { access: 'visit', answer: contactSchema },
  'contribution-record': { access: 'visit', answer: contributionRecordSchema },
  bookings: { access: 'visit', answer: bookingsSchema },
  'booking-offers': { access: 'kiosk', answer: bookingOffersSchema },
} as const;
export type QueryName = keyof typeof queries;
export type QueryAnswer<N extends QueryName> = z.infer<(typeof queries)[N]['answer']>;
export const queryNames = Object.keys(queries) as [QueryName, ...QueryName[]];

/** One endpoint for all queries: POST, so that nothing personal stands in an address or its log. */
export const query = endpoint({
  method: 'POST',
  path: '/v2/queries/:name',
  summary: 'Look something up; the answer is of the schema of its name',
  access: 'kiosk',
  keyed: false,
  params: z.object({ name: z.enum(queryNames) }),
  body: z.strictObject({}),
  answer: z.unknown(),
});
