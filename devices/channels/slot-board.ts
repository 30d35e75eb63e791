import type { SlotState } from './apdu-channel.ts';

/** The current state of a slot and those who listen to it. */
export class SlotBoard {
  private current: SlotState = { kind: 'noReader', reason: 'starting' };
  private readonly listeners = new Set<(slot: SlotState) => void>();

  slot(): SlotState {
    return this.current;
  }

  /** Delivers the current state at once. Returns the undo. */
  subscribe(listener: (slot: SlotState) => void): () => void {
    this.listeners.add(listener);
    listener(this.current);
    return () => this.listeners.delete(listener);
  }

  /** Publishes a state that differs from the one before. */
  show(next: SlotState): void {
    if (JSON.stringify(next) === JSON.stringify(this.current)) return;
    this.current = next;
    for (const listener of [...this.listeners]) listener(next);
  }
}
