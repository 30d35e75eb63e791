import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandOptions, Completion, DeviceEvent, DeviceStatus } from '../device.ts';
import { proveDevice } from '../device-suite.ts';
import { Camera, type CameraReport } from './adapter.ts';

/** A camera whose screen says how it stands a moment after somebody wants to hear it, and when that changes. */
class WatchedCamera extends Camera {
  private report: CameraReport = 'available';

  stands(report: CameraReport): void {
    this.report = report;
    this.receiveReport(report);
  }

  override open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    setImmediate(() => this.receiveReport(this.report));
    return super.open(options);
  }

  override reset(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    setImmediate(() => this.receiveReport(this.report));
    return super.reset(options);
  }
}

proveDevice(
  'camera',
  async () => {
    const device = new WatchedCamera({ id: 'camera', label: null });
    return {
      device,
      unplug: async () => device.stands('none'),
      replug: async () => device.stands('available'),
      dispose: async () => undefined,
    };
  },
  { without: { command: 'pictures are taken in the screen’s process' } },
);

describe('a camera', () => {
  let pending: { ms: number; act: () => void } | null;
  let camera: Camera;
  let opening: Promise<Completion<DeviceStatus>>;
  beforeEach(() => {
    pending = null;
    camera = new Camera({
      id: 'camera',
      label: 'HD Webcam',
      after(ms, act) {
        const waiting = { ms, act };
        pending = waiting;
        return () => {
          if (pending === waiting) pending = null;
        };
      },
    });
    opening = camera.open();
  });
  afterEach(() => camera.close());

  it('is not ready before the screen has looked, and open once it has', async () => {
    expect(camera.status()).toMatchObject({ device: 'starting', reason: null });
    camera.receiveReport('available');
    expect(await opening).toMatchObject({ ok: true, value: { device: 'online' } });
    expect(await camera.open()).toMatchObject({ ok: true });
  });

  it.each([
    ['denied', { ok: true, value: { device: 'userError' } }],
    ['none', { ok: false, reason: 'deviceNotReady', detail: 'camera-missing' }],
  ] as [CameraReport, object][])('that the screen calls %s opens with that', async (report, completion) => {
    camera.receiveReport(report);
    expect(await opening).toMatchObject(completion);
  });

  it('is not open where the screen tells nothing in time, the caller gives up, or it is closed', async () => {
    expect(await camera.open({ timeoutMs: 1 })).toMatchObject({ ok: false, reason: 'timeout' });
    const caller = new AbortController();
    const givenUp = camera.open({ signal: caller.signal });
    caller.abort();
    expect(await givenUp).toMatchObject({ ok: false, reason: 'cancelled' });
    await camera.close();
    expect(await opening).toMatchObject({ ok: false, reason: 'cancelled', detail: 'the device was closed' });
  });

  it('answers a reset with what the screen tells next', async () => {
    camera.receiveReport('available');
    const reset = camera.reset();
    camera.receiveReport('unplugged');
    expect(await reset).toMatchObject({ ok: false, reason: 'deviceNotReady', detail: 'camera-unplugged' });
  });

  it('waits for no word on a reset that was given up before it began', async () => {
    camera.receiveReport('available');
    expect(await camera.reset({ signal: AbortSignal.abort() })).toMatchObject({ ok: false, reason: 'cancelled' });
  });

  it.each([
    ['available', 'online', null],
    ['none', 'noDevice', 'camera-missing'],
    ['unplugged', 'noDevice', 'camera-unplugged'],
    ['denied', 'userError', 'camera-denied'],
    ['busy', 'offline', 'camera-busy'],
  ] as [CameraReport, string, string | null][])('that the screen calls %s is %s (%s)', (report, device, reason) => {
    expect(camera.receiveReport(report)).toBe(true);
    expect(camera.status()).toMatchObject({ device, reason });
  });

  it('tells a state once, however often the screen says it', () => {
    const events: DeviceEvent[] = [];
    camera.subscribe((event) => events.push(event));
    for (let times = 0; times < 5; times += 1) camera.receiveReport('available');
    expect(events).toHaveLength(2);
  });

  it('is unknown once the screen has been silent for long, and known again when it speaks', () => {
    camera.receiveReport('available');
    expect(pending?.ms).toBe(20_000);
    pending?.act();
    expect(camera.status()).toMatchObject({ device: 'offline', reason: 'camera-screen-silent' });
    camera.receiveReport('available');
    expect(camera.status()).toMatchObject({ device: 'online', reason: null });
  });

  it('that is closed hears nothing and waits for nothing', async () => {
    camera.receiveReport('available');
    await camera.close();
    expect(camera.receiveReport('available')).toBe(false);
    expect(camera.status()).toMatchObject({ device: 'offline', reason: 'closed' });
    expect(pending).toBeNull();
  });
});
