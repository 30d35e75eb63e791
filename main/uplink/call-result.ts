import type { Problem } from '../../state-machines/contract/central/envelope.ts';

/**
 * Why a call brought no answer. `unreachable` and `timeout`: the line. `unavailable`: the centre says it cannot now (5xx). `too-many`: wait
 * `retryAfterMs`. `refused`: the centre said no; `problem.code` says why. `nonsense`: what came is not of the contract. `not-enrolled`:
 * this kiosk is nobody yet. `not-admitted`: the centre does not admit it any more. `cancelled`: the caller's signal.
 */
export type CallFailure = {
  ok: false;
  reason:
    | 'unreachable'
    | 'timeout'
    | 'unavailable'
    | 'too-many'
    | 'refused'
    | 'nonsense'
    | 'not-enrolled'
    | 'not-admitted'
    | 'cancelled';
  /** For logs; never a visitor's data. */
  detail: string;
  problem?: Problem;
  retryAfterMs?: number;
  /** With `unreachable`: the connection was there and broke, so the centre may have heard all of it. */
  brokenOff?: boolean;
};
export type CallResult<T> = { ok: true; answer: T } | CallFailure;
