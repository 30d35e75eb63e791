import { createDecipheriv, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SealingKeys } from './sealing.ts';
import { seal, sealingKey, unseal } from './sealing.ts';

const key = sealingKey(Buffer.alloc(32, 7));
const keys: SealingKeys = { source: 'file', current: key, find: (id) => (key.id.equals(id) ? key : undefined) };
const place = { table: 'outbox', row: 'id-1', column: 'sealed' };
const nonce = Buffer.alloc(12, 1);
const plain = Buffer.from('龘麤鱻', 'utf8');

describe('sealing', () => {
  test('gives back what was sealed, for its place', () => {
    expect(unseal(keys, place, seal(key, nonce, place, plain))).toEqual({ ok: true, plain });
    expect(unseal(keys, place, seal(key, nonce, place, Buffer.alloc(0)))).toEqual({ ok: true, plain: Buffer.alloc(0) });
  });

  test('names format, algorithm and key in the bytes, as AES-256-GCM reads them', () => {
    const sealed = seal(key, nonce, place, plain);
    expect([...sealed.subarray(0, 2)]).toEqual([1, 1]);
    expect(sealed.subarray(2, 10)).toEqual(key.id);
    expect(sealed.subarray(10, 22)).toEqual(nonce);
    const reader = createDecipheriv('aes-256-gcm', key.key, sealed.subarray(10, 22));
    reader.setAAD(Buffer.concat([sealed.subarray(0, 10), Buffer.from('outbox\0id-1\0sealed')]));
    reader.setAuthTag(sealed.subarray(-16));
    expect(Buffer.concat([reader.update(sealed.subarray(22, -16)), reader.final()])).toEqual(plain);
  });

  test('does not open in another table, row or column', () => {
    const sealed = seal(key, nonce, place, plain);
    for (const other of [{ table: 'audit' }, { row: 'id-2' }, { column: 'answer' }]) {
      expect(unseal(keys, { ...place, ...other }, sealed)).toEqual({ ok: false, reason: 'altered' });
    }
  });

  test('notices every single byte that is changed, and any length that is cut', () => {
    const sealed = seal(key, nonce, place, plain);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(unseal(keys, place, changed).ok, `byte ${at}`).toBe(false);
      expect(unseal(keys, place, sealed.subarray(0, at)).ok, `cut at ${at}`).toBe(false);
    }
  });

  test('says which: a key that is not at hand, an algorithm that is not known, bytes that were altered', () => {
    const sealed = seal(key, nonce, place, plain);
    expect(unseal({ ...keys, find: () => undefined }, place, sealed)).toEqual({ ok: false, reason: 'unknown-key' });
    const sm4 = Buffer.from(sealed);
    sm4.writeUInt8(2, 1);
    expect(unseal(keys, place, sm4)).toEqual({ ok: false, reason: 'unknown-algorithm' });
    expect(unseal(keys, place, randomBytes(0))).toEqual({ ok: false, reason: 'altered' });
  });
});
