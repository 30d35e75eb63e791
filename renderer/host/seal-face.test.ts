import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { expect, it } from 'vitest';
import { facePayloadSchema } from '../../state-machines/contract/central/identity.ts';
import { maxFaceJweLength, maxPicturesBytes } from '../../state-machines/contract/words/face.ts';
import { sealFace } from './seal-face.ts';

it('can be opened by the centre, fits the contract even at its largest, and leaves no picture in memory', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const { x = '', y = '' } = await exportJWK(publicKey);
  const visit = '019abc00-0000-7000-8000-000000000001';
  const envelope = {
    key: { kty: 'EC' as const, crv: 'P-256' as const, x, y, kid: 'k' },
    kiosk: 'kiosk-3',
    visit,
    nonce: 'n',
  };
  const prompts = ['straight', 'left', 'near', 'up'] as const;
  const pictures = prompts.map((prompt, at) => ({
    prompt,
    jpeg: Uint8Array.from({ length: maxPicturesBytes / 4 }, (_, byte) => (byte * 31 + at) % 256),
  }));
  const before = pictures.map(({ jpeg }) => jpeg.slice());

  const jwe = await sealFace(pictures, envelope);

  expect(jwe.length).toBeLessThanOrEqual(maxFaceJweLength);
  const { plaintext } = await compactDecrypt(jwe, privateKey);
  const opened = facePayloadSchema.parse(JSON.parse(new TextDecoder().decode(plaintext)));
  expect(opened).toMatchObject({ kiosk: 'kiosk-3', visit, nonce: 'n' });
  expect(opened.frames.map(({ prompt }) => prompt)).toEqual(prompts);
  const taken = opened.frames.map(({ jpeg }) => Uint8Array.from(atob(jpeg), (character) => character.charCodeAt(0)));
  expect(taken).toEqual(before);
  expect(pictures.every(({ jpeg }) => jpeg.every((byte) => byte === 0))).toBe(true);
});
