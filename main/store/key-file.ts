import { statSync } from 'node:fs';
import { z } from 'zod';
import type { KeptPrivateFile } from './private-file.ts';
import { keepPrivateFile, readPrivateFile, writePrivateFile } from './private-file.ts';
import type { SealingKey, SealingKeys } from './sealing.ts';
import { sealingKey, sealingKeyBytes } from './sealing.ts';
import type { Random } from './vault.ts';

/**
 * What the system keeps secrets with, bound to this machine and user: Electron's `safeStorage` in the shipped shell (DPAPI, Keychain, a keyring). It
 * is given only where it protects: on Linux without a keyring it does not.
 */
export type SystemKeyStore = {
  encrypt(text: string): Uint8Array;
  /** Throws where what is given was not encrypted on this machine by this user. */
  decrypt(encrypted: Uint8Array): string;
};

/** The last key seals; the earlier ones open what was sealed before a rotation. `madeAtMs`: of the last. */
const keysSchema = z.object({
  version: z.literal(1),
  algorithm: z.literal('A256GCM'),
  madeAtMs: z.number().optional(),
  keys: z.array(z.base64url()).min(1),
});
type Keys = z.infer<typeof keysSchema>;

/** The same, encrypted by the system's key store. */
const wrappedSchema = z.object({ version: z.literal(2), wrappedBy: z.literal('system'), wrapped: z.base64url() });

/** A change of the sealing key: begun, worked off by sealing anew (reseal.ts, upkeep.ts), ended. At every step the file holds all keys in use. */
export type KeyRotation = {
  /** When the key that seals was made. */
  madeAtMs: number;
  /** Ids of the keys that only open. */
  former(): Buffer[];
  /** Adds a fresh key that seals from now on. */
  begin(nowMs: number): RotationStep;
  /** Destroys the keys that only open. */
  end(): RotationStep;
};

export type RotationStep = { ok: true } | { ok: false; reason: 'unwritable'; detail: string };

export type OpenedKeyFile =
  /**
   * `created`: there was none. `tightened`: others could read it until now. `keys` change in place with a rotation. `keepFile` writes the file
   * again where it is gone or another one stands in its place.
   */
  | {
      ok: true;
      keys: SealingKeys;
      rotation: KeyRotation;
      keepFile: (nowMs: number) => KeptPrivateFile;
      created: boolean;
      tightened: boolean;
    }
  /**
   * `foreign`: the system's key store does not open it: it is of another machine or user, or the key store is not at hand. `missing`: there is none,
   * and what it sealed is there.
   */
  | { ok: false; reason: 'unreadable' | 'malformed' | 'unwritable' | 'foreign' | 'missing'; detail: string };

/**
 * The sealing keys from a file only the kiosk's user may read, made on first use. With `keyStore` the file is encrypted by the system, so that a disk
 * carried to another machine gives nothing; a file in clear is encrypted at the next start, and its key, which lay in clear, is due to be changed.
 *
 * `isSealed`: something was sealed with it before. Then none is made, so that putting the file back saves everything.
 */
export function openKeyFile(
  path: string,
  random: Random,
  keyStore?: SystemKeyStore,
  { isSealed = false }: { isSealed?: boolean } = {},
): OpenedKeyFile {
  const file = readPrivateFile(path);
  if (!file.ok && file.reason === 'unreadable') return { ok: false, reason: 'unreadable', detail: file.detail };
  if (!file.ok) {
    if (isSealed) return { ok: false, reason: 'missing', detail: 'what it sealed is there' };
    const made: Keys = { version: 1, algorithm: 'A256GCM', keys: [encode(random(sealingKeyBytes))] };
    const written = writeKeys(path, made, keyStore);
    if (!written.ok) return written;
    return opened({ path, random, keyStore }, withAge(made, path), written.text, { created: true, tightened: false });
  }
  const read = readKeys(file.text, keyStore);
  if (!read.ok) return read;
  if (keyStore === undefined || read.isWrapped) {
    const told = { created: false, tightened: file.tightened };
    return opened({ path, random, keyStore }, withAge(read.keys, path), file.text, told);
  }
  const keys: Keys = { ...read.keys, madeAtMs: 0 };
  const written = writeKeys(path, keys, keyStore);
  if (!written.ok) return written;
  return opened({ path, random, keyStore }, keys, written.text, { created: false, tightened: file.tightened });
}

/** A file that does not say when its key was made is as old as it is. */
function withAge(keys: Keys, path: string): Keys {
  return { ...keys, madeAtMs: keys.madeAtMs ?? statSync(path).mtimeMs };
}

function readKeys(
  text: string,
  keyStore: SystemKeyStore | undefined,
): { ok: true; keys: Keys; isWrapped: boolean } | { ok: false; reason: 'malformed' | 'foreign'; detail: string } {
  const wrapped = parse(wrappedSchema, text);
  if (wrapped === null) {
    const keys = parse(keysSchema, text);
    const isWhole = keys?.keys.every((key) => decode(key).length === sealingKeyBytes) ?? false;
    if (keys === null || !isWhole) return { ok: false, reason: 'malformed', detail: 'not a key file' };
    return { ok: true, keys, isWrapped: false };
  }
  if (keyStore === undefined) return { ok: false, reason: 'foreign', detail: 'no key store at hand' };
  let inside: string;
  try {
    inside = keyStore.decrypt(decode(wrapped.wrapped));
  } catch {
    return { ok: false, reason: 'foreign', detail: 'the key store does not open it' };
  }
  const read = readKeys(inside, undefined);
  return read.ok ? { ...read, isWrapped: true } : read;
}

/** Gives the text as it was written: protected, where there is a key store. */
function writeKeys(
  path: string,
  keys: Keys,
  keyStore: SystemKeyStore | undefined,
): { ok: true; text: string } | { ok: false; reason: 'unwritable'; detail: string } {
  const inside = JSON.stringify(keys);
  const wrap = (by: SystemKeyStore) => ({ version: 2, wrappedBy: 'system', wrapped: encode(by.encrypt(inside)) });
  const text = `${keyStore === undefined ? inside : JSON.stringify(wrap(keyStore))}\n`;
  const written = writePrivateFile(path, text);
  return written.ok ? { ok: true, text } : written;
}

function opened(
  { path, random, keyStore }: { path: string; random: Random; keyStore: SystemKeyStore | undefined },
  content: Keys,
  written: string,
  told: { created: boolean; tightened: boolean },
): OpenedKeyFile {
  let now = content;
  let text = written;
  let all = keysOf(now);
  const put = (next: Keys): RotationStep => {
    const step = writeKeys(path, next, keyStore);
    if (!step.ok) return step;
    now = next;
    text = step.text;
    all = keysOf(next);
    return { ok: true };
  };
  const keys: SealingKeys = {
    source: keyStore === undefined ? 'file' : 'key-store',
    get current() {
      return all.current;
    },
    find: (id) => (all.current.id.equals(id) ? all.current : all.former.find((key) => key.id.equals(id))),
  };
  const rotation: KeyRotation = {
    get madeAtMs() {
      return now.madeAtMs ?? 0;
    },
    former: () => all.former.map(({ id }) => id),
    begin: (nowMs) => put({ ...now, madeAtMs: nowMs, keys: [...now.keys, encode(random(sealingKeyBytes))] }),
    end: () => put({ ...now, keys: now.keys.slice(-1) }),
  };
  return { ok: true, keys, rotation, keepFile: (nowMs) => keepPrivateFile(path, text, nowMs), ...told };
}

function keysOf({ keys }: Keys): { current: SealingKey; former: SealingKey[] } {
  const all = keys.map((key) => sealingKey(decode(key)));
  const current = all.at(-1);
  if (!current) throw new Error('a key file holds a key');
  return { current, former: all.slice(0, -1) };
}

function parse<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function decode(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
