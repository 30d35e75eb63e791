import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { checkSound, sync } from './backup.ts';
import { openReadable } from './database.ts';
import type { LostRange } from './lost.ts';
import { StoreBroken } from './problem.ts';
import { readSetting } from './settings.ts';

const rebuiltSchema = z.object({
  because: z.enum(['corrupt', 'gone']),
  setAside: z.string().nullable(),
  backupAtMs: z.number().nullable(),
  salvaged: z.number(),
  lost: z.array(z.object({ from: z.string(), to: z.string() })),
});

/** What was done about a database that was damaged or gone. */
export type Rebuilt = {
  because: 'corrupt' | 'gone';
  /** Where the damaged files lie; null where there were none. */
  setAside: string | null;
  /** The instant of the backup or copy it was begun from; null where there was none. */
  backupAtMs: number | null;
  /** Rows that the damaged file gave and the backup did not have. */
  salvaged: number;
  lost: LostRange[];
};

/** The name of the setting under which a rebuild is kept until the centre and the staff have it. */
export const rebuiltSetting = 'store-rebuilt';

/**
 * Makes a new file beside the database's place. `fill` gets an empty file for the kiosk's user only and leaves it closed; once it is whole and on the disk
 * it has a name by which {@link finishRebuild} finds it, at this start or the next.
 */
export function putDraft(path: string, fill: (draft: string) => void): void {
  const draft = unfinishedDraft(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  removeUnfinished(path);
  // The owner's alone from its first byte on: SQLite would make it by the umask.
  closeSync(openSync(draft, 'w', 0o600));
  fill(draft);
  sync(draft);
  renameSync(draft, wholeDraft(path));
  sync(dirname(path));
}

/** A place for files that are set aside where nothing lies yet; null where there are none at the database's place. */
export function placeAside(path: string, nowMs: number): string | null {
  if (!existsSync(path) && !existsSync(`${path}-wal`)) return null;
  // A clock that begins at the same instant at every start must not overwrite what was set aside before.
  for (let at = Math.floor(nowMs); ; at += 1) {
    const folder = join(`${path}.damaged`, String(at));
    if (!existsSync(folder)) return join(folder, basename(path));
  }
}

/**
 * Puts a whole draft in its place, moving what is there away: the database with its log, which belongs to it. Null where there is no draft. One that is
 * damaged or says nothing of a rebuild is discarded: what it was built of is built again.
 */
export function finishRebuild(path: string, nowMs: number): { ok: true; rebuilt: Rebuilt } | null {
  // Of a rebuild that was broken off: as long as the database, and wiped of nothing.
  removeUnfinished(path);
  const draft = wholeDraft(path);
  if (!existsSync(draft)) return null;
  const rebuilt = readDraft(draft);
  for (const ending of ['-wal', '-shm']) rmSync(`${draft}${ending}`, { force: true });
  if (rebuilt === null) {
    rmSync(draft, { force: true });
    return null;
  }
  // What was put there since is set aside too: a log of something else would be played into the draft.
  const setAside = rebuilt.setAside ?? placeAside(path, nowMs);
  if (setAside !== null) {
    mkdirSync(dirname(setAside), { recursive: true, mode: 0o700 });
    for (const ending of ['', '-wal']) {
      if (existsSync(`${path}${ending}`)) renameSync(`${path}${ending}`, `${setAside}${ending}`);
    }
  }
  rmSync(`${path}-shm`, { force: true });
  sync(dirname(path));
  renameSync(draft, path);
  sync(dirname(path));
  return { ok: true, rebuilt: { ...rebuilt, setAside } };
}

function unfinishedDraft(path: string): string {
  return `${path}.rebuilding`;
}

function removeUnfinished(path: string): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(`${unfinishedDraft(path)}${ending}`, { force: true });
}

/** The name of a draft that is whole and only has to be put in its place. */
function wholeDraft(path: string): string {
  return `${path}.rebuilt`;
}

/** What a draft says of the rebuild it is of; null where it is no whole one. Throws where it cannot be read now but may be later. */
function readDraft(draft: string): Rebuilt | null {
  const sound = checkSound(draft);
  if (!sound.ok && sound.reason === 'corrupt') return null;
  if (!sound.ok) throw new StoreBroken(sound.reason, `a draft: ${sound.detail}`);
  const database = openReadable(draft);
  try {
    return rebuiltSchema.safeParse(readSetting(database, rebuiltSetting)).data ?? null;
  } finally {
    database.close();
  }
}
