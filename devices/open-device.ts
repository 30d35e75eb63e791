import * as z from 'zod';
import { hidDial } from './channels/hid.ts';
import { PcscApduChannel } from './channels/pcsc-apdu-channel.ts';
import { loadPcscLibrary } from './channels/pcsc-library.ts';
import { serialDial } from './channels/serial.ts';
import { CupsSpooler } from './channels/spooler-cups.ts';
import { FolderSpooler } from './channels/spooler-folder.ts';
import { TcpApduChannel } from './channels/tcp-apdu-channel.ts';
import { CodeScanner, type ScanFlaw, type ScannerWire } from './code-scanner/adapter.ts';
import { DocumentPrinter } from './document-printer/adapter.ts';
import { type LineFlaw, ResidentIdReader } from './resident-id-card/adapter.ts';
import { BAUD_RATES } from './resident-id-card/codec.ts';
import { SocialSecurityCardReader } from './social-security-card/adapter.ts';

const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'small letters, digits and hyphens');
const port = z.number().int().min(1).max(65_535);
const usbId = z.number().int().min(0).max(0xffff);

const cardReaderSchema = z.strictObject({
  kind: z.literal('social-security-card'),
  id,
  wire: z.discriminatedUnion('kind', [
    /** `reader` is part of the reader's name; without it the first reader is taken. */
    z.strictObject({ kind: z.literal('pcsc'), reader: z.string().min(1).optional() }),
    /** A simulated card slot. */
    z.strictObject({ kind: z.literal('tcp'), host: z.string().min(1), port }),
  ]),
});

const residentIdReaderSchema = z.strictObject({
  kind: z.literal('resident-id-card'),
  id,
  wire: z.strictObject({
    kind: z.literal('serial'),
    path: z.string().min(1),
    /** `auto` looks for the module at all five speeds it can be set to. */
    baudRate: z.union([z.literal('auto'), z.literal(BAUD_RATES)]).default('auto'),
  }),
});

const codeScannerSchema = z.strictObject({
  kind: z.literal('code-scanner'),
  id,
  wire: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('serial'),
      path: z.string().min(1),
      baudRate: z.number().int().min(1_200).max(921_600).default(9_600),
    }),
    z.strictObject({ kind: z.literal('hid'), vendorId: usbId, productId: usbId, usagePage: usbId.default(0x8c) }),
    z.strictObject({ kind: z.literal('wedge') }),
  ]),
});

const documentPrinterSchema = z.strictObject({
  kind: z.literal('document-printer'),
  id,
  wire: z.discriminatedUnion('kind', [
    /** `server` is a socket's path, or host and port. */
    z.strictObject({
      kind: z.literal('cups'),
      queue: z.string().regex(/^[^/#\s]{1,127}$/, 'a CUPS queue'),
      server: z
        .union([z.strictObject({ socketPath: z.string().min(1) }), z.strictObject({ host: z.string().min(1), port })])
        .default({ host: '127.0.0.1', port: 631 }),
      user: z.string().min(1).default('kiosk'),
    }),
    z.strictObject({ kind: z.literal('windows'), queue: z.string().min(1) }),
    /** For demonstrations: papers land in the folder. */
    z.strictObject({ kind: z.literal('folder'), folder: z.string().min(1) }),
  ]),
});

/** One device in the kiosk's configuration. Keys nobody knows are refused: they are mistyped ones. */
export const deviceConfigSchema = z.discriminatedUnion('kind', [
  cardReaderSchema,
  residentIdReaderSchema,
  codeScannerSchema,
  documentPrinterSchema,
]);

/** What the configuration says of a device, with what it leaves out filled in. */
export type DeviceConfig = z.output<typeof deviceConfigSchema>;

/** The adapter of each kind, so that the caller has its commands. */
export type DeviceOfKind = {
  'social-security-card': SocialSecurityCardReader;
  'resident-id-card': ResidentIdReader;
  'code-scanner': CodeScanner;
  'document-printer': DocumentPrinter;
};

/** Where devices tell what belongs in the log. */
export type DeviceHooks = {
  onScanFlaw?: (device: string, flaw: ScanFlaw) => void;
  onIdReaderFlaw?: (device: string, flaw: LineFlaw) => void;
};

/** Reads one device's configuration; every flaw is named by its place, e.g. `wire.port: Too big`. */
export function readDeviceConfig(
  value: unknown,
): { ok: true; config: DeviceConfig } | { ok: false; flaws: readonly string[] } {
  const read = deviceConfigSchema.safeParse(value);
  if (read.success) return { ok: true, config: read.data };
  return {
    ok: false,
    flaws: read.error.issues.map((issue) => `${issue.path.join('.') || 'device'}: ${issue.message}`),
  };
}

/** The device, closed, or what the system lacks for its wire, for staff: a fault of the installation. */
export type OpenedDevice<D> = { ok: true; device: D } | { ok: false; detail: string };

/**
 * Makes the device of a configuration: the one place that knows which wire and model stands behind a name. The device comes closed;
 * its own `open` brings it up.
 */
export async function openDevice<K extends DeviceConfig['kind']>(
  config: Extract<DeviceConfig, { kind: K }>,
  hooks?: DeviceHooks,
): Promise<OpenedDevice<DeviceOfKind[K]>>;
export async function openDevice(
  config: DeviceConfig,
  hooks: DeviceHooks = {},
): Promise<OpenedDevice<DeviceOfKind[keyof DeviceOfKind]>> {
  switch (config.kind) {
    case 'social-security-card':
      return openCardReader(config);
    case 'resident-id-card': {
      const onFlaw = (flaw: LineFlaw) => hooks.onIdReaderFlaw?.(config.id, flaw);
      return { ok: true, device: openResidentIdReader(config, onFlaw) };
    }
    case 'code-scanner': {
      const onFlaw = (flaw: ScanFlaw) => hooks.onScanFlaw?.(config.id, flaw);
      return { ok: true, device: new CodeScanner({ id: config.id, wire: scannerWireOf(config.wire), onFlaw }) };
    }
    case 'document-printer':
      return openDocumentPrinter(config);
  }
}

function openCardReader({ id, wire }: z.output<typeof cardReaderSchema>): OpenedDevice<SocialSecurityCardReader> {
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
  }
}

function openResidentIdReader(
  { id, wire }: z.output<typeof residentIdReaderSchema>,
  onFlaw: (flaw: LineFlaw) => void,
): ResidentIdReader {
  return new ResidentIdReader({
    id,
    dialAt: (baudRate) => serialDial({ path: wire.path, baudRate }),
    ...(wire.baudRate === 'auto' ? {} : { baudRates: [wire.baudRate] }),
    onFlaw,
  });
}

function scannerWireOf(wire: z.output<typeof codeScannerSchema>['wire']): ScannerWire {
  switch (wire.kind) {
    case 'serial':
      return { kind: 'serial', dial: serialDial(wire) };
    case 'hid':
      return { kind: 'hid', dial: hidDial(wire) };
    case 'wedge':
      return { kind: 'wedge' };
  }
}

async function openDocumentPrinter({
  id,
  wire,
}: z.output<typeof documentPrinterSchema>): Promise<OpenedDevice<DocumentPrinter>> {
  switch (wire.kind) {
    case 'cups':
      return { ok: true, device: new DocumentPrinter({ id, spooler: new CupsSpooler(wire) }) };
    case 'windows': {
      // Loaded where it is wanted: elsewhere there is no winspool to load.
      const { loadWindowsSpooler } = await import('./channels/spooler-windows.ts');
      const opened = await loadWindowsSpooler(wire.queue);
      return opened.ok ? { ok: true, device: new DocumentPrinter({ id, spooler: opened.spooler }) } : opened;
    }
    case 'folder':
      return { ok: true, device: new DocumentPrinter({ id, spooler: new FolderSpooler(wire.folder) }) };
  }
}
