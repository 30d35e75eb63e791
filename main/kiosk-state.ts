/** How the kiosk is, in the words of the centre's heartbeat; and the light and the gate that show it to who stands before it. */
import type { ActorRefFrom } from 'xstate';
import { waitFor } from 'xstate';
import type { KioskMachine } from '../state-machines/kiosk/machine.ts';
import { type LightState, lightStateOf, lights } from '../state-machines/kiosk/status-light.ts';
import type { Terminal } from './devices.ts';
import type { Refusal } from './uplink/epoch.ts';

type KioskState = 'checking' | 'in-service' | 'in-visit' | 'out-of-service';

/** How the kiosk is now. */
export function stateOf(kiosk: ActorRefFrom<KioskMachine>): KioskState {
  const snapshot = kiosk.getSnapshot();
  if (snapshot.matches('checking')) return 'checking';
  if (snapshot.matches('outOfService')) return 'out-of-service';
  return snapshot.matches({ inService: 'visiting' }) ? 'in-visit' : 'in-service';
}

/** Whether nobody is at the kiosk any more; false where somebody still was at `signal`, or the kiosk ended. */
export function untilFree(kiosk: ActorRefFrom<KioskMachine>, signal: AbortSignal): Promise<boolean> {
  return waitFor(kiosk, () => stateOf(kiosk) !== 'in-visit', { signal }).then(
    () => true,
    () => false,
  );
}

/** Has the machine look at once whether it may serve, by why the centre has closed it. A visit goes on to its end; then the kiosk looks by itself. */
export function lookAgain(kiosk: ActorRefFrom<KioskMachine>, closedBecause: string | null): void {
  if (stateOf(kiosk) === 'in-visit') return;
  kiosk.send(
    closedBecause === null ? { type: 'recovered' } : { type: 'out', reason: 'out-by-staff', notice: closedBecause },
  );
}

/**
 * Takes the kiosk out of service at once where the centre takes it for a copy, and back where it no longer does. A visit goes on to its end; then the
 * kiosk looks by itself.
 */
export function followRefusal(kiosk: ActorRefFrom<KioskMachine>, refusal: Refusal | null): void {
  const state = stateOf(kiosk);
  if (refusal === null && state === 'out-of-service') kiosk.send({ type: 'recovered' });
  if (refusal === null || state !== 'in-service') return;
  kiosk.send({ type: 'out', reason: 'not-this-epoch', ...(refusal.shown === null ? {} : { shown: refusal.shown }) });
}

/**
 * Makes what tells the light above the terminal and the gate for cards how the kiosk is, whenever it may have changed: who cannot be
 * served shall not lose a card in it.
 */
export function createStateShow(terminal: Pick<Terminal, 'showLight' | 'admitCards'>) {
  let lightNow: LightState | null = null;
  let areCardsAdmitted = true;
  return (kiosk: ActorRefFrom<KioskMachine>): void => {
    const light = lightStateOf(kiosk.getSnapshot());
    if (light === lightNow) return;
    lightNow = light;
    terminal.showLight(lights[light]);
    const areAdmitted = light !== 'out-of-service' && light !== 'checking';
    if (areAdmitted !== areCardsAdmitted) terminal.admitCards(areAdmitted);
    areCardsAdmitted = areAdmitted;
  };
}
