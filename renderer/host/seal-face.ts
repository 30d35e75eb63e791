import type { SecretEnvelope } from '../../state-machines/contract/screen.ts';
import type { FacePrompt } from '../../state-machines/contract/words/face.ts';
import { sealSecret } from './seal-password.ts';

/** A picture and what was asked for while it was taken. */
export type TakenPicture = { prompt: FacePrompt; jpeg: Uint8Array };

/** Encrypts pictures to the centre's key as a password is (`facePayloadSchema` of the centre's contract), and overwrites them. */
export async function sealFace(pictures: readonly TakenPicture[], envelope: SecretEnvelope): Promise<string> {
  const frames = pictures.map(({ prompt, jpeg }) => ({ prompt, jpeg: base64(jpeg) }));
  for (const { jpeg } of pictures) jpeg.fill(0);
  return sealSecret({ frames }, envelope);
}

/** Bytes a call of `fromCharCode` takes at once. */
const chunk = 8_192;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk) text += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(text);
}
