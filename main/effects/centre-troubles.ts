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
