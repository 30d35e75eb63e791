import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type HidEntry, type HidHandle, type HidLibrary, hidDial } from '../channels/hid.ts';
import type { DeviceEvent } from '../device.ts';
import { proveDevice, waitForStatus } from '../device-suite.ts';
import { CodeScanner } from './adapter.ts';

const scannerId = { vendorId: 0x0c2e, productId: 0x0b01, usagePage: 0x8c };
/** What a scanner reads, it tells by itself; how that goes wrong is tried below and beside the codecs. */
const noCommands = { command: 'a scanner has no commands' };

/** Stands where node-hid stands: one scanner that is plugged in or not, and whose reports the test sends. */
class FakeHid implements HidLibrary {
  isThere = true;
  isAllowed = true;
  openHandles = 0;
  private readonly plugged = new Set<EventEmitter>();

  async list(): Promise<readonly HidEntry[]> {
    const keyboard = { vendorId: 1, productId: 1, path: '/dev/hidraw0' };
    const keyCollection = { ...scannerId, usagePage: 0x01, path: '/dev/hidraw1' };
    const scanner = { ...scannerId, path: '/dev/hidraw2', product: 'Area imager' };
    return this.isThere ? [keyboard, keyCollection, scanner] : [keyboard];
  }

  async open(path: string): Promise<HidHandle> {
    expect(path).toBe('/dev/hidraw2');
    if (!this.isAllowed) throw new Error('cannot open device with path /dev/hidraw2: Permission denied');
    this.openHandles += 1;
    const wire = new EventEmitter();
    this.plugged.add(wire);
    const close = async () => {
      this.openHandles -= 1;
      this.plugged.delete(wire);
    };
    return Object.assign(wire, { close });
  }

  send(report: Uint8Array): void {
    for (const wire of this.plugged) wire.emit('data', Buffer.from(report));
  }

  unplug(): void {
    this.isThere = false;
    for (const wire of this.plugged) wire.emit('error', new Error('could not read from HID device'));
  }
}

function report(text: string): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([2, text.length]);
  bytes.set(new TextEncoder().encode(text), 5);
  return bytes;
}

proveDevice(
  'code scanner over HID',
  async () => {
    const hid = new FakeHid();
    const device = new CodeScanner({ id: 'scanner', wire: { kind: 'hid', dial: hidDial(scannerId, hid) }, retryMs: 5 });
    return {
      device,
      unplug: async () => hid.unplug(),
      replug: async () => {
        hid.isThere = true;
      },
      dispose: async () => expect(hid.openHandles).toBe(0),
    };
  },
  { without: noCommands },
);

proveDevice(
  'code scanner as a keyboard wedge',
  async () => {
    return {
      device: new CodeScanner({ id: 'scanner', wire: { kind: 'wedge' } }),
      dispose: async () => undefined,
    };
  },
  { without: { ...noCommands, unplug: 'the system shows a keyboard, and hides whether it is plugged in' } },
);

describe('a code scanner', () => {
  let hid: FakeHid;
  let nowMs: number;
  let heard: string[];

  beforeEach(() => {
    hid = new FakeHid();
    nowMs = 0;
    heard = [];
  });

  function listen(event: DeviceEvent): void {
    if (event.type === 'codeScanned') heard.push(event.text);
  }

  it('tells what it scans, once for a code that stays under the window', async () => {
    const wire = { kind: 'hid', dial: hidDial(scannerId, hid) } as const;
    const scanner = new CodeScanner({ id: 'scanner', wire, now: () => nowMs });
    scanner.subscribe(listen);
    await scanner.open();
    expect(scanner.capabilities).toMatchObject({ model: 'Area imager', features: ['hid'] });
    hid.send(report('ABC-1'));
    nowMs += 1_000;
    hid.send(report('ABC-1'));
    hid.send(report('DEF-1'));
    nowMs += 2_000;
    hid.send(report('DEF-1'));
    await scanner.close();
    hid.send(report('GHI-1'));
    expect(heard).toEqual(['ABC-1', 'DEF-1', 'DEF-1']);
  });

  it('names what was no code without telling what it was', async () => {
    const onFlaw = vi.fn();
    const scanner = new CodeScanner({ id: 'scanner', wire: { kind: 'hid', dial: hidDial(scannerId, hid) }, onFlaw });
    scanner.subscribe(listen);
    await scanner.open();
    hid.send(new Uint8Array(64));
    expect(onFlaw.mock.calls).toEqual([['malformed-report']]);
    expect(heard).toEqual([]);
    await scanner.close();
  });

  it('is in want of a hand while its line is noisy, takes no noise for a code, and is well once it was quiet', async () => {
    vi.useFakeTimers();
    try {
      const scanner = new CodeScanner({ id: 'scanner', wire: { kind: 'hid', dial: hidDial(scannerId, hid) } });
      scanner.subscribe(listen);
      await scanner.open();
      const noise = (times: number) => {
        for (let time = 0; time < times; time += 1) hid.send(new Uint8Array(64));
      };
      noise(7);
      hid.send(report('44A-9X2'));
      expect(scanner.status().device).toBe('online');
      noise(4);
      expect(scanner.status()).toMatchObject({ device: 'userError', reason: 'scanner-noisy' });
      hid.send(report('44A-9X3'));
      vi.advanceTimersByTime(4_999);
      noise(1);
      vi.advanceTimersByTime(4_999);
      expect(scanner.status().device).toBe('userError');
      vi.advanceTimersByTime(1);
      expect(scanner.status()).toMatchObject({ device: 'online', reason: null });
      hid.send(report('44A-9X4'));
      expect(heard).toEqual(['44A-9X2', '44A-9X4']);
      noise(7);
      await scanner.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says when it may not be opened: a udev rule is missing', async () => {
    hid.isAllowed = false;
    const scanner = new CodeScanner({
      id: 'scanner',
      wire: { kind: 'hid', dial: hidDial(scannerId, hid) },
      retryMs: 5,
    });
    expect(await scanner.open()).toMatchObject({ ok: false, reason: 'deviceNotReady' });
    expect(scanner.status()).toMatchObject({ device: 'offline', reason: 'scanner-not-allowed' });
    hid.isAllowed = true;
    await waitForStatus(scanner, (status) => status.device === 'online', 2_000);
    await scanner.close();
  });

  it('takes the codes of a wedge from the screen, once each, while it is open', async () => {
    const scanner = new CodeScanner({ id: 'scanner', wire: { kind: 'wedge' } });
    scanner.subscribe(listen);
    expect(scanner.receiveCode('44A-9X2')).toBe(false);
    await scanner.open();
    expect(scanner.receiveCode('44A-9X2')).toBe(true);
    expect(scanner.receiveCode('44A-9X2')).toBe(true);
    await scanner.close();
    expect(scanner.receiveCode('44A-9X2')).toBe(false);
    expect(heard).toEqual(['44A-9X2']);
  });
});
