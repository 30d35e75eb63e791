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

/** An enrolled kiosk's wish for a new epoch, over a centre that opens any at once where it is not told otherwise. */
function atCentre(answer: () => object = () => ({ state: 'opened', epoch: 2, nowMs: 0 })) {
  const opened = openIdentity(join(folder, 'identity.json'));
  if (!opened.ok) throw new Error(opened.reason);
  const { identity } = opened;
  identity.recordEnrolment({ kiosk: 'k-1', name: '', hall: '', epoch: 1, root: identity.publicKey });
  const call = async () => ({ ok: true, answer: answer() });
  const client = { call: call as unknown as CentralClient['call'] };
  return { identity, epochs: followEpochs({ store, identity, client, random: randomBytes }) };
}

test('what is lost while a wish waits is named by the next one', async () => {
  store.writeSetting(lostSetting, [alone(first)]);
  const { identity, epochs } = atCentre();
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
  const { epochs } = atCentre();
  epochs.refused();
  store.writeSetting(rebuiltSetting, { lost: [alone(first)] });
  epochs.takeUpLost();
  expect(epochs.wish()).toMatchObject({ reason: 'refused', lost: [] });

  await epochs.ask(new AbortController().signal);
  expect(epochs.wish()).toMatchObject({ reason: 'rebuilt', lost: [alone(first)] });
  await epochs.ask(new AbortController().signal);
  expect(epochs.wish()).toBeNull();
});

// A copied disk went on serving: the wish was all that came of the refusal, and only the log had its digits.
test('a machine that the centre refuses shows digits until it is let in, also after a restart', async () => {
  expect(atCentre().epochs.refusal()).toBeNull();
  const { epochs } = atCentre();
  expect(epochs.refused()).toBe(true);
  expect(epochs.refused()).toBe(false);
  const refusal = epochs.refusal();
  expect(refusal).toEqual({ shown: epochs.wish()?.shown });
  expect(refusal?.shown).toMatch(/^\d{6}$/);
  expect(atCentre().epochs.refusal()).toEqual(refusal);
  await epochs.ask(new AbortController().signal);
  expect([epochs.refusal(), epochs.wish()]).toEqual([null, null]);
});

test('a machine that names what it lost goes on, unless the centre refuses it', () => {
  store.writeSetting(lostSetting, [alone(first)]);
  const { epochs } = atCentre();
  expect([epochs.refusal(), epochs.wish()?.reason]).toEqual([null, 'rebuilt']);
  expect(epochs.refused()).toBe(true);
  expect(epochs.refusal()).toEqual({ shown: epochs.wish()?.shown });
  // Let in without a new epoch, it still tells what it lost.
  epochs.admitted();
  expect([epochs.refusal(), epochs.wish()?.lost]).toEqual([null, [alone(first)]]);
});

test('a machine that the centre lets in after all wishes for nothing any more', () => {
  const { epochs } = atCentre();
  epochs.refused();
  epochs.admitted();
  expect([epochs.refusal(), epochs.wish()]).toEqual([null, null]);
});

test('a machine that staff turned away stays out without digits, and asks anew with others at its next start', async () => {
  const { epochs } = atCentre(() => ({ state: 'refused', nowMs: 0 }));
  epochs.refused();
  const before = epochs.wish()?.shown;
  expect(await epochs.ask(new AbortController().signal)).toEqual({ state: 'refused' });
  expect([epochs.refusal(), epochs.wish()]).toEqual([{ shown: null }, null]);
  expect(epochs.refused()).toBe(false);
  expect(await epochs.ask(new AbortController().signal)).toEqual({ state: 'none' });
  const { epochs: next } = atCentre();
  expect(next.refusal()).toEqual({ shown: next.wish()?.shown });
  expect(next.wish()?.shown).not.toBe(before);
});
