import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FolderPrinterControl } from '../devices/channels/spooler-folder.ts';
import type { DeviceStatus } from '../devices/device.ts';
import { bareStatus } from '../devices/device.ts';
import { deviceConfigSchema } from '../devices/device-config.ts';
import type { DeviceNeed } from '../state-machines/effects.ts';
import type { TroubleReason } from '../state-machines/troubles.ts';
import { boardEventOf, makeTerminal, suppliesOf, troubleOfStatus, worldEventsOf } from './devices.ts';
import { createLog, silentLog } from './log.ts';

const online = { ...bareStatus, device: 'online' } as const satisfies DeviceStatus;

test.each<DeviceNeed>(['card-reader', 'id-reader', 'code-scanner', 'document-printer', 'receipt-printer', 'pin-pad'])(
  'has nothing against a %s that is online, or busy',
  (need) => {
    expect(troubleOfStatus(need, online)).toBeNull();
    expect(troubleOfStatus(need, { ...online, device: 'deviceBusy' })).toBeNull();
  },
);

test('tells an identity card apart from one in the slot', () => {
  expect(worldEventsOf('id-reader', { type: 'cardInserted' }, 0)).toEqual([{ type: 'idcard.placed' }]);
  expect(worldEventsOf('id-reader', { type: 'cardTaken' }, 0)).toEqual([{ type: 'idcard.lifted' }]);
  expect(worldEventsOf('card-reader', { type: 'cardInserted' }, 0)).toEqual([{ type: 'card.inserted' }]);
  expect(worldEventsOf('card-reader', { type: 'cardTaken' }, 0)).toEqual([{ type: 'card.taken' }]);
});

test('says that an ID reader in order cannot tell whether the card still lies there, and nothing of one that is gone', () => {
  const heard = (change: Partial<DeviceStatus>) =>
    worldEventsOf('id-reader', { type: 'status', status: { ...online, ...change } }, 0);
  expect(heard({ media: 'unknown' })).toEqual([
    { type: 'device', need: 'id-reader', reason: null },
    { type: 'idcard.untold' },
  ]);
  expect(heard({ media: 'present' })).toHaveLength(1);
  expect(heard({ device: 'noDevice', media: 'unknown' })).toEqual([
    { type: 'device', need: 'id-reader', reason: 'id-reader-out' },
  ]);
});

test.each<[string, Partial<DeviceStatus>, TroubleReason]>([
  ['no paper', { device: 'userError', paper: 'out' }, 'receipt-paper-out'],
  ['an open cover', { device: 'userError', cover: 'open', paper: 'out' }, 'receipt-cover-open'],
  ['a jam', { device: 'userError', paper: 'jammed' }, 'receipt-jam'],
  ['a knife that is stuck', { device: 'hardwareError', reason: 'cutter-error' }, 'receipt-jam'],
])('tells of the receipt printer what staff can act on: %s', (_what, change, reason) => {
  expect(troubleOfStatus('receipt-printer', { ...online, ...change })).toBe(reason);
});

test('tells what was left behind: a receipt in its presenter, and a card the reader kept', () => {
  expect(worldEventsOf('receipt-printer', { type: 'paperPresented' }, 0)).toEqual([{ type: 'paper.presented' }]);
  expect(worldEventsOf('receipt-printer', { type: 'paperTaken' }, 0)).toEqual([{ type: 'paper.taken' }]);
  expect(worldEventsOf('card-reader', { type: 'cardRetained', reason: 'forgotten' }, 0)).toEqual([
    { type: 'card.retained' },
  ]);
});

test('tells until when a card may lie at the gate, and a jammed card from a reader that is out', () => {
  const presented = { type: 'cardPresented', takeMs: 30_000, isLeftOver: false } as const;
  expect(worldEventsOf('card-reader', presented, 1_000)).toEqual([
    { type: 'card.presented', keptAtMs: 31_000, isLeftOver: false },
  ]);
  expect(worldEventsOf('card-reader', { ...presented, takeMs: null, isLeftOver: true }, 1_000)).toEqual([
    { type: 'card.presented', keptAtMs: null, isLeftOver: true },
  ]);
  expect(troubleOfStatus('card-reader', { ...online, device: 'userError', media: 'jammed' })).toBe('card-jammed');
});

test.each<[Partial<DeviceStatus>, Record<string, string>]>([
  [
    { paper: 'low', toner: 'ok' },
    { printer: 'low', 'printer-toner': 'enough' },
  ],
  [
    { paper: 'out', toner: 'unknown' },
    { printer: 'out', 'printer-toner': 'unknown' },
  ],
  [{ paper: 'jammed' }, { printer: 'unknown' }],
  [{}, {}],
])('tells the centre of supplies what the device reports: %j', (change, supplies) => {
  expect(suppliesOf('printer', { ...online, ...change })).toEqual(supplies);
});

test('warns in the log and at the centre of paper that runs low, once, and says when it was filled up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'supplies-'));
  const control = new FolderPrinterControl(folder);
  const wire = { kind: 'folder', folder } as const;
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'info' });
  const terminal = await makeTerminal([{ kind: 'document-printer', id: 'printer', wire }], log, () => 0);
  onTestFinished(async () => {
    await terminal.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const told = () =>
    lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'device.supply')
      .map(({ level, supply, left }) => `${level} ${supply} ${left}`);
  await terminal.open();
  control.change({ faults: ['media-low'] });
  await expect.poll(told).toEqual(['warn printer low']);
  expect(terminal.supplies()).toMatchObject({ printer: 'low' });
  expect(terminal.states()).toEqual({ printer: 'ready' });
  control.change({ faults: ['media-empty'] });
  await expect.poll(() => told().at(-1)).toBe('warn printer out');
  await expect.poll(() => terminal.states()).toEqual({ printer: 'attention: media-empty' });
  control.change({ faults: [] });
  await expect.poll(() => told().at(-1)).toBe('info printer enough');
  expect(told()).toHaveLength(3);
});

test('lets a board that is away, or lacks an input, keep nobody from being served', () => {
  const unknown = { type: 'board', isDoorOpen: false, isKeyTurned: false, isNear: null };
  expect(boardEventOf({ key: 'unknown', door: 'unknown', proximity: 'unknown' })).toEqual(unknown);
  expect(boardEventOf({ key: 'notSupported', door: 'notSupported', proximity: 'notSupported' })).toEqual(unknown);
  expect(boardEventOf({ key: 'service', door: 'open', proximity: 'away' })).toEqual({
    type: 'board',
    isDoorOpen: true,
    isKeyTurned: true,
    isNear: false,
  });
});

test('prints as long as there is paper and toner, however little', () => {
  expect(troubleOfStatus('document-printer', { ...online, paper: 'low', toner: 'low' })).toBeNull();
});

test.each<DeviceStatus['device']>(['starting', 'offline', 'powerOff', 'noDevice', 'hardwareError', 'fraudAttempt'])(
  'does without a reader and a scanner that are %s',
  (device) => {
    expect(troubleOfStatus('card-reader', { ...online, device })).toBe('card-reader-out');
    expect(troubleOfStatus('id-reader', { ...online, device })).toBe('id-reader-out');
    expect(troubleOfStatus('code-scanner', { ...online, device })).toBe('scanner-out');
    expect(troubleOfStatus('pin-pad', { ...online, device })).toBe('pin-pad-out');
    expect(troubleOfStatus('receipt-printer', { ...online, device })).toBe('receipt-printer-out');
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

test('opens every kind there is, and one that cannot be made or is not there stops no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
  const path = join(folder, 'no-such-port');
  const wires = {
    'social-security-card': { kind: 'vendor-library', mapping: join(folder, 'no-such.json') },
    'resident-id-card': { kind: 'serial', path },
    'code-scanner': { kind: 'wedge' },
    'magnetic-stripe': { kind: 'hid', vendorId: 1, productId: 2 },
    'document-printer': { kind: 'folder', folder: join(folder, 'papers') },
    'receipt-printer': { kind: 'serial', path },
    'pin-pad': { kind: 'serial', path },
    'io-board': { kind: 'serial', path },
  };
  const config = Object.entries(wires).map(([kind, wire]) => deviceConfigSchema.parse({ kind, id: `a-${kind}`, wire }));
  const terminal = await makeTerminal(config, silentLog, () => 0);
  onTestFinished(async () => {
    await terminal.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const heard: unknown[] = [];
  terminal.subscribe((event) => heard.push(event));
  await terminal.open();
  expect(terminal.states()).toMatchObject({ 'a-code-scanner': 'ready', 'a-document-printer': 'ready' });
  expect(Object.keys(terminal.states()).sort()).toEqual(
    Object.keys(wires)
      .filter((kind) => kind !== 'social-security-card')
      .map((kind) => `a-${kind}`)
      .sort(),
  );
  expect(Object.values(terminal.states()).filter((health) => health === 'ready')).toHaveLength(2);
  expect(heard).toContainEqual({ type: 'device', need: 'card-reader', reason: 'card-reader-out' });
  expect(heard).toContainEqual({ type: 'device', need: 'code-scanner', reason: null });
});

test.each<[Partial<DeviceStatus>, TroubleReason | null]>([
  [{ device: 'online' }, null],
  [{ device: 'starting' }, 'camera-out'],
  [{ device: 'noDevice', reason: 'camera-unplugged' }, 'camera-out'],
  [{ device: 'offline', reason: 'camera-screen-silent' }, 'camera-out'],
  [{ device: 'offline', reason: 'camera-busy' }, 'camera-busy'],
  [{ device: 'userError', reason: 'camera-denied' }, 'camera-denied'],
])('tells of a camera that is %j: %s', (change, trouble) => {
  expect(troubleOfStatus('camera', { ...bareStatus, ...change })).toBe(trouble);
});
