import { type ByteLink, type Dial, dialFailureOf, LinkBoard } from './byte-link.ts';

/** What is used of node-hid. No virtual HID device can be made without a kernel's help, so tests stand in here. */
export interface HidLibrary {
  list(): Promise<readonly HidEntry[]>;
  open(path: string): Promise<HidHandle>;
}

export type HidEntry = {
  vendorId: number;
  productId: number;
  path?: string | undefined;
  product?: string | undefined;
  usagePage?: number | undefined;
};

export interface HidHandle {
  on(event: 'data', listener: (report: Buffer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

type HidOptions = {
  vendorId: number;
  productId: number;
  /** Where a device shows several collections, the one to open, e.g. 0x8C for scanners. */
  usagePage?: number;
};

/** hidapi as node-hid binds it, on its own threads. Loaded when first asked, so that a kiosk without HID devices needs no hidapi. */
export const nodeHid: HidLibrary = {
  list: async () => (await import('node-hid')).devicesAsync(),
  open: async (path) => (await import('node-hid')).HIDAsync.open(path),
};

/**
 * The first HID device with these numbers; reports come whole. Asks for the list of devices once a try, and the list is slow: try
 * again at intervals of a second or more.
 */
export function hidDial(options: HidOptions, library: HidLibrary = nodeHid): Dial {
  return async () => {
    try {
      const entry = (await library.list()).find((one) => isWanted(one, options));
      if (entry?.path === undefined) {
        return { ok: false, reason: 'not-there', detail: `no HID device ${idOf(options)}` };
      }
      const handle = await library.open(entry.path);
      return { ok: true, link: linkOf(handle, entry.product ?? idOf(options)) };
    } catch (error) {
      return dialFailureOf(error);
    }
  };
}

function linkOf(handle: HidHandle, name: string): ByteLink {
  const board = new LinkBoard();
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= handle.close().then(
      () => board.end('closed'),
      () => board.end('closed'),
    );
    return closing;
  };
  handle.on('data', (report) => board.deliver(report));
  // hidapi tells an unplugged device by a failed read, and holds it until it is closed.
  handle.on('error', (error) => {
    board.end(error.message);
    void close();
  });
  return {
    name,
    onBytes: (listener) => board.onBytes(listener),
    onGone: (listener) => board.onGone(listener),
    close,
  };
}

function isWanted(entry: HidEntry, { vendorId, productId, usagePage }: HidOptions): boolean {
  if (entry.vendorId !== vendorId || entry.productId !== productId) return false;
  return usagePage === undefined || entry.usagePage === undefined || entry.usagePage === usagePage;
}

function idOf({ vendorId, productId }: HidOptions): string {
  return `${vendorId.toString(16).padStart(4, '0')}:${productId.toString(16).padStart(4, '0')}`;
}
