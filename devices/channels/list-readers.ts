import { loadPcscLibrary, PcscCode, type PcscLibrary } from './pcsc-library.ts';

/** Names of card readers, or why there are none to tell: what is missing and how to bring it. */
export type ReaderList = { ok: true; names: readonly string[] } | { ok: false; detail: string };

/** The readers PC/SC knows. Never rejects. */
export async function listCardReaders(load: typeof loadPcscLibrary = loadPcscLibrary): Promise<ReaderList> {
  const loaded = load();
  if (!loaded.ok)
    return { ok: false, detail: `no PC/SC library: apt-get install libpcsclite1 pcscd (${loaded.detail})` };
  const { library } = loaded;
  const context = await library.establishContext();
  if (context.code !== PcscCode.success) return { ok: false, detail: missingService(context.code) };
  const readers: Awaited<ReturnType<PcscLibrary['listReaders']>> = await library.listReaders(context.value);
  await library.releaseContext(context.value);
  if (readers.code === PcscCode.noReadersAvailable) return { ok: true, names: [] };
  if (readers.code !== PcscCode.success) return { ok: false, detail: missingService(readers.code) };
  return { ok: true, names: readers.value };
}

function missingService(code: number): string {
  if (code === PcscCode.noService || code === PcscCode.serviceStopped) {
    return process.platform === 'win32'
      ? 'the Smart Card service (SCardSvr) does not run: Start-Service SCardSvr'
      : 'pcscd does not run, or this user may not ask it: apt-get install pcscd; systemctl enable --now pcscd.socket; docs/devices/udev.md';
  }
  return `PC/SC says ${code.toString(16).padStart(8, '0')}`;
}
