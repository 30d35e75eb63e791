/** The waits between attempts at something that is gone: each rung longer than the one before, the last one again and again. */
export class RetryLadder {
  private readonly delaysMs: readonly number[];
  private rung = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(delaysMs: readonly number[]) {
    this.delaysMs = delaysMs;
  }

  /** Runs after the next wait. Whether that is the last rung's, which means that the others did not help. */
  later(run: () => void): boolean {
    const last = this.delaysMs.length - 1;
    const isLast = this.rung >= last;
    clearTimeout(this.timer);
    this.timer = setTimeout(run, this.delaysMs[Math.min(this.rung, last)] ?? 0);
    this.rung += 1;
    return isLast;
  }

  /** Begins at the foot again. */
  restart(): void {
    this.rung = 0;
  }

  /** What was to be run later is not. */
  cancel(): void {
    clearTimeout(this.timer);
  }
}
