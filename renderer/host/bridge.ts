import type { ScreenAnswer, ScreenHost } from '../../state-machines/contract/screen.ts';

declare global {
  interface Window {
    /** Laid by Electron's preload, and by nothing else. */
    kioskBridge?: ScreenHost;
  }
}

const answerWithinMs = 2_000;
const tries = 4;

/**
 * The screen's end of the IPC host: the preload's bridge, with a deadline and resends (the kiosk knows a message by its id), so
 * that a main process that is busy or dying leaves no button waiting for ever.
 */
export function connectBridge(bridge: ScreenHost): ScreenHost {
  return {
    listen: (onView, onLost) => bridge.listen(onView, onLost),
    send: (message) => patiently(() => bridge.send(message), { ok: false, reason: 'stale' } satisfies ScreenAnswer),
    paper: (resource) => patiently(() => bridge.paper(resource), null),
  };
}

async function patiently<Answer>(ask: () => Promise<Answer>, otherwise: Answer): Promise<Answer> {
  for (let tried = 0; tried < tries; tried++) {
    const answer = await Promise.race([ask().catch(() => null), pause(answerWithinMs)]);
    if (answer !== undefined && answer !== null) return answer;
  }
  return otherwise;
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms);
  });
}
