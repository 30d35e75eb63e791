/** What both shells do alike: read the configuration, keep a kiosk on the screen, end on a fault. */
import type { Config } from './config.ts';
import { readConfig } from './config.ts';
import { endOnFault } from './faults.ts';
import type { ScreenKiosk } from './hosts/screen-host.ts';
import { keepKiosk } from './keep-kiosk.ts';
import type { KioskShell } from './kiosk.ts';
import { startKiosk } from './kiosk.ts';
import type { Log } from './log.ts';
import { silentLog } from './log.ts';

type Shell = {
  screen: ScreenKiosk;
  panel: Config['panel'];
  screenPort: number;
  /** The log of the kiosk that runs; silent before there is one. */
  log: Log;
  stop(): Promise<void>;
};

type ShellParts = KioskShell & {
  /** The configuration file. It is read anew at every try: whoever mends it need not find the process. */
  file: string;
  /** Ends this process after a fault; whoever started it starts it again. */
  endOnFault: () => void;
};

/** Starts the kiosk for a shell; there is something to show in any case. */
export async function startShell(parts: ShellParts): Promise<Shell> {
  const { file, endOnFault: end, ...kioskShell } = parts;
  // Node cuts small buffers out of one it shares and clears nothing: what a visitor typed would lie there beside whatever is kept.
  Buffer.poolSize = 0;
  const first = readConfig(file);
  let log: Log = silentLog;
  const current: Log = {
    debug: (event, fields) => log.debug(event, fields),
    info: (event, fields) => log.info(event, fields),
    warn: (event, fields) => log.warn(event, fields),
    error: (event, fields) => log.error(event, fields),
    with: (fields) => log.with(fields),
  };
  // Before the first start: what begins with it may end in a fault before it has come up. One that throws itself is tried again (keep-kiosk.ts).
  endOnFault(process, {
    log: current,
    end() {
      if (log === silentLog) console.error('the kiosk could not be started: a fault, not a state');
      end();
    },
  });
  const kept = await keepKiosk({
    hall: first.ok ? first.config.hall : '社会保险自助服务',
    nowMs: Date.now,
    onFailed: (reason, detail) => console.error(`out of service (${reason}): ${detail}`),
    later(run, ms) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    async start() {
      const read = readConfig(file);
      if (!read.ok) return { ok: false, reason: 'configuration-invalid', detail: `${read.reason}: ${read.detail}` };
      const started = await startKiosk(read.config, kioskShell);
      if (!started.ok) return started;
      log = started.kiosk.log;
      return started;
    },
  });
  return {
    screen: kept.screen,
    panel: first.ok ? first.config.panel : 'portrait-21',
    screenPort: first.ok ? first.config.screenPort : 0,
    log: current,
    stop: kept.stop,
  };
}
