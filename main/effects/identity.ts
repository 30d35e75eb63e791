import type { CardClaim, CodeAnswer, PasswordAnswer } from '../../state-machines/contract/central/identity.ts';
import { maxElectronicCodeLength } from '../../state-machines/contract/central/identity.ts';
import type { CardRead, Effects, Failed, Visit } from '../../state-machines/effects.ts';
import type { Log } from '../log.ts';
import type { CallResult } from '../uplink/call-result.ts';
import type { CentralClient } from '../uplink/client.ts';
import type { Identity } from '../uplink/identity.ts';
import { troubleOfCall } from './centre-troubles.ts';
import type { PadDesk } from './pin-pad.ts';

/** Asks the centre about a card and proves a password or a code. The password is ciphertext here and stays so; a code is neither parsed nor logged. */
export function createIdentityEffects(parts: {
  client: CentralClient;
  identity: Identity;
  pad: PadDesk;
  log: Log;
}): Pick<Effects, 'checkCard' | 'challenge' | 'provePassword' | 'enterPin' | 'provePin' | 'proveCode'> {
  const { client, identity, pad, log } = parts;
  return {
    async checkCard(visit, card, signal) {
      const checked = await client.call('checkCard', {
        body: { visit: visit.id, card: claimOf(card) },
        trace: visit.trace,
        signal,
      });
      if (!checked.ok) return { ok: false, reason: troubleOfCall(checked) };
      const standing = checked.answer;
      log.info('card.checked', { trace: visit.trace, state: standing.state });
      return { ok: true, standing };
    },
    async challenge(visit, signal) {
      const enrolment = identity.enrolment();
      if (enrolment === null) return { ok: false, reason: 'not-enrolled' };
      const claim = pad.claim();
      const challenged = await client.call('passwordChallenge', {
        body: { visit: visit.id, ...(claim === null ? {} : { pad: claim }) },
        trace: visit.trace,
        signal,
      });
      if (!challenged.ok) return { ok: false, reason: troubleOfCall(challenged) };
      const { key, nonce, pin } = challenged.answer;
      if (claim !== null && pin === undefined)
        log.warn('pin-pad.unknown-to-centre', { trace: visit.trace, serialNumber: claim.serialNumber });
      return {
        ok: true,
        envelope: { key, kiosk: enrolment.kiosk, visit: visit.id, nonce },
        pad: pin === undefined ? null : await pad.load(visit, nonce, pin, signal),
      };
    },
    async provePassword(visit, card, jwe, signal) {
      const proved = await client.call('provePassword', {
        body: { visit: visit.id, card: claimOf(card), jwe },
        trace: visit.trace,
      });
      if (signal.aborted) return tooLate(visit, proved);
      if (!proved.ok) return { ok: false, reason: troubleOfCall(proved) };
      log.info('login.answered', { trace: visit.trace, state: proved.answer.state });
      return { ok: true, answer: proved.answer };
    },
    enterPin: pad.enterPin,
    async provePin(visit, card, pin, signal) {
      const proved = await client.call('provePin', {
        body: { visit: visit.id, card: claimOf(card), pin },
        trace: visit.trace,
      });
      if (signal.aborted) return tooLate(visit, proved);
      if (!proved.ok) return { ok: false, reason: troubleOfCall(proved) };
      log.info('login.answered', { trace: visit.trace, way: 'pin-pad', state: proved.answer.state });
      return { ok: true, answer: proved.answer };
    },
    async proveCode(visit, code, signal) {
      // What is longer is the code of something else, and spares the centre the question.
      if (code.length > maxElectronicCodeLength) return { ok: true, answer: { state: 'unknown' } };
      const proved = await client.call('proveCode', { body: { visit: visit.id, code }, trace: visit.trace });
      if (signal.aborted) return tooLate(visit, proved);
      if (!proved.ok) return { ok: false, reason: troubleOfCall(proved) };
      log.info('login.answered', { trace: visit.trace, way: 'code', state: proved.answer.state });
      return { ok: true, answer: proved.answer };
    },
  };

  /**
   * The visitor went while the centre was answering. A question about a login is not called back, since it may have reached the centre by then;
   * what it opened is closed again.
   */
  function tooLate(visit: Visit, proved: CallResult<PasswordAnswer | CodeAnswer>): Failed {
    if (proved.ok && proved.answer.state === 'right') {
      log.info('login.too-late', { trace: visit.trace });
      const { grant } = proved.answer.login;
      void client.call('endVisit', { grant, trace: visit.trace, body: { visit: visit.id } });
    }
    return { ok: false, reason: 'centre-unreachable' };
  }
}

/** What a card told, as it goes to the centre; what is masked for the screen stays here. */
export function claimOf({ maskedName: _, maskedNumber: __, ...claim }: CardRead): CardClaim {
  return claim;
}
