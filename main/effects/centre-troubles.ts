import type { Login } from '../../state-machines/contract/central/identity.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import type { CallFailure } from '../uplink/client.ts';

/** What a visitor is told when the centre gave no answer. */
export function troubleOfCall(failure: CallFailure): TroubleReason {
  switch (failure.reason) {
    case 'unreachable':
    case 'timeout':
    case 'unavailable':
    case 'cancelled':
      return 'centre-unreachable';
    case 'not-enrolled':
    case 'not-admitted':
      return 'not-enrolled';
    case 'too-many':
      return 'centre-busy';
    case 'nonsense':
      return 'centre-trouble';
    case 'refused':
      switch (failure.problem?.code) {
        case 'not-found':
          return 'nothing-on-file';
        case 'not-authenticated':
          return 'login-expired';
        case 'not-permitted':
          return 'not-permitted';
        default:
          return 'centre-trouble';
      }
  }
}

/** The same for a call under a login: a grant that has run out is told as such, and not as a lack of permission. */
export function troubleOfVisitCall(failure: CallFailure, login: Login | null, nowMs: number): TroubleReason {
  const trouble = troubleOfCall(failure);
  return trouble === 'not-permitted' && login !== null && login.expiresAt <= nowMs ? 'login-expired' : trouble;
}
