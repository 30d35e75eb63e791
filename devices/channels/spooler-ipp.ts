/**
 * IPP messages as bytes (RFC 8010): requests out, answers in. Pure and total.
 *
 * ```text
 *  0 2  version, major and minor          every attribute:  1 value tag
 *  2 2  operation or status code                            2 name length, 0 = one more value of the attribute before
 *  4 4  request id                                          n name
 *  8 …  groups: delimiter tag, attributes                   2 value length
 *       0x03 ends them, the document follows                n value
 * ```
 *
 * Written here because the packages for it (ipp, @sealsystems/ipp, ipp-encoder) throw on cut-off or malformed answers,
 * where an adapter needs a named error, and carry tables of every attribute where eight operations are used.
 */

/** RFC 8011, 5.4.15, and the CUPS extension noted. */
export const operations = {
  printJob: 0x0002,
  cancelJob: 0x0008,
  getJobAttributes: 0x0009,
  getJobs: 0x000a,
  getPrinterAttributes: 0x000b,
} as const;

/** Status codes that decide something here; RFC 8011, appendix B. Below 0x0100 all is well. */
export const statusCodes = {
  notPossible: 0x0404,
  notFound: 0x0406,
  gone: 0x0407,
  notAcceptingJobs: 0x0506,
} as const;

/** Delimiter tags, RFC 8010, 3.5.1. */
export const groupTags = { operation: 0x01, job: 0x02, end: 0x03, printer: 0x04, unsupported: 0x05 } as const;

/** Value tags, RFC 8010, 3.5.2. */
const valueTags = {
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  textWithLanguage: 0x35,
  nameWithLanguage: 0x36,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  charset: 0x47,
  language: 0x48,
  mimeType: 0x49,
} as const;

const beginCollection = 0x34;
const endCollection = 0x37;

/** The kinds of value a request may carry. */
type IppTag = Exclude<keyof typeof valueTags, 'textWithLanguage' | 'nameWithLanguage'>;

export type IppField = { tag: IppTag; name: string; values: readonly (string | number | boolean)[] };

/** One attribute of an answer. Values of kinds that are not needed (dates, ranges, collections, no-value) come as null. */
type IppAttribute = readonly (string | number | boolean | null)[];

export type IppGroup = { tag: number; attributes: ReadonlyMap<string, IppAttribute> };

export type IppMessage = {
  version: string;
  /** The operation in a request, the status in an answer. */
  code: number;
  requestId: number;
  groups: readonly IppGroup[];
  /** Where the document starts. */
  dataOffset: number;
};

type IppRequest = {
  operation: number;
  requestId: number;
  /** After charset and language, which RFC 8011 wants first and which are always added. */
  operationFields: readonly IppField[];
  jobFields?: readonly IppField[];
};

type IppReading = { ok: true; message: IppMessage } | { ok: false; reason: 'cut-off' | 'malformed'; detail: string };

/** The request's bytes, in IPP 1.1, which every printer and spooler speaks; a document is appended by the caller. */
export function encodeIppRequest(request: IppRequest): Uint8Array {
  const writer = new IppWriter();
  writer.short(0x0101);
  writer.short(request.operation);
  writer.long(request.requestId);
  writer.byte(groupTags.operation);
  writer.field({ tag: 'charset', name: 'attributes-charset', values: ['utf-8'] });
  writer.field({ tag: 'language', name: 'attributes-natural-language', values: ['en-us'] });
  for (const field of request.operationFields) writer.field(field);
  if (request.jobFields !== undefined && request.jobFields.length > 0) {
    writer.byte(groupTags.job);
    for (const field of request.jobFields) writer.field(field);
  }
  writer.byte(groupTags.end);
  return writer.bytes();
}

/** Writes into a place that grows. */
class IppWriter {
  private place = Buffer.allocUnsafe(512);
  private length = 0;

  byte(value: number): void {
    this.reserve(1);
    this.place[this.length++] = value;
  }

  short(value: number): void {
    this.byte(value >> 8);
    this.byte(value & 0xff);
  }

  long(value: number): void {
    this.short((value >>> 16) & 0xffff);
    this.short(value & 0xffff);
  }

  /** An attribute: its name with the first value, an empty one with every further. */
  field({ tag, name, values }: IppField): void {
    values.forEach((value, index) => {
      this.byte(valueTags[tag]);
      this.text(index === 0 ? name : '');
      this.value(tag, value);
    });
  }

  bytes(): Uint8Array {
    return this.place.subarray(0, this.length);
  }

  private value(tag: IppTag, value: string | number | boolean): void {
    if (tag === 'integer' || tag === 'enum') {
      this.short(4);
      this.long(Number(value));
    } else if (tag === 'boolean') {
      this.short(1);
      this.byte(value === true ? 1 : 0);
    } else this.text(String(value));
  }

  /** Length, then UTF-8. */
  private text(text: string): void {
    // No character of UTF-16 takes more than three bytes.
    this.reserve(2 + text.length * 3);
    const start = this.length + 2;
    const size = this.place.write(text, start, 'utf8');
    this.short(size);
    this.length = start + size;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.place.length) return;
    const larger = Buffer.allocUnsafe((this.length + count) * 2);
    larger.set(this.place.subarray(0, this.length));
    this.place = larger;
  }
}

/** Reads a whole message. Bytes that stop early are `cut-off`; bytes that cannot be a message are `malformed`. */
export function decodeIpp(bytes: Uint8Array): IppReading {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 9) return cutOff('header');
  const groups: { tag: number; attributes: Map<string, (string | number | boolean | null)[]> }[] = [];
  let values: (string | number | boolean | null)[] | undefined;
  let depth = 0;
  let at = 8;

  for (;;) {
    if (at >= buffer.length) return cutOff('no end of attributes');
    const tag = buffer.readUInt8(at);
    at += 1;

    if (tag === groupTags.end) {
      if (depth > 0) return malformed('a collection is left open');
      return {
        ok: true,
        message: {
          version: `${buffer.readUInt8(0)}.${buffer.readUInt8(1)}`,
          code: buffer.readUInt16BE(2),
          requestId: buffer.readUInt32BE(4),
          groups,
          dataOffset: at,
        },
      };
    }
    if (tag < 0x10) {
      if (depth > 0) return malformed('a group inside a collection');
      groups.push({ tag, attributes: new Map() });
      values = undefined;
      continue;
    }

    if (at + 2 > buffer.length) return cutOff('name length');
    const nameLength = buffer.readUInt16BE(at);
    at += 2;
    if (at + nameLength + 2 > buffer.length) return cutOff('name');
    const name = buffer.toString('utf8', at, at + nameLength);
    at += nameLength;
    const valueLength = buffer.readUInt16BE(at);
    at += 2;
    if (at + valueLength > buffer.length) return cutOff('value');
    const from = at;
    at += valueLength;

    if (tag === endCollection) {
      if (depth === 0) return malformed('a collection ends that never began');
      depth -= 1;
      continue;
    }
    // Members of a collection look like further values of it; they are read past.
    const isMember = depth > 0;
    if (tag === beginCollection) depth += 1;
    if (isMember) continue;

    const group = groups.at(-1);
    if (group === undefined) return malformed('an attribute before any group');
    if (nameLength > 0) {
      values = [];
      group.attributes.set(name, values);
    }
    if (values === undefined) return malformed('a further value without an attribute');
    const value = decodeValue(tag, buffer, from, at);
    if (value === undefined) return malformed(`value of ${name === '' ? 'a further value' : name}`);
    values.push(value);
  }
}

/** The value, null for kinds that are not needed, undefined when its length is wrong. */
function decodeValue(
  tag: number,
  buffer: Buffer,
  from: number,
  to: number,
): string | number | boolean | null | undefined {
  const length = to - from;
  switch (tag) {
    case valueTags.integer:
    case valueTags.enum:
      return length === 4 ? buffer.readInt32BE(from) : undefined;
    case valueTags.boolean:
      return length === 1 ? buffer.readUInt8(from) === 1 : undefined;
    case valueTags.textWithLanguage:
    case valueTags.nameWithLanguage: {
      // 2 bytes length, language, 2 bytes length, text.
      if (length < 4) return undefined;
      const languageLength = buffer.readUInt16BE(from);
      if (languageLength + 4 > length) return undefined;
      const textLength = buffer.readUInt16BE(from + 2 + languageLength);
      if (languageLength + 4 + textLength !== length) return undefined;
      return buffer.toString('utf8', from + 4 + languageLength, to);
    }
    default:
      return tag >= 0x40 && tag <= 0x5f ? buffer.toString('utf8', from, to) : null;
  }
}

/** All groups of one kind, e.g. one a job in the answer of Get-Jobs. */
export function groupsOf(message: IppMessage, tag: number): readonly IppGroup[] {
  return message.groups.filter((group) => group.tag === tag);
}

/** The texts of an attribute; none when it is missing. */
export function textsOf(group: IppGroup | undefined, name: string): readonly string[] {
  return (group?.attributes.get(name) ?? []).filter((value) => typeof value === 'string');
}

/** The first number of an attribute; null when it is missing or not a number. */
export function numberOf(group: IppGroup | undefined, name: string): number | null {
  const value = group?.attributes.get(name)?.[0];
  return typeof value === 'number' ? value : null;
}

function cutOff(detail: string): IppReading {
  return { ok: false, reason: 'cut-off', detail };
}

function malformed(detail: string): IppReading {
  return { ok: false, reason: 'malformed', detail };
}
