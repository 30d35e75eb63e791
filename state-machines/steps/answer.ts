import type { DoneActorEvent, EventObject, MachineContext } from 'xstate';
import { assign } from 'xstate';
import type { Failed } from '../effects.ts';
import type { MachineEvent } from './step.ts';

/** What an effect answers a machine that asked: right, asked for once more, or a trouble. */
type Answer = { ok: true } | { ok: 'ask-again' } | Failed;

/** Where an answer leads, and what of it is kept. */
type Way<Context, Answered> = { target: string; keep: (answer: Answered, context: Context) => Partial<Context> };

/**
 * Where a question leads, as the `onDone` of what is asked: on with what the answer brought, to another try where the answer may be
 * `ask-again`, or to the trouble it is.
 */
export function whenAnswered<
  Context extends MachineContext,
  A extends Answer,
  Event extends EventObject = MachineEvent,
>(ways: {
  right: Way<Context, Extract<A, { ok: true }>>;
  again?: Way<Context, Extract<A, { ok: 'ask-again' }>>;
  trouble: Way<Context, Extract<A, { ok: false }>>;
}) {
  const way = <Ok extends Answer['ok']>(ok: Ok, { target, keep }: Way<Context, Extract<A, { ok: Ok }>>) => ({
    guard: ({ event }: { event: DoneActorEvent<A> }) => event.output.ok === ok,
    target,
    actions: assign<Context, DoneActorEvent<A>, undefined, Event, never>(({ context, event }) =>
      keep(event.output as Extract<A, { ok: Ok }>, context),
    ),
  });
  const { right, again, trouble } = ways;
  return [way(true, right), ...(again === undefined ? [] : [way('ask-again', again)]), way(false, trouble)];
}
