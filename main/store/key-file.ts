import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import type { SealingKey, SealingKeys } from './sealing.ts';
import { sealingKey, sealingKeyBytes } from './sealing.ts';
import type { Random } from './vault.ts';

/** The last key seals; the earlier ones open what was sealed before a rotation. */
const keyFileSchema = z.object({
  version: z.literal(1),
  algorithm: z.literal('A256GCM'),
  keys: z.array(z.base64url()).min(1),
});

export type OpenedKeyFile =
  /** `created`: there was none. `tightened`: others could read it until now. */
  | { ok: true; keys: SealingKeys; created: boolean; tightened: boolean }
  | { ok: false; reason: 'unreadable' | 'malformed' | 'unwritable'; detail: string };

/**
 * The sealing keys from a file only the kiosk's user may read, made on first use. A database whose key file was lost
 * does not open with a new one: the store says `wrong-key`.
 */
export function openKeyFile(path: string, random: Random): OpenedKeyFile {
  const file = readPrivateFile(path);
  if (!file.ok && file.reason === 'unreadable') return { ok: false, reason: 'unreadable', detail: file.detail };
  if (!file.ok) return writeKeys(path, [random(sealingKeyBytes)], { created: true });
  const keys = parseKeys(file.text);
  if (!keys) return { ok: false, reason: 'malformed', detail: 'not a key file' };
  return { ok: true, keys: fromFile(keys), created: false, tightened: file.tightened };
}

/** Adds a fresh key that seals from now on; the earlier ones stay for what they sealed. */
export function rotateKeyFile(path: string, random: Random): OpenedKeyFile {
  const file = readPrivateFile(path);
  if (!file.ok) return { ok: false, reason: 'unreadable', detail: file.detail };
  const keys = parseKeys(file.text);
  if (!keys) return { ok: false, reason: 'malformed', detail: 'not a key file' };
  return writeKeys(path, [...keys.map(({ key }) => key.export()), random(sealingKeyBytes)], { created: false });
}

function parseKeys(text: string): SealingKey[] | null {
  try {
    const keys = keyFileSchema.parse(JSON.parse(text)).keys.map((key) => Buffer.from(key, 'base64url'));
    return keys.every((key) => key.length === sealingKeyBytes) ? keys.map(sealingKey) : null;
  } catch {
    return null;
  }
}

function writeKeys(path: string, keys: Uint8Array[], { created }: { created: boolean }): OpenedKeyFile {
  const content = {
    version: 1,
    algorithm: 'A256GCM',
    keys: keys.map((key) => Buffer.from(key).toString('base64url')),
  };
  const written = writePrivateFile(path, `${JSON.stringify(content)}\n`);
  if (!written.ok) return written;
  return { ok: true, keys: fromFile(keys.map(sealingKey)), created, tightened: false };
}

function fromFile(keys: SealingKey[]): SealingKeys {
  const current = keys.at(-1);
  if (!current) throw new Error('a key file holds a key');
  return { source: 'file', current, find: (id) => keys.find((key) => key.id.equals(id)) };
}
