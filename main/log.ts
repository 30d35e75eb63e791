/**
 * What happened, for staff and for whoever looks into a complaint: events with fields, one line of JSON each.
 *
 * `log.info('certificate.printed', { job: 12 })` writes `{"level":"info","at":"…","event":"certificate.printed","job":12}`.
 * No visitor's data: fields that could hold some are a type error ({@link personalFields}), and what comes through all the same
 * is masked before it is written. A trace (`log.with({ trace })`) is one id from touch to outbox to centre.
 */
import { pino } from 'pino';

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Names under which personal data would travel; refused as fields whatever they hold. Compared without case, `-` and `_`. */
export const personalFields = [
  'name',
  'fullName',
  'holder',
  'idNumber',
  'cardNumber',
  'accountNumber',
  'bankCard',
  'mobile',
  'phone',
  'email',
  'address',
  'birthDate',
  'password',
  'pin',
  'jwe',
  'secret',
  'token',
  'person',
  'visitor',
  'values',
  'strokes',
  'signature',
] as const;
type PersonalField = (typeof personalFields)[number];

type LogValue = string | number | boolean | bigint | null | undefined | Error;

/** Fields of an event: flat, and none of {@link personalFields}. An error is written with its stack. */
export type LogFields = { readonly [field: string]: LogValue } & { readonly [P in PersonalField]?: never };

/** An event's name: what it is about, and what became of it, e.g. `certificate.printed`. */
export type LogEvent = `${string}.${string}`;

export interface Log {
  debug(event: LogEvent, fields?: LogFields): void;
  info(event: LogEvent, fields?: LogFields): void;
  warn(event: LogEvent, fields?: LogFields): void;
  error(event: LogEvent, fields?: LogFields): void;
  /** The same log with fields that every event of it carries, e.g. `{ trace }`. */
  with(fields: LogFields): Log;
}

type LogOptions = {
  /** Takes one line with its line end. */
  write: (line: string) => void;
  nowMs: () => number;
  /** The least that is written. */
  level: LogLevel;
};

const mask = '[masked]';

/** Makes a log. */
export function createLog({ write, nowMs, level }: LogOptions): Log {
  const logger = pino(
    {
      base: null,
      level,
      timestamp: () => `,"at":"${new Date(nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );

  function logWith(common: Record<string, unknown>): Log {
    const say =
      (at: LogLevel) =>
      (event: LogEvent, fields?: LogFields): void => {
        if (logger.isLevelEnabled(at)) logger[at]({ event, ...common, ...cleanFields(fields) });
      };
    return {
      debug: say('debug'),
      info: say('info'),
      warn: say('warn'),
      error: say('error'),
      with: (fields) => logWith({ ...common, ...cleanFields(fields) }),
    };
  }
  return logWith({});
}

/** A log that goes nowhere, for where nobody listens. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
};

/** A trace id: 32 hexadecimal digits, as W3C trace context writes them. `random` gives that many bytes, e.g. `randomBytes`. */
export function makeTrace(random: (bytes: number) => Uint8Array): string {
  return Array.from(random(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const personal = new Set(personalFields.map(fold));
/** The log's own: a field of the same name would make two keys of one. */
const reserved = new Set(['event', 'level', 'at']);

function cleanFields(fields: LogFields = {}): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    clean[reserved.has(field) ? `${field}_` : field] = personal.has(fold(field)) ? mask : cleanValue(value);
  }
  return clean;
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return maskText(value.toString());
  if (typeof value === 'number') return Number.isSafeInteger(value) && isPersonalNumber(`${value}`) ? mask : value;
  if (value instanceof Error) return maskText(describeError(value));
  // Types keep everything else out; what comes all the same is not looked into, and not written.
  return value === null || typeof value === 'boolean' ? value : value === undefined ? undefined : mask;
}

function fold(field: string): string {
  return field.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Resident numbers (18 characters), mobile numbers (11 digits, from 13 on), bank cards (16 to 19 digits). */
const personalNumber = /(?<![\dA-Za-z])(?:\d{17}[\dXx]|1[3-9]\d{9}|\d{16,19})(?![\dA-Za-z])/g;
/** Five parts make a JWE, three a JWT; `eyJ` is how the header of either begins. */
const sealedText = /\beyJ[\w-]+(?:\.[\w-]*){2,4}/g;

function maskText(text: string): string {
  return text.replaceAll(sealedText, mask).replaceAll(personalNumber, mask);
}

/** Epoch milliseconds have 13 digits and pass. */
function isPersonalNumber(digits: string): boolean {
  return digits.replaceAll(personalNumber, '') === '';
}

/** The error with its stack and with what caused it. */
function describeError(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\ncaused by ${describeError(error.cause)}` : own;
}
