/**
 * Where log lines end up: a file that is turned over before it grows too large, and lines a person can read.
 */
import { closeSync, createReadStream, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeFolder } from '../devices/make-folder.ts';

type LogFileOptions = {
  folder: string;
  /** Size at which the file is turned over, bytes. */
  maxBytes: number;
  /** How many files are kept, the current one included. */
  keep: number;
};

/** A log file. `lost` counts lines that could not be written (disk full, folder not to be made): a kiosk serves on without its log. */
export interface LogFile {
  write(line: string): void;
  /** Lines of a time (epoch milliseconds, both ends included), oldest first; what cannot be read is left out. */
  read(fromMs: number, toMs: number): AsyncIterable<string>;
  lost(): number;
  close(): void;
}

/**
 * Appends to `kiosk.ndjson`, which is opened with the first line; older ones are `kiosk.1.ndjson` (the youngest), `kiosk.2.ndjson` …
 * Lines are written at once, so that the last one before a crash is there.
 */
export function openLogFile({ folder, maxBytes, keep }: LogFileOptions): LogFile {
  const path = (age: number): string => join(folder, age === 0 ? 'kiosk.ndjson' : `kiosk.${age}.ndjson`);
  let file: number | null = null;
  let bytes = 0;
  let lost = 0;
  let isClosed = false;

  function open(): number {
    const made = makeFolder(folder);
    if (!made.ok) throw new Error(made.detail);
    const opened = openSync(path(0), 'a', 0o640);
    bytes = fstatSync(opened).size;
    file = opened;
    return opened;
  }

  function turnOver(): void {
    if (file !== null) closeSync(file);
    file = null;
    rmSync(path(keep - 1), { force: true });
    for (let age = keep - 2; age >= 0; age -= 1) {
      try {
        renameSync(path(age), path(age + 1));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  return {
    write(line) {
      if (isClosed) return;
      try {
        const chunk = Buffer.from(line);
        // A file that could not be opened is tried again, and not turned over for it: each try would cost the oldest one.
        let to = file ?? open();
        if (bytes > 0 && bytes + chunk.length > maxBytes) {
          turnOver();
          to = open();
        }
        for (let done = 0; done < chunk.length; ) done += writeSync(to, chunk, done);
        bytes += chunk.length;
      } catch {
        lost += 1;
      }
    },
    async *read(fromMs, toMs) {
      const from = new Date(fromMs).toISOString();
      const to = new Date(toMs).toISOString();
      for (let age = keep - 1; age >= 0; age -= 1) {
        for await (const line of linesOf(path(age))) {
          const at = instant.exec(line)?.[1];
          if (at !== undefined && at >= from && at <= to) yield `${line}\n`;
        }
      }
    },
    lost: () => lost,
    close() {
      if (file !== null) closeSync(file);
      file = null;
      isClosed = true;
    },
  };
}

/** When a line was written. Instants of one form sort as text. */
const instant = /"at":"(\d{4}-\d{2}-\d{2}T[\d:.]+Z)"/;

/** Piece by piece, so that a kiosk that reads its log serves on; a file that is not there has no lines. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path, 'utf8');
  try {
    yield* createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY });
  } catch {
    // Gone or turned over meanwhile: what was read of it is told.
  } finally {
    file.destroy();
  }
}
