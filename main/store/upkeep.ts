import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { KeyRotation } from './key-file.ts';
import type { QueueFigures } from './outbox.ts';
import type { StoreFailure } from './problem.ts';
import type { ResealAt } from './reseal.ts';
import { resealStart } from './reseal.ts';
import type { Retention, Wiped } from './retention.ts';
import type { SealingKeys } from './sealing.ts';
import type { Store } from './store.ts';

/** Time as an argument: lengths of time and waits. */
export type UpkeepClock = { nowMs(): number; elapsedMs(): number; after(ms: number, callback: () => void): () => void };

/** What upkeep did, for the log. */
export type UpkeepEvent =
  | { kind: 'wiped'; wiped: Wiped }
  | { kind: 'backed-up'; bytes: number }
  /** `begun`: a new key seals. `ended`: everything is sealed with it, and the former is destroyed. */
  | { kind: 'key-rotation'; step: 'begun' | 'ended' }
  | { kind: 'failed'; what: 'checkpoint' | 'wipe' | 'backup' | 'key-rotation'; reason: string };

/** How often what is done. */
export type UpkeepTimes = { checkpointMs: number; backupMs: number; wipeMs: number; keyAgeMs: number };

/** A sealing key is used for a year at most. */
export const defaultUpkeepTimes: UpkeepTimes = {
  checkpointMs: 60_000,
  backupMs: 3_600_000,
  wipeMs: 24 * 3_600_000,
  keyAgeMs: 365 * 24 * 3_600_000,
};

/** A clock that was set back by less leaves the key as it is. */
const mostSetBackMs = 24 * 3_600_000;

/** A turn of sealing anew: some 5 ms. */
const resealedAtOnce = 200;

/** The newest and the one before: what was wiped is gone from all of them two backups later. */
const keptBackups = 2;

/**
 * Sees to the store while nobody waits: moves the log into the database every minute, backs up every hour and after
 * the clock was set back, wipes what is old once a day and takes a backup after that, since the ones before still hold it. A turn that falls into a visit is put off to the next.
 */
export function startUpkeep(options: {
  store: Store;
  clock: UpkeepClock;
  isIdle: () => boolean;
  /** Whether the clock may decide what is old; one that jumped ahead would wipe everything. */
  isClockSound: () => boolean;
  retention: Retention;
  /** The sealing key, changed when it is old enough; without it it is kept. */
  rotation?: KeyRotation;
  times?: UpkeepTimes;
  tell: (event: UpkeepEvent) => void;
}): { stop(): Promise<void> } {
  const { store, clock, isIdle, retention, tell, times = defaultUpkeepTimes } = options;
  const startedMs = clock.elapsedMs();
  let backedUpMs = Number.NEGATIVE_INFINITY;
  let backedUpIdsMs = 0;
  let wipedMs = startedMs - times.wipeMs;
  let isStopped = false;
  let undo: () => void = () => {};
  let underWay: Promise<void> = Promise.resolve();

  async function turn(): Promise<void> {
    if (!isIdle()) return;
    const nowMs = clock.elapsedMs();
    const isWipeDue = nowMs - wipedMs >= times.wipeMs && options.isClockSound();
    if (isWipeDue) {
      wipedMs = nowMs;
      const done = store.wipe(retention);
      if (done.ok) tell({ kind: 'wiped', wiped: done.wiped });
      else tell({ kind: 'failed', what: 'wipe', reason: done.reason });
    } else {
      const done = store.checkpoint();
      if (!done.ok) tell({ kind: 'failed', what: 'checkpoint', reason: done.reason });
    }
    if (options.rotation && (await rotate(options.rotation))) return;
    // Ids go on from before a clock was set back, and a rebuild after a power cut learns from a backup alone how far they went.
    const isSetBack = store.idsUpToMs > Math.max(clock.nowMs(), backedUpIdsMs);
    if (!isWipeDue && !isSetBack && nowMs - backedUpMs < times.backupMs) return;
    backedUpMs = nowMs;
    backedUpIdsMs = store.idsUpToMs;
    // After a wipe nothing older is kept: it still holds what was wiped.
    const taken = await store.backUp({ keep: isWipeDue ? 1 : keptBackups });
    if (taken.ok) tell({ kind: 'backed-up', bytes: taken.backup.bytes });
    else tell({ kind: 'failed', what: 'backup', reason: taken.reason });
  }

  /**
   * Begins a change of the sealing key, or takes one that is under way to its end: everything sealed anew in small transactions, the log emptied, a
   * backup in place of those that the former key sealed, and only then is that destroyed. Broken off anywhere, it is gone through again: the key file
   * holds both keys until the last step. True where the backups were renewed.
   */
  async function rotate(rotation: KeyRotation): Promise<boolean> {
    const failed = (reason: string): false => {
      tell({ kind: 'failed', what: 'key-rotation', reason });
      return false;
    };
    if (rotation.former().length === 0) {
      const ageMs = clock.nowMs() - rotation.madeAtMs;
      // One of the future was made by a clock that ran ahead, and would be used for years; or this clock's battery is flat.
      const isOfFuture = ageMs < -mostSetBackMs && options.isClockSound();
      if (ageMs < times.keyAgeMs && !isOfFuture) return false;
      const begun = rotation.begin(clock.nowMs());
      if (!begun.ok) return failed(begun.reason);
      tell({ kind: 'key-rotation', step: 'begun' });
    }
    for (let at: ResealAt | null = resealStart; at !== null; ) {
      const done = store.reseal(at, resealedAtOnce);
      if (!done.ok) return failed(done.reason);
      at = done.next;
      // A visitor who comes in between does not wait for more than one turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (!isIdle() || isStopped) return false;
    }
    const needed = store.needsKeys(rotation.former());
    if (!needed.ok) return failed(needed.reason);
    if (needed.isNeeded) return false;
    const emptied = store.emptyLog();
    if (!emptied.ok) return failed(emptied.reason);
    if (!emptied.isEmpty) return failed('locked');
    backedUpIdsMs = store.idsUpToMs;
    const taken = await store.backUp({ keep: 1 });
    if (!taken.ok) return failed(taken.reason);
    backedUpMs = clock.elapsedMs();
    const ended = rotation.end();
    if (!ended.ok) return failed(ended.reason);
    tell({ kind: 'key-rotation', step: 'ended' });
    return true;
  }

  function wait(): void {
    undo = clock.after(times.checkpointMs, () => {
      underWay = turn().finally(() => {
        if (!isStopped) wait();
      });
    });
  }
  wait();
  return {
    async stop() {
      isStopped = true;
      undo();
      await underWay;
    },
  };
}

/** Limits of the queue: a warning long before the end, and the end, at which no visitor is let begin. */
export type Limits = {
  warnRows: number;
  mostRows: number;
  warnAgeMs: number;
  /** Below this many free bytes there is a warning. */
  warnFreeBytes: number;
  /** Below this many, a large request might not fit any more. */
  leastFreeBytes: number;
};

/** A hall makes some hundreds of requests a day; a row takes some 3 KB. */
export const defaultLimits: Limits = {
  warnRows: 5_000,
  mostRows: 50_000,
  warnAgeMs: 24 * 3_600_000,
  warnFreeBytes: 2 * 1024 ** 3,
  leastFreeBytes: 128 * 1024 ** 2,
};

/** The store's state for the health page, and whether a visitor may begin. */
export type StoreHealth = {
  /** Why nothing more is taken on; null where all is well. Out of service, before a visitor starts. */
  fault: StoreFailure | { ok: false; reason: 'queue-full'; detail: string } | null;
  warnings: ('queue-long' | 'queue-old' | 'disk-nearly-full' | 'no-backup' | 'set-aside')[];
  queue: QueueFigures;
  freeBytes: number | null;
  backupAtMs: number | null;
  keySource: SealingKeys['source'];
};

/** Asks the store and the disk how they are. Writes a small row: a disk that is read-only says so only then. */
export function storeHealth(options: {
  store: Store;
  path: string;
  keySource: SealingKeys['source'];
  nowMs: number;
  limits?: Limits;
  freeBytes?: (folder: string) => number | null;
}): StoreHealth {
  const { store, path, keySource, nowMs, limits = defaultLimits } = options;
  const figures = store.figures();
  const queue = figures.ok ? figures.queue : { waiting: 0, oldestMs: 0, setAside: 0 };
  const written = store.writeSetting('health-checked', { atMs: nowMs });
  const freeBytes = (options.freeBytes ?? readFreeBytes)(dirname(path));
  const backupAtMs = store.lastBackupAtMs();
  const warnings: StoreHealth['warnings'] = [];
  if (queue.waiting >= limits.warnRows) warnings.push('queue-long');
  if (queue.oldestMs >= limits.warnAgeMs) warnings.push('queue-old');
  if (freeBytes !== null && freeBytes < limits.warnFreeBytes) warnings.push('disk-nearly-full');
  if (backupAtMs === null) warnings.push('no-backup');
  if (queue.setAside > 0) warnings.push('set-aside');
  return { fault: faultOf(), warnings, queue, freeBytes, backupAtMs, keySource };

  function faultOf(): StoreHealth['fault'] {
    if (!figures.ok) return figures;
    if (!written.ok) return written;
    if (freeBytes !== null && freeBytes < limits.leastFreeBytes) {
      return { ok: false, reason: 'disk-full', detail: `${freeBytes} bytes free` };
    }
    if (queue.waiting >= limits.mostRows)
      return { ok: false, reason: 'queue-full', detail: `${queue.waiting} waiting` };
    return null;
  }
}

function readFreeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
