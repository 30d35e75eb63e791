/**
 * A shell for the suite: the IPC host in a real Electron with the kiosk's own window, and a scripted kiosk behind it. Started by
 * `electron.test.ts` and part of no package.
 */
import { app, BrowserWindow, ipcMain, protocol, session } from 'electron';
import type { View } from '../../state-machines/contract/screen.ts';
import { silentLog } from '../log.ts';
import { answerPageRequest, guardSession, openKioskWindow, pagePartition, pageScheme, pageUrl } from '../window.ts';
import { hostLog } from './host-log.ts';
import { openIpcHost } from './ipc.ts';
import { listPageFiles } from './page-files.ts';
import { guardKiosk } from './screen-host.ts';
import { ScriptedKiosk, viewNumber } from './scripted-kiosk.ts';

/** What the test reaches in this process, as `globalThis.hostRig`. */
export type HostRigInElectron = {
  show(view: View): Promise<void>;
  handled(): Promise<string[]>;
  listeners(): Promise<number>;
  closeHost(): void;
};

app.enableSandbox();
protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true } }]);
void run();

async function run(): Promise<void> {
  await app.whenReady();
  const listed = listPageFiles(process.env.HOST_RIG_PAGE ?? '');
  if (!listed.ok) throw new Error(listed.detail);
  const screenSession = session.fromPartition(pagePartition);
  guardSession(screenSession, silentLog);
  screenSession.protocol.handle(pageScheme, ({ url, method }) => answerPageRequest(listed.files, url, method));

  const kiosk = new ScriptedKiosk(viewNumber(1));
  const log = hostLog(silentLog);
  const host = openIpcHost({
    port: guardKiosk(kiosk, log),
    ipc: ipcMain,
    pageUrl,
    windowId: () => window.webContents.id,
    log,
    nowMs: () => performance.now(),
  });
  const rig: HostRigInElectron = {
    show: (view) => kiosk.show(view),
    handled: () => kiosk.handled(),
    listeners: () => kiosk.listeners(),
    closeHost: () => host.close(),
  };
  Object.assign(globalThis, { hostRig: rig });
  const window = openKioskWindow({
    BrowserWindow,
    preload: process.env.HOST_RIG_PRELOAD ?? '',
    panel: 'portrait-21',
    isDevelopment: false,
    log: silentLog,
    onFailed: (why) => {
      throw new Error(`the page failed: ${why}`);
    },
  });
}
