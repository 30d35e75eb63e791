import type { Effects, Environment, Failed } from '../state-machines/effects.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Kept } from './open-kept.ts';
import type { Refusal } from './uplink/epoch.ts';

export type EnvironmentParts = {
  config: Pick<Config, 'devices' | 'loginWays' | 'faceCheck'>;
  kept: Pick<Kept, 'identity' | 'health'>;
  /** Opens a damaged store anew, if it can be done now; answers whether it was. */
  openStoreAnew: () => Promise<boolean>;
  /** Why the centre has closed this kiosk; null while it has not. */
  closedBecause: () => string | null;
  /** That the centre takes this machine for a copy, with the digits staff compare; null while it does not. */
  refusal: () => Refusal | null;
  /** What line and devices have told until now. */
  environment: () => Environment;
  log: Log;
  /** How many lines of the log could not be written. */
  lostLines: () => number;
  /** Tells whoever watches the process what the log cannot hold. */
  say: (text: string) => void;
};

/** Makes the check of the terminal: out of service as long as it could not keep or answer for what it takes on; devices only block what needs them. */
export function createEnvironmentCheck(parts: EnvironmentParts): Effects['checkEnvironment'] {
  const { config, kept, openStoreAnew, closedBecause, refusal, environment, log, lostLines, say } = parts;
  const isCardHeld = config.devices.some(({ wire }) => wire.kind === 'motorised');
  const isCodeLoginOff = !config.loginWays.includes('code');
  /** Why the kiosk is out of service, as last told to the log. */
  let refusedBecause: Failed['reason'] | null = null;
  /** What of the store the log was last warned of. */
  let warnedOf = '';
  /** What of the store the log was last told to be at fault. */
  let faultyBecause: string | null = null;

  /** A kiosk serves on without its log, and whoever reads that would never learn of it there: it is said once, outside it too. */
  let isLogLossTold = false;
  const tellLogLoss = (): void => {
    const lines = lostLines();
    if (isLogLossTold || lines === 0) return;
    isLogLossTold = true;
    say(`the log cannot be written: ${lines} lines lost until now`);
    log.error('log.lines-lost', { lines });
  };

  const refuse = (reason: Failed['reason'], told: { notice?: string; shown?: string } = {}): Failed & typeof told => {
    if (reason !== refusedBecause) log.warn('environment.refused', { reason, because: closedBecause() });
    refusedBecause = reason;
    return { ok: false, reason, ...told };
  };

  return async () => {
    tellLogLoss();
    let health = kept.health();
    if (health.fault?.reason === 'corrupt' && (await openStoreAnew())) health = kept.health();
    const warnings = health.warnings.join(' ');
    if (warnings !== warnedOf && warnings !== '') log.warn('store.warnings', { ...health.queue, warnings });
    warnedOf = warnings;
    // Out of service it is looked at every few seconds: more of the same would push out of the log what led here.
    if (health.fault && health.fault.reason !== faultyBecause) {
      log.error('store.fault', { reason: health.fault.reason, detail: health.fault.detail });
    }
    faultyBecause = health.fault?.reason ?? null;
    if (health.fault) return refuse('store-unusable');
    if (kept.identity.enrolment() === null) return refuse('not-enrolled');
    // A kiosk that is refused hears no more from the centre than that, so this comes before what it was told last.
    const refused = refusal();
    if (refused !== null) return refuse('not-this-epoch', refused.shown === null ? {} : { shown: refused.shown });
    const closed = closedBecause();
    if (closed !== null) return refuse('out-by-staff', { notice: closed });
    refusedBecause = null;
    // At the start this runs before the machine has taken in what line and devices told until then.
    await Promise.resolve();
    return {
      ok: true,
      environment: {
        ...environment(),
        ...(isCardHeld ? { isCardHeld } : {}),
        ...(isCodeLoginOff ? { isCodeLoginOff } : {}),
        ...(config.faceCheck ? { isFaceCheckOn: true } : {}),
      },
    };
  };
}
