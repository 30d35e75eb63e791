import type { Random } from './vault.ts';

/** The last instant that such an id can be of. */
export const latestInstantMs = 2 ** 48 - 1;

/**
 * A UUID version 7 (RFC 9562): 48 bits of epoch milliseconds, then random. Those of the store never go backwards (`Store.newId`), so that what was lost
 * can be named as a range of them (lost.ts); others only keep inserts at the end of an index, and clocks jump.
 */
export function uuid7(nowMs: number, random: Random): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.min(Math.max(0, Math.floor(nowMs)), latestInstantMs), 0, 6);
  bytes.set(random(10), 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The instant that an id of version 7 is of; null where it is none. */
export function instantOf(id: string): number | null {
  const found = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id);
  return found && Number.parseInt(`${found[1]}${found[2]}`, 16);
}

/** Letters and digits that are not taken for one another when read aloud or typed (Crockford's base 32). */
const readable = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The number a visitor is told, made of a request's id: its last 40 bits, which are random, as eight characters, `7K2M-9QXA`. Kiosk and centre
 * can both say which request it means.
 */
export function referenceNumber(id: string): string {
  const bits = Number.parseInt(id.slice(-10), 16);
  let number = '';
  // Forty bits are more than the operators on integers take.
  for (let at = 7; at >= 0; at -= 1) number += `${at === 3 ? '-' : ''}${readable[Math.floor(bits / 32 ** at) % 32]}`;
  return number;
}
