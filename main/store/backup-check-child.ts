/** The process a backup is read through in: it is told the path, and answers whether it is sound. Started by `backup-check.ts`. */
import { isSound } from './backup.ts';

type ParentPort = {
  postMessage(message: boolean): void;
  on(event: 'message', listener: (event: { data: string }) => void): void;
};

const parentPort = (process as { parentPort?: ParentPort }).parentPort;

if (parentPort) {
  parentPort.on('message', ({ data }) => parentPort.postMessage(isSound(data)));
} else {
  process.on('message', (path: string) => void process.send?.(isSound(path)));
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the kiosk ends its children itself.
  process.on('SIGINT', () => {});
}
