import { expect, it } from 'vitest';
import { readDeviceConfig } from './device-config.ts';
import { findDevices, type Sources } from './find-devices.ts';

const machine: Sources = {
  serialPorts: async () => [
    { path: '/dev/ttyS0', stablePath: null, maker: null, vendorId: null, productId: null },
    { path: '/dev/ttyUSB0', stablePath: '/dev/serial/by-id/sam', maker: 'Maker', vendorId: '0400', productId: 'c35a' },
  ],
  hidDevices: async () => [
    { vendorId: 0x0c2e, productId: 0x0b01, product: 'Imager', usagePage: 0x8c, path: '/dev/hidraw0' },
    { vendorId: 0x0801, productId: 0x0002, product: 'Swipe', usagePage: 0xff00, path: '/dev/hidraw1' },
    { vendorId: 0x046d, productId: 0xc31c, product: 'Keyboard', usagePage: 1, path: '/dev/hidraw2' },
  ],
  cardReaders: async () => ({ ok: true, names: ['ACS ACR39U 00 00'] }),
  printers: async () => ({ ok: true, names: ['A4'] }),
};

it('gives everything it finds a line that the configuration takes, and a keyboard none', async () => {
  const found = (await findDevices(machine)).flatMap((finding) => finding.found);
  const kinds = found.map(({ line }) => {
    if (line === null) return null;
    const read = readDeviceConfig(line);
    return read.ok ? read.config.kind : read.flaws;
  });
  expect(kinds).toEqual([
    'code-scanner',
    'resident-id-card',
    'code-scanner',
    'magnetic-stripe',
    null,
    'social-security-card',
    'document-printer',
  ]);
});

it('prefers the name of a serial port that stays', async () => {
  const [ports] = await findDevices(machine);
  expect(ports?.found[1]?.line).toMatchObject({ wire: { path: '/dev/serial/by-id/sam' } });
});

it('names a daemon that is not there, and looks at the rest all the same', async () => {
  const findings = await findDevices({
    ...machine,
    serialPorts: () => Promise.reject(new Error('spawn udevadm ENOENT')),
    cardReaders: async () => ({ ok: false, detail: 'pcscd does not run' }),
  });
  expect(findings.map(({ what, missing, found }) => [what, missing, found.length])).toEqual([
    ['serial ports', 'udevadm is missing: apt-get install udev', 0],
    ['HID devices', null, 3],
    ['card readers (PC/SC)', 'pcscd does not run', 0],
    ['printers', null, 1],
  ]);
});
