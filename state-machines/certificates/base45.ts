/**
 * Base45 after RFC 9285: two bytes in three characters of the QR code's alphanumeric set, so that a code holds a third more than
 * in byte mode with hex or base64. Written here because reading must be strict: a character outside the set, a group beyond
 * 65,535 or a dangling character is refused, or two texts could stand for the same bytes.
 */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
/** A character's place by its code; -1 for those that are none of ours, up to `Z`, the last. */
const places = Int8Array.from({ length: 91 }, (_, code) => alphabet.indexOf(String.fromCharCode(code)));

export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 2) {
    const isPair = index + 1 < bytes.length;
    let value = isPair ? (bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0) : (bytes[index] ?? 0);
    for (let digit = 0; digit < (isPair ? 3 : 2); digit++) {
      text += alphabet[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}

/** The bytes of a base45 text, or `null` where it is none. */
export function decodeBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null;
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 === 2 ? 1 : 0));
  let written = 0;
  for (let index = 0; index < text.length; index += 3) {
    const isTriple = index + 2 < text.length;
    let value = 0;
    for (let digit = isTriple ? 2 : 1; digit >= 0; digit--) {
      const place = places[text.charCodeAt(index + digit)] ?? -1;
      if (place < 0) return null;
      value = value * 45 + place;
    }
    if (value > (isTriple ? 0xffff : 0xff)) return null;
    if (isTriple) bytes[written++] = value >> 8;
    bytes[written++] = value & 0xff;
  }
  return bytes;
}
