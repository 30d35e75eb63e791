/**
 * The one thing the machines take from the platform: the signal by which an effect hears that nobody waits for it any more. This
 * folder has neither Node's nor the DOM's types, so its shape stands here; both platforms' own types merge with it.
 */
declare global {
  interface AbortSignal {
    readonly aborted: boolean;
  }
}

export {};
