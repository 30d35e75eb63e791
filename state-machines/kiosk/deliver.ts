/**
 * Brings an event to who takes it: the step if it takes it, else the visit, else the terminal. World events go to all of them, since
 * each keeps its own view of card, line and devices.
 */
import type { ActorRefFrom, AnyActorRef, AnyMachineSnapshot, SnapshotFrom } from 'xstate';
import type { ScreenEvent } from '../contract/screen.ts';
import type { SessionMachine } from '../session/machine.ts';
import type { WorldEvent } from '../steps/step.ts';
import { toMachineEvent } from '../steps/step.ts';
import type { KioskMachine } from './machine.ts';

/** The terminal, the visit, and what the visit is about, from the outside in; only those that live. */
function livingActors(kiosk: ActorRefFrom<KioskMachine>): AnyActorRef[] {
  const session: AnyActorRef | undefined = kiosk.getSnapshot().children.session;
  if (session === undefined) return [kiosk];
  const { step, login } = (session.getSnapshot() as AnyMachineSnapshot).children;
  const inner = step ?? login;
  if (inner === undefined) return [kiosk, session];
  // A login hands what the world does on by itself.
  const face = (inner.getSnapshot() as AnyMachineSnapshot).children.face;
  return face === undefined ? [kiosk, session, inner] : [kiosk, session, inner, face];
}

/** Sends what a visitor did. Answers whether anyone took it; whoever touches is there, so attendance hears of it. */
export function deliverTouch(kiosk: ActorRefFrom<KioskMachine>, event: ScreenEvent): boolean {
  const actors = livingActors(kiosk);
  const machineEvent = toMachineEvent(event);
  for (const actor of actors.toReversed()) {
    const snapshot = actor.getSnapshot() as AnyMachineSnapshot;
    if (snapshot.status !== 'active' || !snapshot.can(machineEvent)) continue;
    actors[1]?.send({ type: 'seen' });
    actor.send(machineEvent);
    return true;
  }
  return false;
}

/** What nobody but a person at the terminal can have done: as good a sign of life as a touch. */
const handsOn: ReadonlySet<WorldEvent['type']> = new Set(['idcard.lifted', 'code.scanned', 'paper.taken']);
/** The same while nobody is here by name; after that it may be the next visitor. */
const cardsBrought: ReadonlySet<WorldEvent['type']> = new Set(['card.inserted', 'idcard.placed']);

/** Tells what happened in the world. The step hears it first: it may know better than the visit what it means. */
export function deliverWorld(kiosk: ActorRefFrom<KioskMachine>, event: WorldEvent): void {
  kiosk.send({ type: 'world', event });
  if (kiosk.getSnapshot().context.leftCards.isOfLeft) return;
  const [, session, inner] = livingActors(kiosk);
  const isNobodyYet = (session?.getSnapshot() as SnapshotFrom<SessionMachine> | undefined)?.context.loginWay === null;
  if (handsOn.has(event.type) || (isNobodyYet && cardsBrought.has(event.type))) session?.send({ type: 'seen' });
  inner?.send(event);
  kiosk.send(event);
}
