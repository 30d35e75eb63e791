import { expect, test } from 'vitest';
import type { Problem } from '../../state-machines/contract/central/envelope.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import type { CallFailure } from '../uplink/client.ts';
import { troubleOfCall } from './centre-troubles.ts';

function failure(reason: CallFailure['reason'], code?: Problem['code']): CallFailure {
  const problem = code === undefined ? {} : { problem: { type: 'about:blank', title: code, status: 400, code } };
  return { ok: false, reason, detail: '', ...problem };
}

test.each<[CallFailure, TroubleReason]>([
  [failure('unreachable'), 'centre-unreachable'],
  [failure('timeout'), 'centre-unreachable'],
  [failure('unavailable', 'unavailable'), 'centre-unreachable'],
  [failure('cancelled'), 'centre-unreachable'],
  [failure('not-enrolled'), 'not-enrolled'],
  [failure('not-admitted'), 'not-enrolled'],
  [failure('too-many', 'too-many-requests'), 'centre-busy'],
  [failure('nonsense'), 'centre-trouble'],
  [failure('refused', 'not-found'), 'nothing-on-file'],
  [failure('refused', 'not-authenticated'), 'login-expired'],
  [failure('refused', 'not-permitted'), 'not-permitted'],
  [failure('refused', 'malformed'), 'centre-trouble'],
  [failure('refused', 'key-reused'), 'centre-trouble'],
  [failure('refused', 'conflict'), 'centre-trouble'],
  [failure('refused', 'unsupported-version'), 'centre-trouble'],
  [failure('refused'), 'centre-trouble'],
])('tells %j as %s', (failed, reason) => {
  expect(troubleOfCall(failed)).toBe(reason);
});
