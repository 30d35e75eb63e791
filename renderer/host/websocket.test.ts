import { describe, expect, it } from 'vitest';
import type { ScreenMessage, View } from '../../state-machines/contract/screen.ts';
import { connectWebSocket, type SocketWorld } from './websocket.ts';

/** A socket whose other end is the test. */
class FakeSocket {
  readyState = 0;
  sent: { kind: string; n: number; message?: ScreenMessage; resource?: string }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: unknown) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close(code = 1006) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

/** Time and sockets in the test's hand. */
function aWorld() {
  const sockets: FakeSocket[] = [];
  const timers: { at: number; run: () => void; every?: number; off: boolean }[] = [];
  let now = 0;
  const add = (ms: number, run: () => void, every?: number) => {
    const timer = { at: now + ms, run, off: false, ...(every === undefined ? {} : { every }) };
    timers.push(timer);
    return () => {
      timer.off = true;
    };
  };
  const world: SocketWorld = {
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    nowMs: () => now,
    every: (ms, run) => add(ms, run, ms),
    after: (ms, run) => add(ms, run),
    random: () => 0.5,
  };
  const pass = (ms: number) => {
    const until = now + ms;
    for (;;) {
      const next = timers.filter((timer) => !timer.off && timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      now = next.at;
      if (next.every === undefined) next.off = true;
      else next.at += next.every;
      next.run();
    }
    now = until;
  };
  const last = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  return { world, pass, last, sockets };
}

const message: ScreenMessage = { contract: 1, id: 'message-1', step: 'step-1', event: { type: 'next' } };
const view = { seq: 1 } as View;

describe('the screen’s end of the socket', () => {
  it('hands on every view', () => {
    const { world, last } = aWorld();
    const seen: View[] = [];
    connectWebSocket('ws://kiosk', world).listen(
      (one) => seen.push(one),
      () => {},
    );
    last().open();
    last().say({ kind: 'view', view });
    expect(seen).toEqual([view]);
  });

  it('gives each request its own answer', async () => {
    const { world, last } = aWorld();
    const host = connectWebSocket('ws://kiosk', world);
    host.listen(
      () => {},
      () => {},
    );
    last().open();
    const sent = host.send(message);
    const paper = host.paper('paper-1');
    const [send, fetch] = last().sent;
    last().say({ kind: 'paper', n: fetch?.n, pages: { mime: 'image/png', pages: ['data:'] } });
    last().say({ kind: 'answer', n: send?.n, answer: { ok: true } });
    expect(await sent).toEqual({ ok: true });
    expect(await paper).toEqual({ mime: 'image/png', pages: ['data:'] });
  });

  it('says that the kiosk is lost, comes back by itself, and sends again what is unanswered, by the same id', async () => {
    const { world, pass, last, sockets } = aWorld();
    const host = connectWebSocket('ws://kiosk', world);
    let lost = 0;
    host.listen(
      () => {},
      () => lost++,
    );
    last().open();
    const sent = host.send(message);
    last().close();
    expect(lost).toBe(1);
    pass(1_000);
    expect(sockets).toHaveLength(2);
    last().open();
    expect(last().sent.map((one) => one.message?.id)).toEqual(['message-1']);
    last().say({ kind: 'answer', n: last().sent[0]?.n, answer: { ok: true } });
    expect(await sent).toEqual({ ok: true });
  });

  it('takes a socket for dead that leaves a request unanswered for two seconds', () => {
    const { world, pass, last, sockets } = aWorld();
    const host = connectWebSocket('ws://kiosk', world);
    host.listen(
      () => {},
      () => {},
    );
    last().open();
    void host.send(message);
    pass(1_900);
    expect(sockets).toHaveLength(1);
    pass(3_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('gives up a request in the end and calls it stale, so that no button waits for ever', async () => {
    const { world, pass, last } = aWorld();
    const host = connectWebSocket('ws://kiosk', world);
    host.listen(
      () => {},
      () => {},
    );
    last().open();
    const sent = host.send(message);
    const paper = host.paper('paper-1');
    pass(15_000);
    expect(await sent).toEqual({ ok: false, reason: 'stale' });
    expect(await paper).toBeNull();
  });

  it('asks less and less often while the kiosk stays away', () => {
    const { world, pass, last, sockets } = aWorld();
    connectWebSocket('ws://kiosk', world).listen(
      () => {},
      () => {},
    );
    for (let tries = 0; tries < 8; tries++) {
      last().close();
      pass(4_000);
    }
    expect(sockets.length).toBeLessThanOrEqual(9);
  });

  // Two pages on one address took the kiosk from each other for ever, several times a second.
  it('does not come back by itself where another page has taken its place, but at a touch', () => {
    const { world, pass, last, sockets } = aWorld();
    const lost: ((() => void) | undefined)[] = [];
    const seen: View[] = [];
    connectWebSocket('ws://kiosk', world).listen(
      (one) => seen.push(one),
      (takeOver) => lost.push(takeOver),
    );
    last().open();
    last().close(4001);
    pass(60_000);
    expect(sockets).toHaveLength(1);
    expect(lost).toHaveLength(1);
    lost[0]?.();
    expect(sockets).toHaveLength(2);
    last().open();
    last().say({ kind: 'view', view });
    expect(seen).toEqual([view]);
  });

  it('offers no taking over where the kiosk itself is away', () => {
    const { world, last } = aWorld();
    const lost: ((() => void) | undefined)[] = [];
    connectWebSocket('ws://kiosk', world).listen(
      () => {},
      (takeOver) => lost.push(takeOver),
    );
    last().open();
    last().close(1001);
    expect(lost).toEqual([undefined]);
  });

  it('opens nothing any more once nobody listens', () => {
    const { world, pass, last, sockets } = aWorld();
    const stop = connectWebSocket('ws://kiosk', world).listen(
      () => {},
      () => {},
    );
    last().open();
    stop();
    pass(60_000);
    expect(sockets).toHaveLength(1);
    expect(last().readyState).toBe(3);
  });
});
