/**
 * The configuration: one JSON file, checked whole before anything starts. What is missing has the default of a demonstration; what
 * is wrong is named by its path, and the kiosk does not start on a guess.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { deviceConfigSchema } from '../devices/open-device.ts';

const millisecondsSchema = z.number().int().positive();

export const configSchema = z.strictObject({
  /** What stands in the head of every screen. */
  hall: z.string().min(1).max(40),
  terminal: z.string().min(1).max(20),
  hotline: z.string().min(3).max(30).default('12333'),
  /** The hall's clock, by which dates are told and promised. */
  timeZone: z.string().default('Asia/Shanghai').refine(isTimeZone, 'not a time zone'),
  /** Stands on tickets. */
  address: z.string().min(1).max(120),
  /** Panel profile: width in mm and px give the size of everything (UX.md). */
  panel: z.enum(['portrait-21', 'landscape-21', 'landscape-19']).default('portrait-21'),
  centre: z.strictObject({
    url: z.url(),
    /** PEM file of the authority that the centre's certificate must come from. */
    authorityFile: z.string().optional(),
    /** One-time code, used at the first start only. */
    enrolmentCode: z.string().optional(),
  }),
  /** Where the store, the keys and the log lie. Relative to the configuration file. */
  dataFolder: z.string().min(1),
  /** Loopback port of the screen under plain Node; 0 lets the system choose. */
  screenPort: z.number().int().min(0).max(65_535).default(0),
  /** The terminal's devices, at most one of a kind; what a terminal does not have is left out. */
  devices: z
    .array(deviceConfigSchema)
    .refine((devices) => new Set(devices.map(({ kind }) => kind)).size === devices.length, 'two devices of one kind')
    .refine((devices) => new Set(devices.map(({ id }) => id)).size === devices.length, 'two devices with one id'),
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
export type Config = z.infer<typeof configSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export type ReadConfig =
  | { ok: true; config: Config }
  | { ok: false; reason: 'unreadable' | 'not-json' | 'invalid'; detail: string };

/** Reads a configuration file. Paths in it become absolute. `detail` names the path and what is wrong there. */
export function readConfig(file: string): ReadConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return {
      ok: false,
      reason: 'unreadable',
      detail: `${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
    };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
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
  const base = resolve(file, '..');
  return {
    ok: true,
    config: { ...data, dataFolder: isAbsolute(data.dataFolder) ? data.dataFolder : join(base, data.dataFolder) },
  };
}
