import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Kept } from './open-kept.ts';
import { startUpkeep } from './store/upkeep.ts';
import type { CentralClient } from './uplink/client.ts';
import { systemClock } from './uplink/clock.ts';

const dayMs = 24 * 3_600_000;

/** Sees to the kiosk's store while nobody waits, by the retention of the configuration, and tells the log. */
export function startStoreUpkeep(parts: {
  kept: Pick<Kept, 'store' | 'rotation'>;
  retention: Config['retention'];
  isIdle: () => boolean;
  client: Pick<CentralClient, 'clockOffsetMs'>;
  log: Log;
}): { stop(): Promise<void> } {
  const { kept, retention, isIdle, client, log } = parts;
  return startUpkeep({
    store: kept.store,
    clock: systemClock,
    isIdle,
    // Held against the centre's; while that was not heard of since the start, nothing is wiped.
    isClockSound: () => Math.abs(client.clockOffsetMs() ?? Number.POSITIVE_INFINITY) < dayMs,
    rotation: kept.rotation,
    retention: { settledMs: retention.settledDays * dayMs, auditMs: retention.auditDays * dayMs },
    tell(event) {
      if (event.kind === 'failed') log.error('store.upkeep-failed', { what: event.what, reason: event.reason });
      else if (event.kind === 'wiped') log.info('store.wiped', event.wiped);
      else if (event.kind === 'key-rotation') log.info('store.key-rotation', { step: event.step });
      else log.info('store.backed-up', { bytes: event.bytes });
    },
  });
}
