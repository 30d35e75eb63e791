import type { PublicKey } from '../../state-machines/contract/central/envelope.ts';
import type { CallFailure } from './call-result.ts';
import type { CentralClient } from './client.ts';
import type { Enrolment, Identity } from './identity.ts';

export type Enrolled =
  | { ok: true; enrolment: Enrolment }
  | CallFailure
  | { ok: false; reason: 'unwritable'; detail: string };

/**
 * Enrols this kiosk with the one-time code staff typed. The centre's root key is taken from the configuration, else from the centre itself
 * over the pinned connection, and stays pinned. It is asked for first: the code works once, and must not be spent on half an enrolment.
 */
export async function enrolKiosk(
  client: CentralClient,
  identity: Identity,
  options: { code: string; model: string; root?: PublicKey; signal?: AbortSignal },
): Promise<Enrolled> {
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  let root = options.root;
  if (!root) {
    const keys = await client.call('fetchKeys', signal);
    if (!keys.ok) return keys;
    root = keys.answer.root;
  }
  const result = await client.call('enrolKiosk', {
    ...signal,
    body: {
      code: options.code,
      publicKey: identity.publicKey,
      proof: identity.enrolmentProof(options.code),
      model: options.model,
    },
  });
  if (!result.ok) return result;
  const enrolment: Enrolment = { ...result.answer, root };
  const recorded = identity.recordEnrolment(enrolment);
  return recorded.ok ? { ok: true, enrolment } : recorded;
}
