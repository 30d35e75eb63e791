import { type ChildPort, forkChild } from '../../devices/child-process.ts';

/** Whether a backup can be read from end to end; a failure where that could not be found out. */
export type BackupChecked = { ok: true; isSound: boolean } | { ok: false; reason: 'io-error'; detail: string };

/** Reads a backup through. */
export type CheckBackup = (path: string) => Promise<BackupChecked>;

/** The kiosk's end of a process that reads one backup through. */
export type CheckChildPort = ChildPort<string, boolean>;

/** A backup of some hundred MB on a worn disk; who waits longer has a disk that hangs. */
const checkWithinMs = 5 * 60_000;

/**
 * Reads backups through in a process of its own, one for each: SQLite reads every page in one call, and whoever touches the screen meanwhile would
 * wait for it. Electron, whose package cannot run as Node, passes a `startChild` that makes a utility process of `backup-check-child`.
 */
export function checkApart(
  parts: { startChild?: (() => CheckChildPort) | undefined; after?: After; withinMs?: number } = {},
): CheckBackup {
  const { startChild = startNodeChild, after = afterReal, withinMs = checkWithinMs } = parts;
  return (path) =>
    new Promise((resolve) => {
      const child = startChild();
      const end = (checked: BackupChecked) => {
        undo();
        child.kill();
        resolve(checked);
      };
      const failed = (detail: string) => end({ ok: false, reason: 'io-error', detail });
      const undo = after(withinMs, () => failed('the check of a backup did not come to an end'));
      child.onAnswer((isSound) => end({ ok: true, isSound }));
      child.onExit(() => failed('the check of a backup ended by itself'));
      child.post(path);
    });
}

type After = (ms: number, callback: () => void) => () => void;

const afterReal: After = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

function startNodeChild(): CheckChildPort {
  return forkChild(new URL('./backup-check-child.ts', import.meta.url));
}
