import { statSync } from 'node:fs';

/**
 * Tells whether the file of the store is still the one that stands there now. A file that was deleted or replaced while it is open takes
 * every write, and at the next start nothing of it is there: what it takes must not be acknowledged.
 */
export function watchStoreFile(path: string): () => boolean {
  const opened = identify(path);
  return () => opened !== null && identify(path) === opened;
}

/** Device and file number; null where there is no file. */
function identify(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
