import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { AuditRow } from './audit.ts';
import { doesFollow } from './audit.ts';
import { backupFolderOf, checkSound, isSound, listBackups, sync } from './backup.ts';
import type { Bound, WritableDatabase } from './database.ts';
import { openReadable, openWritable } from './database.ts';
import type { LostRange } from './lost.ts';
import { migrate } from './migrations/index.ts';
import type { StoreFailure } from './problem.ts';
import { guarded, guardedOpening, StoreBroken } from './problem.ts';
import type { Salvaged, SalvagedRow, SalvageTable } from './salvage.ts';
import { salvage, salvageTables } from './salvage.ts';
import { readSetting, rescuedSetting, writeSetting } from './settings.ts';
import type { Recovered, Store, StoreOptions } from './store.ts';
import { openStore } from './store.ts';
import { Vault } from './vault.ts';

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
  /** The instant of the backup it was begun from; null where there was none. */
  backupAtMs: number | null;
  /** Rows that the damaged file gave and the backup did not have. */
  salvaged: number;
  lost: LostRange[];
};

/** The name of the setting under which a rebuild is kept until the centre and the staff have it. */
export const rebuiltSetting = 'store-rebuilt';

/**
 * Opens the store; where its file is damaged or gone, sets it aside and builds a new one of the last backup that can be read and of all rows
 * that the damaged file still gives. What could not be saved is named, never silently gone. Any other failure (a wrong key, a full disk, a newer
 * schema) is given back as it is: there is nothing wrong with the file then.
 *
 * `isExpected`: this kiosk has worked before (it is enrolled), so that there must have been a file.
 */
export function openOrRebuild(
  options: StoreOptions & { isExpected?: boolean },
): { ok: true; store: Store; rebuilt: Rebuilt | null } | StoreFailure {
  const finished = guarded(() => finishRebuild(options.path));
  if (finished !== null && !finished.ok) return finished;
  const isExpected = options.isExpected || listBackups(backupFolderOf(options.path)).length > 0;
  // SQLite takes an empty file for a new database.
  const size = statSync(options.path, { throwIfNoEntry: false })?.size ?? 0;
  const isGone = isExpected && size === 0;
  if (!isGone) {
    const opened = openStore(options);
    if (opened.ok) {
      const checked = opened.store.checkFile();
      if (checked.ok) return finished === null ? { ...opened, rebuilt: null } : note(opened.store, finished.rebuilt);
      opened.store.close();
      if (checked.reason !== 'corrupt') return checked;
    } else if (opened.reason !== 'corrupt') {
      return opened;
    }
  }
  const built = guardedOpening(() => ({ ok: true as const, rebuilt: rebuild(options, isGone ? 'gone' : 'corrupt') }));
  if (!built.ok) return built;
  const { rebuilt } = built;
  const opened = openStore(options);
  if (!opened.ok) return opened;
  return note(opened.store, rebuilt);
}

function note(store: Store, rebuilt: Rebuilt): { ok: true; store: Store; rebuilt: Rebuilt } | StoreFailure {
  const { because, backupAtMs, salvaged, lost } = rebuilt;
  const noted = store.appendAudit({
    event: 'kiosk.rebuilt',
    about: 'kiosk',
    trace: '',
    fields: { because, backupAtMs, salvaged, lostRanges: lost.length },
  });
  if (noted.ok) return { ok: true, store, rebuilt };
  store.close();
  return noted;
}

/**
 * Opens the file of a store anew, between visits: what it held was taken away or is damaged, and whoever works with the store goes on with what is
 * there now. What was under way is settled as after a restart. Where it fails, the store stays out of work and this can be tried again.
 */
export function reopenStore(
  store: Store,
  options: StoreOptions,
): { ok: true; rebuilt: Rebuilt | null; recovered: Recovered } | StoreFailure {
  const closed = store.letGo();
  if (!closed.ok) return closed;
  const opened = openOrRebuild({ ...options, isExpected: true });
  if (!opened.ok) return opened;
  const recovered = opened.store.recover();
  if (!recovered.ok) {
    opened.store.close();
    return recovered;
  }
  store.adopt(opened.store);
  return { ok: true, rebuilt: opened.rebuilt, recovered };
}

/**
 * Builds the new file beside the damaged one, and only when it is whole and on the disk moves that away: a disk that is full or a power cut in between
 * costs nothing that could have been saved.
 */
function rebuild(options: StoreOptions, because: Rebuilt['because']): Rebuilt {
  const { path, nowMs } = options;
  const isThere = existsSync(path) || existsSync(`${path}-wal`);
  const setAside = isThere ? join(`${path}.damaged`, String(Math.floor(nowMs())), basename(path)) : null;
  const backup = listBackups(backupFolderOf(path)).find((one) => isSound(one.path)) ?? null;
  const draft = `${path}.rebuilding`;
  for (const ending of ['', '-wal', '-shm']) rmSync(`${draft}${ending}`, { force: true });
  // The owner's alone from its first byte on: SQLite would make it by the umask.
  closeSync(openSync(draft, 'w', 0o600));
  if (backup) copyFileSync(backup.path, draft);
  const database = openWritable(draft, options);
  try {
    migrate(database);
    const rest = isThere ? withOurColumns(database, salvage(path)) : null;
    database.transaction(() => {
      const isRescued = readSetting(database, rescuedSetting) !== null;
      if (isRescued) database.run('DELETE FROM settings WHERE name = ?', rescuedSetting);
      const fromMs = lastKnownMs(database);
      const salvaged = rest ? merge(database, new Vault(options.keys, options.random), rest) : 0;
      const isWhole = rest?.isWhole ?? isRescued;
      const found = findLost(database, rest, { fromMs, nowMs: nowMs(), isWhole });
      // A rebuild before this one, of which the centre has not heard yet: what it lost is not found a second time.
      const former = (readSetting(database, rebuiltSetting) as Rebuilt | null)?.lost ?? [];
      const isNews = ({ from, to }: LostRange) => !former.some((known) => known.from <= from && to <= known.to);
      const lost = [...former, ...found.filter(isNews)];
      const rebuilt: Rebuilt = { because, setAside, backupAtMs: backup?.takenAtMs ?? null, salvaged, lost };
      writeSetting(database, rebuiltSetting, rebuilt, nowMs());
    });
    database.checkpoint('TRUNCATE');
  } finally {
    database.close();
  }
  sync(draft);
  renameSync(draft, wholeDraft(path));
  sync(dirname(path));
  const finished = finishRebuild(path);
  if (finished === null) throw new Error('a draft that was just named is there');
  return finished.rebuilt;
}

/** The name of a draft that is whole and only has to be put in its place. */
function wholeDraft(path: string): string {
  return `${path}.rebuilt`;
}

/**
 * Puts a whole draft in its place, moving what is there away: the database with its log, which belongs to it. Null where there is no draft. One that is
 * damaged or says nothing of a rebuild is discarded: what it was built of is built again.
 */
function finishRebuild(path: string): { ok: true; rebuilt: Rebuilt } | null {
  const draft = wholeDraft(path);
  if (!existsSync(draft)) return null;
  const rebuilt = readDraft(draft);
  for (const ending of ['-wal', '-shm']) rmSync(`${draft}${ending}`, { force: true });
  if (rebuilt === null) {
    rmSync(draft, { force: true });
    return null;
  }
  if (rebuilt.setAside !== null) {
    mkdirSync(dirname(rebuilt.setAside), { recursive: true, mode: 0o700 });
    for (const ending of ['', '-wal']) {
      if (existsSync(`${path}${ending}`)) renameSync(`${path}${ending}`, `${rebuilt.setAside}${ending}`);
    }
  }
  rmSync(`${path}-shm`, { force: true });
  sync(dirname(path));
  renameSync(draft, path);
  sync(dirname(path));
  return { ok: true, rebuilt };
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

/**
 * Takes over what the damaged file gives and the backup does not have. A row of the outbox has to open: one that was altered is no request. Where
 * the file knows that a row was settled, the backup's open one goes.
 */
function merge(database: WritableDatabase, vault: Vault, { rows }: Salvaged): number {
  let merged = 0;
  const has = (sql: string, ...keys: Bound[]): boolean => database.get(sql, ...keys) !== undefined;
  for (const row of rows.secrets) {
    if (!has('SELECT 1 FROM secrets WHERE name = ?', row.name ?? null)) merged += insert(database, 'secrets', row);
  }
  for (const row of rows.settled) {
    const id = row.id ?? null;
    if (has('SELECT 1 FROM settled WHERE id = ?', id)) continue;
    merged += insert(database, 'settled', row);
    database.run('DELETE FROM outbox WHERE id = ?', id);
  }
  for (const { seq: _, ...row } of rows.outbox) {
    const { id, sealed } = row;
    if (typeof id !== 'string' || !(sealed instanceof Uint8Array)) continue;
    if (!vault.open({ table: 'outbox', row: id, column: 'sealed' }, sealed).ok) continue;
    if (has('SELECT 1 FROM settled WHERE id = ?', id)) continue;
    if (has('SELECT 1 FROM outbox WHERE id = ?', id)) {
      database.run('UPDATE outbox SET sequence = ? WHERE id = ?', row.sequence ?? null, id);
    } else {
      merged += insert(database, 'outbox', row);
    }
  }
  for (const row of rows.papers) merged += mergePaper(database, row, rows.paper_steps);
  for (const row of rows.journal) {
    const key = row.key ?? null;
    if (!has('SELECT 1 FROM journal WHERE key = ?', key)) merged += insert(database, 'journal', row);
    else if (row.settled_at !== null) {
      database.run(
        'UPDATE journal SET settled_at = ?, outcome = ?, intent = NULL WHERE key = ?',
        row.settled_at ?? null,
        row.outcome ?? null,
        key,
      );
    }
  }
  let last = database.get<AuditRow>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
  for (const row of [...rows.audit].sort((a, b) => Number(a.seq) - Number(b.seq))) {
    const next = row as unknown as AuditRow;
    // The chain goes on as far as it holds; entries behind a gap stay in the file that was set aside.
    if (next.seq !== (last?.seq ?? 0) + 1 || !doesFollow(last ?? null, next)) continue;
    insert(database, 'audit', row);
    last = next;
  }
  return merged;
}

/** A paper as the damaged file has it replaces the backup's, which can only be older. */
function mergePaper(
  database: WritableDatabase,
  { seq: _, ...row }: SalvagedRow,
  allSteps: readonly SalvagedRow[],
): number {
  const id = row.id ?? null;
  const known = database.get<{ n: number }>('SELECT count(*) AS n FROM paper_steps WHERE paper = ?', id)?.n ?? 0;
  const steps = allSteps.filter((step) => step.paper === id).sort((a, b) => Number(a.seq) - Number(b.seq));
  if (database.get('SELECT 1 FROM papers WHERE id = ?', id) === undefined) insert(database, 'papers', row);
  else if (steps.length > known) {
    const { state, sheets, copies, job_sheets, job_copies, reason, changed_at } = row;
    const values = [state, sheets, copies, job_sheets, job_copies, reason, changed_at].map((value) => value ?? null);
    database.run(
      `UPDATE papers SET state = ?, sheets = ?, copies = ?, job_sheets = ?, job_copies = ?, reason = ?, changed_at = ? WHERE id = ?`,
      ...values,
      id,
    );
  } else return 0;
  for (const { seq: __, ...step } of steps.slice(known)) insert(database, 'paper_steps', step);
  return 1;
}

/**
 * Rows by the columns that our tables have. Where a damaged schema calls one by another name, its place tells which it is; what has no place here is
 * left out.
 */
function withOurColumns(database: WritableDatabase, { isWhole, rows }: Salvaged): Salvaged {
  const ours = (table: SalvageTable) =>
    database.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', table).map(({ name }) => name);
  const renamed = salvageTables.map((table) => {
    const columns = ours(table);
    const fit = (row: SalvagedRow): SalvagedRow => {
      const entries = Object.entries(row);
      return Object.fromEntries(
        entries.length === columns.length
          ? entries.map(([name, value], at) => [columns[at] ?? name, value])
          : entries.filter(([name]) => columns.includes(name)),
      );
    };
    return [table, rows[table].map(fit)] as const;
  });
  return { isWhole, rows: { ...rows, ...Object.fromEntries(renamed) } };
}

function insert(database: WritableDatabase, table: SalvageTable, row: SalvagedRow): number {
  const columns = Object.keys(row);
  return database.run(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...Object.values(row),
  );
}

function lastKnownMs(database: WritableDatabase): number {
  return database.get<{ at: number | null }>('SELECT max(at) AS at FROM audit')?.at ?? 0;
}

/**
 * Which requests and papers may be missing. Entries of the audit that could be read say which were kept: those that are nowhere now are lost for certain. Where
 * entries are missing, whatever was kept in that time may be, and so may what came after the last one that could be read.
 */
function findLost(
  database: WritableDatabase,
  rest: Salvaged | null,
  { fromMs, nowMs, isWhole }: { fromMs: number; nowMs: number; isWhole: boolean },
): LostRange[] {
  const chainEnd = database.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM audit')?.seq ?? 0;
  const known = new Map<number, { at: number; event: string; about: string }>();
  for (const row of database.iterate<AuditRow>('SELECT * FROM audit ORDER BY seq')) known.set(row.seq, row);
  for (const row of rest?.rows.audit ?? []) {
    known.set(Number(row.seq), { at: Number(row.at), event: String(row.event), about: String(row.about) });
  }
  const entries = [...known].sort(([a], [b]) => a - b);
  // What was settled and wiped since is not lost. An issue that was named as lost is named again: the setting it stands in may be gone.
  const done = new Set(
    entries
      .filter(([, { event }]) => /^(request\.(done|drop)|certificate\.refused)$/.test(event))
      .map(([, { about }]) => about),
  );
  const lost: LostRange[] = [];
  let last: { seq: number; at: number } = { seq: 0, at: 0 };
  for (const [seq, { at, event, about }] of entries) {
    if (seq > last.seq + 1) lost.push(rangeOf(last.at, at));
    last = { seq, at };
    const places = placesOf[event];
    if (places === undefined || done.has(about)) continue;
    if (places.every((place) => database.get(place, about) === undefined)) lost.push({ from: about, to: about });
  }
  // An entry that does not hold may have been about anything.
  const isChainWhole = chainEnd === last.seq;
  if (!isWhole || !isChainWhole)
    lost.push(rangeOf(isChainWhole ? Math.max(fromMs, last.at) : lastKnownMs(database), nowMs));
  return lost;
}

/** Where that is of which the audit says that it was kept, until what became of it is known. */
const placesOf: Readonly<Record<string, readonly string[]>> = {
  'request.kept': ['SELECT 1 FROM outbox WHERE id = ?', 'SELECT 1 FROM settled WHERE id = ?'],
  'certificate.asked': [
    'SELECT 1 FROM journal WHERE key = ? AND settled_at IS NULL',
    'SELECT 1 FROM papers WHERE id = ?',
  ],
};

/** Every id that could have been made between two instants; the clock may have been set back in between. */
function rangeOf(aMs: number, bMs: number): LostRange {
  const hex = (ms: number): string => Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  const [low, high] = [hex(Math.min(aMs, bMs)), hex(Math.max(aMs, bMs))];
  return {
    from: `${low.slice(0, 8)}-${low.slice(8)}-7000-8000-000000000000`,
    to: `${high.slice(0, 8)}-${high.slice(8)}-7fff-bfff-ffffffffffff`,
  };
}
