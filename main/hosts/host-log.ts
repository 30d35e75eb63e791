import type { Log } from '../log.ts';
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

/** The kiosk's log, as hosts write to it. */
export function hostLog(log: Log): HostLog {
  return (event, fields) => log[levels[event]](event, fields);
}
