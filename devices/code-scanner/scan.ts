import { isUtf8 } from 'node:buffer';

/** What one input brought. A flaw is for logs; it never holds what was scanned. */
export type Scan<S> = { state: S; codes: readonly string[]; flaws: readonly ScanFlaw[] };

export type ScanFlaw =
  /** Longer than any code: dropped up to the next end of line. */
  | 'too-long'
  /** Shorter than any code. */
  | 'too-short'
  /** Bytes that are neither UTF-8 nor GB18030, or control characters in the middle: noise on the line. */
  | 'unreadable'
  /** A code broke off and nothing followed in time. */
  | 'broken-off'
  /** A report that is not as HID-POS lays it out. */
  | 'malformed-report';

/** A version 40 QR code holds 7,089 digits or 2,953 bytes (ISO/IEC 18004). */
export const longestCodeBytes = 7_089;

/** Of the codes in use, the retail ones are the shortest, with eight characters; noise on a line breaks into runs of one to three. */
const shortestCode = 4;

/** Scanners sold in China are often set to GBK, of which GB18030 is the whole. Not fatal: an exception a line stalls on a flood of noise. */
const gb18030 = new TextDecoder('gb18030');

/** What the decoder puts where the bytes are no character. */
const notACharacter = '\ufffd';

/** Belongs to GS1 codes; other control characters are noise on the line. */
const groupSeparator = 0x1d;

/** The text of a code, or why the bytes are none. */
export function textOf(bytes: Uint8Array): { text: string } | { flaw: ScanFlaw } {
  const text = decoded(bytes)?.trim() ?? null;
  if (text === null || !isWritten(text)) return { flaw: 'unreadable' };
  return [...text].length < shortestCode ? { flaw: 'too-short' } : { text };
}

/** Whether it is letters, digits and signs throughout: no control characters, and none of the private ones that GB18030 gives to any bytes. */
function isWritten(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if ((unit < 0x20 && unit !== groupSeparator) || (unit >= 0x7f && unit < 0xa0)) return false;
    if (unit >= 0xe000 && unit <= 0xf8ff) return false;
  }
  return true;
}

function decoded(bytes: Uint8Array): string | null {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const text = gb18030.decode(bytes);
  return text.includes(notACharacter) ? null : text;
}
