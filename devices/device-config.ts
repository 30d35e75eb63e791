/**
 * What the configuration says of devices, by kind and wire. Checked when the configuration is read, so that a mistyped key is named by
 * its place and not met by a visitor. `docs/configuration.md` explains each to the technician.
 */
import { isAbsolute, resolve } from 'node:path';
import * as z from 'zod';
import { BAUD_RATES } from './resident-id-card/codec.ts';

const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'small letters, digits and hyphens');
const port = z.number().int().min(1).max(65_535);
/** A name or an address; a NUL in one is an exception at every dial. */
const host = z.string().regex(/^[^\s\p{C}/]{1,253}$/u, 'a host name or address');
const path = z.string().regex(/^\P{Cc}+$/u, 'a path');
const usbId = z.number().int().min(0).max(0xffff);
/** `/dev/kiosk-scanner`, or `COM3`. */
const serialPath = path;
const baudRate = z.number().int().min(1_200).max(921_600);
/** A mapping file; relative to the configuration file. */
const mapping = path;

const serialWire = (usualBaudRate: number) =>
  z.strictObject({ kind: z.literal('serial'), path: serialPath, baudRate: baudRate.default(usualBaudRate) });

/** HID devices are found by their USB numbers; `usagePage` tells the collection where a device shows several. */
const hidWire = (usualUsagePage: number) =>
  z.strictObject({
    kind: z.literal('hid'),
    vendorId: usbId,
    productId: usbId,
    usagePage: usbId.default(usualUsagePage),
  });

const cardReaderSchema = z.strictObject({
  kind: z.literal('social-security-card'),
  id,
  wire: z.discriminatedUnion('kind', [
    /** `reader` is part of the reader's name; without it the first reader is taken. */
    z.strictObject({ kind: z.literal('pcsc'), reader: z.string().min(1).optional() }),
    /** A simulated card slot. */
    z.strictObject({ kind: z.literal('tcp'), host, port }),
    /**
     * A reader that draws the card in. One that is given back may lie at the gate for `takeSeconds`; then it is kept, or left there for the
     * bell and the staff. One that lies inside when the reader comes up is given out, or kept.
     */
    z.strictObject({
      kind: z.literal('motorised'),
      path: serialPath,
      baudRate: baudRate.default(115_200),
      takeSeconds: z.number().int().min(5).max(600).default(30),
      forgottenCard: z.enum(['keep', 'leave']).default('keep'),
      cardInside: z.enum(['return', 'keep']).default('return'),
    }),
    /** A DLL or `.so` of the maker's, in a process of its own. */
    z.strictObject({ kind: z.literal('vendor-library'), mapping }),
    /** A program of the maker's that listens on this machine. */
    z.strictObject({ kind: z.literal('bridge'), mapping }),
  ]),
});

const residentIdReaderSchema = z.strictObject({
  kind: z.literal('resident-id-card'),
  id,
  wire: z.strictObject({
    kind: z.literal('serial'),
    path: serialPath,
    /** `auto` looks for the module at all five speeds it can be set to. */
    baudRate: z.union([z.literal('auto'), z.literal(BAUD_RATES)]).default('auto'),
  }),
});

const codeScannerSchema = z.strictObject({
  kind: z.literal('code-scanner'),
  id,
  wire: z.discriminatedUnion('kind', [serialWire(9_600), hidWire(0x8c), z.strictObject({ kind: z.literal('wedge') })]),
});

const magneticStripeSchema = z.strictObject({ kind: z.literal('magnetic-stripe'), id, wire: hidWire(0xff00) });

const documentPrinterSchema = z.strictObject({
  kind: z.literal('document-printer'),
  id,
  wire: z.discriminatedUnion('kind', [
    /** `server` is a socket's path, or host and port. */
    z.strictObject({
      kind: z.literal('cups'),
      queue: z.string().regex(/^[^/#\s]{1,127}$/, 'a CUPS queue'),
      server: z
        .union([z.strictObject({ socketPath: path }), z.strictObject({ host, port })])
        .default({ host: '127.0.0.1', port: 631 }),
      user: z.string().min(1).default('kiosk'),
    }),
    z.strictObject({ kind: z.literal('windows'), queue: z.string().min(1) }),
    /** For demonstrations: papers land in the folder. */
    z.strictObject({ kind: z.literal('folder'), folder: path }),
  ]),
});

const receiptPrinterSchema = z.strictObject({
  kind: z.literal('receipt-printer'),
  id,
  wire: z.discriminatedUnion('kind', [
    serialWire(115_200),
    z.strictObject({ kind: z.literal('tcp'), host, port: port.default(9_100) }),
  ]),
  /** 576 on 80 mm paper, 384 on 58 mm. */
  widthDots: z.number().int().min(192).max(1_024).multipleOf(8).default(576),
  /** Which Chinese characters the printer has itself; others are drawn. */
  font: z.enum(['gb2312', 'gbk']).default('gb2312'),
  /** Whether it has a presenter that tells when the receipt was taken. */
  hasPresenter: z.boolean().default(false),
});

const pinPadSchema = z.strictObject({ kind: z.literal('pin-pad'), id, wire: serialWire(9_600) });
const ioBoardSchema = z.strictObject({ kind: z.literal('io-board'), id, wire: serialWire(9_600) });

/** The screen's own: one whose name contains `label`, or the one with this `deviceId`; without either the first is taken. */
const cameraSchema = z.strictObject({
  kind: z.literal('camera'),
  id,
  wire: z
    .strictObject({
      kind: z.literal('screen'),
      label: z.string().min(1).max(120).optional(),
      deviceId: z.string().min(1).max(120).optional(),
    })
    .refine(({ label, deviceId }) => label === undefined || deviceId === undefined, 'label or deviceId, not both')
    .default({ kind: 'screen' }),
});

/** One device in the kiosk's configuration. Keys nobody knows are refused: they are mistyped ones. */
export const deviceConfigSchema = z.discriminatedUnion('kind', [
  cardReaderSchema,
  residentIdReaderSchema,
  codeScannerSchema,
  magneticStripeSchema,
  documentPrinterSchema,
  receiptPrinterSchema,
  pinPadSchema,
  ioBoardSchema,
  cameraSchema,
]);

/** What the configuration says of a device, with what it leaves out filled in. */
export type DeviceConfig = z.output<typeof deviceConfigSchema>;

/** The configuration of one kind. */
export type ConfigOf<K extends DeviceConfig['kind']> = Extract<DeviceConfig, { kind: K }>;

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

/** The same device, with the files it names found from the folder of the configuration file. */
export function placedIn(folder: string, config: DeviceConfig): DeviceConfig {
  if (config.kind !== 'social-security-card' || !('mapping' in config.wire)) return config;
  const { mapping } = config.wire;
  return { ...config, wire: { ...config.wire, mapping: isAbsolute(mapping) ? mapping : resolve(folder, mapping) } };
}
