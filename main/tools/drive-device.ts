/**
 * One configured device, driven by hand: what a technician does before anybody may use it. A device belongs to one program at a time, so the
 * kiosk is ended first. Every way in here has a deadline.
 */
import type { Completion, Device, DeviceEvent, DeviceStatus } from '../../devices/device.ts';
import type { DeviceConfig } from '../../devices/device-config.ts';
import { type DeviceOfKind, type DeviceParts, openDevice } from '../../devices/open-device.ts';
import { isCardHolder } from '../../devices/social-security-card/adapter.ts';
import { inWords } from './in-words.ts';
import { testPage, testReceipt } from './test-print.ts';

export const driveCommands = ['status', 'read', 'print', 'reset'] as const;
type DriveCommand = (typeof driveCommands)[number];

type DriveOptions = {
  /** Told line by line. */
  say: (line: string) => void;
  /** Personal data is written out. */
  reveal: boolean;
  /** How long the visitor's part may take: laying a card, swiping, scanning; 30 s unless told. */
  waitMs?: number;
  /** Stands on what is printed. */
  when: string;
  parts?: DeviceParts;
};

const openMs = 10_000;
const printMs = 120_000;

/** Opens the device, does one thing, closes it. True: it went well. */
export async function driveDevice(
  config: DeviceConfig,
  command: DriveCommand,
  options: DriveOptions,
): Promise<boolean> {
  const { say } = options;
  if (config.kind === 'camera') {
    say('the camera is seen by the screen alone: open the kiosk’s page and look at its state in the log');
    return false;
  }
  const opened = await openDevice(config, { onFlaw: (_, flaw) => say(`flaw on the wire: ${flaw}`), ...options.parts });
  if (!opened.ok) {
    say(`cannot be made: ${opened.detail}`);
    return false;
  }
  const { device } = opened;
  try {
    const status = await device.open({ timeoutMs: openMs });
    if (!status.ok) say(`not ready: ${status.reason} (${status.detail})`);
    if (command === 'status' || !status.ok) {
      tellStatus(device, device.status(), say);
      if (config.kind === 'io-board') tell((device as DeviceOfKind['io-board']).inputs(), options);
      return status.ok;
    }
    if (command === 'reset') return told(await device.reset({ timeoutMs: openMs }), options);
    return command === 'print' ? await print(config.kind, device, options) : await read(config, device, options);
  } finally {
    await device.close();
  }
}

function tellStatus(device: Device, status: DeviceStatus, say: (line: string) => void): void {
  for (const line of inWords({ ...device.capabilities, ...status }, false)) say(line);
}

function tell(value: unknown, { say, reveal }: DriveOptions): void {
  for (const line of inWords(value, reveal)) say(line);
}

/** Tells a completion; whether it was a success. */
function told(completion: Completion<unknown>, options: DriveOptions): boolean {
  if (completion.ok) tell(completion.value, options);
  else options.say(`${completion.reason}: ${completion.detail}`);
  return completion.ok;
}

async function read(
  config: Exclude<DeviceConfig, { kind: 'camera' }>,
  device: Device,
  options: DriveOptions,
): Promise<boolean> {
  const { say, waitMs = 30_000 } = options;
  switch (config.kind) {
    case 'social-security-card':
    case 'resident-id-card': {
      const reader = device as DeviceOfKind['social-security-card'] | DeviceOfKind['resident-id-card'];
      if (!(await untilCard(reader, say, waitMs))) return false;
      const isRead = told(await reader.readCard(), options);
      if (isCardHolder(reader) && (await reader.returnCard()).ok) say('take the card');
      return isRead;
    }
    case 'code-scanner': {
      if (config.wire.kind === 'wedge') {
        say('a scanner that types is read by the screen: open any text field and scan');
        return false;
      }
      say('hold a code to the scanner');
      const text = await eventWithin(device, waitMs, (event) => (event.type === 'codeScanned' ? event.text : null));
      if (text === null) say('nothing was scanned');
      else tell({ code: text, characters: text.length }, options);
      return text !== null;
    }
    case 'magnetic-stripe':
      say('swipe a card');
      return told(await (device as DeviceOfKind['magnetic-stripe']).awaitSwipe({ timeoutMs: waitMs }), options);
    case 'io-board':
      tell((device as DeviceOfKind['io-board']).inputs(), options);
      return true;
    case 'pin-pad':
      say(
        'a PIN is entered under a working key of the centre, and leaves the pad enciphered: there is nothing to read here',
      );
      return false;
    case 'document-printer':
    case 'receipt-printer':
      say('a printer has nothing to read: print, status or reset');
      return false;
  }
}

async function untilCard(reader: Device, say: (line: string) => void, waitMs: number): Promise<boolean> {
  if (reader.status().media === 'present') return true;
  say('put a card in, or on the plate');
  const seen = await eventWithin(reader, waitMs, (event) => (event.type === 'cardInserted' ? true : null));
  if (seen === null) say('no card came');
  return seen !== null;
}

/** What `take` makes of the first event it takes; null when none came in time. */
function eventWithin<T>(device: Device, waitMs: number, take: (event: DeviceEvent) => T | null): Promise<T | null> {
  return new Promise((resolve) => {
    const settle = (value: T | null) => {
      clearTimeout(timer);
      undo?.();
      resolve(value);
    };
    let undo: (() => void) | null = null;
    const timer = setTimeout(() => settle(null), waitMs);
    undo = device.subscribe((event) => {
      const taken = take(event);
      if (taken !== null) settle(taken);
    });
  });
}

async function print(kind: DeviceConfig['kind'], device: Device, options: DriveOptions): Promise<boolean> {
  const { say, when } = options;
  if (kind === 'document-printer') {
    const printer = device as DeviceOfKind['document-printer'];
    const job = { pdf: testPage(when), pages: 1, copies: 1, title: 'test-page' };
    const ended = await printer.print(job, { timeoutMs: printMs, onProgress: (progress) => tell(progress, options) });
    return told(ended, options) && ended.ok && ended.value.kind === 'printed';
  }
  if (kind === 'receipt-printer') {
    const printer = device as DeviceOfKind['receipt-printer'];
    const onProgress = (progress: unknown) => tell(progress, options);
    const ended = await printer.print(testReceipt(when), { timeoutMs: printMs, onProgress });
    return told(ended, options) && ended.ok && ended.value.kind === 'printed';
  }
  say('this device prints nothing');
  return false;
}
