/**
 * The configuration: one JSON file, checked whole before anything starts. What is missing has the default of a demonstration; what
 * is wrong is named by its path, and the kiosk does not start on a guess.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { deviceConfigSchema, placedIn } from '../devices/device-config.ts';
import { isPermittedAddress } from './uplink/client.ts';

/** An hour at most: nobody stands longer before a question, and beyond 2^31 ms timers of Node and browsers fire at once. */
const millisecondsSchema = z.number().int().positive().max(3_600_000);

export const configSchema = z.strictObject({
  /** What stands in the head of every screen. */
  hall: z.string().min(1).max(40),
  terminal: z.string().min(1).max(20),
  hotline: z.string().min(3).max(30).default('12333'),
  /** The hall's clock, by which dates are told and promised. */
  timeZone: z.string().default('Asia/Shanghai').refine(isTimeZone, 'not a time zone'),
  /** Stands on tickets. */
  address: z.string().min(1).max(120),
  /** Panel profile: width in mm and px give the size of everything on it. */
  panel: z.enum(['portrait-21', 'landscape-21', 'landscape-19']).default('portrait-21'),
  centre: z.strictObject({
    url: z.string().refine(isPermittedAddress, 'neither https nor http on this machine'),
    /** PEM file of the authority that the centre's certificate must come from. Relative to the configuration file. */
    authorityFile: z.string().optional(),
    /** One-time code, used at the first start only. */
    enrolmentCode: z.string().optional(),
  }),
  /** Where the store, the keys and the log lie. Relative to the configuration file. */
  dataFolder: z.string().min(1),
  /**
   * Days until what is personal in settled requests, and in the audit, is wiped: a month for what staff may be asked about; the audit half a year, the
   * least that the Cybersecurity Law (第二十一条) asks of logs.
   */
  retention: z
    .strictObject({
      settledDays: z.number().int().min(1).max(3_650).default(30),
      auditDays: z.number().int().min(1).max(3_650).default(183),
    })
    .prefault({}),
  /** Loopback port of the screen under plain Node; 0 lets the system choose. */
  screenPort: z.number().int().min(0).max(65_535).default(0),
  /** The terminal's devices, at most one of a kind; what a terminal does not have is left out. */
  devices: z
    .array(deviceConfigSchema)
    .refine((devices) => new Set(devices.map(({ kind }) => kind)).size === devices.length, 'two devices of one kind')
    .refine((devices) => new Set(devices.map(({ id }) => id)).size === devices.length, 'two devices with one id'),
  /** The ways to log in that are offered, of those the devices allow. A reader of a way that is not is left closed. */
  loginWays: z
    .array(z.enum(['card', 'id-card', 'code']))
    .min(1)
    .refine((ways) => new Set(ways).size === ways.length, 'one way twice')
    .default(['card', 'id-card', 'code']),
  /** Whether a face is taken in place of the password, where the terminal has a camera and the centre takes faces. */
  faceCheck: z.boolean().default(false),
  times: z
    .strictObject({
      /** Without a touch for so long, the visitor is asked whether they are still there. */
      idleMs: millisecondsSchema.default(60_000),
      /** And so long after that the visit ends. */
      warningMs: millisecondsSchema.default(20_000),
      /** So long staff have to see to the printer before a job is taken back. */
      printerAttentionMs: millisecondsSchema.default(120_000),
    })
    .prefault({}),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
/** `centre.authority` is the text of its `authorityFile`. */
export type Config = z.infer<typeof configSchema> & { centre: { authority?: string } };

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whether there are certificates, each of them whole: TLS passes over what is none without a word, and then trusts nobody. */
function holdsCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?(?:-----END CERTIFICATE-----|$)/gs) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block)).length > 0;
  } catch {
    return false;
  }
}

type ReadConfig =
  | { ok: true; config: Config }
  | { ok: false; reason: 'unreadable' | 'not-json' | 'invalid'; detail: string };

/** Reads a configuration file and what it names. Paths in it become absolute. `detail` names the path and what is wrong there. */
export function readConfig(file: string): ReadConfig {
  const read = readText(file);
  if (!read.ok) return { ok: false, reason: 'unreadable', detail: `${file}: ${read.code}` };
  let json: unknown;
  try {
    json = JSON.parse(read.text);
  } catch (error) {
    return { ok: false, reason: 'not-json', detail: `${file}: ${error instanceof Error ? error.message : ''}` };
  }
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) {
    const detail = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`)
      .join('; ');
    return { ok: false, reason: 'invalid', detail };
  }
  const { data } = parsed;
  const config: Config = {
    ...data,
    dataFolder: resolve(file, '..', data.dataFolder),
    devices: data.devices.map((device) => placedIn(dirname(resolve(file)), device)),
  };
  if (data.centre.authorityFile === undefined) return { ok: true, config };
  const authorityFile = resolve(file, '..', data.centre.authorityFile);
  const authority = readText(authorityFile);
  if (!authority.ok) {
    return { ok: false, reason: 'unreadable', detail: `centre.authorityFile: ${authorityFile}: ${authority.code}` };
  }
  if (!holdsCertificates(authority.text)) {
    return { ok: false, reason: 'invalid', detail: `centre.authorityFile: ${authorityFile}: no certificate in PEM` };
  }
  return { ok: true, config: { ...config, centre: { ...data.centre, authorityFile, authority: authority.text } } };
}

function readText(file: string): { ok: true; text: string } | { ok: false; code: string } {
  try {
    // Editors on Windows put a byte order mark in front, which is no JSON.
    return { ok: true, text: readFileSync(file, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    return { ok: false, code: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}
