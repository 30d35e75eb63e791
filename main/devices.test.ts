import { expect, test } from 'vitest';
import type { DeviceStatus } from '../devices/device.ts';
import { bareStatus } from '../devices/device.ts';
import type { DeviceNeed } from '../state-machines/effects.ts';
import type { TroubleReason } from '../state-machines/troubles.ts';
import { troubleOfStatus } from './devices.ts';

const online = { ...bareStatus, device: 'online' } as const satisfies DeviceStatus;

test.each<DeviceNeed>(['card-reader', 'code-scanner', 'document-printer'])(
  'has nothing against a %s that is online, or busy',
  (need) => {
    expect(troubleOfStatus(need, online)).toBeNull();
    expect(troubleOfStatus(need, { ...online, device: 'deviceBusy' })).toBeNull();
  },
);

test('prints as long as there is paper and toner, however little', () => {
  expect(troubleOfStatus('document-printer', { ...online, paper: 'low', toner: 'low' })).toBeNull();
});

test.each<DeviceStatus['device']>(['starting', 'offline', 'powerOff', 'noDevice', 'hardwareError', 'fraudAttempt'])(
  'does without a reader and a scanner that are %s',
  (device) => {
    expect(troubleOfStatus('card-reader', { ...online, device })).toBe('card-reader-out');
    expect(troubleOfStatus('code-scanner', { ...online, device })).toBe('scanner-out');
  },
);

test.each<[string, Partial<DeviceStatus>, TroubleReason]>([
  ['a jam', { device: 'userError', paper: 'jammed' }, 'paper-jam'],
  ['a jam behind an open door', { device: 'userError', paper: 'jammed', cover: 'open' }, 'paper-jam'],
  ['an open door', { device: 'userError', cover: 'open' }, 'door-open'],
  ['an open door over an empty tray', { device: 'userError', cover: 'open', paper: 'out' }, 'door-open'],
  ['no paper', { device: 'userError', paper: 'out' }, 'paper-out'],
  ['no toner', { device: 'userError', toner: 'out' }, 'toner-empty'],
  ['a full tray', { device: 'userError' }, 'output-full'],
  ['a queue that is not there', { device: 'noDevice' }, 'printer-unknown'],
  ['a printer that stopped', { device: 'hardwareError' }, 'printer-stopped'],
  ['a printer that is off', { device: 'offline' }, 'printer-offline'],
  ['a printer nobody has asked yet', { device: 'starting' }, 'printer-offline'],
])('tells of the printer what staff can act on: %s', (_what, change, reason) => {
  expect(troubleOfStatus('document-printer', { ...online, ...change })).toBe(reason);
});
