import type { ReactNode } from 'react';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type {
  CameraState,
  Header,
  ScreenEvent,
  ScreenHost,
  ScreenMessage,
  StepView,
  View,
} from '../state-machines/contract/screen.ts';
import type { Language } from '../state-machines/contract/words/text.ts';
import type { CameraWatch } from './camera-watch.ts';
import { words as allWords, type Words } from './copy.ts';
import { Drafts } from './drafts.ts';
import { listenForWedge } from './wedge.ts';

/** What every part of the screen can ask for. */
export type Kiosk = {
  header: Header;
  step: StepView;
  language: Language;
  words: Words;
  host: ScreenHost;
  drafts: Drafts;
  /** Tells the kiosk what the visitor did on this step. A decision counts once a step; the rest as often as it is made. */
  act: (event: ScreenEvent) => void;
  /** Tells the kiosk what opening or using the camera showed. */
  tellCamera: (state: CameraState) => void;
  /** The kiosk's clock, epoch milliseconds. */
  nowMs: () => number;
};

const KioskContext = createContext<Kiosk | null>(null);

/** The kiosk as this screen sees it. */
export function useKiosk(): Kiosk {
  const kiosk = use(KioskContext);
  if (kiosk === null) throw new Error('useKiosk outside of KioskProvider');
  return kiosk;
}

/** A sign of life is sent this often while somebody touches or types, so that nobody who is busy is asked whether they are there. */
const signOfLifeMs = 4_000;
/** A decision whose answer came but changed nothing can be made again after this. */
const decideAgainMs = 4_000;
/** Second taps of a double tap come within this; they belong to the screen that is already gone. */
const doubleTapMs = 350;

/** Joins a view, the host and what is half-typed, and guards against double taps. */
export function KioskProvider({ view, host, children }: { view: View; host: ScreenHost; children: ReactNode }) {
  const { header, step } = view;
  const [drafts] = useState(() => new Drafts());
  const receivedAt = useMemo(() => ({ nowMs: header.nowMs, tick: performance.now() }), [header.nowMs]);
  const nowMs = useCallback(() => receivedAt.nowMs + performance.now() - receivedAt.tick, [receivedAt]);

  const content = JSON.stringify(step);
  const made = useRef({ content: '', keys: new Map<string, number>() });
  if (made.current.content !== content) made.current = { content, keys: new Map() };

  const lastSign = useRef(0);
  const stepId = step.id;
  const act = useCallback(
    (event: ScreenEvent) => {
      const key = decisionOf(event);
      const decisions = made.current.keys;
      if (key !== null) {
        const before = decisions.get(key);
        if (before !== undefined && performance.now() - before < decideAgainMs) return;
        decisions.set(key, performance.now());
      }
      lastSign.current = performance.now();
      const message: ScreenMessage = { contract: 1, id: crypto.randomUUID(), step: stepId, event };
      void host.send(message).then((answer) => {
        if (!answer.ok && key !== null) decisions.delete(key);
      });
    },
    [host, stepId],
  );

  useSettling(stepId);

  const visitEnded = header.visitor === null && (step.kind === 'attract' || step.kind === 'out-of-service');
  useEffect(() => {
    if (visitEnded) drafts.wipe();
  }, [visitEnded, drafts]);

  useEffect(() => {
    const onTouch = () => {
      if (performance.now() - lastSign.current < signOfLifeMs) return;
      act({ type: 'touch' });
    };
    window.addEventListener('pointerdown', onTouch);
    return () => window.removeEventListener('pointerdown', onTouch);
  }, [act]);

  // The listener outlives the step: a code may begin on one screen and end on the next.
  const latestAct = useRef(act);
  useEffect(() => {
    latestAct.current = act;
  }, [act]);
  useEffect(() => listenForWedge(window, (text) => latestAct.current({ type: 'code', text, by: 'wedge' })), []);

  const tellCamera = useCameraWatch(header.camera, host, stepId);

  const language = header.appearance.language;
  const kiosk = useMemo<Kiosk>(
    () => ({ header, step, language, words: allWords[language], host, drafts, act, tellCamera, nowMs }),
    [header, step, language, host, drafts, act, tellCamera, nowMs],
  );
  return <KioskContext value={kiosk}>{children}</KioskContext>;
}

/** Watches over the terminal's camera, where there is one. What it tells is no sign of a visitor's life. */
function useCameraWatch(wish: Header['camera'], host: ScreenHost, stepId: string): (state: CameraState) => void {
  const watch = useRef<CameraWatch | null>(null);
  const step = useRef(stepId);
  useEffect(() => {
    step.current = stepId;
  }, [stepId]);
  const written = JSON.stringify(wish);
  useEffect(() => {
    if (written === undefined) return;
    let isGone = false;
    void import('./camera-watch.ts').then(({ watchCamera }) => {
      if (isGone) return;
      watch.current = watchCamera({
        media: navigator.mediaDevices,
        wish: JSON.parse(written) as NonNullable<Header['camera']>,
        tell: (state) =>
          void host.send({
            contract: 1,
            id: crypto.randomUUID(),
            step: step.current,
            event: { type: 'camera', state },
          }),
      });
    });
    return () => {
      isGone = true;
      watch.current?.stop();
      watch.current = null;
    };
  }, [written, host]);
  return useCallback((state) => watch.current?.learn(state), []);
}

/** Which decision an event is; `null` where it may be made again and again. All ways on from a step are one decision. */
function decisionOf(event: ScreenEvent): string | null {
  switch (event.type) {
    case 'touch':
    case 'appearance':
    case 'copies':
    case 'broken':
    case 'camera':
      return null;
    case 'help':
    case 'end':
      return event.type;
    case 'code':
      return event.by === 'wedge' ? null : 'way-on';
    default:
      return 'way-on';
  }
}

/**
 * Takes touches off the page for the rest of a double tap after a press brought the next screen: the second tap would press
 * whatever lies there now.
 */
function useSettling(stepId: string): void {
  const lastPress = useRef(Number.NEGATIVE_INFINITY);
  const shown = useRef(stepId);
  useEffect(() => {
    const onPress = () => {
      lastPress.current = performance.now();
    };
    window.addEventListener('click', onPress, true);
    return () => window.removeEventListener('click', onPress, true);
  }, []);
  useEffect(() => {
    if (shown.current === stepId) return;
    shown.current = stepId;
    const leftMs = lastPress.current + doubleTapMs - performance.now();
    return leftMs <= 0 ? undefined : settle(leftMs);
  }, [stepId]);
}

/**
 * Takes touches off the page for a while.
 * @returns the undo
 */
export function settle(forMs: number): () => void {
  const root = document.documentElement;
  root.dataset.settling = '';
  const timer = setTimeout(() => delete root.dataset.settling, forMs);
  return () => {
    clearTimeout(timer);
    delete root.dataset.settling;
  };
}

/** A draft of the current step: kept under its id until the visit ends. */
export function useDraft<Draft extends object>(
  fresh: () => Draft,
): [Draft, (next: Draft | ((now: Draft) => Draft)) => void] {
  const { drafts, step } = useKiosk();
  const [draft, setDraft] = useState<Draft>(() => drafts.read(step.id, fresh));
  const stepId = step.id;
  const write = useCallback(
    (next: Draft | ((now: Draft) => Draft)) => {
      // Two changes by one touch: the second is of what the first made.
      const changed = typeof next === 'function' ? next(drafts.read(stepId, fresh)) : next;
      drafts.write(stepId, changed);
      setDraft(changed);
    },
    [drafts, stepId, fresh],
  );
  return [draft, write];
}

/** Whole seconds left until an instant of the kiosk's clock, counted by the screen; `null` where there is no end. */
export function useSecondsLeft(endsAtMs: number | undefined): number | null {
  const { nowMs } = useKiosk();
  const left = () => (endsAtMs === undefined ? null : Math.max(0, Math.ceil((endsAtMs - nowMs()) / 1000)));
  const [, tick] = useState(0);
  useEffect(() => {
    if (endsAtMs === undefined) return;
    const timer = setInterval(() => tick((n) => n + 1), 250);
    return () => clearInterval(timer);
  }, [endsAtMs]);
  return left();
}
