import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { PaperPages, ScreenAnswer, ScreenHost, View } from '../../state-machines/contract/screen.ts';
import type { HostRigInElectron } from './electron-rig.ts';
import { type HostRig, proveHost, type ScreenEnd } from './host-suite.ts';

const root = join(import.meta.dirname, '../..');
const binary = findElectron();
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

/** Bundle and page of the rig, made once. */
let folder: string;

if (binary === null || !hasDisplay) {
  describe('the IPC host in Electron', () => {
    it.skip(binary === null ? 'not run: no Electron binary' : 'not run: no display', () => {});
  });
} else {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kiosk-electron-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Rig</title>');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    await bundle('main/hosts/electron-rig.ts', 'rig.js', 'es');
    await bundle('main/preload.ts', 'preload.cjs', 'cjs');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  proveHost('the IPC host in Electron', () => makeElectronRig(binary), { patienceMs: 15_000 });
}

async function makeElectronRig(executablePath: string): Promise<HostRig> {
  const app = await _electron.launch({
    executablePath,
    args: [join(folder, 'rig.js'), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...process.env, HOST_RIG_PAGE: folder, HOST_RIG_PRELOAD: join(folder, 'preload.cjs') } as Record<
      string,
      string
    >,
  });
  const page = await app.firstWindow();

  // One page at a time: a screen's end is one load of it, and is lost with the next.
  let onView: (view: View) => void = () => {};
  let onLost: () => void = () => {};
  await page.exposeFunction('hostRigView', (view: View) => onView(view));
  await page.exposeFunction('hostRigLost', () => onLost());

  return {
    kiosk: {
      show: (view) => app.evaluate((_, shown) => (globalThis as unknown as InMain).hostRig.show(shown), view),
      handled: () => app.evaluate(() => (globalThis as unknown as InMain).hostRig.handled()),
      listeners: () => app.evaluate(() => (globalThis as unknown as InMain).hostRig.listeners()),
    },
    async connect(): Promise<ScreenEnd> {
      onLost();
      onView = () => {};
      onLost = () => {};
      await page.reload();
      return {
        listen(take, lose) {
          onView = take;
          onLost = lose;
          void page.evaluate(() => {
            const { kioskBridge, hostRigView, hostRigLost } = globalThis as unknown as InPage;
            Object.assign(globalThis, { hostRigUndo: kioskBridge.listen(hostRigView, hostRigLost) });
          });
          return () => {
            onView = () => {};
            onLost = () => {};
            void page.evaluate(() => (globalThis as unknown as InPage).hostRigUndo());
          };
        },
        send: (message) =>
          page.evaluate(
            (sent) => (globalThis as unknown as InPage).kioskBridge.send(sent as never) as Promise<ScreenAnswer>,
            message,
          ),
        paper: (resource) =>
          page.evaluate(
            (asked) => (globalThis as unknown as InPage).kioskBridge.paper(asked as never) as Promise<PaperPages>,
            resource,
          ),
      };
    },
    closeHost: () => app.evaluate(() => (globalThis as unknown as InMain).hostRig.closeHost()),
    // The window refuses to be closed, as a kiosk's should: the process is ended.
    dispose: async () => void app.process().kill('SIGKILL'),
  };
}

type InMain = { hostRig: HostRigInElectron };
type InPage = {
  kioskBridge: ScreenHost;
  hostRigView(view: View): void;
  hostRigLost(): void;
  hostRigUndo(): void;
};

async function bundle(entry: string, fileName: string, format: 'es' | 'cjs'): Promise<void> {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: {
        input: join(root, entry),
        external: ['electron', /^node:/],
        output: { format, entryFileNames: fileName, codeSplitting: false },
      },
    },
  });
}

/** As Electron's own package looks for its binary; nothing is downloaded. */
function findElectron(): string | null {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist');
  return (
    ['electron', 'electron.exe', 'Electron.app/Contents/MacOS/Electron']
      .map((name) => join(dist, name))
      .find((path) => existsSync(path)) ?? null
  );
}
