import { readFileSync } from 'node:fs';
import type { Camera } from './camera/adapter.ts';
import type { Dial, TwoWayLink } from './channels/byte-link.ts';
import { hidDial } from './channels/hid.ts';
import { PcscApduChannel } from './channels/pcsc-apdu-channel.ts';
import { loadPcscLibrary } from './channels/pcsc-library.ts';
import { serialDial } from './channels/serial.ts';
import { CupsSpooler } from './channels/spooler-cups.ts';
import { FolderSpooler } from './channels/spooler-folder.ts';
import { TcpApduChannel } from './channels/tcp-apdu-channel.ts';
import { tcpBytesDial } from './channels/tcp-bytes.ts';
import type { VendorChildPort, VendorEvent } from './channels/vendor-process.ts';
import { CodeScanner, type ScannerWire } from './code-scanner/adapter.ts';
import type { ConfigOf, DeviceConfig } from './device-config.ts';
import { DocumentPrinter } from './document-printer/adapter.ts';
import type { IoBoard } from './io-board/adapter.ts';
import type { MagneticStripeReader } from './magnetic-stripe/adapter.ts';
import type { PinPad } from './pin-pad/pin-pad.ts';
import type { ReceiptPrinter } from './receipt-printer/adapter.ts';
import type { OutlineFont } from './receipt-printer/rasterise.ts';
import { ResidentIdReader } from './resident-id-card/adapter.ts';
import { type CardReader, SocialSecurityCardReader } from './social-security-card/adapter.ts';

/** The adapter of each kind, so that the caller has its commands. */
export type DeviceOfKind = {
  'social-security-card': CardReader;
  'resident-id-card': ResidentIdReader;
  'code-scanner': CodeScanner;
  'magnetic-stripe': MagneticStripeReader;
  'document-printer': DocumentPrinter;
  'receipt-printer': ReceiptPrinter;
  'pin-pad': PinPad;
  'io-board': IoBoard;
  camera: Camera;
};

/** What devices are given by whoever opens them, since none of it is a device's own. */
export type DeviceParts = {
  /** Told what came over a wire and was nothing, in a keyword for the log; never what was in it. */
  onFlaw?: (device: string, flaw: string) => void;
  /** Told what happens to a vendor's library: started, crashed, hung. */
  onVendorEvent?: (device: string, event: VendorEvent) => void;
  /** The fonts that a receipt printer draws rare characters with, asked at the first one; without them such a receipt is refused. */
  fonts?: () => readonly OutlineFont[];
  /** Starts the process of a vendor's library where this is not plain Node. */
  startVendorChild?: () => VendorChildPort;
};

/** The device, closed, or what the system lacks for its wire, for staff: a fault of the installation. */
type OpenedDevice<D> = { ok: true; device: D } | { ok: false; detail: string };

/**
 * Makes the device of a configuration: the one place that knows which wire and model stands behind a name. The device comes closed;
 * its own `open` brings it up. What few terminals have is loaded only where it is named.
 */
export async function openDevice<K extends DeviceConfig['kind']>(
  config: ConfigOf<K>,
  parts?: DeviceParts,
): Promise<OpenedDevice<DeviceOfKind[K]>>;
export async function openDevice(
  config: DeviceConfig,
  parts: DeviceParts = {},
): Promise<OpenedDevice<DeviceOfKind[keyof DeviceOfKind]>> {
  const { id } = config;
  const onFlaw = (flaw: string) => parts.onFlaw?.(id, flaw);
  switch (config.kind) {
    case 'social-security-card':
      return openCardReader(config, parts);
    case 'resident-id-card': {
      const { path, baudRate } = config.wire;
      const dialAt = (speed: number) => serialDial({ path, baudRate: speed });
      const speeds = baudRate === 'auto' ? {} : { baudRates: [baudRate] };
      return { ok: true, device: new ResidentIdReader({ id, dialAt, ...speeds, onFlaw }) };
    }
    case 'code-scanner':
      return { ok: true, device: new CodeScanner({ id, wire: scannerWireOf(config.wire), onFlaw }) };
    case 'magnetic-stripe': {
      const { MagneticStripeReader } = await import('./magnetic-stripe/adapter.ts');
      return { ok: true, device: new MagneticStripeReader({ id, dial: hidDial(config.wire), onFlaw }) };
    }
    case 'document-printer':
      return openDocumentPrinter(config);
    case 'receipt-printer':
      return openReceiptPrinter(config, parts);
    case 'pin-pad': {
      const { SerialPinPad } = await import('./pin-pad/adapter.ts');
      return { ok: true, device: new SerialPinPad({ id, dial: serialDial(config.wire), onFlaw }) };
    }
    case 'io-board': {
      const { IoBoard } = await import('./io-board/adapter.ts');
      return { ok: true, device: new IoBoard({ id, dial: serialDial(config.wire), onFlaw }) };
    }
    case 'camera': {
      const { Camera } = await import('./camera/adapter.ts');
      return { ok: true, device: new Camera({ id, label: config.wire.label ?? null }) };
    }
  }
}

async function openCardReader(
  { id, wire }: ConfigOf<'social-security-card'>,
  parts: DeviceParts,
): Promise<OpenedDevice<CardReader>> {
  switch (wire.kind) {
    case 'pcsc': {
      const loaded = loadPcscLibrary();
      if (!loaded.ok) return loaded;
      const readerName = wire.reader === undefined ? {} : { readerName: wire.reader };
      const channel = new PcscApduChannel({ library: loaded.library, ...readerName });
      return { ok: true, device: new SocialSecurityCardReader({ id, channel }) };
    }
    case 'tcp': {
      const channel = new TcpApduChannel({ host: wire.host, port: wire.port });
      return { ok: true, device: new SocialSecurityCardReader({ id, channel }) };
    }
    case 'motorised': {
      const { MotorisedCardReader } = await import('./social-security-card/motorised-reader.ts');
      const onFlaw = (flaw: string) => parts.onFlaw?.(id, flaw);
      const takeMs = wire.forgottenCard === 'keep' ? wire.takeSeconds * 1_000 : null;
      const { cardInside } = wire;
      return { ok: true, device: new MotorisedCardReader({ id, dial: serialDial(wire), takeMs, cardInside, onFlaw }) };
    }
    case 'vendor-library': {
      const { readLibraryMapping } = await import('./vendor-library/mapping.ts');
      const { VendorProcess } = await import('./channels/vendor-process.ts');
      const { MappedCardReader } = await import('./social-security-card/mapped-reader.ts');
      const read = readMappingFile(wire.mapping, readLibraryMapping);
      if (!read.ok) return read;
      const startChild = parts.startVendorChild === undefined ? {} : { startChild: parts.startVendorChild };
      const onEvent = (event: VendorEvent) => parts.onVendorEvent?.(id, event);
      const channel = new VendorProcess({ mapping: read.mapping, ...startChild, onEvent });
      return { ok: true, device: new MappedCardReader({ id, channel }) };
    }
    case 'bridge': {
      const { readBridgeMapping } = await import('./social-security-card/bridge-mapping.ts');
      const { bridgeChannel } = await import('./channels/bridge-channel.ts');
      const { MappedCardReader } = await import('./social-security-card/mapped-reader.ts');
      const read = readMappingFile(wire.mapping, readBridgeMapping);
      if (!read.ok) return read;
      return { ok: true, device: new MappedCardReader({ id, channel: bridgeChannel(read.mapping) }) };
    }
  }
}

/** A mapping as it stands in its file. A file that is not there or not right is a device that cannot be made: the others serve. */
function readMappingFile<M>(
  file: string,
  read: (value: unknown) => { ok: true; mapping: M } | { ok: false; flaws: readonly string[] },
): { ok: true; mapping: M } | { ok: false; detail: string } {
  const failed = (flaw: string): { ok: false; detail: string } => ({
    ok: false,
    detail: `wire.mapping: ${file}: ${flaw}`,
  });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return failed((error as NodeJS.ErrnoException).code ?? 'cannot be read');
  }
  let value: unknown;
  try {
    // Editors on Windows put a byte order mark in front, which is no JSON.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return failed(error instanceof Error ? error.message : 'no JSON');
  }
  const mapping = read(value);
  return mapping.ok ? mapping : failed(mapping.flaws.join('; '));
}

function scannerWireOf(wire: ConfigOf<'code-scanner'>['wire']): ScannerWire {
  switch (wire.kind) {
    case 'serial':
      return { kind: 'serial', dial: serialDial(wire) };
    case 'hid':
      return { kind: 'hid', dial: hidDial(wire) };
    case 'wedge':
      return { kind: 'wedge' };
  }
}

async function openDocumentPrinter({ id, wire }: ConfigOf<'document-printer'>): Promise<OpenedDevice<DocumentPrinter>> {
  switch (wire.kind) {
    case 'cups':
      return { ok: true, device: new DocumentPrinter({ id, spooler: new CupsSpooler(wire) }) };
    case 'windows': {
      // Elsewhere there is no winspool to load.
      const { loadWindowsSpooler } = await import('./channels/spooler-windows.ts');
      const opened = loadWindowsSpooler(wire.queue);
      return opened.ok ? { ok: true, device: new DocumentPrinter({ id, spooler: opened.spooler }) } : opened;
    }
    case 'folder':
      return { ok: true, device: new DocumentPrinter({ id, spooler: new FolderSpooler(wire.folder) }) };
  }
}

async function openReceiptPrinter(
  { id, wire, widthDots, font, hasPresenter }: ConfigOf<'receipt-printer'>,
  { fonts = () => [] }: DeviceParts,
): Promise<OpenedDevice<ReceiptPrinter>> {
  const { ReceiptPrinter } = await import('./receipt-printer/adapter.ts');
  const { rasteriserOf } = await import('./receipt-printer/rasterise.ts');
  let chain: readonly OutlineFont[] | null = null;
  const dial: Dial<TwoWayLink> = wire.kind === 'serial' ? serialDial(wire) : tcpBytesDial(wire);
  const device = new ReceiptPrinter({
    id,
    dial,
    paper: { widthDots, font },
    hasPresenter,
    rasterise(text, heightDots) {
      chain ??= fonts();
      return rasteriserOf(chain)(text, heightDots);
    },
  });
  return { ok: true, device };
}
