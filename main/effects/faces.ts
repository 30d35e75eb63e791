import { randomInt } from 'node:crypto';
import type { FaceAnswer } from '../../state-machines/contract/central/identity.ts';
import type { FacePrompt } from '../../state-machines/contract/words/face.ts';
import { facePrompts } from '../../state-machines/contract/words/face.ts';
import type { Effects } from '../../state-machines/effects.ts';
import type { Log } from '../log.ts';
import type { CallResult } from '../uplink/call-result.ts';
import type { CentralClient } from '../uplink/client.ts';
import type { Identity } from '../uplink/identity.ts';
import { troubleOfCall } from './centre-troubles.ts';

/** Poses asked for after the first. */
const posesAfterFirst = 2;

/** Asks the centre about a face. The pictures are ciphertext here and stay so; they are sent once, and neither kept, queued nor logged. */
export function createFaceEffects(parts: {
  client: CentralClient;
  identity: Identity;
  log: Log;
  /** A whole number below `below`, which nobody can foretell. */
  random?: (below: number) => number;
}): Pick<Effects, 'facePrompts' | 'faceChallenge' | 'proveFace'> {
  const { client, identity, log, random = randomInt } = parts;
  return {
    facePrompts() {
      const [first, ...rest] = facePrompts;
      const drawn: FacePrompt[] = [first];
      while (drawn.length <= posesAfterFirst) drawn.push(...rest.splice(random(rest.length), 1));
      return drawn;
    },
    async faceChallenge(visit, signal) {
      const enrolment = identity.enrolment();
      if (enrolment === null) return { ok: false, reason: 'not-enrolled' };
      const challenged = await client.call('passwordChallenge', {
        body: { visit: visit.id },
        trace: visit.trace,
        signal,
      });
      if (!challenged.ok) return { ok: false, reason: troubleOfCall(challenged) };
      const { key, nonce } = challenged.answer;
      return { ok: true, envelope: { key, kiosk: enrolment.kiosk, visit: visit.id, nonce } };
    },
    async proveFace(visit, card, prompts, jwe, signal) {
      // What is masked for the screen stays here.
      const { maskedName: _, maskedNumber: __, ...claim } = card;
      const proved: CallResult<FaceAnswer> = await client.call('proveFace', {
        body: { visit: visit.id, card: claim, prompts: [...prompts], jwe },
        trace: visit.trace,
      });
      if (signal.aborted) {
        // The visitor went while the centre was answering: what it opened is closed again.
        if (proved.ok && proved.answer.state === 'right') {
          log.info('login.too-late', { trace: visit.trace });
          const { grant } = proved.answer.login;
          void client.call('endVisit', { grant, trace: visit.trace, body: { visit: visit.id } });
        }
        return { ok: false, reason: 'centre-unreachable' };
      }
      if (!proved.ok) return { ok: false, reason: troubleOfCall(proved) };
      log.info('login.answered', { trace: visit.trace, way: 'face', state: proved.answer.state });
      return { ok: true, answer: proved.answer };
    },
  };
}
