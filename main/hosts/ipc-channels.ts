/**
 * Channels between the preload and the IPC host, and the bridge the preload shows the screen.
 */
import type { PaperPages, ScreenAnswer, ScreenMessage, View } from '../../state-machines/contract/screen.ts';

export const screenChannels = {
  /** Screen to main: starts the views. */
  listen: 'screen:listen',
  /** Screen to main: ends them. */
  unlisten: 'screen:unlisten',
  /** Main to screen: a view. */
  view: 'screen:view',
  /** Main to screen: another screen has taken this one's place. */
  replaced: 'screen:replaced',
  /** Screen to main and back: a message and its answer. */
  send: 'screen:send',
  /** Screen to main and back: a resource and its pages. */
  paper: 'screen:paper',
} as const;

/** `window.kioskBridge` in Electron: all that the screen sees of main. */
export interface KioskBridge {
  /** Starts listening, the current view first; returns the undo. `onLost` is called when another screen took over. */
  listen(onView: (view: View) => void, onLost: () => void): () => void;
  send(message: ScreenMessage): Promise<ScreenAnswer>;
  paper(resource: string): Promise<PaperPages>;
}
