/**
 * The mapping file of a vendor's library: which functions make an operation, with what, and where in their output the values are.
 * Pure: the file's text comes in, and bytes go to texts here; calling is the child's (`channels/vendor-child.ts`).
 * docs/devices/vendor-library.md explains it to the technician who writes one.
 */
import iconv from 'iconv-lite';
import * as z from 'zod';
import { errorsSchema, partOf, partSchema } from './operations.ts';

const name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/, 'a letter, then letters, digits and hyphens');
const encoding = z.enum(['ascii', 'gbk', 'gb18030', 'utf-8', 'utf-16le']);
const integer = z.enum(['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32']);

/** One argument of a function, by its form. */
const argumentSchema = z.union([
  /** A number. */
  z.strictObject({ number: z.number().int(), type: integer.default('int32') }),
  /** A text, ended by 00. */
  z.strictObject({ text: z.string(), encoding: encoding.default('ascii') }),
  /** A text the kiosk gives with the command, e.g. a PIN. */
  z.strictObject({ input: name, encoding: encoding.default('ascii') }),
  /** What an earlier function of this library gave: a connection, a window. */
  z.strictObject({ handle: name }),
  /** A pointer to a place where the function puts such a thing. */
  z.strictObject({ handleOut: name }),
  /** A buffer the function fills. */
  z.strictObject({ out: name, bytes: z.number().int().min(1).max(65_536) }),
  /** A pointer to a number the function sets; `number` is what stands there before. */
  z.strictObject({ numberOut: name, type: integer.default('int32'), number: z.number().int().default(0) }),
]);

const stepSchema = z.strictObject({
  call: z.string().regex(/^[A-Za-z_][A-Za-z0-9_@]{0,99}$/, "a function's name"),
  arguments: z.array(argumentSchema).max(16).default([]),
  returns: z.union([integer, z.literal('void'), z.strictObject({ handle: name })]).default('int32'),
  /** The return values that mean success; `atLeast` for libraries that give a connection or a length. */
  success: z.union([z.array(z.number().int()).min(1), z.strictObject({ atLeast: z.number().int() })]).default([0]),
  /** Keeps the returned number, for arguments (`handle`) and fields (`number`). */
  keep: name.optional(),
});

/** Where a value is: in a buffer, in a number, or always the same. */
const fieldSchema = z.union([
  z.strictObject({
    buffer: name,
    /** Bytes of the buffer; up to the first 00 where `length` is left out. */
    offset: z.number().int().min(0).default(0),
    length: z.number().int().min(1).optional(),
    encoding: z.union([encoding, z.literal('hex')]).default('gbk'),
    part: partSchema.optional(),
  }),
  z.strictObject({ number: name }),
  z.strictObject({ value: z.string() }),
]);

const operationSchema = z.strictObject({
  steps: z.array(stepSchema).min(1).max(20),
  fields: z.record(name, fieldSchema).default({}),
  /** Longest time for the whole operation: a library that takes longer hangs, and is ended with its process. */
  timeoutMs: z.number().int().min(10).max(300_000).default(10_000),
});

const librarySchema = z.strictObject({
  format: z.literal(1),
  /** For staff, e.g. `德卡 T10`. */
  name: z.string().min(1).max(80),
  /** Where the library is, by platform; it runs in its own folder, as vendors' libraries look for their files beside them. */
  library: z.partialRecord(z.enum(['linux', 'win32', 'darwin']), z.string().min(1)),
  /** Functions that bring the device up when the library is loaded, and down when it is let go. */
  start: z.array(stepSchema).max(20).default([]),
  stop: z.array(stepSchema).max(20).default([]),
  operations: z.record(name, operationSchema),
  errors: errorsSchema.default({}),
});

export type LibraryMapping = z.output<typeof librarySchema>;
export type LibraryStep = z.output<typeof stepSchema>;
export type LibraryArgument = z.output<typeof argumentSchema>;
export type LibraryField = z.output<typeof fieldSchema>;
export type LibraryOperation = z.output<typeof operationSchema>;
export type TextEncodingName = z.infer<typeof encoding>;

/** Reads a mapping file; every flaw is named by its place, names that are used and never set among them. */
export function readLibraryMapping(
  value: unknown,
): { ok: true; mapping: LibraryMapping } | { ok: false; flaws: readonly string[] } {
  const read = librarySchema.safeParse(value);
  if (!read.success) {
    const flaws = read.error.issues.map((issue) => `${issue.path.join('.') || 'mapping'}: ${issue.message}`);
    return { ok: false, flaws };
  }
  const flaws = looseNames(read.data);
  return flaws.length === 0 ? { ok: true, mapping: read.data } : { ok: false, flaws };
}

/** Fields and handles that refer to nothing: found when the file is read, not when the first visitor comes. */
function looseNames(mapping: LibraryMapping): string[] {
  const everywhere = [
    ...mapping.start,
    ...Object.values(mapping.operations).flatMap(({ steps }) => steps),
    ...mapping.stop,
  ];
  const handles = new Set(everywhere.flatMap(handlesSet));
  const loose = everywhere.flatMap(({ call, arguments: given }) =>
    given.flatMap((one) => ('handle' in one && !handles.has(one.handle) ? [`${call}: no handle ${one.handle}`] : [])),
  );
  for (const [operation, { steps, fields }] of Object.entries(mapping.operations)) {
    const buffers = new Set(steps.flatMap((step) => step.arguments.flatMap((one) => ('out' in one ? [one.out] : []))));
    const numbers = new Set([...steps.flatMap(numbersSet), ...mapping.start.flatMap(numbersSet)]);
    for (const [field, source] of Object.entries(fields)) {
      const place = `operations.${operation}.fields.${field}`;
      if ('buffer' in source && !buffers.has(source.buffer)) loose.push(`${place}: no buffer ${source.buffer}`);
      if ('number' in source && !numbers.has(source.number)) loose.push(`${place}: no number ${source.number}`);
    }
  }
  return loose;
}

function handlesSet(step: LibraryStep): string[] {
  const returned = typeof step.returns === 'object' ? [step.returns.handle] : [];
  const kept = step.keep === undefined ? [] : [step.keep];
  return [...returned, ...kept, ...step.arguments.flatMap((one) => ('handleOut' in one ? [one.handleOut] : []))];
}

function numbersSet(step: LibraryStep): string[] {
  const kept = step.keep === undefined ? [] : [step.keep];
  return [...kept, ...step.arguments.flatMap((one) => ('numberOut' in one ? [one.numberOut] : []))];
}

/** Whether a return value means success. */
export function isSuccess(step: LibraryStep, returned: number): boolean {
  return Array.isArray(step.success) ? step.success.includes(returned) : returned >= step.success.atLeast;
}

/** A text as a C function wants it, with 00 at the end; two for UTF-16. */
export function cString(text: string, encodingName: TextEncodingName): Uint8Array {
  const bytes = iconv.encode(text, encodingName);
  const end = encodingName === 'utf-16le' ? 2 : 1;
  const ended = new Uint8Array(bytes.length + end);
  ended.set(bytes);
  return ended;
}

/** What the functions of an operation left behind. */
export type Output = { buffers: ReadonlyMap<string, Uint8Array>; numbers: ReadonlyMap<string, number> };

/** The fields of an operation; `garbled` names the first that is not what the mapping says. Total. */
export function readFields(
  fields: LibraryOperation['fields'],
  output: Output,
): { ok: true; fields: Record<string, string> } | { ok: false; garbled: string } {
  const values: Record<string, string> = {};
  for (const [field, source] of Object.entries(fields)) {
    const value = fieldOf(source, output);
    if (value === null) return { ok: false, garbled: field };
    values[field] = value;
  }
  return { ok: true, fields: values };
}

function fieldOf(source: LibraryField, { buffers, numbers }: Output): string | null {
  if ('value' in source) return source.value;
  if ('number' in source) return numbers.get(source.number)?.toString() ?? null;
  const whole = buffers.get(source.buffer);
  if (whole === undefined || whole.length < source.offset + (source.length ?? 0)) return null;
  const bytes = whole.subarray(source.offset, source.length === undefined ? undefined : source.offset + source.length);
  if (source.encoding === 'hex') return partOf(Buffer.from(bytes).toString('hex').toUpperCase(), source.part);
  const text = textOf(upToNul(bytes, source.encoding), source.encoding);
  return text === null ? null : partOf(text, source.part);
}

function upToNul(bytes: Uint8Array, encodingName: TextEncodingName): Uint8Array {
  if (encodingName !== 'utf-16le') {
    const end = bytes.indexOf(0);
    return end < 0 ? bytes : bytes.subarray(0, end);
  }
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) return bytes.subarray(0, at);
  }
  return bytes.subarray(0, bytes.length - (bytes.length % 2));
}

const decoders: Readonly<Record<TextEncodingName, InstanceType<typeof TextDecoder>>> = {
  // ASCII by the strictest of those that contain it.
  ascii: new TextDecoder('utf-8', { fatal: true }),
  gbk: new TextDecoder('gbk', { fatal: true }),
  gb18030: new TextDecoder('gb18030', { fatal: true }),
  'utf-8': new TextDecoder('utf-8', { fatal: true }),
  'utf-16le': new TextDecoder('utf-16le', { fatal: true }),
};

function textOf(bytes: Uint8Array, encodingName: TextEncodingName): string | null {
  if (encodingName === 'ascii' && bytes.some((byte) => byte > 0x7e)) return null;
  try {
    return decoders[encodingName].decode(bytes);
  } catch {
    return null;
  }
}
