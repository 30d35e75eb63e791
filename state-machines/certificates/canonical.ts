import { type DecodeOptions, decode, decodeFirst, type EncodeOptions, encodeInto, rfc8949EncodeOptions } from 'cborg';
import { encodedLength } from 'cborg/length';

const canonical: EncodeOptions = { ...rfc8949EncodeOptions, ignoreUndefinedProperties: true };

/**
 * The one way a value is written in bytes: CBOR after RFC 8949, section 4.2.1 (shortest lengths, definite lengths, map keys in the
 * bytewise order of their encoding). Two parties that agree on a value agree on its bytes, and so on its digest.
 *
 * Written into bytes of its own: `encode` writes into a place that the library keeps, where the last person's name would stay.
 */
export function encodeCanonical(value: unknown): Uint8Array {
  const bytes = new Uint8Array(encodedLength(value, canonical));
  encodeInto(value, bytes, canonical);
  return bytes;
}

type CanonicalFailure = 'malformed' | 'trailing-bytes' | 'not-canonical';

/**
 * Reads canonical CBOR and nothing else: what is read must give the very same bytes again, so that no second spelling of a signed
 * value exists. Whole numbers, texts, bytes, arrays, maps, booleans; no floats that are not numbers, no indefinite lengths, no
 * tags but those in `tags`.
 */
export function decodeCanonical(
  bytes: Uint8Array,
  options: Pick<DecodeOptions, 'useMaps' | 'tags'> = {},
): { ok: true; value: unknown } | { ok: false; reason: CanonicalFailure } {
  const strict: DecodeOptions = {
    ...options,
    strict: true,
    allowIndefinite: false,
    allowUndefined: false,
    allowInfinity: false,
    allowNaN: false,
    rejectDuplicateMapKeys: true,
  };
  let value: unknown;
  try {
    const [first, rest] = decodeFirst(bytes, strict);
    if (rest.length > 0) return { ok: false, reason: 'trailing-bytes' };
    value = first;
  } catch {
    return { ok: false, reason: isOnlyNotShortest(bytes, options) ? 'not-canonical' : 'malformed' };
  }
  try {
    return sameBytes(encodeCanonical(value), bytes) ? { ok: true, value } : { ok: false, reason: 'not-canonical' };
  } catch {
    return { ok: false, reason: 'malformed' };
  }
}

/** Whether two byte strings are equal. Not constant in time: digests and encodings compared here are no secrets. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Lower-case hex of bytes. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** Bytes of lower-case hex. The caller has checked the form. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length >> 1 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
}

function isOnlyNotShortest(bytes: Uint8Array, options: Pick<DecodeOptions, 'useMaps' | 'tags'>): boolean {
  try {
    decode(bytes, options);
    return true;
  } catch {
    return false;
  }
}
