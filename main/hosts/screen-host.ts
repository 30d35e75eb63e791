/**
 * What main offers a screen, whichever host carries it: views out, messages in, papers beside.
 *
 * A host (`ipc.ts`, `websocket.ts`) moves these over its wire and adds nothing. The suite in `host-suite.ts` is what every
 * host proves.
 */

import { readBy } from '../../state-machines/contract/read.ts';
import {
  type PaperPages,
  type ScreenAnswer,
  type ScreenMessage,
  screenMessageSchema,
  type View,
} from '../../state-machines/contract/screen.ts';
import { describeFault } from '../faults.ts';

/** The kiosk, as a screen knows it. Messages that reach it are of the schema and come once. */
export interface ScreenKiosk {
  /** Starts listening: the current view is delivered at once, then every further one. Returns the undo. */
  subscribe(listener: (view: View) => void): () => void;
  handle(message: ScreenMessage): ScreenAnswer;
  /** Pages of a paper that a view named; `null` once its step has gone. */
  paper(resource: string): PaperPages | Promise<PaperPages>;
}

/** The kiosk behind its checks: takes anything. */
export interface ScreenPort {
  subscribe(listener: (view: View) => void): () => void;
  /** Answers anything a screen may send. The same id is answered the same, and reaches the kiosk once. */
  receive(message: unknown): ScreenAnswer;
  paper(resource: unknown): Promise<PaperPages>;
}

/** What a host tells of itself: names for the log, with fields that hold no visitor's data. */
export type HostLog = (event: HostLogEvent, fields: HostLogFields) => void;
type HostLogFields = {
  host?: 'ipc' | 'websocket';
  /** Which check refused. */
  why?: string;
  /** Close code of a socket. */
  code?: number;
  /** Paths within a message that were not of the schema. */
  where?: string;
  during?: string;
  cause?: string;
};
export type HostLogEvent =
  | 'screen.connected'
  | 'screen.lost'
  | 'screen.replaced'
  | 'screen.refused'
  | 'screen.malformed'
  | 'screen.fault';

/** A resource's name as views write it; anything longer names no paper. */
const resourceMaxLength = 200;

/**
 * Puts the checks before the kiosk. `remembered` is how many answers are kept for resends: a screen resends within seconds, and
 * what is older than that many touches is stale by its step.
 */
export function guardKiosk(kiosk: ScreenKiosk, log: HostLog, remembered = 256): ScreenPort {
  const answers = new Map<string, ScreenAnswer>();

  return {
    subscribe: (listener) => kiosk.subscribe(listener),

    receive(message) {
      const parsed = readBy(screenMessageSchema, message);
      if (!parsed.success) {
        log('screen.malformed', { where: whereOf(parsed.error.issues) });
        return { ok: false, reason: 'malformed' };
      }
      const known = answers.get(parsed.data.id);
      if (known !== undefined) return known;

      let answer: ScreenAnswer;
      try {
        answer = kiosk.handle(parsed.data);
      } catch (error) {
        // A bug of ours. The visitor's screen goes on; the log has the cause.
        log('screen.fault', { during: parsed.data.event.type, cause: describeFault(error) });
        answer = { ok: false, reason: 'not-now' };
      }
      answers.set(parsed.data.id, answer);
      if (answers.size > remembered) {
        const oldest = answers.keys().next();
        if (oldest.done !== true) answers.delete(oldest.value);
      }
      return answer;
    },

    async paper(resource) {
      if (typeof resource !== 'string' || resource.length > resourceMaxLength) return null;
      try {
        return await kiosk.paper(resource);
      } catch (error) {
        log('screen.fault', { during: 'paper', cause: describeFault(error) });
        return null;
      }
    },
  };
}

/** Paths only, since what stands there may be a visitor's; cut, since a hostile screen names its fields as it likes. */
function whereOf(issues: readonly { path: readonly PropertyKey[] }[]): string {
  return issues
    .map(({ path }) => path.join('.'))
    .join(' ')
    .slice(0, 120);
}
