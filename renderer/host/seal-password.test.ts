import { base64url, compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { expect, it } from 'vitest';
import { sealPassword } from './seal-password.ts';

const text = new TextDecoder();

async function aCentre() {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const { x = '', y = '' } = await exportJWK(publicKey);
  const key = { kty: 'EC' as const, crv: 'P-256' as const, x, y, kid: 'centre-1' };
  return { envelope: { key, kiosk: 'kiosk-3', visit: 'visit-9', nonce: 'nonce-1' }, privateKey };
}

it('can be opened by the centre and holds the password with what it is bound to', async () => {
  const { envelope, privateKey } = await aCentre();
  const { plaintext } = await compactDecrypt(await sealPassword('246810', envelope), privateKey);
  expect(JSON.parse(text.decode(plaintext))).toEqual({
    password: '246810',
    kiosk: 'kiosk-3',
    visit: 'visit-9',
    nonce: 'nonce-1',
  });
});

it('names key and algorithms, and binds kiosk, visit and nonce in the open', async () => {
  const { envelope } = await aCentre();
  const header = decodeProtectedHeader(await sealPassword('246810', envelope));
  expect(header).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'centre-1', cty: 'json' });
  expect(text.decode(base64url.decode(String(header.apu)))).toBe('kiosk-3');
  expect(text.decode(base64url.decode(String(header.apv)))).toBe('visit-9.nonce-1');
});

it('differs each time and shows no digit', async () => {
  const { envelope } = await aCentre();
  const [first, second] = [await sealPassword('246810', envelope), await sealPassword('246810', envelope)];
  expect(first).not.toBe(second);
  expect(first).not.toContain('246810');
});

it('cannot be opened once anything it is bound to was changed', async () => {
  const { envelope, privateKey } = await aCentre();
  const [header = '', ...rest] = (await sealPassword('246810', envelope)).split('.');
  const open = JSON.parse(text.decode(base64url.decode(header)));
  open.apv = base64url.encode('visit-10.nonce-1');
  const forged = [base64url.encode(JSON.stringify(open)), ...rest].join('.');
  await expect(compactDecrypt(forged, privateKey)).rejects.toThrow();
});
