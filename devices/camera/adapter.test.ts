import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandOptions, Completion, DeviceEvent, DeviceStatus } from '../device.ts';
import { proveDevice } from '../device-suite.ts';
import { Camera, type CameraReport } from './adapter.ts';

/** A camera whose screen speaks as soon as there is somebody to hear it. */
class WatchedCamera extends Camera {
  override async open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    const opened = await super.open(options);
    if (opened.ok) this.receiveReport('available');
    return opened.ok ? { ok: true, value: this.status() } : opened;
  }
}

const noWire = 'the camera stands in the screen’s process';
proveDevice(
  'camera',
  async () => ({ device: new WatchedCamera({ id: 'camera', label: null }), dispose: async () => undefined }),
  {
    without: {
      command: 'pictures are taken in the screen’s process',
      unplug: noWire,
      replug: noWire,
      hang: noWire,
      garble: noWire,
      slow: noWire,
      mend: noWire,
    },
  },
);

describe('a camera', () => {
  let pending: { ms: number; act: () => void } | null;
  let camera: Camera;
  beforeEach(async () => {
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
    await camera.open();
  });
  afterEach(() => camera.close());

  it('is not ready before the screen has looked', () => {
    expect(camera.status()).toMatchObject({ device: 'starting', reason: null });
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
