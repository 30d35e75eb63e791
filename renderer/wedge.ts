/**
 * Tells a code scanner that types (keyboard wedge) from a person at a keyboard: a scanner's keys come within 35 ms of each
 * other and end with Enter.
 *
 * Pure: the time of each key comes in with it. Keys are `KeyboardEvent.key` values.
 */
export class WedgeDetector {
  #text = '';
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Takes one key; returns the whole code once its Enter has come, otherwise `null`. */
  key(key: string, atMs: number): string | null {
    const gap = atMs - this.#lastMs;
    const slow = gap > slowestGapMs;
    this.#lastMs = atMs;
    if (key === 'Enter') {
      const text = slow ? '' : this.#text;
      this.#text = '';
      return text.length >= shortestCode ? text : null;
    }
    // Shift, Control and the like accompany a scanner's capitals; they are no text, and end nothing.
    if ([...key].length !== 1) return null;
    this.#text = (slow ? key : this.#text + key).slice(-longestCode);
    return null;
  }
}

/** Scanners of the field send a key every 1 to 20 ms; the fastest typists need 60 ms. */
const slowestGapMs = 35;
const shortestCode = 4;
/** As long as `code.text` of the contract may be. */
const longestCode = 4000;

/**
 * Listens for a typing scanner on a window.
 * @returns the undo
 */
export function listenForWedge(page: Window, onCode: (text: string) => void): () => void {
  const detector = new WedgeDetector();
  const onKey = (event: KeyboardEvent) => {
    const code = detector.key(event.key, event.timeStamp);
    // A scanner's Enter must not press whatever has the focus.
    if (event.key === 'Enter' || event.key === ' ') event.preventDefault();
    if (code !== null) onCode(code);
  };
  page.addEventListener('keydown', onKey, true);
  return () => page.removeEventListener('keydown', onKey, true);
}
