import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { print as packagePrint } from 'pdf-to-printer';

/**
 * Prints a PDF file: resolves when it has been handed to Windows, rejects where it was not. Ends when the program that does it has
 * ended, which `signal` asks for.
 */
export type PrintFile = (
  path: string,
  options: { printer: string; copies: number; signal: AbortSignal },
) => Promise<void>;

/**
 * Prints by pdf-to-printer and the SumatraPDF it brings along. The package gives no hold on the program it starts, and one that is
 * left running may still print what was told as given up: so `end` ends it by its name, which carries the package's version and is
 * started by nobody else; the kiosk hands over one document at a time.
 */
export function printByPackage(print: typeof packagePrint, end: () => void): PrintFile {
  return async (path, { printer, copies, signal }) => {
    if (signal.aborted) throw new Error('given up before it was begun');
    signal.addEventListener('abort', end, { once: true });
    try {
      // It settles when its program has ended, also when that was ended.
      await print(path, { printer, copies, silent: true });
    } finally {
      signal.removeEventListener('abort', end);
    }
  };
}

/** The same with the package itself. Throws where it, or its program, is not. */
export function loadPrintByPackage(): PrintFile {
  // Its exports cannot be told from its text: an `import` of it has no `print`.
  const require = createRequire(import.meta.url);
  const { print } = require('pdf-to-printer') as typeof import('pdf-to-printer');
  const folder = dirname(require.resolve('pdf-to-printer'));
  const program = readdirSync(folder).find((name) => /^SumatraPDF.*\.exe$/.test(name));
  if (program === undefined) throw new Error('pdf-to-printer has no SumatraPDF');
  return printByPackage(print, () => {
    // Whether it did end is seen by who waits for the print.
    execFile('taskkill', ['/f', '/t', '/im', program], { windowsHide: true }, () => {});
  });
}
