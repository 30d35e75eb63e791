/** Time as an argument: what the uplink knows of clocks and waits. */
export type Clock = {
  /** Epoch milliseconds; may be wrong, and may jump. */
  nowMs(): number;
  /** Milliseconds that only rise: for lengths of time. */
  elapsedMs(): number;
  /** Calls back once after `ms`; the answer takes it back. */
  after(ms: number, callback: () => void): () => void;
};

/** The machine's clocks. */
export const systemClock: Clock = {
  nowMs: Date.now,
  elapsedMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
