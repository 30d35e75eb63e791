import type { CallFailure, CallResult } from './call-result.ts';
import type { CentralClient } from './client.ts';
import type { Clock } from './clock.ts';

/** Whether the centre can be spoken to. `reason` is the last failure's while offline, `not-heard` before the first call. */
export type LineState =
  | { state: 'online'; sinceMs: number }
  | { state: 'offline'; sinceMs: number; reason: CallFailure['reason'] | 'not-heard' };

export type Line = {
  current(): LineState;
  /** Whether the last call contradicts the state: one more of its kind will change it. */
  isInDoubt(): boolean;
  /** Told of the state at once, and of every change. */
  subscribe(listener: (state: LineState) => void): () => void;
  close(): void;
};

/**
 * Calls in a row that change the state. A single lost packet does not put "offline" on the screen, and a line that comes and goes does not
 * flicker; the first call after start decides alone.
 */
const callsToChange = 2;

/** The line's state, told from what became of every call the kiosk makes, whoever makes it. */
export function watchLine(client: Pick<CentralClient, 'onOutcome'>, clock: Clock): Line {
  let state: LineState = { state: 'offline', sinceMs: clock.nowMs(), reason: 'not-heard' };
  let against = 0;
  const listeners = new Set<(state: LineState) => void>();

  const undo = client.onOutcome((outcome) => {
    const reason = failureOfLine(outcome);
    const isAgainst = (reason === null) !== (state.state === 'online');
    const isUnheard = state.state === 'offline' && state.reason === 'not-heard';
    if (!isAgainst && !isUnheard) {
      against = 0;
      return;
    }
    against += 1;
    if (against < callsToChange && !isUnheard) return;
    against = 0;
    state =
      reason === null
        ? { state: 'online', sinceMs: clock.nowMs() }
        : { state: 'offline', sinceMs: clock.nowMs(), reason };
    for (const listener of [...listeners]) listener(state);
  });

  return {
    current: () => state,
    isInDoubt: () => against > 0,
    subscribe(listener) {
      listeners.add(listener);
      listener(state);
      return () => listeners.delete(listener);
    },
    close() {
      undo();
      listeners.clear();
    },
  };
}

/** Why a call says the line does not work; null where the centre answered, be it with a no. */
function failureOfLine(outcome: CallResult<unknown>): CallFailure['reason'] | null {
  if (outcome.ok) return null;
  switch (outcome.reason) {
    case 'refused':
    case 'too-many':
      return null;
    case 'unreachable':
    case 'timeout':
    case 'unavailable':
    case 'nonsense':
    case 'not-enrolled':
    case 'not-admitted':
    case 'cancelled':
      return outcome.reason;
  }
}
