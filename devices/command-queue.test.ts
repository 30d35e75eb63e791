import { describe, expect, it } from 'vitest';
import { CommandQueue } from './command-queue.ts';
import type { Completion } from './device.ts';

const done: Completion<string> = { ok: true, value: 'done' };

describe('the command queue', () => {
  it('starts a command only when the one before has let go of the hardware, also when that one was ended early', async () => {
    const queue = new CommandQueue();
    const letGo = Promise.withResolvers<void>();
    const order: string[] = [];
    const first = queue.run({ timeoutMs: 10 }, 0, async () => {
      await letGo.promise;
      order.push('first let go');
      return done;
    });
    const second = queue.run(undefined, 2_000, async () => {
      order.push('second began');
      return done;
    });
    expect(await first).toMatchObject({ ok: false, reason: 'timeout' });
    letGo.resolve();
    expect(await second).toEqual(done);
    expect(order).toEqual(['first let go', 'second began']);
  });

  it('counts the wait for earlier commands into the deadline, and never begins one that is over', async () => {
    const queue = new CommandQueue();
    const letGo = Promise.withResolvers<void>();
    void queue.run(undefined, 2_000, async () => {
      await letGo.promise;
      return done;
    });
    let began = false;
    const late = queue.run({ timeoutMs: 10 }, 0, async () => {
      began = true;
      return done;
    });
    expect(await late).toMatchObject({ ok: false, reason: 'timeout' });
    letGo.resolve();
    expect(await queue.run(undefined, 2_000, async () => done)).toEqual(done);
    expect(began).toBe(false);
  });

  it('completes all with the same failure when the device says that all is over, and tells the work', async () => {
    const queue = new CommandQueue();
    const told = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const first = queue.run(undefined, 2_000, async (signal) => {
      signal.addEventListener('abort', () => told.resolve());
      began.resolve();
      await told.promise;
      return done;
    });
    const second = queue.run(undefined, 2_000, async () => done);
    await began.promise;
    queue.endAll('deviceNotReady', 'unplugged');
    await told.promise;
    expect(await Promise.all([first, second])).toEqual([
      { ok: false, reason: 'deviceNotReady', detail: 'unplugged' },
      { ok: false, reason: 'deviceNotReady', detail: 'unplugged' },
    ]);
  });

  it('leaves no listener on a signal that outlives the command', async () => {
    const queue = new CommandQueue();
    const controller = new AbortController();
    expect(await queue.run({ signal: controller.signal }, 2_000, async () => done)).toEqual(done);
    controller.abort();
    expect(await queue.run({ signal: controller.signal }, 2_000, async () => done)).toMatchObject({
      reason: 'cancelled',
    });
  });
});
