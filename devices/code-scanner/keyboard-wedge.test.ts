import { describe, expect, it } from 'vitest';
import { type KeyPress, noKeys, readKey } from './keyboard-wedge.ts';

/** Presses the keys, each `gapMs` after the one before. */
function keys(pressed: readonly string[], gapMs: number, change: Partial<KeyPress> = {}): KeyPress[] {
  return pressed.map((key, index) => ({ key, atMs: 1_000 + index * gapMs, isRepeat: false, ...change }));
}

function read(presses: readonly KeyPress[]): readonly string[] {
  let run = noKeys;
  return presses.flatMap((press) => {
    const scan = readKey(run, press);
    run = scan.state;
    return scan.codes;
  });
}

const code = [...'44A-9X2'];

describe('keys of a scanner that plays keyboard', () => {
  it.each([1, 5, 20, 30])('are a code at %i ms a key', (gapMs) => {
    expect(read(keys([...code, 'Enter'], gapMs))).toEqual(['44A-9X2']);
  });

  it.each([60, 120, 250])('are somebody typing at %i ms a key', (gapMs) => {
    expect(read(keys([...code, 'Enter'], gapMs))).toEqual([]);
  });

  it('may end with Tab, and have Shift between them', () => {
    expect(read(keys(['Shift', 'A', 'B', 'Shift', 'C', 'D', 'E', 'F', 'Tab'], 4))).toEqual(['ABCDEF']);
  });

  it('may stutter once, as a busy screen delivers them', () => {
    const presses = keys([...code, 'Enter'], 4).map((press, index) =>
      index > 3 ? { ...press, atMs: press.atMs + 70 } : press,
    );
    expect(read(presses)).toEqual(['44A-9X2']);
  });

  it('are typing when they are few, whatever their speed: rolling fingers are fast', () => {
    expect(read(keys([...'12345', 'Enter'], 10))).toEqual([]);
  });

  it('are typing when the last pause is long: the person presses Enter', () => {
    const presses = keys([...code, 'Enter'], 10).map((press) =>
      press.key === 'Enter' ? { ...press, atMs: press.atMs + 400 } : press,
    );
    expect(read(presses)).toEqual([]);
  });

  it('are a held key when they repeat', () => {
    expect(read([...keys([...'aaaaaaaaaa'], 25, { isRepeat: true }), ...keys(['Enter'], 0, { atMs: 1_250 })])).toEqual(
      [],
    );
  });

  it('begin anew after a key that no code has, or after a pause', () => {
    expect(read(keys([...'ABCDEF', 'Backspace', ...'123', 'Enter'], 5))).toEqual([]);
    const typed = keys([...'typed'], 150);
    const scanned = keys([...code, 'Enter'], 5).map((press) => ({ ...press, atMs: press.atMs + 5_000 }));
    expect(read([...typed, ...scanned])).toEqual(['44A-9X2']);
  });

  it('are no code when the clock was set back between them', () => {
    expect(read([...keys(code, 5), ...keys(['Enter'], 0, { atMs: 10 })])).toEqual([]);
  });
});
