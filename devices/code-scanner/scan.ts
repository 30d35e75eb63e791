/** What one input brought. A flaw is for logs; it never holds what was scanned. */
export type Scan<S> = { state: S; codes: readonly string[]; flaws: readonly ScanFlaw[] };

export type ScanFlaw =
  /** Longer than any code: dropped up to the next end of line. */
  | 'too-long'
  /** Bytes that are neither UTF-8 nor GB18030, or control characters in the middle: noise on the line. */
  | 'unreadable'
  /** A code broke off and nothing followed in time. */
  | 'broken-off'
  /** A report that is not as HID-POS lays it out. */
  | 'malformed-report';

/** A version 40 QR code holds 7,089 digits or 2,953 bytes (ISO/IEC 18004). */
export const longestCodeBytes = 7_089;

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Scanners sold in China are often set to GBK, of which GB18030 is the whole. */
const gb18030 = new TextDecoder('gb18030', { fatal: true });

/** Belongs to GS1 codes; other control characters are noise on the line. */
const groupSeparator = '\u001d';

/** The text of a code, null when the bytes are none. */
export function textOf(bytes: Uint8Array): string | null {
  const text = decoded(utf8, bytes) ?? decoded(gb18030, bytes);
  if (text === null) return null;
  const hasNoise = [...text].some((letter) => (letter < ' ' && letter !== groupSeparator) || letter === '\u007f');
  return hasNoise ? null : text.trim();
}

function decoded(decoder: typeof utf8, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

export function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
