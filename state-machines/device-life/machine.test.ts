import { expect, test } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import type { Completion, DeviceStatus } from '../../devices/device.ts';
import { bareStatus } from '../../devices/device.ts';
import type { DeviceActs } from './machine.ts';
import { createDeviceLife, healthOf } from './machine.ts';

const status = (device: DeviceStatus['device']): DeviceStatus => ({ ...bareStatus, device });
const times = { graceMs: 5_000, rungsMs: [0, 10_000, 30_000], outRetryMs: 120_000, actMs: 20_000 };

/** A device in a story: says what it is told to say, and notes what was done to it. */
function tell(opens: DeviceStatus['device'] = 'online') {
  const clock = new SimulatedClock();
  const done: string[] = [];
  let says: DeviceStatus['device'] = opens;
  const act = (name: string) => async (): Promise<Completion<DeviceStatus>> => {
    done.push(name);
    if (hangs) return new Promise(() => undefined);
    actor.send({ type: 'status', status: status(says) });
    return says === 'online'
      ? { ok: true, value: status(says) }
      : { ok: false, reason: 'hardwareError', detail: 'in the story' };
  };
  let isBusy = false;
  let hangs = false;
  const acts: DeviceActs = { open: act('open'), reset: act('reset'), reopen: act('reopen'), isBusy: () => isBusy };
  const actor = createActor(createDeviceLife(acts), { clock, input: { times } });
  actor.start();
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return {
    done,
    health: () => healthOf(actor.getSnapshot().value),
    says: (device: DeviceStatus['device']) => {
      says = device;
      actor.send({ type: 'status', status: status(device) });
    },
    hangs: () => {
      hangs = true;
    },
    isUsed: (now: boolean) => {
      isBusy = now;
    },
    passes: async (ms: number) => {
      await settle();
      clock.increment(ms);
      await settle();
    },
    stop: () => actor.stop(),
  };
}

test('is ready once it opened and said so', async () => {
  const device = tell();
  expect(device.health()).toBe('connecting');
  await device.passes(0);
  expect(device.health()).toBe('ready');
  expect(device.done).toEqual(['open']);
  device.stop();
});

test('asks for a hand and needs no recovery when the paper is out', async () => {
  const device = tell();
  await device.passes(0);
  device.says('userError');
  await device.passes(600_000);
  expect(device.health()).toBe('attention');
  expect(device.done).toEqual(['open']);
  device.says('online');
  expect(device.health()).toBe('ready');
  device.stop();
});

test('leaves a cable that is back within the grace alone', async () => {
  const device = tell();
  await device.passes(0);
  device.says('offline');
  await device.passes(4_999);
  expect(device.health()).toBe('fault');
  device.says('online');
  await device.passes(60_000);
  expect(device.health()).toBe('ready');
  expect(device.done).toEqual(['open']);
  device.stop();
});

// Found in review: a port whose driver never came back from its close held the ladder on the first rung for ever.
test('climbs on from a rung that never ends', async () => {
  const device = tell();
  await device.passes(0);
  device.hangs();
  device.says('hardwareError');
  await device.passes(5_000);
  await device.passes(0);
  expect(device.done).toEqual(['open', 'reset']);
  await device.passes(20_000);
  await device.passes(10_000);
  expect(device.done).toEqual(['open', 'reset', 'reopen']);
  await device.passes(20_000);
  await device.passes(30_000);
  await device.passes(20_000);
  expect(device.health()).toBe('outOfService');
  device.stop();
});

test('climbs the ladder: reset first, then opened anew, then out of service', async () => {
  const device = tell();
  await device.passes(0);
  device.says('hardwareError');
  await device.passes(5_000);
  await device.passes(0);
  expect(device.done).toEqual(['open', 'reset']);
  await device.passes(10_000);
  expect(device.done).toEqual(['open', 'reset', 'reopen']);
  await device.passes(30_000);
  expect(device.done).toEqual(['open', 'reset', 'reopen', 'reopen']);
  expect(device.health()).toBe('outOfService');
  device.stop();
});

test('is tried again while out of service, now and then, and comes back by itself', async () => {
  const device = tell('noDevice');
  await device.passes(0);
  await device.passes(0);
  await device.passes(10_000);
  await device.passes(30_000);
  expect(device.health()).toBe('outOfService');
  const before = device.done.length;
  await device.passes(120_000);
  expect(device.done.length).toBe(before + 1);
  device.says('online');
  expect(device.health()).toBe('ready');
  device.stop();
});

test('begins the ladder at its foot after it was well again', async () => {
  const device = tell();
  await device.passes(0);
  for (let time = 0; time < 3; time++) {
    device.says('offline');
    await device.passes(5_000);
    await device.passes(0);
    expect(device.done.at(-1)).toBe('reset');
    device.says('online');
  }
  expect(device.done.filter((act) => act === 'reopen')).toEqual([]);
  device.stop();
});

test('leaves a device alone while a visitor waits for it: a printer switched off and on keeps its print', async () => {
  const device = tell();
  await device.passes(0);
  device.isUsed(true);
  device.says('offline');
  for (let passed = 0; passed < 120_000; passed += 5_000) await device.passes(5_000);
  expect(device.health()).toBe('fault');
  expect(device.done).toEqual(['open']);
  device.isUsed(false);
  await device.passes(5_000);
  await device.passes(0);
  expect(device.done).toEqual(['open', 'reset']);
  device.stop();
});
