import type { Log } from './log.ts';
import { fullJitterMs } from './uplink/backoff.ts';
import type { CentralClient } from './uplink/client.ts';
import { enrolKiosk } from './uplink/enrol.ts';
import type { Identity } from './uplink/identity.ts';

type EnrolParts = {
  client: CentralClient;
  identity: Identity;
  /** One-time code; without one nothing happens. */
  code: string | undefined;
  model: string;
  onEnrolled: () => void;
  log: Log;
};

/** How often a kiosk that is not enrolled yet tries to be: soon at first, and at most every minute once it keeps failing. */
const enrolRetry = { baseMs: 3_000, capMs: 60_000, random: Math.random };

/** A kiosk with a one-time code enrols itself at its first start, and goes on trying while the centre is away. Returns the undo. */
export function enrolUntilDone({ client, identity, code, model, onEnrolled, log }: EnrolParts): () => void {
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  let failures = 0;
  const attempt = async (): Promise<void> => {
    if (identity.enrolment() !== null || code === undefined) return;
    const enrolled = await enrolKiosk(client, identity, { code, model });
    if (isStopped) return;
    if (enrolled.ok) {
      log.info('kiosk.enrolled', { kiosk: enrolled.enrolment.kiosk });
      onEnrolled();
      return;
    }
    failures += 1;
    log.warn('kiosk.not-enrolled', { reason: enrolled.reason, detail: enrolled.detail, failures });
    timer = setTimeout(() => void attempt(), 500 + fullJitterMs(failures, enrolRetry));
  };
  void attempt();
  return () => {
    isStopped = true;
    clearTimeout(timer ?? undefined);
  };
}
