import type { RequestAnswer } from '../../state-machines/contract/central/requests.ts';
import type { Effects, Settled } from '../../state-machines/effects.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Sync } from '../uplink/sync.ts';

/** Puts requests into the outbox and waits a little for the centre's word. */
export function createRequestEffects(parts: {
  store: Store;
  sync: Pick<Sync, 'waitForSettlement'>;
  log: Log;
}): Pick<Effects, 'submit'> {
  const { store, sync, log } = parts;
  return {
    async submit(visit, login, body, waitMs, signal, onKept) {
      const kept = store.submit({
        order: login === null ? null : orderOf(login.parties.subject),
        visit: visit.id,
        trace: visit.trace,
        grant: login?.grant ?? null,
        parties: login?.parties ?? null,
        body,
      });
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

function orderOf(subject: { kind: 'person'; idNumber: string } | { kind: 'unit'; creditCode: string }): string {
  return subject.kind === 'person' ? subject.idNumber : subject.creditCode;
}

function numberOf(answer: RequestAnswer): string | null {
  return 'number' in answer ? answer.number : null;
}
