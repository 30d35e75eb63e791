/**
 * What is plugged into this machine, for a technician who writes a configuration. Nothing is opened: a port or reader in use by the
 * kiosk is listed all the same.
 */
import { type HidEntry, nodeHid } from './channels/hid.ts';
import { listCupsPrinters, listWindowsPrinters, type PrinterList } from './channels/list-printers.ts';
import { listCardReaders, type ReaderList } from './channels/list-readers.ts';
import { listSerialPorts, type SerialPortEntry } from './channels/serial.ts';

/** One thing found: what a person calls it, the line for `devices` in the configuration, and what else is worth knowing. */
export type Found = { name: string; line: unknown | null; note: string | null };

/** What was looked for, what was found, and why nothing could be, in words that say what to do. */
export type Finding = { what: string; found: readonly Found[]; missing: string | null };

/** Where is looked; tests stand in here. */
export type Sources = {
  serialPorts: () => Promise<readonly SerialPortEntry[]>;
  hidDevices: () => Promise<readonly HidEntry[]>;
  cardReaders: () => Promise<ReaderList>;
  printers: () => Promise<PrinterList>;
};

const thisMachine: Sources = {
  serialPorts: listSerialPorts,
  hidDevices: nodeHid.list,
  cardReaders: () => listCardReaders(),
  printers: () => (process.platform === 'win32' ? listWindowsPrinters() : listCupsPrinters()),
};

/** Looks everywhere at once. Never rejects: what cannot be looked at is named as missing. */
export function findDevices(sources: Sources = thisMachine): Promise<Finding[]> {
  return Promise.all([
    look('serial ports', async () => (await sources.serialPorts()).map(foundPort)),
    look('HID devices', async () => (await sources.hidDevices()).map(foundHid)),
    look('card readers (PC/SC)', async () => namesOf(await sources.cardReaders()).map(foundReader)),
    look('printers', async () => namesOf(await sources.printers()).map(foundPrinter)),
  ]);
}

async function look(what: string, find: () => Promise<Found[]>): Promise<Finding> {
  try {
    return { what, found: await find(), missing: null };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    // The driver asks udev's own program for the ports.
    const missing = /udevadm/.test(detail) ? 'udevadm is missing: apt-get install udev' : detail;
    return { what, found: [], missing };
  }
}

function namesOf(list: PrinterList | ReaderList): readonly string[] {
  if (!list.ok) throw new Error(list.detail);
  return list.names;
}

/** USB numbers that say what a serial device is: docs/devices/published-facts.md for the ID reader; the others are makers of scanners. */
const idReaderUsb = '0400:c35a';
const scannerMakers: Readonly<Record<string, string>> = {
  '0c2e': 'Honeywell',
  '05f9': 'Datalogic',
  '05e0': 'Zebra',
  '1eab': 'Newland',
};

function foundPort(port: SerialPortEntry): Found {
  const usb = port.vendorId === null ? null : `${port.vendorId}:${port.productId ?? '????'}`;
  const path = port.stablePath ?? port.path;
  const name = [port.path, port.maker, usb === null ? null : `USB ${usb}`].filter((part) => part !== null).join(', ');
  const wire = { kind: 'serial', path };
  if (usb === idReaderUsb) return { name, line: { kind: 'resident-id-card', id: 'id-reader', wire }, note: null };
  if (port.vendorId !== null && port.vendorId in scannerMakers) {
    return { name, line: { kind: 'code-scanner', id: 'scanner', wire }, note: null };
  }
  const note = 'or resident-id-card, receipt-printer, pin-pad, io-board; a motorised card reader has a wire of its own';
  return { name, line: { kind: 'code-scanner', id: 'scanner', wire }, note };
}

/** Usage pages: HID Usage Tables, bar code scanner; MagTek's own. */
const scannerPage = 0x8c;
const vendorPage = 0xff00;
const magtek = 0x0801;

function foundHid({ vendorId, productId, product, usagePage }: HidEntry): Found {
  const hex = (value: number) => value.toString(16).padStart(4, '0');
  const page = usagePage === undefined ? '' : `, usage page ${hex(usagePage)}`;
  const name = `${product || 'without a name'}, USB ${hex(vendorId)}:${hex(productId)}${page}`;
  const wire = { kind: 'hid', vendorId, productId, ...(usagePage === undefined ? {} : { usagePage }) };
  if (usagePage === scannerPage) return { name, line: { kind: 'code-scanner', id: 'scanner', wire }, note: null };
  if (vendorId === magtek || usagePage === vendorPage) {
    const note = vendorId === magtek ? null : 'only if it is a stripe reader of the MagTek layout';
    return { name, line: { kind: 'magnetic-stripe', id: 'stripe-reader', wire }, note };
  }
  return {
    name,
    line: null,
    note: 'no device of the kiosk; a scanner that types needs no numbers: "wire": {"kind":"wedge"}',
  };
}

function foundReader(name: string): Found {
  return {
    name,
    line: { kind: 'social-security-card', id: 'card-reader', wire: { kind: 'pcsc', reader: name } },
    note: null,
  };
}

function foundPrinter(queue: string): Found {
  const kind = process.platform === 'win32' ? 'windows' : 'cups';
  return { name: queue, line: { kind: 'document-printer', id: 'printer', wire: { kind, queue } }, note: null };
}
