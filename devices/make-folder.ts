import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

type FolderMade = { ok: true } | { ok: false; detail: string };

/**
 * Makes a folder and what is missing above it, for the owner alone. `detail` is the system's code, e.g. `EACCES`. Node's own recursive
 * mkdir never returns where the system says "no such file" of a place whose parent is there, as Linux does under /proc.
 */
export function makeFolder(path: string): FolderMade {
  try {
    if (statSync(path).isDirectory()) return { ok: true };
    return { ok: false, detail: 'ENOTDIR' };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return { ok: false, detail: codeOf(error) };
  }
  const above = dirname(path);
  const made = above === path ? { ok: true as const } : makeFolder(above);
  if (!made.ok) return made;
  try {
    mkdirSync(path, { mode: 0o700 });
    return { ok: true };
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? { ok: true } : { ok: false, detail: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
