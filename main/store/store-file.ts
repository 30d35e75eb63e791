import { statSync } from 'node:fs';
import type { Backup } from './backup.ts';
import { backupFolderOf, takeBackup } from './backup.ts';
import type { CheckBackup } from './backup-check.ts';
import type { WritableDatabase } from './database.ts';
import type { StoreFailure } from './problem.ts';
import { guarded } from './problem.ts';
import type { Rebuilt } from './rebuilt.ts';
import { placeAside, putDraft, rebuiltSetting } from './rebuilt.ts';
import { readSetting, writeSetting } from './settings.ts';

/**
 * The file of a store while it is in use: all or nothing of every change, failures as values, and nothing acknowledged that the next start would not
 * find. A file may be changed by another connection, taken away under its user, let go and opened anew.
 */
export class StoreFile {
  private readonly path: string;
  private readonly nowMs: () => number;
  /** Makes void what is remembered of the file. */
  private readonly forget: () => void;
  private readonly secure: () => StoreFailure | null;
  private open: WritableDatabase;
  private readonly inodes = new Map<string, bigint>();
  /** The file was taken away: nothing is acknowledged any more, until it is opened anew. `rescued`: all of it lies beside its place. */
  private gone: 'no' | 'gone' | 'rescued' = 'no';
  /** What every call is answered once the file was let go or closed; null while it is open. */
  private shut: StoreFailure | null = null;
  private backups = 0;
  /** Of the file when it was last read; null where what is remembered of it is void. */
  private seenVersion: number | null = null;

  constructor(
    database: WritableDatabase,
    {
      path,
      nowMs,
      forget,
      secure = () => null,
    }: { path: string; nowMs: () => number; forget: () => void; secure?: (() => StoreFailure | null) | undefined },
  ) {
    this.path = path;
    this.nowMs = nowMs;
    this.forget = forget;
    this.secure = secure;
    this.open = database;
    this.isStillThere();
  }

  get database(): WritableDatabase {
    return this.open;
  }

  /** One transaction. Where it is taken back, for whatever reason, what is remembered of the file is void. */
  write<T>(work: () => T): T | StoreFailure {
    const done = guarded(() => this.change(() => ({ value: work() })));
    return 'value' in done ? done.value : done;
  }

  /** Reads what is remembered, or what is in the file. */
  look<T>(work: () => T): T | StoreFailure {
    return this.read(() => {
      this.noticeOthers();
      return work();
    });
  }

  /** Reads what is in the file. */
  read<T>(work: () => T): T | StoreFailure {
    return this.shut ?? guarded(work);
  }

  /** Takes a backup while the kiosk works; `check` reads it through (backup.ts). */
  async backUp({
    keep,
    check,
  }: {
    keep: number;
    check: CheckBackup;
  }): Promise<{ ok: true; backup: Backup } | StoreFailure> {
    if (this.shut !== null) return this.shut;
    if (this.gone !== 'no') return taken;
    this.backups += 1;
    try {
      const copy = (path: string) => this.open.backUp(path);
      return await takeBackup({ folder: backupFolderOf(this.path), takenAtMs: this.nowMs(), keep, copy, check });
    } finally {
      this.backups -= 1;
    }
  }

  /**
   * Closes a file that was taken away or is damaged, so that another can be opened in its place. Until {@link adopt} every call fails. What is in an
   * open file that nobody will find again is copied first; where that fails it stays open, and it is tried again at the next call. `locked`
   * while a backup is being taken.
   */
  letGo(): { ok: true } | StoreFailure {
    if (this.shut !== null) return this.shut === taken ? { ok: true } : this.shut;
    if (this.backups > 0) return { ok: false, reason: 'locked', detail: 'a backup is being taken' };
    if (this.gone === 'gone') {
      const rescued = this.rescue();
      if (rescued !== taken) return rescued;
    }
    this.shut = taken;
    this.open.close();
    return { ok: true };
  }

  /** Goes on with a file that was opened anew under the same path; `fresh` is this one from then on. After {@link letGo}. */
  adopt(fresh: StoreFile): void {
    if (this.shut !== taken) throw new Error('a store takes up another file once it has let its own go');
    this.open = fresh.open;
    this.seenVersion = null;
    this.inodes.clear();
    this.isStillThere();
    this.gone = 'no';
    this.shut = null;
  }

  /** Closes it for good. Whoever still has something to write, a command or a call that ends late, is refused. */
  close(): void {
    this.shut = closed;
    this.open.close();
  }

  private change<T extends object>(work: () => T): T | StoreFailure {
    if (this.shut !== null) return this.shut;
    if (this.gone !== 'no') return taken;
    const lacking = this.secure();
    if (lacking !== null) return lacking;
    // Before, so that what is refused is not kept; and after, since what is acknowledged has to be.
    if (!this.isStillThere()) return this.rescue();
    const done = guarded(() => {
      try {
        return this.open.transaction(() => {
          this.noticeOthers();
          return work();
        });
      } catch (error) {
        this.seenVersion = null;
        throw error;
      }
    });
    return this.isStillThere() ? done : this.rescue();
  }

  /** Whether what was just written is in a file that the next start will find: a system lets a file be removed under its user. */
  private isStillThere(): boolean {
    return [this.path, `${this.path}-wal`].every((file) => {
      const found = statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
      const known = this.inodes.get(file);
      if (known === undefined && found !== undefined) this.inodes.set(file, found);
      return found !== undefined && (known === undefined || known === found);
    });
  }

  /**
   * The open file is whole, and nobody will find it again: it is copied beside its place, as the draft of a rebuild that lost nothing, which the next
   * opening takes up before whatever stands there. `taken` once that is done.
   */
  private rescue(): StoreFailure {
    this.gone = 'gone';
    return guarded(() => {
      const nowMs = Math.floor(this.nowMs());
      this.open.transaction(() => {
        // What a rebuild before this one lost and nobody has been told of yet.
        const lost = (readSetting(this.open, rebuiltSetting) as Rebuilt | null)?.lost ?? [];
        const setAside = placeAside(this.path, nowMs);
        const rebuilt: Rebuilt = { because: 'gone', setAside, backupAtMs: nowMs, salvaged: 0, lost };
        writeSetting(this.open, rebuiltSetting, rebuilt, nowMs);
      });
      putDraft(this.path, (draft) => this.open.copyInto(draft));
      this.gone = 'rescued';
      return taken;
    });
  }

  /** Another connection's change makes void what is remembered. Inside a transaction nobody can change anything after this. */
  private noticeOthers(): void {
    const version = this.open.dataVersion();
    if (version === this.seenVersion) return;
    this.seenVersion = version;
    this.forget();
  }
}

const closed: StoreFailure = { ok: false, reason: 'io-error', detail: 'the store is closed' };
const taken: StoreFailure = { ok: false, reason: 'corrupt', detail: 'the file was taken away while it was in use' };
