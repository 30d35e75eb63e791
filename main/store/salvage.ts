import Database from 'better-sqlite3';

/** A row of a damaged table, by its columns. */
export type SalvagedRow = Record<string, string | number | Uint8Array | null>;

/** What could be read of a damaged file. `isWhole`: every page could, so nothing is missing. */
export type Salvaged = {
  isWhole: boolean;
  rows: Record<SalvageTable, SalvagedRow[]>;
};

const keysOfTables = {
  secrets: 'name',
  outbox: 'seq',
  settled: 'id',
  papers: 'seq',
  paper_steps: 'seq',
  journal: 'key',
  audit: 'seq',
} as const;
export type SalvageTable = keyof typeof keysOfTables;
export const salvageTables: readonly SalvageTable[] = [
  'secrets',
  'outbox',
  'settled',
  'papers',
  'paper_steps',
  'journal',
  'audit',
];

const stepRows = 100;
/** How many keys in a row are asked for one by one behind a damaged page. */
const longestGap = 5_000;

/**
 * Reads what can be read of a damaged database: forwards until a page fails, backwards from the other end until one fails, and one by one in
 * between where keys are numbers. Nothing that comes out is trusted yet.
 */
export function salvage(path: string): Salvaged {
  const rows = Object.fromEntries(salvageTables.map((table) => [table, []])) as unknown as Salvaged['rows'];
  let database: Database.Database;
  try {
    database = new Database(path, { fileMustExist: true });
  } catch {
    return { isWhole: false, rows };
  }
  try {
    const isSound = attempt(() => database.pragma('integrity_check', { simple: true }) === 'ok') ?? false;
    let isRead = true;
    for (const table of salvageTables) {
      const read = readTable(database, table);
      rows[table] = read.rows;
      isRead &&= read.isWhole;
    }
    return { isWhole: isSound && isRead, rows };
  } finally {
    database.close();
  }
}

function readTable(database: Database.Database, table: SalvageTable): { isWhole: boolean; rows: SalvagedRow[] } {
  const key = keysOfTables[table];
  const found = new Map<string | number, SalvagedRow>();
  const walk = (direction: 'ASC' | 'DESC', size: number): boolean => {
    for (let last: unknown = null; ; ) {
      const where = last === null ? '' : `WHERE ${key} ${direction === 'ASC' ? '>' : '<'} ?`;
      const page = attempt(
        () =>
          database
            .prepare(`SELECT * FROM ${table} ${where} ORDER BY ${key} ${direction} LIMIT ${size}`)
            .all(...(last === null ? [] : [last])) as SalvagedRow[],
      );
      if (page === null) return false;
      for (const row of page) found.set(row[key] as string | number, row);
      if (page.length < size) return true;
      last = page.at(-1)?.[key];
    }
  };
  if (walk('ASC', stepRows)) return { isWhole: true, rows: [...found.values()] };
  walk('ASC', 1);
  walk('DESC', 1);
  if (key === 'seq') probe(database, table, found);
  return { isWhole: false, rows: [...found.values()] };
}

/** Asks for the keys between those that were found, one by one. */
function probe(database: Database.Database, table: SalvageTable, found: Map<string | number, SalvagedRow>): void {
  const known = [...found.keys()].map(Number).sort((a, b) => a - b);
  const lowest = known[0] ?? 1;
  const highest = known.at(-1) ?? 0;
  let misses = 0;
  for (let seq = lowest; (seq <= highest || misses < 200) && misses < longestGap; seq += 1) {
    if (found.has(seq)) {
      misses = 0;
      continue;
    }
    const row = attempt(
      () => database.prepare(`SELECT * FROM ${table} WHERE seq = ?`).get(seq) as SalvagedRow | undefined,
    );
    if (row) found.set(seq, row);
    misses = row ? 0 : misses + 1;
  }
}

/** Null where the file gives an error: a damaged page is no surprise here. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError) return null;
    throw error;
  }
}
