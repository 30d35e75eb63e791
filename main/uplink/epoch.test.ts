import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lostSetting } from '../store/lost.ts';
import { rebuiltSetting } from '../store/rebuilt.ts';
import { sealingKey } from '../store/sealing.ts';
import type { Store } from '../store/store.ts';
import { openStore } from '../store/store.ts';
import type { CentralClient } from './client.ts';
import { followEpochs } from './epoch.ts';
import { openIdentity } from './identity.ts';

const [first, second] = ['019ab000-0000-7000-8000-000000000001', '019ab000-0000-7000-8000-000000000002'] as const;
const alone = (id: string) => ({ from: id, to: id });

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-epoch-'));
  const key = sealingKey(randomBytes(32));
  const opened = openStore({
    path: join(folder, 'kiosk.db'),
    keys: { source: 'file', current: key, find: () => key },
    nowMs: Date.now,
    random: randomBytes,
  });
  if (!opened.ok) throw new Error(opened.reason);
  store = opened.store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An enrolled kiosk's wish for a new epoch, over a centre that opens any at once. */
function atOpenCentre() {
  const opened = openIdentity(join(folder, 'identity.json'));
  if (!opened.ok) throw new Error(opened.reason);
  const { identity } = opened;
  identity.recordEnrolment({ kiosk: 'k-1', name: '', hall: '', epoch: 1, root: identity.publicKey });
  const opens = async () => ({ ok: true, answer: { state: 'opened', epoch: 2, nowMs: 0 } });
  const client = { call: opens as unknown as CentralClient['call'] };
  return { identity, epochs: followEpochs({ store, identity, client, random: randomBytes }) };
}

test('what is lost while a wish waits is named by the next one', async () => {
  store.writeSetting(lostSetting, [alone(first)]);
  const { identity, epochs } = atOpenCentre();
  expect(epochs.wish()).toMatchObject({ reason: 'rebuilt', lost: [alone(first)] });
  store.writeSetting(lostSetting, [alone(first), alone(second)]);
  epochs.takeUpLost();
  expect(epochs.wish()).toMatchObject({ lost: [alone(first)] });

  expect(await epochs.ask(new AbortController().signal)).toEqual({ state: 'opened', epoch: 2 });
  expect(epochs.wish()).toMatchObject({ reason: 'rebuilt', lost: [alone(second)] });
  await epochs.ask(new AbortController().signal);
  expect(epochs.wish()).toBeNull();
  expect(identity.enrolment()).toMatchObject({ epoch: 2 });
});

// A wish outlives a rebuild where the backup has it: what the rebuild could not save was taken for told once that wish was granted.
test('what a rebuild could not save while a wish waits is named by the next one', async () => {
  const { epochs } = atOpenCentre();
  epochs.want('refused');
  store.writeSetting(rebuiltSetting, { lost: [alone(first)] });
  epochs.takeUpLost();
  expect(epochs.wish()).toMatchObject({ reason: 'refused', lost: [] });

  await epochs.ask(new AbortController().signal);
  expect(epochs.wish()).toMatchObject({ reason: 'rebuilt', lost: [alone(first)] });
  await epochs.ask(new AbortController().signal);
  expect(epochs.wish()).toBeNull();
});
