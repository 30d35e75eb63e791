/**
 * The files of the built renderer, listed once: what is not on the list is not served, whatever an address says.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mimeOf } from './page-policy.ts';

/** A file of the renderer: where it lies and its media type. */
export type PageFile = { path: string; mime: string };

/** Files by the path of their address, e.g. `/assets/index-4f.js`; the page itself is `/`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** Lists a folder of the built renderer. `not-built` where it or its page is missing. */
export function listPageFiles(
  folder: string,
): { ok: true; files: PageFiles } | { ok: false; reason: 'not-built'; detail: string } {
  const files = new Map<string, PageFile>();
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const mime = mimeOf(entry.name);
      if (!entry.isFile() || mime === undefined) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(path.slice(folder.replace(/[\\/]+$/, '').length).replaceAll('\\', '/'), { path, mime });
    }
  } catch (error) {
    return { ok: false, reason: 'not-built', detail: error instanceof Error ? error.message : String(error) };
  }
  const page = files.get('/index.html');
  if (page === undefined) return { ok: false, reason: 'not-built', detail: `${folder} holds no index.html` };
  files.set('/', page);
  return { ok: true, files };
}
