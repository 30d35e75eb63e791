import { connect } from 'node:net';
import { type Dial, dialFailureOf, LinkBoard, type TwoWayLink } from './byte-link.ts';

type TcpBytesOptions = {
  host: string;
  /** 9100 for printers. */
  port: number;
  /** Longest wait for the connection, 2 s unless told. */
  connectMs?: number;
};

/** A device behind a TCP address, e.g. a printer's port 9100: the connection is the cable. */
export function tcpBytesDial({ host, port, connectMs = 2_000 }: TcpBytesOptions): Dial<TwoWayLink> {
  return () =>
    new Promise((resolve) => {
      const socket = connect({ host, port, noDelay: true });
      const board = new LinkBoard();
      const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${connectMs} ms`)), connectMs);
      let fault: Error | null = null;
      socket.on('error', (error) => {
        fault = error;
      });
      socket.on('data', (bytes) => board.deliver(bytes));
      socket.once('connect', () => {
        clearTimeout(timer);
        // A printer switched off at the wall closes nothing: the system asks for a sign of life, and so do the adapter's looks.
        socket.setKeepAlive(true, 5_000);
        resolve({ ok: true, link: linkOf() });
      });
      socket.once('close', () => {
        clearTimeout(timer);
        board.end(fault?.message ?? 'the other end hung up');
        resolve(failureOf(fault));
      });
      // The other end has hung up: half a connection is none.
      socket.on('end', () => socket.destroy());

      const linkOf = (): TwoWayLink => ({
        name: `tcp ${host}:${port}`,
        onBytes: (listener) => board.onBytes(listener),
        onGone: (listener) => board.onGone(listener),
        write: (bytes) =>
          new Promise((taken) => {
            if (socket.destroyed) {
              taken(false);
              return;
            }
            const undo = board.onGone(() => taken(false));
            socket.write(bytes, (error) => {
              undo();
              taken(error === null || error === undefined);
            });
          }),
        close: () =>
          new Promise((closed) => {
            board.onGone(() => closed());
            socket.destroy();
          }),
      });
    });
}

/** A refused or unreachable address is a device that is not there: switched off, or its network cable out. */
function failureOf(fault: Error | null): ReturnType<typeof dialFailureOf> {
  const failure = dialFailureOf(fault ?? new Error('the other end hung up'));
  const isAway = /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ETIMEDOUT|no connection within|hung up/;
  return isAway.test(failure.detail) ? { ...failure, reason: 'not-there' } : failure;
}
