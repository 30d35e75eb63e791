/** What several codecs do with bytes. */

/** The parts, one after the other, in one new array. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** All bytes of `[from, to)` by exclusive or, 0 to 255. Words first: a photo makes frames of 1.3 KB. */
export function xorOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  let at = from;
  if (to - from >= 64) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; at + 4 <= to; at += 4) sum ^= view.getUint32(at);
    sum ^= sum >>> 16;
    sum ^= sum >>> 8;
  }
  for (; at < to; at += 1) sum ^= bytes[at] ?? 0;
  return sum & 0xff;
}
