import { copyFileSync, statSync } from 'node:fs';
import type { AuditRow } from './audit.ts';
import { doesFollow } from './audit.ts';
import { backupFolderOf, isSound, listBackups } from './backup.ts';
import type { Bound, WritableDatabase } from './database.ts';
import { openWritable } from './database.ts';
import type { LostRange } from './lost.ts';
import { idsSetting, latestIdMs } from './lost.ts';
import { migrate } from './migrations/index.ts';
import type { StoreFailure } from './problem.ts';
import { guarded, guardedOpening } from './problem.ts';
import type { Rebuilt } from './rebuilt.ts';
import { finishRebuild, placeAside, putDraft, rebuiltSetting } from './rebuilt.ts';
import type { Salvaged, SalvagedRow, SalvageTable } from './salvage.ts';
import { salvage, salvageTables } from './salvage.ts';
import { readSetting, writeSetting } from './settings.ts';
import type { Recovered, Store, StoreOptions } from './store.ts';
import { openStore } from './store.ts';
import { instantOf, latestInstantMs } from './uuid.ts';
import { Vault } from './vault.ts';

/**
 * `isExpected`: this kiosk has worked before (it is enrolled), so that there must have been a file. `idsUpToMs`: the instant of the latest id that was made,
 * where that is known: a clock that was set back since does not say.
 */
type RebuildOptions = StoreOptions & { isExpected?: boolean; idsUpToMs?: number };

/**
 * Opens the store; where its file is damaged or gone, sets it aside and builds a new one of the last backup that can be read and of all rows
 * that the damaged file still gives. What could not be saved is named, never silently gone. Any other failure (a wrong key, a full disk, a newer
 * schema) is given back as it is: there is nothing wrong with the file then.
 */
export function openOrRebuild(
  options: RebuildOptions,
): { ok: true; store: Store; rebuilt: Rebuilt | null } | StoreFailure {
  const finished = guarded(() => finishRebuild(options.path, options.nowMs()));
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
  const opened = openOrRebuild({ ...options, isExpected: true, idsUpToMs: store.idsUpToMs });
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
function rebuild(options: RebuildOptions, because: Rebuilt['because']): Rebuilt {
  const { path } = options;
  const nowMs = options.nowMs();
  const setAside = placeAside(path, nowMs);
  const backup = listBackups(backupFolderOf(path)).find((one) => isSound(one.path)) ?? null;
  putDraft(path, (draft) => {
    if (backup) copyFileSync(backup.path, draft);
    const database = openWritable(draft, options);
    try {
      migrate(database);
      const rest = setAside === null ? null : withOurColumns(database, salvage(path));
      database.transaction(() => {
        const salvaged = rest ? merge(database, new Vault(options.keys, options.random), rest) : 0;
        const latestMs = Math.max(nowMs, latestIdMs(database));
        const upToMs = Math.max(latestMs, options.idsUpToMs ?? latestMs + unknownMs);
        const { isEndKnown, lost: found } = findLost(database, rest, upToMs, nowMs);
        // Nothing that is kept from now on lies among what is named.
        if (!isEndKnown) writeSetting(database, idsSetting, upToMs + 1, nowMs);
        // A rebuild before this one, of which the centre has not heard yet: what it lost is not found a second time.
        const former = (readSetting(database, rebuiltSetting) as Rebuilt | null)?.lost ?? [];
        const isNews = ({ from, to }: LostRange) => !former.some((known) => known.from <= from && to <= known.to);
        const lost = [...former, ...found.filter(isNews)];
        const rebuilt: Rebuilt = { because, setAside, backupAtMs: backup?.takenAtMs ?? null, salvaged, lost };
        writeSetting(database, rebuiltSetting, rebuilt, nowMs);
      });
      database.checkpoint('TRUNCATE');
    } finally {
      database.close();
    }
  });
  const finished = finishRebuild(path, nowMs);
  if (finished === null) throw new Error('a draft that was just named is there');
  return finished.rebuilt;
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

/**
 * How far past the clock ids may have gone that nobody remembers: after a power cut it may begin in 1970 or an hour ago. Longer than a kiosk is without
 * a backup before somebody comes.
 */
const unknownMs = 31 * 24 * 3_600_000;

/**
 * Which requests and papers may be missing. Entries of the audit that could be read say which were kept: those that are nowhere now are lost for certain. Where
 * entries are missing, whatever was kept in that time may be, and so may what came after the last one that could be read: then `isEndKnown` is
 * false. `upToMs`: the latest instant that an id can be of.
 */
function findLost(
  database: WritableDatabase,
  rest: Salvaged | null,
  upToMs: number,
  nowMs: number,
): { isEndKnown: boolean; lost: LostRange[] } {
  const known = new Map<number, { at: number; event: string; about: string }>();
  for (const { seq, at, event, about } of rest?.rows.audit ?? []) {
    if (typeof seq === 'number' && typeof at === 'number') {
      known.set(seq, { at, event: String(event), about: String(about) });
    }
  }
  let end = { seq: 0, at: 0 };
  const chain = 'SELECT seq, at, event, about FROM audit ORDER BY seq';
  for (const row of database.iterate<Pick<AuditRow, 'seq' | 'at' | 'event' | 'about'>>(chain)) {
    known.set(row.seq, row);
    end = row;
  }
  const entries = [...known].sort(([a], [b]) => a - b);
  // What was settled and wiped since is not lost. An issue that was named as lost is named again: the setting it stands in may be gone.
  const done = new Set(
    entries
      .filter(([, { event }]) => /^(request\.(done|drop)|certificate\.refused)$/.test(event))
      .map(([, { about }]) => about),
  );
  const lost: LostRange[] = [];
  let last = { seq: 0, at: 0 };
  let latestMs = 0;
  for (const [seq, { at, event, about }] of entries) {
    latestMs = Math.max(latestMs, at, instantOf(about) ?? 0);
    if (seq > last.seq + 1) lost.push(rangeOf(Math.min(last.at, at), latestMs));
    last = { seq, at };
    const places = placesOf[event];
    // What does not even name an id does not hold, and is among what comes after the chain's end.
    if (places === undefined || done.has(about) || instantOf(about) === null) continue;
    if (places.every((place) => database.get(place, about) === undefined)) lost.push({ from: about, to: about });
  }
  // An entry that does not hold may have been about anything.
  const isEndKnown = rest?.isWhole === true && end.seq === last.seq;
  if (!isEndKnown) lost.push(rangeOf(Math.min(end.at, nowMs), Math.max(upToMs, latestMs)));
  return { isEndKnown, lost };
}

/** Where that is of which the audit says that it was kept, until what became of it is known. */
const placesOf: Readonly<Record<string, readonly string[]>> = {
  'request.kept': ['SELECT 1 FROM outbox WHERE id = ?', 'SELECT 1 FROM settled WHERE id = ?'],
  'certificate.asked': [
    'SELECT 1 FROM journal WHERE key = ? AND settled_at IS NULL',
    'SELECT 1 FROM papers WHERE id = ?',
  ],
};

/** Every id that could have been made between two instants. Ids never go backwards, whatever the clock does (uuid.ts). */
function rangeOf(fromMs: number, toMs: number): LostRange {
  const [from, to] = [fromMs, toMs].map((ms) => Math.min(Math.max(0, Math.floor(ms)), latestInstantMs));
  const hex = (ms = 0): string => ms.toString(16).padStart(12, '0').replace(/^.{8}/, '$&-');
  return { from: `${hex(from)}-7000-8000-000000000000`, to: `${hex(to)}-7fff-bfff-ffffffffffff` };
}
