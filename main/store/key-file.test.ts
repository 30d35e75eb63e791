import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SystemKeyStore } from './key-file.ts';
import { openKeyFile } from './key-file.ts';
import { seal, unseal } from './sealing.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-keys-'));
  path = join(folder, 'sealing-key.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = { table: 'outbox', row: 'id', column: 'sealed' };
const plain = Buffer.from('a value');

function open(keyStore?: SystemKeyStore) {
  const opened = openKeyFile(path, randomBytes, keyStore);
  if (!opened.ok) throw new Error(`${opened.reason}: ${opened.detail}`);
  return opened;
}

/** A machine's own store of secrets, at the border where Electron's stands. */
function machine(): SystemKeyStore {
  const secret = randomBytes(1)[0] ?? 0;
  const turn = (bytes: Uint8Array) => Buffer.from(bytes).map((byte) => byte ^ secret ^ 0x80);
  return {
    encrypt: (text) => turn(Buffer.from(`mine ${text}`)),
    decrypt(encrypted) {
      const text = turn(encrypted).toString();
      if (!text.startsWith('mine ')) throw new Error('Error while decrypting the ciphertext provided to safeStorage');
      return text.slice('mine '.length);
    },
  };
}

describe('a change of the key', () => {
  test('seals with the new key at once, and opens with both until it is ended, over restarts', () => {
    const first = open();
    const old = seal(first.keys.current, randomBytes(12), place, plain);
    expect(first.rotation.former()).toEqual([]);
    expect(first.rotation.begin(5_000)).toEqual({ ok: true });
    expect(first.keys.current.id.equals(old.subarray(2, 10))).toBe(false);
    expect(first.rotation.madeAtMs).toBe(5_000);
    for (const { keys, rotation } of [first, open()]) {
      expect(unseal(keys, place, old)).toEqual({ ok: true, plain });
      expect(rotation.former()).toEqual([old.subarray(2, 10)]);
      expect(rotation.madeAtMs).toBe(5_000);
    }
    expect(first.rotation.end()).toEqual({ ok: true });
    for (const { keys, rotation } of [first, open()]) {
      expect(unseal(keys, place, old)).toEqual({ ok: false, reason: 'unknown-key' });
      expect(rotation.former()).toEqual([]);
    }
  });
});

describe("a key in the system's key store", () => {
  test('is opened on its machine, and on no other', () => {
    const here = machine();
    const made = open(here);
    expect(made.keys.source).toBe('key-store');
    expect(open(here).keys.current.id).toEqual(made.keys.current.id);
    const file = readFileSync(path);
    expect(file.includes(made.keys.current.key.export().toString('base64url'))).toBe(false);
    let elsewhere = machine();
    while (Buffer.from(elsewhere.encrypt('x')).equals(Buffer.from(here.encrypt('x')))) elsewhere = machine();
    expect(openKeyFile(path, randomBytes, elsewhere)).toMatchObject({ ok: false, reason: 'foreign' });
    expect(openKeyFile(path, randomBytes)).toMatchObject({ ok: false, reason: 'foreign' });
    expect(readFileSync(path)).toEqual(file);
  });

  test('that lay in clear is encrypted, and is due to be changed', () => {
    const clear = open();
    expect(clear.keys.source).toBe('file');
    const here = machine();
    const wrapped = open(here);
    expect(wrapped.keys.current.id).toEqual(clear.keys.current.id);
    expect(wrapped.rotation.madeAtMs).toBe(0);
    expect(readFileSync(path, 'utf8')).not.toContain(clear.keys.current.key.export().toString('base64url'));
    expect(open(here).rotation.madeAtMs).toBe(0);
  });
});
