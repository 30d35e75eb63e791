/**
 * The mapping file of a vendor's library: which functions make an operation, with what, and where in their output the values are.
 * Calling them is the child's (`channels/vendor-child.ts`).
 * docs/devices/vendor-library.md explains it to the technician who writes one.
 */
import * as z from 'zod';
import { errorsSchema, flawsOf, nameSchema, partSchema } from './mapping-parts.ts';

const encoding = z.enum(['ascii', 'gbk', 'gb18030', 'utf-8', 'utf-16le']);
const integer = z.enum(['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32']);

/** One argument of a function, by its form. */
const argumentSchema = z.union([
  /** A number. */
  z.strictObject({ number: z.number().int(), type: integer.default('int32') }),
  /** A text, ended by 00. */
  z.strictObject({ text: z.string(), encoding: encoding.default('ascii') }),
  /** A text the kiosk gives with the command, e.g. a PIN. */
  z.strictObject({ input: nameSchema, encoding: encoding.default('ascii') }),
  /** What an earlier function of this library gave: a connection, a window. */
  z.strictObject({ handle: nameSchema }),
  /** A pointer to a place where the function puts such a thing. */
  z.strictObject({ handleOut: nameSchema }),
  /** A buffer the function fills. */
  z.strictObject({ out: nameSchema, bytes: z.number().int().min(1).max(65_536) }),
  /** A pointer to a number the function sets; `number` is what stands there before. */
  z.strictObject({ numberOut: nameSchema, type: integer.default('int32'), number: z.number().int().default(0) }),
]);

const stepSchema = z.strictObject({
  call: z.string().regex(/^[A-Za-z_][A-Za-z0-9_@]{0,99}$/, "a function's name"),
  arguments: z.array(argumentSchema).max(16).default([]),
  returns: z.union([integer, z.literal('void'), z.strictObject({ handle: nameSchema })]).default('int32'),
  /** The return values that mean success; `atLeast` for libraries that give a connection or a length. */
  success: z.union([z.array(z.number().int()).min(1), z.strictObject({ atLeast: z.number().int() })]).default([0]),
  /** Keeps the returned number, for arguments (`handle`) and fields (`number`). */
  keep: nameSchema.optional(),
});

/** Where a value is: in a buffer, in a number, or always the same. */
const fieldSchema = z.union([
  z.strictObject({
    buffer: nameSchema,
    /** Bytes of the buffer; up to the first 00 where `length` is left out. */
    offset: z.number().int().min(0).default(0),
    length: z.number().int().min(1).optional(),
    encoding: z.union([encoding, z.literal('hex')]).default('gbk'),
    part: partSchema.optional(),
  }),
  z.strictObject({ number: nameSchema }),
  z.strictObject({ value: z.string() }),
]);

const operationSchema = z.strictObject({
  steps: z.array(stepSchema).min(1).max(20),
  fields: z.record(nameSchema, fieldSchema).default({}),
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
  operations: z.record(nameSchema, operationSchema),
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
  if (!read.success) return { ok: false, flaws: flawsOf(read.error) };
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
