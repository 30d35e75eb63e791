import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDevice, readDeviceConfig } from './open-device.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-device-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a device’s configuration', () => {
  it('is filled in where it says nothing', () => {
    expect(
      readDeviceConfig({ kind: 'document-printer', id: 'printer', wire: { kind: 'cups', queue: 'hall' } }),
    ).toEqual({
      ok: true,
      config: {
        kind: 'document-printer',
        id: 'printer',
        wire: { kind: 'cups', queue: 'hall', server: { host: '127.0.0.1', port: 631 }, user: 'kiosk' },
      },
    });
    expect(
      readDeviceConfig({ kind: 'code-scanner', id: 'scanner', wire: { kind: 'serial', path: 'COM3' } }),
    ).toMatchObject({
      config: { wire: { baudRate: 9_600 } },
    });
  });

  it.each([
    ['a kind nobody knows', { kind: 'fax', id: 'fax', wire: { kind: 'tcp' } }, 'kind'],
    ['a wire its kind does not have', { kind: 'code-scanner', id: 'scanner', wire: { kind: 'cups' } }, 'wire.kind'],
    [
      'a mistyped key',
      { kind: 'code-scanner', id: 'scanner', wire: { kind: 'serial', path: 'COM3', baud: 9_600 } },
      'wire',
    ],
    [
      'a port that is none',
      { kind: 'social-security-card', id: 'card', wire: { kind: 'tcp', host: 'a', port: 70_000 } },
      'wire.port',
    ],
    [
      'a speed no ID reader has',
      { kind: 'resident-id-card', id: 'id-reader', wire: { kind: 'serial', path: 'COM3', baudRate: 1_200 } },
      'wire.baudRate',
    ],
    ['an id that is none', { kind: 'code-scanner', id: '扫码器', wire: { kind: 'wedge' } }, 'id'],
    ['nothing at all', null, 'device'],
  ])('is refused by the place of its flaw: %s', (_, value, place) => {
    const read = readDeviceConfig(value);
    if (read.ok) throw new Error('accepted');
    expect(read.flaws.join()).toMatch(new RegExp(`^${place}: `));
  });
});

describe('opening a device', () => {
  it.each([
    ['social-security-card', { kind: 'tcp', host: '127.0.0.1', port: 9 }],
    ['resident-id-card', { kind: 'serial', path: '/dev/does-not-exist' }],
    ['code-scanner', { kind: 'wedge' }],
    ['code-scanner', { kind: 'serial', path: '/dev/does-not-exist' }],
    ['code-scanner', { kind: 'hid', vendorId: 1, productId: 2 }],
    ['document-printer', { kind: 'cups', queue: 'hall' }],
    ['document-printer', { kind: 'folder', folder: 'papers' }],
  ])('makes a closed %s on the wire %j', async (kind, wire) => {
    const placed = 'folder' in wire ? { ...wire, folder: join(folder, 'papers') } : wire;
    const read = readDeviceConfig({ kind, id: 'device', wire: placed });
    if (!read.ok) throw new Error(read.flaws.join());
    const opened = await openDevice(read.config);
    if (!opened.ok) throw new Error(opened.detail);
    expect(opened.device.id).toBe('device');
    expect(opened.device.capabilities.kind).toBe(kind);
    expect(opened.device.status().device).toBe('starting');
    await opened.device.close();
  });

  it('gives the adapter of its kind, with its commands', async () => {
    const wire = { kind: 'folder', folder: join(folder, 'papers') } as const;
    const opened = await openDevice({ kind: 'document-printer', id: 'printer', wire });
    if (!opened.ok) throw new Error(opened.detail);
    const job = { pdf: new TextEncoder().encode('no PDF'), pages: 1, copies: 1, title: 'certificate' };
    expect(await opened.device.print(job)).toMatchObject({ ok: false, reason: 'invalidData' });
  });

  it.skipIf(process.platform === 'win32')('says what is missing where the system cannot carry the wire', async () => {
    const opened = await openDevice({
      kind: 'document-printer',
      id: 'printer',
      wire: { kind: 'windows', queue: 'Hall' },
    });
    expect(opened).toMatchObject({ ok: false, detail: expect.stringContaining('winspool') });
  });
});
