/**
 * Keeps a kiosk on the screen whatever happens at its start: where configuration, keys or store do not let it start, or it throws, the screen says
 * that it is out of service and why (a small code for staff), and the start is tried again. A hall never sees a dead panel.
 */
import type { ScreenAnswer, View } from '../state-machines/contract/screen.ts';
import { screenContract } from '../state-machines/contract/screen.ts';
import { say, words } from '../state-machines/copy.ts';
import { defaultAppearance } from '../state-machines/kiosk/context.ts';
import type { TroubleReason } from '../state-machines/troubles.ts';
import { troubles } from '../state-machines/troubles.ts';
import { describeFault } from './faults.ts';
import type { ScreenKiosk } from './hosts/screen-host.ts';
import type { Kiosk } from './kiosk.ts';

export type StartAttempt = { ok: true; kiosk: Kiosk } | { ok: false; reason: TroubleReason; detail: string };

type KeptKiosk = {
  /** The same for the whole life of the process: first a notice, if need be, then the kiosk. */
  screen: ScreenKiosk;
  stop(): Promise<void>;
};

type KeepParts = {
  start: () => Promise<StartAttempt>;
  /** Stands in the head while nothing better is known. */
  hall: string;
  /** Told of every failed attempt, for whoever watches the process. */
  onFailed: (reason: TroubleReason, detail: string) => void;
  nowMs: () => number;
  /** Runs something later; returns the undo. */
  later: (run: () => void, ms: number) => () => void;
};

/** How long a start that failed waits for the next. */
export const retryMs = 30_000;

/** Starts the kiosk, and answers as soon as there is something to show. */
export async function keepKiosk(parts: KeepParts): Promise<KeptKiosk> {
  const listeners = new Map<(view: View) => void, () => void>();
  let kiosk: Kiosk | null = null;
  let notice: View | null = null;
  let undoRetry = (): void => {};
  let isStopped = false;

  async function attempt(): Promise<void> {
    const started = await tryStart();
    if (isStopped) {
      if (started.ok) await started.kiosk.stop();
      return;
    }
    if (started.ok) {
      kiosk = started.kiosk;
      for (const [listener, undo] of listeners) {
        undo();
        listeners.set(listener, listen(started.kiosk, listener));
      }
      return;
    }
    parts.onFailed(started.reason, started.detail);
    notice = makeNotice(started.reason);
    for (const listener of listeners.keys()) listener(notice);
    undoRetry = parts.later(() => void attempt(), retryMs);
  }

  /**
   * A start that throws is a bug or a damage nobody thought of. To end for it would start the same again and again behind a dead panel: the notice
   * stands instead, and the start is tried again. Its message may quote what was read, so only its kind and place are told.
   */
  async function tryStart(): Promise<StartAttempt> {
    try {
      return await parts.start();
    } catch (error) {
      return { ok: false, reason: 'store-unusable', detail: `a fault: ${describeFault(error)}` };
    }
  }

  /** Views count on from the notices before, so that a screen never takes one for old. */
  function listen(source: Kiosk, listener: (view: View) => void): () => void {
    const before = notice?.seq ?? 0;
    return source.screen.subscribe((view) => listener(before === 0 ? view : { ...view, seq: before + view.seq }));
  }

  function makeNotice(reason: TroubleReason): View {
    const { language } = defaultAppearance;
    const trouble = troubles[reason];
    return {
      contract: screenContract,
      seq: (notice?.seq ?? 0) + 1,
      header: {
        hall: parts.hall,
        terminal: '',
        hotline: '12333',
        nowMs: parts.nowMs(),
        line: { state: 'offline', text: say(words.lineOffline, language) },
        visitor: null,
        appearance: defaultAppearance,
        helpCalled: false,
      },
      step: {
        kind: 'out-of-service',
        id: `notice.${trouble.code}`,
        title: say(words.outTitle, language),
        happened: say(trouble.happened, language),
        todo: say(trouble.todo, language),
        code: trouble.code,
      },
    };
  }

  await attempt();

  return {
    screen: {
      subscribe(listener) {
        if (kiosk !== null) listeners.set(listener, listen(kiosk, listener));
        else {
          listeners.set(listener, () => {});
          if (notice !== null) listener(notice);
        }
        return () => {
          listeners.get(listener)?.();
          listeners.delete(listener);
        };
      },
      handle: (message): ScreenAnswer => kiosk?.screen.handle(message) ?? { ok: false, reason: 'not-now' },
      paper: (resource) => kiosk?.screen.paper(resource) ?? null,
    },
    async stop() {
      isStopped = true;
      undoRetry();
      await kiosk?.stop();
    },
  };
}
