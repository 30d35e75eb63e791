import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placedIn, readDeviceConfig } from './device-config.ts';
import { openDevice } from './open-device.ts';

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
    [
      'a mapping that is not named',
      { kind: 'social-security-card', id: 'card', wire: { kind: 'bridge' } },
      'wire.mapping',
    ],
    [
      'paper that no printer has',
      { kind: 'receipt-printer', id: 'receipts', wire: { kind: 'tcp', host: 'a' }, widthDots: 577 },
      'widthDots',
    ],
    [
      'a camera by two marks',
      { kind: 'camera', id: 'camera', wire: { kind: 'screen', label: 'a', deviceId: 'b' } },
      'wire',
    ],
    [
      'a host with a NUL',
      { kind: 'receipt-printer', id: 'receipts', wire: { kind: 'tcp', host: 'printer\0' } },
      'wire.host',
    ],
    [
      'a host that is an address on the web',
      { kind: 'receipt-printer', id: 'receipts', wire: { kind: 'tcp', host: 'http://printer' } },
      'wire.host',
    ],
    [
      'a folder with a NUL',
      { kind: 'document-printer', id: 'printer', wire: { kind: 'folder', folder: 'pa\0pers' } },
      'wire.folder',
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
    ['social-security-card', { kind: 'motorised', path: '/dev/does-not-exist' }],
    ['magnetic-stripe', { kind: 'hid', vendorId: 1, productId: 2 }],
    ['receipt-printer', { kind: 'serial', path: '/dev/does-not-exist' }],
    ['receipt-printer', { kind: 'tcp', host: '127.0.0.1' }],
    ['pin-pad', { kind: 'serial', path: '/dev/does-not-exist' }],
    ['io-board', { kind: 'serial', path: 'COM4' }],
    ['camera', { kind: 'screen', label: 'HD Webcam' }],
    ['camera', undefined],
    ['document-printer', { kind: 'cups', queue: 'hall' }],
    ['document-printer', { kind: 'folder', folder: 'papers' }],
  ])('makes a closed %s on the wire %j', async (kind, wire) => {
    const placed = wire !== undefined && 'folder' in wire ? { ...wire, folder: join(folder, 'papers') } : wire;
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

  it.each([
    ['bridge', bridge],
    ['vendor-library', library],
  ])('makes a card reader behind a %s from its mapping file, found beside the configuration', async (wire, mapping) => {
    writeFileSync(join(folder, 'reader.json'), `\uFEFF${JSON.stringify(mapping)}`);
    const read = readDeviceConfig({
      kind: 'social-security-card',
      id: 'card',
      wire: { kind: wire, mapping: 'reader.json' },
    });
    if (!read.ok) throw new Error(read.flaws.join());
    const opened = await openDevice(placedIn(folder, read.config));
    if (!opened.ok) throw new Error(opened.detail);
    expect(opened.device.capabilities).toMatchObject({ kind: 'social-security-card', model: 'Maker X' });
    await opened.device.close();
  });

  it.each([
    ['is not there', null, 'ENOENT'],
    ['is no JSON', '{', 'JSON'],
    [
      'has a flaw',
      JSON.stringify({ ...bridge, transport: { kind: 'http', url: 'http://example.com' } }),
      'transport.url',
    ],
  ])('names the mapping file that %s, and the place in it', async (_, text, flaw) => {
    const file = join(folder, 'reader.json');
    if (text !== null) writeFileSync(file, text);
    const opened = await openDevice({
      kind: 'social-security-card',
      id: 'card',
      wire: { kind: 'bridge', mapping: file },
    });
    expect(opened).toMatchObject({ ok: false, detail: expect.stringMatching(`^wire.mapping: ${file}: .*${flaw}`) });
  });

  it('draws what a receipt printer has not with the fonts it is given, which are asked for at the first such character', async () => {
    const hasAsked: string[] = [];
    const outline = (character: string) => {
      hasAsked.push(character);
      return [];
    };
    const fonts = () => [{ unitsPerEm: 1_000, outline }];
    const config = {
      kind: 'receipt-printer',
      id: 'receipts',
      widthDots: 576,
      font: 'gb2312',
      hasPresenter: false,
    } as const;
    const opened = await openDevice({ ...config, wire: { kind: 'tcp', host: '127.0.0.1', port: 9 } }, { fonts });
    if (!opened.ok) throw new Error(opened.detail);
    // Nobody listens there: what matters is what was asked before anything is sent.
    await opened.device.print({ lines: [{ kind: 'text', text: '王' }] });
    expect(hasAsked).toEqual([]);
    await opened.device.print({ lines: [{ kind: 'text', text: '𠮷' }] });
    expect(hasAsked).toContain('𠮷');
  });
});

const bridge = {
  format: 1,
  name: 'Maker X',
  transport: { kind: 'http', url: 'http://127.0.0.1:8989/' },
  operations: { read: { code: { at: '/code', success: ['0'] }, fields: { cardNumber: { at: '/kh' } } } },
};
const library = {
  format: 1,
  name: 'Maker X',
  library: { linux: '/opt/maker/libreader.so', win32: 'C:\\maker\\reader.dll' },
  operations: {
    read: {
      steps: [{ call: 'RD_Read', arguments: [{ out: 'basic', bytes: 64 }] }],
      fields: { cardNumber: { buffer: 'basic' } },
    },
  },
};
