/**
 * The shipped shell: one window on the kiosk that `kiosk.ts` composes. Decisions are in `window.ts`; here they meet Electron.
 *
 * `KIOSK_CONFIG` names the configuration file, else `kiosk.json` in the folder Electron keeps for the application. Once there is a
 * window, one line `{"kiosk":"ready",…}` goes to standard output for whoever started it.
 */
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  ipcMain,
  Menu,
  powerSaveBlocker,
  protocol,
  safeStorage,
  session,
  utilityProcess,
} from 'electron';
import type { ChildPort } from '../devices/child-process.ts';
import { describeFault } from './faults.ts';
import { hostLog } from './hosts/host-log.ts';
import { openIpcHost } from './hosts/ipc.ts';
import { listPageFiles } from './hosts/page-files.ts';
import { guardKiosk } from './hosts/screen-host.ts';
import { createRestartLadder } from './restart-ladder.ts';
import { startShell } from './shell.ts';
import type { SystemKeyStore } from './store/key-file.ts';
import { answerPageRequest, guardSession, openKioskWindow, pagePartition, pageScheme, pageUrl } from './window.ts';

/** Whether developer tools and shortcuts are open: only from an unpackaged tree, and only when asked for. */
const isDevelopment = !app.isPackaged && process.env.KIOSK_DEVELOPMENT === '1';

// All three must be said before Electron is ready.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);
app.commandLine.appendSwitch('overscroll-history-navigation', '0');
// Else the kiosk's answer to a touch waits for the frame after the touch (docs/decisions/8-start-and-touch.md).
app.commandLine.appendSwitch('disable-features', 'DeferRendererTasksAfterInput');

// A second start only shows that the first is there; two kiosks would share one printer and one store. Not awaited: Electron is
// not ready before this module has ended (electron/electron#40719).
if (app.requestSingleInstanceLock()) run().catch((error: unknown) => fail(5, `cannot start: ${describeFault(error)}`));
else app.exit(0);

async function run(): Promise<void> {
  await app.whenReady();
  const keyStore = systemKeyStore();
  const shell = await startShell({
    file: process.env.KIOSK_CONFIG ?? join(app.getPath('userData'), 'kiosk.json'),
    name: 'electron',
    restart: () => {
      app.relaunch();
      void end();
    },
    startRenderChild: () => startChild('render-child'),
    startVendorChild: () => startChild('vendor-child'),
    startCheckChild: () => startChild('backup-check-child'),
    ...(keyStore === null ? {} : { keyStore }),
    endOnFault: () => {
      app.relaunch();
      app.exit(5);
    },
  });
  const { panel, log } = shell;

  const listed = listPageFiles(join(import.meta.dirname, '../renderer'));
  if (!listed.ok) {
    await shell.stop();
    return fail(4, `screen ${listed.reason}: ${listed.detail}`);
  }

  Menu.setApplicationMenu(null);
  powerSaveBlocker.start('prevent-display-sleep');
  const screenSession = session.fromPartition(pagePartition);
  let isCameraStep = false;
  shell.screen.subscribe(({ step }) => {
    isCameraStep = step.kind === 'camera';
  });
  guardSession(screenSession, log, () => isCameraStep);
  screenSession.protocol.handle(pageScheme, ({ url, method }) => answerPageRequest(listed.files, url, method));
  // Nothing of the kiosk runs in the default session; what appears there all the same gets nothing either.
  guardSession(session.defaultSession, log);

  const ladder = createRestartLadder();
  const nowMs = (): number => performance.now();
  let window = openWindow();
  const host = openIpcHost({
    port: guardKiosk(shell.screen, hostLog(log)),
    ipc: ipcMain,
    pageUrl,
    windowId: () => (window.isDestroyed() ? null : window.webContents.id),
    log: hostLog(log),
    nowMs,
  });
  console.log(JSON.stringify({ kiosk: 'ready', panel }));

  function openWindow(): BrowserWindow {
    return openKioskWindow({
      BrowserWindow,
      preload: join(import.meta.dirname, 'preload.cjs'),
      panel,
      isDevelopment,
      log,
      onFailed: recover,
    });
  }

  function recover(why: string): void {
    const rung = ladder.climb(nowMs());
    log.error('shell.screen-failed', { why, rung });
    if (rung === 'reload') {
      // A page that hangs does not hear that it should load again; its process has to go first.
      if (why === 'unresponsive') window.webContents.forcefullyCrashRenderer();
      else window.webContents.reload();
    } else if (rung === 'new-window') {
      const former = window;
      window = openWindow();
      former.destroy();
    } else {
      app.relaunch();
      void end();
    }
  }

  app.on('second-instance', () => log.warn('shell.refused', { what: 'second instance' }));
  app.on('child-process-gone', (_, { type, reason }) => log.error('shell.child-gone', { type, reason }));
  app.on('web-contents-created', (_, contents) => contents.setWindowOpenHandler(() => ({ action: 'deny' })));
  app.on('window-all-closed', () => {});
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => void end());

  let ending: Promise<void> | null = null;
  function end(): Promise<void> {
    ending ??= (async () => {
      host.close();
      await shell.stop();
      app.exit(0);
    })();
    return ending;
  }
}

/** There is no screen to say it on yet: whoever started the kiosk hears why it does not run. */
function fail(code: number, why: string): void {
  console.error(why);
  app.exit(code);
}

/** Starts a child of the kiosk as a utility process: the packaged Electron does not run as Node. What it prints may be what it read. */
function startChild<Request, Answer>(
  name: 'render-child' | 'vendor-child' | 'backup-check-child',
): ChildPort<Request, Answer> {
  const child = utilityProcess.fork(join(import.meta.dirname, `${name}.js`), [], {
    serviceName: name,
    stdio: ['ignore', 'ignore', name === 'vendor-child' ? 'ignore' : 'inherit'],
  });
  return {
    pid: child.pid,
    post: (request) => child.postMessage(request),
    onAnswer: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', () => listener()),
    kill: () => void child.kill(),
  };
}

/** Null where the system protects nothing: on Linux without a keyring (electronjs.org/docs/latest/api/safe-storage). */
function systemKeyStore(): SystemKeyStore | null {
  const isReal =
    safeStorage.isEncryptionAvailable() &&
    (process.platform !== 'linux' || !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend()));
  if (!isReal) return null;
  return {
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (encrypted) => safeStorage.decryptString(Buffer.from(encrypted)),
  };
}
