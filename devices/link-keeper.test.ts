import { beforeEach, describe, expect, it } from 'vitest';
import { type ByteLink, dialFailureOf, LinkBoard } from './channels/byte-link.ts';
import { LinkKeeper, notConnected, untilGone } from './link-keeper.ts';
import { StatusBoard } from './status-board.ts';

const pollMs = 10_000;

describe('the keeper of a link', () => {
  let board: StatusBoard;
  let isThere: boolean;
  let openLinks: number;
  let opens: number;
  let closing: Promise<void>;
  let dials: number;
  let wire: LinkBoard;
  let holdUp: Promise<void>;
  let keeper: LinkKeeper<ByteLink>;

  beforeEach(() => {
    board = new StatusBoard();
    isThere = true;
    openLinks = 0;
    opens = 0;
    closing = Promise.resolve();
    dials = 0;
    holdUp = Promise.resolve();
    keeper = new LinkKeeper({
      board,
      retryMs: 5,
      letGoMs: 20,
      connect: async () => {
        dials += 1;
        await holdUp;
        if (!isThere) return notConnected('gauge', { ok: false, reason: 'not-there', detail: 'no such file' });
        openLinks += 1;
        opens += 1;
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
        await closing;
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
    expect(await keeper.ready()).toEqual({
      ok: false,
      reason: 'deviceNotReady',
      detail: 'gauge-unplugged (no such file)',
    });
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

  // Found in review: the reset waited for the driver, and the device's ladder for the reset.
  it('does not wait for a driver that hangs: it connects anew, and lets go of what comes late', async () => {
    const never = Promise.withResolvers<void>();
    holdUp = never.promise;
    keeper.start();
    await expect.poll(() => dials, { timeout: pollMs }).toBe(1);
    await keeper.stop();
    holdUp = Promise.resolve();
    keeper.start();
    expect(await keeper.ready()).toMatchObject({ ok: true, value: { device: 'online' } });
    never.resolve();
    await expect.poll(() => opens, { timeout: pollMs }).toBe(2);
    await expect.poll(() => openLinks, { timeout: pollMs }).toBe(1);
    expect(await keeper.ready()).toMatchObject({ ok: true, value: { device: 'online' } });
  });

  it('does not wait for a link that does not close', async () => {
    keeper.start();
    await keeper.ready();
    closing = new Promise(() => undefined);
    await keeper.stop();
    keeper.start();
    expect(await keeper.ready()).toMatchObject({ ok: true });
    expect(dials).toBe(2);
    closing = Promise.resolve();
  });
});

describe('a failed dial', () => {
  it.each([
    ['not-there', { device: 'noDevice', reason: 'gauge-unplugged' }],
    ['not-allowed', { device: 'offline', reason: 'gauge-not-allowed' }],
    ['in-use', { device: 'offline', reason: 'gauge-in-use' }],
    ['failed', { device: 'hardwareError', reason: 'gauge-failed' }],
  ] as const)('%s is a status staff can act on', (reason, status) => {
    const detail = 'what the driver says';
    expect(notConnected('gauge', { ok: false, reason, detail })).toEqual({ ok: false, status, detail });
  });

  // What the serial driver says on Linux and on Windows, and hidapi.
  it.each([
    ['Error: No such file or directory, cannot open /dev/ttyACM7', 'not-there'],
    ['Opening COM3: File not found', 'not-there'],
    ['Error: Permission denied, cannot open /dev/ttyACM0', 'not-allowed'],
    ['cannot open device with path /dev/hidraw2: Permission denied', 'not-allowed'],
    ['Error Resource temporarily unavailable Cannot lock port', 'in-use'],
    ['Error: Device or resource busy, cannot open /dev/ttyACM0', 'in-use'],
    ['Opening COM3: Access denied', 'in-use'],
    ['Error: Input/output error setting custom baud rate', 'failed'],
  ])('tells what "%s" means: %s', (message, reason) => {
    expect(dialFailureOf(new Error(message))).toEqual({ ok: false, reason, detail: message });
  });
});
