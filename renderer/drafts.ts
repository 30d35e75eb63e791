/**
 * What is half-typed, by step: in memory only, so that a question in between (is anybody still there?) loses nothing, and gone
 * when the visit ends. Passwords never come here.
 */
export class Drafts {
  readonly #byStep = new Map<string, unknown>();

  /** The draft of a step, or what a fresh one starts with. */
  read<Draft>(step: string, fresh: () => Draft): Draft {
    const kept = this.#byStep.get(step);
    return kept === undefined ? fresh() : (kept as Draft);
  }

  write(step: string, draft: unknown): void {
    this.#byStep.set(step, draft);
  }

  /** Called when nobody is there any more: the first screen, or out of service. */
  wipe(): void {
    this.#byStep.clear();
  }

  get size(): number {
    return this.#byStep.size;
  }
}
