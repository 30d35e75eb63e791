import { describe, expect, it } from 'vitest';
import { WedgeDetector } from './wedge.ts';

/** Types keys one after another, `gapMs` apart; returns the last answer. */
function type(detector: WedgeDetector, keys: readonly string[], gapMs: number, fromMs = 0): string | null {
  let answer: string | null = null;
  keys.forEach((key, index) => {
    answer = detector.key(key, fromMs + index * gapMs);
  });
  return answer;
}

describe('a scanner that types', () => {
  it('is known by keys that follow each other fast and end with Enter', () => {
    expect(type(new WedgeDetector(), [...'7K3M92QF5TXA0H6D', 'Enter'], 8)).toBe('7K3M92QF5TXA0H6D');
  });

  it('is known at the slowest pace scanners have, and not a millisecond beyond', () => {
    expect(type(new WedgeDetector(), [...'ABCD', 'Enter'], 35)).toBe('ABCD');
    expect(type(new WedgeDetector(), [...'ABCD', 'Enter'], 36)).toBeNull();
  });

  it('is not taken for a person who types and presses Enter', () => {
    expect(type(new WedgeDetector(), [...'13800002041', 'Enter'], 120)).toBeNull();
  });

  it('may hold capitals, which come with Shift', () => {
    expect(type(new WedgeDetector(), ['Shift', 'H', 'C', '1', ':', 'Shift', 'A', 'Enter'], 5)).toBe('HC1:A');
  });

  it('leaves out what a person typed before', () => {
    const detector = new WedgeDetector();
    type(detector, [...'ab'], 200);
    expect(type(detector, [...'6BFOXN', 'Enter'], 10, 5_000)).toBe('6BFOXN');
  });

  it('gives one code at a time', () => {
    const detector = new WedgeDetector();
    expect(type(detector, [...'FIRST', 'Enter'], 5)).toBe('FIRST');
    expect(type(detector, [...'SECOND', 'Enter'], 5, 1_000)).toBe('SECOND');
  });

  it('is not a single Enter, nor a few keys brushed at once', () => {
    expect(type(new WedgeDetector(), ['Enter'], 5)).toBeNull();
    expect(type(new WedgeDetector(), ['q', 'w', 'Enter'], 5)).toBeNull();
  });
});
