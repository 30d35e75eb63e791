/**
 * The Electron host: the screen's contract over IPC.
 *
 * Typed by the few members of `ipcMain` that it uses, so that the suite can drive it over a pair that clones messages as
 * Electron does. Of Electron it knows no more than these.
 */
import { screenChannels } from './ipc-channels.ts';
import { limitRate, type Rate, screenRate } from './rate-limit.ts';
import type { HostLog, ScreenPort } from './screen-host.ts';

/** The part of `WebFrameMain` that is used. */
export interface IpcFrame {
  readonly parent: unknown;
  readonly url: string;
  isDestroyed(): boolean;
  send(channel: string, ...args: unknown[]): void;
}

/** The part of IPC events that is used. `senderFrame` is null once the frame has gone. */
export interface IpcEvent {
  readonly senderFrame: IpcFrame | null;
  readonly sender: { readonly id: number };
}

/** The part of `ipcMain` that is used. */
export interface IpcEnds {
  on(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => void): unknown;
  removeListener(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => void): unknown;
  handle(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => unknown): void;
  removeHandler(channel: string): void;
}

type IpcHostOptions = {
  port: ScreenPort;
  ipc: IpcEnds;
  /** Address the screen's page must have, e.g. `kiosk://screen/`; its scheme and host are compared. */
  pageUrl: string;
  /** Which window may speak: the id of its `webContents`, or null while there is none. */
  windowId: () => number | null;
  log: HostLog;
  nowMs: () => number;
  rate?: Rate;
};

/** Starts the host; `close` ends it and the views of whoever listens. */
export function openIpcHost(options: IpcHostOptions): { close(): void } {
  const { port, ipc, log } = options;
  const mayCome = limitRate(options.rate ?? screenRate, options.nowMs);
  let listening: { frame: IpcFrame; undo: () => void } | null = null;

  /** The frame, if it is the kiosk's own page at the top of the kiosk's window. Anything else is refused and logged. */
  function admitted(event: IpcEvent): IpcFrame | null {
    const frame = event.senderFrame;
    if (frame === null || frame.isDestroyed()) return null;
    const isScreen =
      frame.parent === null && event.sender.id === options.windowId() && isSamePage(frame.url, options.pageUrl);
    if (!isScreen) log('screen.refused', { why: 'frame' });
    return isScreen ? frame : null;
  }

  function stop(): IpcFrame | null {
    const former = listening;
    listening = null;
    former?.undo();
    return former?.frame ?? null;
  }

  function onListen(event: IpcEvent): void {
    const frame = admitted(event);
    if (frame === null) return;
    const former = stop();
    if (former !== null && former !== frame && !former.isDestroyed()) {
      log('screen.replaced', {});
      former.send(screenChannels.replaced);
    }
    // The kiosk delivers the current view before it hands out the undo, and a frame may be gone by any later one.
    const mine = { frame, undo: () => {} };
    listening = mine;
    mine.undo = port.subscribe((view) => {
      if (listening !== mine) return;
      if (!frame.isDestroyed()) frame.send(screenChannels.view, view);
      else {
        stop();
        log('screen.lost', { why: 'frame' });
      }
    });
    log('screen.connected', { host: 'ipc' });
  }

  function onUnlisten(event: IpcEvent): void {
    if (admitted(event) !== null && listening?.frame === event.senderFrame) stop();
  }

  ipc.on(screenChannels.listen, onListen);
  ipc.on(screenChannels.unlisten, onUnlisten);
  ipc.handle(screenChannels.send, (event, message) => {
    if (admitted(event) === null) return { ok: false, reason: 'malformed' };
    return mayCome() ? port.receive(message) : { ok: false, reason: 'not-now' };
  });
  ipc.handle(screenChannels.paper, (event, resource) => {
    return admitted(event) !== null && mayCome() ? port.paper(resource) : null;
  });

  return {
    close() {
      ipc.removeListener(screenChannels.listen, onListen);
      ipc.removeListener(screenChannels.unlisten, onUnlisten);
      ipc.removeHandler(screenChannels.send);
      ipc.removeHandler(screenChannels.paper);
      const frame = stop();
      if (frame !== null && !frame.isDestroyed()) frame.send(screenChannels.replaced);
    },
  };
}

/** Addresses of schemes of our own have no origin to compare. */
function isSamePage(url: string, pageUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const is = new URL(url);
  const wanted = new URL(pageUrl);
  return is.protocol === wanted.protocol && is.host === wanted.host;
}
