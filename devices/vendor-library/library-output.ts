/** What the functions of a vendor's library take and leave behind, as the mapping says. Pure and total. */
import iconv from 'iconv-lite';
import type { LibraryField, LibraryOperation, LibraryStep, TextEncodingName } from './mapping.ts';
import { partOf } from './operations.ts';

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
type Output = { buffers: ReadonlyMap<string, Uint8Array>; numbers: ReadonlyMap<string, number> };

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
