import type {
  PaperPages,
  ScreenAnswer,
  ScreenHost,
  ScreenMessage,
  View,
} from '../../state-machines/contract/screen.ts';

/** What the kiosk says over the socket. `n` is the request it answers. */
type FromKiosk =
  | { kind: 'view'; view: View }
  | { kind: 'answer'; n: number; answer: ScreenAnswer }
  | { kind: 'paper'; n: number; pages: PaperPages };

/** What is wanted and not yet answered. Resent as it is: the kiosk knows a message by its own id. */
type Wanted = {
  body: { kind: 'send'; n: number; message: ScreenMessage } | { kind: 'paper'; n: number; resource: string };
  /** Gives the answer, or `null` when it will not come any more. */
  settle: (answer: FromKiosk | null) => void;
  sentAtMs: number;
  giveUpAtMs: number;
};

/** No answer within this: the connection is taken for dead and made anew. */
const answerWithinMs = 2_000;
/** Over this the request is given up; a view will tell what became of it. */
const giveUpAfterMs = 12_000;
/** How the kiosk closes a socket whose place another page has taken (`closeCodes.replaced` of main/hosts/websocket.ts). */
const replaced = 4001;
const firstRetryMs = 150;
const slowestRetryMs = 3_000;

/** The world a socket needs; the browser's own unless a test says otherwise. */
export type SocketWorld = {
  open: (url: string) => WebSocket;
  nowMs: () => number;
  every: (ms: number, run: () => void) => () => void;
  after: (ms: number, run: () => void) => () => void;
  random: () => number;
};

/** The browser's sockets and timers. */
export const browserWorld: SocketWorld = {
  open: (url) => new WebSocket(url),
  nowMs: () => performance.now(),
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/**
 * The screen's end of the WebSocket host. One socket while somebody listens; it comes back by itself, with growing pauses, and
 * then sends again whatever is unanswered. It does not where another page has taken its place.
 * @param url address of the socket, secret included
 */
export function connectWebSocket(url: string, world: SocketWorld = browserWorld): ScreenHost {
  const wanted = new Map<number, Wanted>();
  let socket: WebSocket | null = null;
  let next = 1;

  function ask(make: (n: number) => Wanted['body'], settle: Wanted['settle']): void {
    const n = next++;
    const want: Wanted = {
      body: make(n),
      settle,
      sentAtMs: world.nowMs(),
      giveUpAtMs: world.nowMs() + giveUpAfterMs,
    };
    wanted.set(n, want);
    transmit(want);
  }

  function transmit(want: Wanted): void {
    if (socket?.readyState !== 1) return;
    want.sentAtMs = world.nowMs();
    socket.send(JSON.stringify(want.body));
  }

  return {
    listen(onView, onLost) {
      let stopped = false;
      let retryMs = firstRetryMs;
      let cancelRetry = () => {};

      const connect = () => {
        if (stopped) return;
        const opened = world.open(url);
        socket = opened;
        opened.onopen = () => {
          retryMs = firstRetryMs;
          for (const want of wanted.values()) transmit(want);
        };
        opened.onmessage = ({ data }: MessageEvent<string>) => {
          const said = JSON.parse(data) as FromKiosk;
          if (said.kind === 'view') return onView(said.view);
          const want = wanted.get(said.n);
          wanted.delete(said.n);
          want?.settle(said);
        };
        opened.onclose = ({ code }: CloseEvent) => {
          if (socket === opened) socket = null;
          if (stopped) return;
          if (code === replaced) {
            onLost(connect);
            return;
          }
          onLost();
          // Full jitter: after a restart of the kiosk nobody knows how long it takes, and asking in step helps nobody.
          cancelRetry = world.after(firstRetryMs + world.random() * (retryMs - firstRetryMs), connect);
          retryMs = Math.min(slowestRetryMs, retryMs * 2);
        };
      };

      const stopWatch = world.every(250, () => {
        const now = world.nowMs();
        for (const [n, want] of wanted) {
          if (now < want.giveUpAtMs) continue;
          wanted.delete(n);
          want.settle(null);
        }
        // An open socket that answers nothing leads nowhere: close it, and the retry sends everything again.
        const silent = [...wanted.values()].some((want) => now - want.sentAtMs > answerWithinMs);
        if (silent && socket?.readyState === 1) socket.close();
      });

      connect();
      return () => {
        stopped = true;
        cancelRetry();
        stopWatch();
        socket?.close();
        socket = null;
      };
    },

    send: (message) =>
      new Promise((resolve) => {
        ask(
          (n) => ({ kind: 'send', n, message }),
          (said) => resolve(said?.kind === 'answer' ? said.answer : { ok: false, reason: 'stale' }),
        );
      }),

    paper: (resource) =>
      new Promise((resolve) => {
        ask(
          (n) => ({ kind: 'paper', n, resource }),
          (said) => resolve(said?.kind === 'paper' ? said.pages : null),
        );
      }),
  };
}
