/**
 * The screen's end of the IPC host: what the preload shows the page, over the few members of `ipcRenderer` it uses.
 */
import type { PaperPages, ScreenAnswer, ScreenHost, View } from '../../state-machines/contract/screen.ts';
import { screenChannels } from './ipc-channels.ts';

type Listener = (event: unknown, ...args: unknown[]) => void;

/** The part of `ipcRenderer` that is used. */
export interface IpcRendererPart {
  on(channel: string, listener: Listener): unknown;
  removeListener(channel: string, listener: Listener): unknown;
  send(channel: string, ...args: unknown[]): void;
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
}

/** Makes `window.kioskBridge`. `onLost` is called when another screen took over, or main ends the host. What comes from main is our own and of the contract's types. */
export function createBridge(ipc: IpcRendererPart): ScreenHost {
  return {
    listen(onView, onLost) {
      const takeView: Listener = (_, view) => onView(view as View);
      const takeLoss: Listener = () => {
        undo();
        onLost();
      };
      const undo = (): void => {
        ipc.removeListener(screenChannels.view, takeView);
        ipc.removeListener(screenChannels.replaced, takeLoss);
      };
      ipc.on(screenChannels.view, takeView);
      ipc.on(screenChannels.replaced, takeLoss);
      ipc.send(screenChannels.listen);
      return () => {
        undo();
        ipc.send(screenChannels.unlisten);
      };
    },
    send: (message) => ipc.invoke(screenChannels.send, message) as Promise<ScreenAnswer>,
    paper: (resource) => ipc.invoke(screenChannels.paper, resource) as Promise<PaperPages>,
  };
}
