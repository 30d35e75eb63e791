import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

/**
 * Prints a PDF file: resolves when it has been handed to Windows, rejects where it was not. Ends when the program that does it has
 * ended, which `signal` asks for.
 */
export type PrintFile = (
  path: string,
  options: { printer: string; copies: number; signal: AbortSignal },
) => Promise<void>;

/**
 * Prints by SumatraPDF, which pdf-to-printer brings along. It is started from here, since that package's own `print` cannot end what
 * it has started. Throws where the program is not.
 *
 * The arguments are those of SumatraPDF's own documents ("Command-line arguments").
 */
export function sumatraPdf(program: string = packagedProgram()): PrintFile {
  return (path, { printer, copies, signal }) =>
    new Promise((resolve, reject) => {
      const given = ['-print-to', printer, '-silent', '-print-settings', `${copies}x`, path];
      // It answers when the program has ended, also when it was ended; an option `signal` would answer before.
      const child = execFile(program, given, { windowsHide: true }, (error) => {
        signal.removeEventListener('abort', end);
        if (error === null) resolve();
        else reject(error);
      });
      const end = () => child.kill('SIGKILL');
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
}

/** Where the package lies; a program cannot be started out of Electron's archive, so it is kept beside it. */
function packagedProgram(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('pdf-to-printer'));
  const name = readdirSync(folder).find((one) => /^SumatraPDF.*\.exe$/.test(one));
  if (name === undefined) throw new Error('pdf-to-printer has no SumatraPDF');
  return join(folder.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`), name);
}
