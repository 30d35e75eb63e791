import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Failed } from '../state-machines/effects.ts';
import { type Hall, openHall } from '../state-machines/kiosk/played-hall.ts';
import { followRefusal, stateOf } from './kiosk-state.ts';

/** Why the terminal may not serve now. */
let refused: (Failed & { shown?: string }) | null;
let hall: Hall;
beforeEach(async () => {
  refused = null;
  hall = await openHall();
  const { environment } = hall.kiosk.getSnapshot().context;
  hall.close();
  hall = await openHall({ effects: { checkEnvironment: async () => refused ?? { ok: true, environment } } });
});
afterEach(() => hall.close());

/** What the centre says of this machine, as the check and the machines hear it. */
async function hear(shown: string | null): Promise<void> {
  refused = shown === null ? null : { ok: false, reason: 'not-this-epoch', shown };
  followRefusal(hall.kiosk, shown === null ? null : { shown });
  await hall.settle();
}

it('closes a kiosk that the centre takes for a copy at once, and opens it when that is over', async () => {
  await hear('482915');
  expect(hall.shows('out-of-service').code).toBe('K07 · 482 915');
  await hear('482915');
  expect(hall.shows('out-of-service').code).toBe('K07 · 482 915');
  await hear(null);
  hall.shows('attract');
});

it('leaves a visit its end, and closes the kiosk then', async () => {
  await hall.act({ type: 'start' });
  await hear('482915');
  expect(stateOf(hall.kiosk)).toBe('in-visit');
  await hall.act({ type: 'end' });
  expect(hall.shows('out-of-service').code).toBe('K07 · 482 915');
});
