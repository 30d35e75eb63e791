import type { SnapshotFrom } from 'xstate';
import type { SessionSnapshot } from '../session/project.ts';
import type { PrintSnapshot } from '../steps/project-step.ts';
import type { KioskMachine } from './machine.ts';

/** What the light above the terminal tells the hall. */
export type LightState = 'in-service' | 'in-visit' | 'attention' | 'checking' | 'out-of-service';

/** How it tells it; the I/O board's own words. */
export type StatusLight = { colour: 'off' | 'green' | 'amber' | 'red'; isBlinking: boolean };

/** Steady is how things are, blinking wants somebody. */
export const lights: Record<LightState, StatusLight> = {
  'in-service': { colour: 'green', isBlinking: false },
  'in-visit': { colour: 'amber', isBlinking: false },
  attention: { colour: 'amber', isBlinking: true },
  checking: { colour: 'red', isBlinking: true },
  'out-of-service': { colour: 'red', isBlinking: false },
};

/** How the terminal is, as the hall sees it. `attention`: staff were called, a print waits for them, or something was left and nobody takes it. */
export function lightStateOf(snapshot: SnapshotFrom<KioskMachine>): LightState {
  if (snapshot.matches('outOfService')) return 'out-of-service';
  if (snapshot.matches('checking')) return snapshot.context.outBecause === null ? 'checking' : 'out-of-service';
  if (!snapshot.matches({ inService: 'visiting' })) return 'in-service';
  const session = snapshot.children.session?.getSnapshot() as SessionSnapshot | undefined;
  return session !== undefined && wantsStaff(session) ? 'attention' : 'in-visit';
}

function wantsStaff(session: SessionSnapshot): boolean {
  if (session.context.helpCalled) return true;
  if (session.matches({ leaving: 'ringing' }) || session.matches({ leaving: 'abandoned' })) return true;
  if (!session.matches({ serving: 'printing' })) return false;
  const print = session.children.step?.getSnapshot() as PrintSnapshot | undefined;
  return print?.matches('printing') === true && print.context.progress.state === 'waiting';
}
