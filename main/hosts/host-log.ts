import type { Log } from '../log.ts';
import { limitLog } from '../log-limit.ts';
import type { Clock } from '../uplink/clock.ts';
import type { HostLog, HostLogEvent } from './screen-host.ts';

/** A bug is an error; what strangers try is worth a look; screens come and go. */
const levels: Record<HostLogEvent, 'info' | 'warn' | 'error'> = {
  'screen.connected': 'info',
  'screen.lost': 'info',
  'screen.replaced': 'info',
  'screen.refused': 'warn',
  'screen.malformed': 'warn',
  'screen.fault': 'error',
};

/** The kiosk's log, as hosts write to it. Strangers can try without end: what they do is limited. */
export function hostLog(log: Log, clock?: Pick<Clock, 'after'>): HostLog {
  const limited = limitLog(log, clock);
  return (event, fields) => {
    const level = levels[event];
    if (level === 'warn') limited(level, event, {}, fields);
    else log[level](event, fields);
  };
}
