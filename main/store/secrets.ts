import type { KeyObject } from 'node:crypto';
import { createSecretKey } from 'node:crypto';
import type { WritableDatabase } from './database.ts';
import { StoreBroken } from './problem.ts';
import { sealingKey } from './sealing.ts';
import type { Vault } from './vault.ts';

/**
 * The secret that fingerprints are keyed with. It is kept in the file, sealed: so it survives a change of the sealing key, and opening
 * it proves at every start that the key at hand fits the file.
 */
export function fingerprintSecret(database: WritableDatabase, vault: Vault): KeyObject {
  return createSecretKey(secretOf(database, vault, 'fingerprints'));
}

/**
 * The audit's details with a key of their own, kept in the file, sealed: their bytes are bound into the chain and cannot be sealed anew, so it is
 * this key that is, when the sealing key changes.
 */
export function auditVault(database: WritableDatabase, vault: Vault): Vault {
  return vault.under(sealingKey(secretOf(database, vault, 'audit-details')));
}

function secretOf(database: WritableDatabase, vault: Vault, name: string): Buffer {
  const place = { table: 'secrets', row: name, column: 'sealed' };
  const row = database.get<{ sealed: Uint8Array }>('SELECT sealed FROM secrets WHERE name = ?', name);
  if (!row) {
    const secret = Buffer.from(vault.newSecret()).toString('base64');
    database.run('INSERT INTO secrets (name, sealed) VALUES (?, ?)', name, vault.seal(place, secret));
    return Buffer.from(secret, 'base64');
  }
  const opened = vault.open<string>(place, row.sealed);
  if (opened.ok) return Buffer.from(opened.value, 'base64');
  throw opened.reason === 'unknown-key'
    ? new StoreBroken('wrong-key', 'the file was sealed with a key that is not at hand')
    : new StoreBroken('corrupt', `the secret of the file does not open: ${opened.reason}`);
}
