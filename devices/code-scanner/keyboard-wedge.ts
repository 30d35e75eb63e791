import { longestCodeBytes, type Scan } from './scan.ts';

/** A key as the screen saw it: `key` in the words of the DOM (`a`, `Enter`, `Shift`), when, and whether it repeats by being held. */
export type KeyPress = { key: string; atMs: number; isRepeat: boolean };

/** A run of keys that may be a scanner's. */
export type KeyRun = { text: string; firstAtMs: number; lastAtMs: number };

export const noKeys: KeyRun = { text: '', firstAtMs: 0, lastAtMs: 0 };

/**
 * A scanner that plays keyboard types far faster than people: 1 to 20 ms a key, where the fastest typists need 60 and rolling
 * fingers bring single pairs below that. So a run counts as scanned when it has 6 keys or more, no pause above 80 ms, 30 ms a key
 * on average, and ends with Enter or Tab.
 */
const wedge = { shortest: 6, longestGapMs: 80, meanGapMs: 30 } as const;

/** Takes one key. Typing gives nothing and is forgotten with the next pause. */
export function readKey(run: KeyRun, press: KeyPress): Scan<KeyRun> {
  // Shift and its like come between the letters of a scanner too.
  if (isModifier(press.key)) return { state: run, codes: [], flaws: [] };
  const isContinued = run.text !== '' && press.atMs - run.lastAtMs <= wedge.longestGapMs && press.atMs >= run.lastAtMs;
  if (press.key === 'Enter' || press.key === 'Tab') {
    const isScanned = isContinued && isFast(run, press.atMs);
    return { state: noKeys, codes: isScanned ? [run.text] : [], flaws: [] };
  }
  const isLetter = [...press.key].length === 1;
  if (!isLetter || press.isRepeat || run.text.length >= longestCodeBytes)
    return { state: noKeys, codes: [], flaws: [] };
  const text = isContinued ? run.text + press.key : press.key;
  const firstAtMs = isContinued ? run.firstAtMs : press.atMs;
  return { state: { text, firstAtMs, lastAtMs: press.atMs }, codes: [], flaws: [] };
}

function isFast(run: KeyRun, endMs: number): boolean {
  const keys = [...run.text].length;
  return keys >= wedge.shortest && (endMs - run.firstAtMs) / keys <= wedge.meanGapMs;
}

function isModifier(key: string): boolean {
  return key === 'Shift' || key === 'Control' || key === 'Alt' || key === 'CapsLock' || key === 'AltGraph';
}
