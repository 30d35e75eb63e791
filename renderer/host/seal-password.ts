import type { SecretEnvelope } from '../../state-machines/contract/screen.ts';

/** Encrypts a password to the centre's key: {@link sealSecret}. */
export function sealPassword(password: string, envelope: SecretEnvelope): Promise<string> {
  return sealSecret({ password }, envelope);
}

/**
 * Encrypts a secret to the centre's key as a compact JWE (ECDH-ES, A256GCM), bound to kiosk, visit and a nonce used once, both
 * in what is authenticated (`apu`, `apv`) and inside, so that a copy of it opens nothing anywhere else.
 */
export async function sealSecret(secret: Record<string, unknown>, envelope: SecretEnvelope): Promise<string> {
  const { CompactEncrypt, importJWK } = await import('jose');
  const { key, kiosk, visit, nonce } = envelope;
  const { kid, ...publicKey } = key;
  const text = new TextEncoder();
  return new CompactEncrypt(text.encode(JSON.stringify({ ...secret, kiosk, visit, nonce })))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid, cty: 'json' })
    .setKeyManagementParameters({ apu: text.encode(kiosk), apv: text.encode(`${visit}.${nonce}`) })
    .encrypt(await importJWK(publicKey, 'ECDH-ES'));
}
