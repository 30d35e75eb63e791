import { describe, expect, it } from 'vitest';
import type { View } from '../../state-machines/contract/screen.ts';
import { createBridge, type IpcRendererPart } from './bridge.ts';
import { type HostRig, proveHost, type ScreenEnd } from './host-suite.ts';
import { type IpcEnds, type IpcEvent, type IpcFrame, openIpcHost } from './ipc.ts';
import { screenChannels } from './ipc-channels.ts';
import { guardKiosk, type HostLogEvent } from './screen-host.ts';
import { messageOn, ScriptedKiosk, viewNumber } from './scripted-kiosk.ts';

const pageUrl = 'kiosk://screen/';

proveHost('the IPC host over a pair that clones', async () => makePairRig());

describe('the IPC host', () => {
  it.each([
    ['a frame inside the page', { parent: {}, url: pageUrl }, 1],
    ['a foreign page', { parent: null, url: 'https://example.com/' }, 1],
    ['a page with our name in another scheme', { parent: null, url: 'https://screen/' }, 1],
    ['a page without an address', { parent: null, url: '' }, 1],
    ['another window', { parent: null, url: pageUrl }, 2],
  ])('takes nothing from %s and gives it nothing', async (_, frame, windowId) => {
    const rig = makePairRig();
    const stranger = rig.pair.frame(frame, windowId);
    const views: View[] = [];
    const bridge = createBridge(stranger);

    bridge.listen((view) => views.push(view), noted);

    expect(await bridge.send(messageOn(1, 'message-1'))).toEqual({ ok: false, reason: 'malformed' });
    expect(await bridge.paper('proof')).toBeNull();
    expect(await rig.kiosk.listeners()).toBe(0);
    expect(views).toEqual([]);
    expect(rig.events).toContain('screen.refused');
    await rig.dispose();
  });

  it('lets go of the kiosk when the page has gone', async () => {
    const rig = makePairRig();
    const screen = await rig.connect();
    const views: View[] = [];
    screen.listen((view) => views.push(view), noted);

    rig.pair.destroyFrames();
    await rig.kiosk.show(viewNumber(2));

    expect(await rig.kiosk.listeners()).toBe(0);
    expect(views).toHaveLength(1);
  });

  it('takes no more than hands can make, and takes again later', async () => {
    const rig = makePairRig();
    const screen = await rig.connect();

    const answers = await Promise.all(Array.from({ length: 400 }, (_, n) => screen.send(messageOn(1, `message-${n}`))));
    rig.clock.nowMs += 1_000;

    expect(answers.filter((answer) => answer.ok)).toHaveLength(200);
    expect(await screen.send(messageOn(1, 'message-later'))).toEqual({ ok: true });
  });
});

function noted(): void {}

type PairRig = HostRig & {
  kiosk: ScriptedKiosk;
  pair: ReturnType<typeof makePair>;
  events: HostLogEvent[];
  clock: { nowMs: number };
};

function makePairRig(): PairRig {
  const kiosk = new ScriptedKiosk(viewNumber(1));
  const events: HostLogEvent[] = [];
  const clock = { nowMs: 0 };
  const log = (event: HostLogEvent): void => {
    events.push(event);
  };
  const pair = makePair();
  const host = openIpcHost({
    port: guardKiosk(kiosk, log),
    ipc: pair.ends,
    pageUrl,
    windowId: () => 1,
    log,
    nowMs: () => clock.nowMs,
  });
  return {
    kiosk,
    pair,
    events,
    clock,
    connect: async () => createBridge(pair.frame({ parent: null, url: pageUrl }, 1)) as ScreenEnd,
    closeHost: async () => host.close(),
    dispose: async () => host.close(),
  };
}

/**
 * Both ends of Electron's IPC in one process: every argument and every answer is cloned, as Electron clones it, and an
 * exception in a handler rejects at the caller.
 */
function makePair(): {
  ends: IpcEnds;
  frame(of: { parent: unknown; url: string }, windowId: number): IpcRendererPart;
  destroyFrames(): void;
} {
  type Listener = (event: IpcEvent, ...args: unknown[]) => unknown;
  const listeners = new Map<string, Listener>();
  const handlers = new Map<string, Listener>();
  const destroyed = { current: false };

  return {
    ends: {
      on: (channel, listener) => listeners.set(channel, listener),
      removeListener: (channel) => listeners.delete(channel),
      handle: (channel, listener) => handlers.set(channel, listener),
      removeHandler: (channel) => handlers.delete(channel),
    },
    destroyFrames() {
      destroyed.current = true;
    },
    frame({ parent, url }, windowId) {
      const inPage = new Map<string, Set<(event: unknown, ...args: unknown[]) => void>>();
      const frame: IpcFrame = {
        parent,
        url,
        isDestroyed: () => destroyed.current,
        send(channel, ...args) {
          for (const listener of inPage.get(channel) ?? []) listener({}, ...structuredClone(args));
        },
      };
      const event: IpcEvent = { senderFrame: frame, sender: { id: windowId } };
      return {
        on(channel, listener) {
          const known = inPage.get(channel) ?? new Set();
          inPage.set(channel, known.add(listener));
        },
        removeListener: (channel, listener) => inPage.get(channel)?.delete(listener),
        send(channel, ...args) {
          listeners.get(channel)?.(event, ...structuredClone(args));
        },
        async invoke(channel, ...args) {
          const handler = handlers.get(channel);
          if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
          return structuredClone(await handler(event, ...structuredClone(args)));
        },
      };
    },
  };
}

it('names its channels apart', () => {
  expect(new Set(Object.values(screenChannels)).size).toBe(Object.keys(screenChannels).length);
});
