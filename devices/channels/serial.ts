import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Dial, dialFailureOf, LinkBoard, type TwoWayLink } from './byte-link.ts';

type SerialOptions = {
  /** `/dev/ttyACM0`, better a name of udev's that stays, or `COM3`. */
  path: string;
  /** USB serial devices ignore it. */
  baudRate: number;
};

/** How often an open port is looked for under its name. */
const watchMs = 500;

/** A serial port, 8N1, held exclusively. The driver is loaded when first asked: a kiosk without serial devices needs none. */
export function serialDial({ path, baudRate }: SerialOptions): Dial<TwoWayLink> {
  return async () => {
    const driver = await import('serialport').catch((error: unknown) => dialFailureOf(error));
    if ('ok' in driver) return driver;
    const { SerialPort } = driver;
    return new Promise((resolve) => {
      const port = new SerialPort({ path, baudRate, dataBits: 8, parity: 'none', stopBits: 1, autoOpen: false });
      const board = new LinkBoard();
      // Errors on an open port are followed by its close, which is what ends the link.
      port.on('error', () => undefined);
      port.on('data', (bytes: Buffer) => {
        // They lie in 64 KB that the driver keeps and writes over only when it comes by again: what a card told would stay there for days.
        const own = new Uint8Array(bytes);
        bytes.fill(0);
        board.deliver(own);
      });
      port.on('close', (error?: Error | null) => board.end(error?.message ?? 'closed'));
      port.open((error) => {
        if (error !== null && error !== undefined) {
          resolve(dialFailureOf(error));
          return;
        }
        // The driver can miss the hang-up of a device pulled while bytes are on their way; its name in /dev goes with it all the same.
        if (path.startsWith('/')) {
          const watch = setInterval(() => {
            if (existsSync(path)) return;
            board.end('unplugged');
            port.close(() => undefined);
          }, watchMs);
          watch.unref();
          board.onGone(() => clearInterval(watch));
        }
        const link: TwoWayLink = {
          name: path,
          onBytes: (listener) => board.onBytes(listener),
          onGone: (listener) => board.onGone(listener),
          write: (bytes) =>
            new Promise((taken) => {
              if (!port.isOpen) taken(false);
              else {
                // The driver forgets a write's callback when the port goes under it.
                const undo = board.onGone(() => taken(false));
                port.write(bytes, (failure) => {
                  undo();
                  taken(failure === null || failure === undefined);
                });
              }
            }),
          close: () =>
            new Promise((closed) => {
              if (!port.isOpen) closed();
              else port.close(() => closed());
            }),
        };
        resolve({ ok: true, link });
      });
    });
  };
}

/** A serial port as the system names it. `stablePath` is a name that stays with the device, where udev gives one. */
export type SerialPortEntry = {
  path: string;
  stablePath: string | null;
  maker: string | null;
  /** USB numbers, four hexadecimal digits each; null for a port that is not on USB. */
  vendorId: string | null;
  productId: string | null;
};

const byId = '/dev/serial/by-id';

/** Every serial port there is. Rejects where the driver cannot list them. */
export async function listSerialPorts(): Promise<SerialPortEntry[]> {
  const { SerialPort } = await import('serialport');
  const stable = stableNames();
  return (await SerialPort.list()).map((port) => ({
    path: port.path,
    stablePath: stable.get(port.path) ?? null,
    maker: port.manufacturer ?? null,
    vendorId: port.vendorId?.toLowerCase().padStart(4, '0') ?? null,
    productId: port.productId?.toLowerCase().padStart(4, '0') ?? null,
  }));
}

function stableNames(): Map<string, string> {
  try {
    return new Map(readdirSync(byId).map((name) => [realpathSync(join(byId, name)), join(byId, name)]));
  } catch {
    // No such folder: no USB serial device, or no udev.
    return new Map();
  }
}
