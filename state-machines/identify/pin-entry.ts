import { fromCallback } from 'xstate';
import type { Effects, PadEntered, PadEntry, Visit } from '../effects.ts';

/** What an entry on the PIN pad tells the login: how many digits stand there, and how it ended. */
export type PadEvent = { type: 'pad.digits'; digits: number } | { type: 'pad.ended'; entered: PadEntered };

/** An entry on the PIN pad, as long as its screen stands: it is given up when that goes. Without `pad` nothing is entered. */
export function createPinEntry(effects: Pick<Effects, 'enterPin'>) {
  return fromCallback<PadEvent, { visit: Visit; pad: PadEntry | null }>(({ input: { visit, pad }, sendBack }) => {
    if (pad === null) return;
    let isListening = true;
    const tell = (event: PadEvent) => {
      if (isListening) sendBack(event);
    };
    const entry = effects.enterPin(visit, pad, (digits) => tell({ type: 'pad.digits', digits }));
    entry.done.then((entered) => {
      const wasListening = isListening;
      // First: what the entry leads to stops this actor, and an ended entry is not to be given up.
      isListening = false;
      if (wasListening) sendBack({ type: 'pad.ended', entered });
    });
    return () => {
      if (isListening) entry.abandon();
      isListening = false;
    };
  });
}
