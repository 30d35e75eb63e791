import type { Clock } from '../clock.ts';

type Wait = { dueMs: number; callback: () => void };

/** A clock that tests move by hand. */
export class ManualClock implements Clock {
  private wallMs: number;
  private runMs = 0;
  private readonly waits = new Set<Wait>();
  private readonly watchers = new Set<() => void>();

  constructor(startMs: number = Date.UTC(2026, 10, 24, 9, 0, 0)) {
    this.wallMs = startMs;
  }

  nowMs(): number {
    return this.wallMs;
  }

  elapsedMs(): number {
    return this.runMs;
  }

  after(ms: number, callback: () => void): () => void {
    const wait = { dueMs: this.runMs + ms, callback };
    this.waits.add(wait);
    for (const watcher of [...this.watchers]) watcher();
    return () => this.waits.delete(wait);
  }

  /** Lets time pass; what falls due is called in order. */
  advance(ms: number): void {
    const endMs = this.runMs + ms;
    for (let next = this.nextBefore(endMs); next; next = this.nextBefore(endMs)) {
      this.wallMs += next.dueMs - this.runMs;
      this.runMs = next.dueMs;
      this.waits.delete(next);
      next.callback();
    }
    this.wallMs += endMs - this.runMs;
    this.runMs = endMs;
  }

  /** Somebody sets the machine's clock: lengths of time stay as they are. */
  setWall(nowMs: number): void {
    this.wallMs = nowMs;
  }

  /** Milliseconds to the waits there are, soonest first. */
  pending(): number[] {
    return [...this.waits].map((wait) => wait.dueMs - this.runMs).sort((a, b) => a - b);
  }

  /** Answers as soon as somebody waits exactly this long. */
  async waitOf(ms: number): Promise<void> {
    while (!this.pending().includes(ms)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.watchers.add(resolve);
      await promise;
      this.watchers.delete(resolve);
    }
  }

  private nextBefore(endMs: number): Wait | undefined {
    const due = [...this.waits].filter((wait) => wait.dueMs <= endMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
