/**
 * What a screen shows and says, between the machines and a host: snapshots become numbered views, messages become events.
 */
import type { ActorRefFrom } from 'xstate';
import type { CameraState, PaperPages, ScreenAnswer, ScreenMessage, View } from '../state-machines/contract/screen.ts';
import { screenContract } from '../state-machines/contract/screen.ts';
import { deliverTouch } from '../state-machines/kiosk/deliver.ts';
import type { KioskMachine } from '../state-machines/kiosk/machine.ts';
import type { Shown } from '../state-machines/kiosk/project.ts';
import type { ScreenKiosk } from './hosts/screen-host.ts';
import type { Log } from './log.ts';

/** How often the header's clock is told, milliseconds. */
export const clockTickMs = 10_000;

type ScreenParts = {
  kiosk: ActorRefFrom<KioskMachine>;
  project: () => Shown;
  pages: (resource: string) => PaperPages;
  /** A code that a scanner typed into the screen; answers whether there is such a scanner. Its device tells the machines of it. */
  scanned: (code: string) => boolean;
  /** What the screen says of its camera; answers whether there is one to know of. */
  cameraTold: (state: CameraState) => boolean;
  log: Log;
};

/** Events that answer no particular screen, so that they are never too late. */
const timeless = new Set(['touch', 'help', 'appearance', 'broken']);

/**
 * Makes the machines into something a host can serve. `refresh` looks whether there is something new to show and tells the listeners;
 * it is called after every change of any machine, and by a clock.
 */
export function createScreen({
  kiosk,
  project,
  pages,
  scanned,
  cameraTold,
  log,
}: ScreenParts): ScreenKiosk & { refresh(): void } {
  const listeners = new Set<(view: View) => void>();
  let view: View = { contract: screenContract, seq: 1, ...project() };
  let written = JSON.stringify({ header: view.header, step: view.step });

  function refresh(): void {
    const shown = project();
    const now = JSON.stringify(shown);
    if (now === written) return;
    written = now;
    if (shown.step.id !== view.step.id) {
      log.debug('screen.shown', {
        step: shown.step.kind,
        ...(shown.step.kind === 'trouble' || shown.step.kind === 'out-of-service' ? { code: shown.step.code } : {}),
      });
    }
    view = { contract: screenContract, seq: view.seq + 1, ...shown };
    for (const listener of [...listeners]) listener(view);
  }

  return {
    refresh,
    subscribe(listener) {
      listeners.add(listener);
      listener(view);
      return () => listeners.delete(listener);
    },
    handle(message: ScreenMessage): ScreenAnswer {
      refresh();
      if (message.event.type === 'broken') {
        log.error('screen.broken', { error: message.event.name, where: message.event.at });
        return { ok: true };
      }
      // A scanner answers no particular screen: whoever wants a code takes it.
      if (message.event.type === 'code' && message.event.by === 'wedge') {
        const isTaken = scanned(message.event.text);
        refresh();
        return isTaken ? { ok: true } : { ok: false, reason: 'not-now' };
      }
      // Neither does a camera, which tells how it stands every few seconds.
      if (message.event.type === 'camera') {
        const isKnown = cameraTold(message.event.state);
        refresh();
        return isKnown ? { ok: true } : { ok: false, reason: 'not-now' };
      }
      if (message.step !== view.step.id && !timeless.has(message.event.type)) return { ok: false, reason: 'stale' };
      const isTaken = deliverTouch(kiosk, message.event);
      refresh();
      return isTaken ? { ok: true } : { ok: false, reason: 'not-now' };
    },
    paper: (resource) => pages(resource),
  };
}
