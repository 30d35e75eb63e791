import { describe, expect, it } from 'vitest';
import { createRestartLadder } from './restart-ladder.ts';

describe('the restart ladder', () => {
  it('reloads first, then makes the window anew, then starts the kiosk again', () => {
    const ladder = createRestartLadder();

    expect([0, 1, 2, 3, 4].map((second) => ladder.climb(second * 1000))).toEqual([
      'reload',
      'reload',
      'new-window',
      'restart-kiosk',
      'restart-kiosk',
    ]);
  });

  it('begins at the bottom again after five quiet minutes', () => {
    const ladder = createRestartLadder();
    ladder.climb(0);
    ladder.climb(1_000);

    expect(ladder.climb(302_000)).toBe('reload');
  });
});
