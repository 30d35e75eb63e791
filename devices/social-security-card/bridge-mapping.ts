/**
 * The mapping file of a vendor's middleware: a program on this machine that owns the reader and answers on a local HTTP or WebSocket
 * port. Pure: what to send, and what an answer means; sending is the channels' (`channels/bridge-*.ts`).
 * docs/devices/card-bridge.md explains it to the technician who writes one.
 */
import * as z from 'zod';
import { errorsSchema, flawsOf, nameSchema, partSchema } from '../vendor-library/mapping-parts.ts';
import { type OperationResult, partOf, refusalOf } from '../vendor-library/operations.ts';

/** A place in a JSON answer (RFC 6901), e.g. `/data/kh`; empty for the whole. */
const pointer = z.string().regex(/^(\/[^/]*)*$/, 'a JSON pointer');

/** Only this machine: who is asked, and who asks, stays in the cabinet. */
function isLocal(url: string, protocols: readonly string[]): boolean {
  const { protocol, hostname } = new URL(url);
  return protocols.includes(protocol) && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

const localUrl = (...protocols: readonly string[]) =>
  z.url().refine((url) => isLocal(url, protocols), 'an address of this machine');

/** `{{input}}` is replaced by what the kiosk gives with the command, as a JSON string's inside; `{{id}}` by a running number. */
const template = z.string().max(4_000);

const operationSchema = z.strictObject({
  /** HTTP only. */
  method: z.enum(['GET', 'POST']).default('POST'),
  /** HTTP only: what follows the address; values go in percent-encoded. */
  path: template.default(''),
  /** The body over HTTP, the message over WebSocket. */
  body: template.default(''),
  contentType: z.string().default('application/json; charset=utf-8'),
  /** Where the answer says how it went, and what it says when it went well. Numbers are compared as texts. */
  code: z.strictObject({ at: pointer, success: z.array(z.string()).min(1) }),
  /** Where the values are; `part` takes one of several in a text. */
  fields: z.record(nameSchema, z.strictObject({ at: pointer, part: partSchema.optional() })).default({}),
  timeoutMs: z.number().int().min(10).max(300_000).default(10_000),
});

const bridgeSchema = z.strictObject({
  format: z.literal(1),
  /** For staff, e.g. `德生读卡中间件`. */
  name: z.string().min(1).max(80),
  transport: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('http'), url: localUrl('http:') }),
    z.strictObject({
      kind: z.literal('websocket'),
      url: localUrl('ws:'),
      /** Where an answer repeats the `{{id}}` of its question; without it any message is the answer to the one question asked. */
      id: pointer.optional(),
    }),
  ]),
  /** How the middleware writes. */
  encoding: z.enum(['utf-8', 'gbk', 'gb18030']).default('utf-8'),
  operations: z.record(nameSchema, operationSchema),
  errors: errorsSchema.default({}),
});

export type BridgeMapping = z.output<typeof bridgeSchema>;
export type BridgeOperation = z.output<typeof operationSchema>;

/** Reads a mapping file; every flaw is named by its place. */
export function readBridgeMapping(
  value: unknown,
): { ok: true; mapping: BridgeMapping } | { ok: false; flaws: readonly string[] } {
  const read = bridgeSchema.safeParse(value);
  if (read.success) return { ok: true, mapping: read.data };
  return { ok: false, flaws: flawsOf(read.error) };
}

/** Fills a template. What it names and nobody gave is empty. `escaped` makes a value harmless where it stands. */
export function fill(
  text: string,
  values: Readonly<Record<string, string>>,
  escaped: (value: string) => string = escapeJson,
): string {
  return text.replaceAll(/\{\{([a-zA-Z][a-zA-Z0-9-]*)\}\}/g, (_, key: string) => escaped(values[key] ?? ''));
}

/** A text as it stands inside the quotes of a JSON string. */
export function escapeJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** An answer's bytes as JSON; undefined where they are none. Total. */
export function parseAnswer(bytes: Uint8Array, encoding: BridgeMapping['encoding']): unknown {
  try {
    return JSON.parse(decoders[encoding].decode(bytes));
  } catch {
    return undefined;
  }
}

const decoders: Readonly<Record<BridgeMapping['encoding'], InstanceType<typeof TextDecoder>>> = {
  'utf-8': new TextDecoder('utf-8', { fatal: true }),
  gbk: new TextDecoder('gbk', { fatal: true }),
  gb18030: new TextDecoder('gb18030', { fatal: true }),
};

/** What an answer means. Total: any JSON, or none, gives fields or a named refusal. */
export function readAnswer(
  operation: BridgeOperation,
  errors: BridgeMapping['errors'],
  answer: unknown,
): OperationResult {
  const code = textAt(answer, operation.code.at);
  if (code === null) return { ok: false, reason: 'garbled', detail: 'no code' };
  if (!operation.code.success.includes(code)) {
    return { ok: false, reason: refusalOf(errors, code), detail: codeForLog(code) };
  }
  const fields: Record<string, string> = {};
  for (const [field, { at, part }] of Object.entries(operation.fields)) {
    const whole = textAt(answer, at);
    const value = whole === null ? null : partOf(whole, part);
    if (value === null) return { ok: false, reason: 'garbled', detail: `field ${field}` };
    fields[field] = value;
  }
  return { ok: true, fields };
}

/** A code is short and plain; anything else may be what was read, behind a pointer that is wrong. */
function codeForLog(code: string): string {
  return /^[\w.-]{1,16}$/.test(code) && !/\d{9}/.test(code) ? `code ${code}` : 'a code that is none';
}

/** The text or number at a pointer, as text; null where there is neither. */
export function textAt(json: unknown, at: string): string | null {
  let found: unknown = json;
  for (const step of at.split('/').slice(1)) {
    if (typeof found !== 'object' || found === null) return null;
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!Object.hasOwn(found, key)) return null;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
}
