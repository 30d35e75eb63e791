import type { Log } from '../log.ts';
import type { LineState } from './line.ts';
import type { SyncEvent } from './sync-event.ts';

/**
 * Writes what the sync tells into the log: what staff have to look at as a warning or an error, what goes by itself as news. How a wish for a new
 * epoch stands is asked over and over, and written when it changes.
 */
export function syncLog(log: Log): (event: SyncEvent) => void {
  let toldOfEpoch = '';
  return (event) => {
    if (event.kind !== 'epoch') return logSync(log, event);
    const told = JSON.stringify([event.asked.state, event.wish]);
    if (told === toldOfEpoch) return;
    toldOfEpoch = told;
    logEpoch(log, event);
  };
}

function logEpoch(log: Log, { asked, wish }: Extract<SyncEvent, { kind: 'epoch' }>): void {
  if (asked.state === 'opened') {
    log.info('epoch.opened', { epoch: asked.epoch });
    return;
  }
  // The digits are for whoever stands before the machine. A kiosk that waits for its epoch is refused everything else, handing over logs too.
  log.error('epoch.needed', {
    state: asked.state,
    reason: wish?.reason ?? null,
    shown: wish?.shown ?? null,
    lostRanges: wish?.lost.length ?? 0,
  });
}

function logSync(log: Log, event: Exclude<SyncEvent, { kind: 'epoch' }>): void {
  switch (event.kind) {
    case 'round': {
      const { round } = event;
      if (round.kind === 'delivered') log.info('delivery.done', { rows: round.results.length });
      if (round.kind === 'failed') log.warn('delivery.failed', { reason: round.reason, rows: round.rows });
      if (round.kind === 'store-failed') log.error('delivery.store-failed', { reason: round.reason });
      break;
    }
    case 'set-aside':
      log.error('request.set-aside', { request: event.id, code: event.code });
      break;
    case 'issue-settled':
      if (event.outcome === 'lost') log.error('issue.lost', { key: event.key });
      else log.info('issue.settled', { key: event.key, outcome: event.outcome });
      break;
    case 'issue-open':
      log.warn('issue.open', { key: event.key, reason: event.reason });
      break;
    case 'heartbeat':
      log.debug('heartbeat.answered', { clockOffsetMs: event.clockOffsetMs });
      break;
    case 'heartbeat-failed':
      // The line's own event says so once; this comes again and again.
      log.debug('heartbeat.failed', { reason: event.reason });
      break;
    case 'catalogue':
      if (!event.result.ok) log.warn('catalogue.not-taken', { reason: event.result.reason });
      break;
  }
}

/** Writes a change of the line into the log. */
export function logLine(log: Log, line: LineState): void {
  if (line.state === 'online') log.info('line.online');
  else log.warn('line.offline', { reason: line.reason });
}
