import { beforeEach, describe, expect, it } from 'vitest';
import { type ByteLink, LinkBoard } from './channels/byte-link.ts';
import { LinkKeeper, statusOfDialFailure, untilGone } from './link-keeper.ts';
import { StatusBoard } from './status-board.ts';

describe('the keeper of a link', () => {
  let board: StatusBoard;
  let isThere: boolean;
  let openLinks: number;
  let dials: number;
  let wire: LinkBoard;
  let holdUp: Promise<void>;
  let keeper: LinkKeeper<ByteLink>;

  beforeEach(() => {
    board = new StatusBoard();
    isThere = true;
    openLinks = 0;
    dials = 0;
    holdUp = Promise.resolve();
    keeper = new LinkKeeper({
      board,
      retryMs: 5,
      connect: async () => {
        dials += 1;
        await holdUp;
        if (!isThere) return { ok: false, status: { device: 'noDevice', reason: 'gauge-unplugged' } };
        openLinks += 1;
        wire = new LinkBoard();
        return { ok: true, link: linkOn(wire) };
      },
      serve: async (link, life, up) => {
        board.update({ device: 'online', reason: null });
        up();
        await untilGone(link, life);
        return { device: 'noDevice', reason: 'gauge-unplugged' };
      },
    });
    return () => keeper.stop();
  });

  function linkOn(one: LinkBoard): ByteLink {
    return {
      name: 'gauge',
      onBytes: (listener) => one.onBytes(listener),
      onGone: (listener) => one.onGone(listener),
      close: async () => {
        openLinks -= 1;
        one.end('closed');
      },
    };
  }

  it('is ready when the first try has brought the device up', async () => {
    keeper.start();
    expect(await keeper.ready()).toMatchObject({ ok: true, value: { device: 'online' } });
  });

  it('says why it is not, and goes on trying', async () => {
    isThere = false;
    keeper.start();
    expect(await keeper.ready()).toEqual({ ok: false, reason: 'deviceNotReady', detail: 'gauge-unplugged' });
    isThere = true;
    await expect.poll(() => board.status().device).toBe('online');
    expect(await keeper.ready()).toMatchObject({ ok: true });
  });

  it('connects again when the device has gone, and closes what has gone', async () => {
    keeper.start();
    await keeper.ready();
    wire.end('unplugged');
    await expect.poll(() => dials).toBe(2);
    await expect.poll(() => openLinks).toBe(1);
  });

  it('waits no longer than it is told', async () => {
    const letGo = Promise.withResolvers<void>();
    holdUp = letGo.promise;
    keeper.start();
    expect(await keeper.ready({ timeoutMs: 5 })).toMatchObject({ ok: false, reason: 'timeout' });
    expect(await keeper.ready({ signal: AbortSignal.abort() })).toMatchObject({ ok: false, reason: 'cancelled' });
    letGo.resolve();
  });

  it('holds one link at most, however it is stopped and started', async () => {
    const letGo = Promise.withResolvers<void>();
    holdUp = letGo.promise;
    keeper.start();
    const stopped = [keeper.stop(), keeper.stop()];
    keeper.start();
    stopped.push(keeper.stop());
    keeper.start();
    letGo.resolve();
    await Promise.all(stopped);
    expect(await keeper.ready()).toMatchObject({ ok: true });
    expect(openLinks).toBe(1);
    await keeper.stop();
    expect(openLinks).toBe(0);
  });
});

describe('a failed dial', () => {
  it.each([
    ['not-there', { device: 'noDevice', reason: 'gauge-unplugged' }],
    ['not-allowed', { device: 'offline', reason: 'gauge-not-allowed' }],
    ['failed', { device: 'hardwareError', reason: 'gauge-failed' }],
  ] as const)('%s is a status staff can act on', (reason, status) => {
    expect(statusOfDialFailure('gauge', { ok: false, reason, detail: '' })).toEqual(status);
  });
});
