import type { KeyObject } from 'node:crypto';
import { createHmac } from 'node:crypto';
import type { Place, SealingKey, SealingKeys } from './sealing.ts';
import { nonceBytes, seal, unseal } from './sealing.ts';

/** Random bytes, as many as asked: `crypto.randomBytes` in the kiosk. */
export type Random = (size: number) => Uint8Array;

/** Draws many random bytes at once, since asking for twelve costs as much as asking for thousands. Each byte is given once. */
export function pooled(random: Random): Random {
  let pool: Uint8Array = new Uint8Array(0);
  return (size) => {
    if (size > pool.length) pool = random(Math.max(size, poolBytes));
    const taken = pool.subarray(0, size);
    pool = pool.subarray(size);
    return taken;
  };
}

const poolBytes = 4096;

export type Opened<T> = { ok: true; value: T } | { ok: false; reason: 'unknown-key' | 'unknown-algorithm' | 'altered' };

/** Seals and opens JSON values for their places in the database. */
export class Vault {
  private readonly keys: SealingKeys;
  private readonly random: Random;

  constructor(keys: SealingKeys, random: Random) {
    this.keys = keys;
    this.random = random;
  }

  seal(place: Place, value: unknown): Buffer {
    return seal(this.keys.current, this.random(nonceBytes), place, Buffer.from(JSON.stringify(value), 'utf8'));
  }

  /** What was sealed, with the type the writer of that place gave it. */
  open<T>(place: Place, sealed: Uint8Array): Opened<T> {
    const opened = unseal(this.keys, place, sealed);
    return opened.ok ? { ok: true, value: JSON.parse(opened.plain.toString('utf8')) as T } : opened;
  }

  /** The id of the key that seals now. */
  currentKey(): Uint8Array {
    return this.keys.current.id;
  }

  /** A vault whose values are sealed with a key of their own; what this vault's keys sealed still opens. */
  under(key: SealingKey): Vault {
    const { source, find } = this.keys;
    return new Vault({ source, current: key, find: (id) => (key.id.equals(id) ? key : find(id)) }, this.random);
  }

  /** A fresh secret, to be kept sealed. */
  newSecret(): Uint8Array {
    return this.random(32);
  }
}

/** A keyed fingerprint: equal values are recognised, and nobody without the key can try numbers until one fits. */
export function tag(key: KeyObject, purpose: string, value: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}\0${value}`, 'utf8').digest();
}
