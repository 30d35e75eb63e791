import type { Login } from '../../state-machines/contract/central/identity.ts';
import type { RequestAnswer, RequestBody } from '../../state-machines/contract/central/requests.ts';
import type { CardRead, Effects, Settled } from '../../state-machines/effects.ts';
import type { Log } from '../log.ts';
import type { Store, Submission } from '../store/store.ts';
import type { Sync } from '../uplink/sync.ts';
import { claimOf } from './identity.ts';

/**
 * What is told without a name (LD/T 01-2020, 7.2, and the words of the item that takes complaints): also by who is logged in, and nothing of the
 * visit goes along by which the centre could join it to one.
 */
const nameless: ReadonlySet<RequestBody['kind']> = new Set(['rating', 'complaint']);

/** Puts requests into the outbox and waits a little for the centre's word. */
export function createRequestEffects(parts: {
  store: Store;
  sync: Pick<Sync, 'waitForSettlement'>;
  log: Log;
}): Pick<Effects, 'submit'> {
  const { store, sync, log } = parts;
  return {
    async submit(visit, by, body, waitMs, signal, onKept) {
      const kept = store.submit(
        nameless.has(body.kind)
          ? { ...authorityOf(null), visit: store.newId(), trace: '', body }
          : { ...authorityOf(by), visit: visit.id, trace: visit.trace, body },
      );
      if (!kept.ok) {
        log.error('request.not-kept', {
          trace: visit.trace,
          kind: body.kind,
          reason: kept.reason,
          detail: kept.detail,
        });
        return { ok: false, reason: 'storage-failed' };
      }
      log.info('request.kept', { trace: visit.trace, kind: body.kind, request: kept.id });
      onKept?.();
      if (waitMs === 0) return { ok: true, settled: { state: 'received', number: kept.number } };
      const settlement = await sync.waitForSettlement(kept.id, {
        timeoutMs: waitMs,
        ...(signal === undefined ? {} : { signal }),
      });
      if (settlement === null) return { ok: true, settled: { state: 'received', number: kept.number } };
      switch (settlement.state) {
        case 'done':
          return {
            ok: true,
            settled: {
              state: 'done',
              number: numberOf(settlement.answer) ?? kept.number,
              answer: settlement.answer,
            } satisfies Settled,
          };
        case 'refused':
          return { ok: false, reason: 'request-refused', number: kept.number };
        case 'waiting':
          return { ok: true, settled: { state: 'received', number: kept.number } };
      }
    },
  };
}

/**
 * By what a row may do what it asks, and whose requests it keeps its order among. What comes by a card alone has an order of its own: should the centre refuse
 * the card, what its holder asked for with a password does not wait for that.
 */
function authorityOf(by: Login | CardRead | null): Pick<Submission, 'order' | 'grant' | 'card' | 'parties'> {
  if (by === null) return { order: null, grant: null, parties: null };
  if ('grant' in by) return { order: orderOf(by.parties.subject), grant: by.grant, parties: by.parties };
  const isNamed = by.kind !== 'social-security-card' || by.idNumber !== '';
  return { order: `card ${isNamed ? by.idNumber : by.cardNumber}`, grant: null, card: claimOf(by), parties: null };
}

function orderOf(subject: { kind: 'person'; idNumber: string } | { kind: 'unit'; creditCode: string }): string {
  return subject.kind === 'person' ? subject.idNumber : subject.creditCode;
}

function numberOf(answer: RequestAnswer): string | null {
  return 'number' in answer ? answer.number : null;
}
