import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TroubleReason } from '../state-machines/troubles.ts';
import type { Log } from './log.ts';
import { isAnythingSealed } from './store/backup.ts';
import { type CheckChildPort, checkApart } from './store/backup-check.ts';
import type { KeyRotation, SystemKeyStore } from './store/key-file.ts';
import { openKeyFile } from './store/key-file.ts';
import type { StoreFailure } from './store/problem.ts';
import { openOrRebuild, reopenStore } from './store/rebuild.ts';
import type { Rebuilt } from './store/rebuilt.ts';
import type { Store } from './store/store.ts';
import type { StoreHealth } from './store/upkeep.ts';
import { storeHealth } from './store/upkeep.ts';
import type { Identity } from './uplink/identity.ts';
import { openIdentity } from './uplink/identity.ts';

type KeptParts = {
  dataFolder: string;
  nowMs: () => number;
  keyStore: SystemKeyStore | undefined;
  startCheckChild: (() => CheckChildPort) | undefined;
  log: Log;
};

/** What must not be lost: who this kiosk is to the centre, its sealing keys, and its store with what the last run left in it. */
export type Kept = {
  identity: Identity;
  store: Store;
  rotation: KeyRotation;
  /** Asks the store, its disk and the files of secrets how they are; one of those that is gone is written again from memory. */
  health(): StoreHealth;
  /** Opens a store that was taken away or damaged anew; answers whether there is one again. Nothing may be under way in it. */
  openStoreAnew(): boolean;
};

/** Opens what is kept in the data folder, and takes up what the last run left of it. What was opened before a failure is closed again. */
export function openKept({
  dataFolder,
  nowMs,
  keyStore,
  startCheckChild,
  log,
}: KeptParts): { ok: true; kept: Kept } | { ok: false; reason: TroubleReason; detail: string } {
  const refuse = (detail: string, isKeyForeign = false) =>
    ({ ok: false, reason: isKeyForeign ? 'store-key-foreign' : 'store-unusable', detail }) as const;

  const identityOpened = openIdentity(join(dataFolder, 'identity.json'));
  if (!identityOpened.ok) return refuse(`identity.json: ${identityOpened.reason} (${identityOpened.detail})`);
  const { identity } = identityOpened;

  const path = join(dataFolder, 'kiosk.db');
  const isSealed = isAnythingSealed(path);
  const opened = openKeyFile(join(dataFolder, 'sealing-key.json'), randomBytes, keyStore, { isSealed });
  if (!opened.ok) {
    const isKeyForeign = opened.reason === 'foreign' || opened.reason === 'missing';
    return refuse(`sealing-key.json: ${opened.reason} (${opened.detail})`, isKeyForeign);
  }
  const { keys, rotation, keepFile: keepKeys } = opened;
  const keySource = keys.source;
  log.info('store.keys', { source: keySource });

  const storeOptions = {
    path,
    keys,
    nowMs,
    random: randomBytes,
    secure,
    checkBackup: checkApart({ startChild: startCheckChild }),
  };
  const storeOpened = openOrRebuild({ ...storeOptions, isExpected: identity.enrolment() !== null });
  if (!storeOpened.ok)
    return refuse(`kiosk.db: ${storeOpened.reason} (${storeOpened.detail})`, storeOpened.reason === 'wrong-key');
  const { store } = storeOpened;
  logRebuilt(log, storeOpened.rebuilt);

  const recovered = store.recover();
  if (!recovered.ok) {
    store.close();
    return refuse(`kiosk.db: not recovered: ${recovered.reason} (${recovered.detail})`);
  }
  log.info('store.recovered', {
    requeued: recovered.requeued,
    papers: recovered.papers.length,
    interrupted: recovered.interrupted.length,
    openIssues: recovered.openIssues,
  });

  /** Asked before every change: whether they are there costs some microseconds, what they say is read at the looks. */
  function secure(): StoreFailure | null {
    const areThere = ['sealing-key.json', 'identity.json'].every((file) => existsSync(join(dataFolder, file)));
    return areThere ? null : keepFiles();
  }

  /** What was sealed or signed since would be lost with this process if its keys were in memory only. */
  function keepFiles(): StoreFailure | null {
    const files = { 'sealing-key.json': keepKeys, 'identity.json': identity.keepFile };
    for (const [file, keep] of Object.entries(files)) {
      const kept = keep(nowMs());
      if (!kept.ok) return { ok: false, reason: 'io-error', detail: `${file}: ${kept.reason} (${kept.detail})` };
      if (kept.restored !== null) log.error('store.file-restored', { file, because: kept.restored });
    }
    return null;
  }

  return {
    ok: true,
    kept: {
      identity,
      store,
      rotation,
      health() {
        const lacking = keepFiles();
        const health = storeHealth({ store, path, keySource, nowMs: nowMs() });
        return lacking === null ? health : { ...health, fault: lacking };
      },
      openStoreAnew() {
        // With the folder the keys may be gone: what a new file held would be lost with the process.
        const lacking = keepFiles();
        const reopened = lacking ?? reopenStore(store, storeOptions);
        if (reopened.ok) logRebuilt(log, reopened.rebuilt);
        else log.error('store.not-reopened', { reason: reopened.reason, detail: reopened.detail });
        return reopened.ok;
      },
    },
  };
}

function logRebuilt(log: Log, rebuilt: Rebuilt | null): void {
  if (rebuilt === null) return;
  log.error('store.rebuilt', { ...rebuilt, lost: rebuilt.lost.map(({ from, to }) => `${from}..${to}`).join(' ') });
}
