import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CertificateLayout,
  certificateLayouts,
  type LayoutDigest,
} from '../../state-machines/contract/words/certificate.ts';

/** Where the layouts lie beside these sources; a package names its own place. */
export const layoutsFolder: string = fileURLToPath(new URL('./layouts', import.meta.url));

/** What each sealed layout is called by, as records name it. */
export type LayoutDigests = Readonly<Record<CertificateLayout, LayoutDigest>>;

/**
 * The digests of the layouts in a folder. A layout is its own file and the two all share, so its digest is the SHA-256 over them, each
 * preceded by its name and length; line ends count as LF, so that a checkout on Windows is the same layout.
 */
export function readLayoutDigests(folder: string = layoutsFolder): LayoutDigests {
  const digestOf = (layout: CertificateLayout): LayoutDigest => {
    const hash = createHash('sha256');
    for (const name of ['paper.typ', 'sheet.svg', `${layout}.typ`]) {
      const text = Buffer.from(readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n'));
      hash.update(`${name} ${text.length}\n`).update(text);
    }
    return { algorithm: 'SHA-256', value: hash.digest('hex') };
  };
  const layouts = Object.keys(certificateLayouts) as CertificateLayout[];
  return Object.fromEntries(layouts.map((layout) => [layout, digestOf(layout)])) as LayoutDigests;
}
