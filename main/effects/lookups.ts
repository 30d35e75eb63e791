import type { Effects } from '../../state-machines/effects.ts';
import type { CentralClient } from '../uplink/client.ts';
import { troubleOfVisitCall } from './centre-troubles.ts';

/** Looks things up at the centre, under the visit's grant where somebody logged in. */
export function createLookupEffects(parts: { client: CentralClient; nowMs: () => number }): Pick<Effects, 'query'> {
  return {
    async query(name, visit, login, signal) {
      const found = await parts.client.query(name, {
        trace: visit.trace,
        signal,
        ...(login === null ? {} : { grant: login.grant }),
      });
      return found.ok ? found : { ok: false, reason: troubleOfVisitCall(found, login, parts.nowMs()) };
    },
  };
}
