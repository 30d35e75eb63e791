import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { decodeIpp, encodeIppRequest, groupsOf, groupTags, textsOf } from './spooler-ipp.ts';

/** Names of printers, or why there are none to tell: what is missing and how to bring it. */
export type PrinterList = { ok: true; names: readonly string[] } | { ok: false; detail: string };

const listMs = 5_000;
/** CUPS-Get-Printers (CUPS Implementation of IPP). */
const getPrinters = 0x4002;

/** The queues of the CUPS on this machine. Never rejects. */
export function listCupsPrinters(server = { host: '127.0.0.1', port: 631 }): Promise<PrinterList> {
  const body = encodeIppRequest({
    operation: getPrinters,
    requestId: 1,
    operationFields: [{ tag: 'keyword', name: 'requested-attributes', values: ['printer-name'] }],
  });
  return new Promise((resolve) => {
    const failed = (detail: string) => resolve({ ok: false, detail });
    const asking = request({
      ...server,
      path: '/',
      method: 'POST',
      headers: { 'content-type': 'application/ipp', 'content-length': body.length },
      signal: AbortSignal.timeout(listMs),
    });
    asking.on('error', (error: NodeJS.ErrnoException) =>
      failed(
        error.code === 'ECONNREFUSED'
          ? 'CUPS does not run: apt-get install cups; systemctl enable --now cups'
          : `CUPS does not answer (${error.code ?? error.name})`,
      ),
    );
    asking.on('response', (response) => {
      const parts: Uint8Array[] = [];
      response.on('data', (part: Uint8Array) => parts.push(part));
      response.on('error', () => failed('CUPS broke off'));
      response.on('end', () => {
        const read = decodeIpp(new Uint8Array(Buffer.concat(parts)));
        if (!read.ok) return failed(`CUPS answers no IPP (${read.reason})`);
        const printers = groupsOf(read.message, groupTags.printer);
        resolve({ ok: true, names: printers.flatMap((group) => textsOf(group, 'printer-name').slice(0, 1)) });
      });
    });
    asking.end(body);
  });
}

/** The printers Windows knows. Never rejects. */
export function listWindowsPrinters(): Promise<PrinterList> {
  const command = ['-NoProfile', '-NonInteractive', '-Command', 'Get-Printer | ForEach-Object { $_.Name }'];
  return new Promise((resolve) => {
    execFile('powershell.exe', command, { timeout: listMs * 2, windowsHide: true }, (error, output) => {
      if (error !== null) resolve({ ok: false, detail: `Windows does not list its printers (${error.message})` });
      else resolve({ ok: true, names: output.split(/\r?\n/).filter((name) => name.trim() !== '') });
    });
  });
}
