/**
 * The kiosk under plain Node: the same kiosk as the Electron shell's, its screen served on the loopback for the Chromium in front.
 *
 * `KIOSK_CONFIG` names the configuration file, else `kiosk.json` in the working folder. Once the screen can be opened, one line
 * `{"kiosk":"ready","url":…}` goes to standard output for whoever started it; the address holds a secret and belongs in no log.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hostLog } from './hosts/host-log.ts';
import { guardKiosk } from './hosts/screen-host.ts';
import { openWebSocketHost } from './hosts/websocket.ts';
import { startShell } from './shell.ts';

const shell = await startShell({
  file: resolve(process.env.KIOSK_CONFIG ?? 'kiosk.json'),
  name: 'headless',
  restart: () => void end(6),
  // Not an orderly end: whoever started this process starts it again, and it makes sense of what it finds.
  endOnFault: () => process.exit(5),
});
const tell = hostLog(shell.log);
const opened = await openWebSocketHost({
  port: guardKiosk(shell.screen, tell),
  pageFolder: pageFolder(),
  tcpPort: shell.screenPort,
  log: tell,
  nowMs: () => performance.now(),
});
if (!opened.ok) {
  console.error(`screen ${opened.reason}: ${opened.detail}`);
  await shell.stop();
  process.exit(4);
}
const { host } = opened;
console.log(JSON.stringify({ kiosk: 'ready', url: `${host.url}&panel=${shell.panel}`, panel: shell.panel }));

let isEnding = false;
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => void end(0));

/** Exit code 6: asked to be started again. */
async function end(code: 0 | 6): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await host.close();
  await shell.stop();
  process.exit(code);
}

/** The built page: beside the bundle in a package, under `dist` in a source tree. */
function pageFolder(): string {
  const beside = join(import.meta.dirname, '../renderer');
  return existsSync(join(beside, 'index.html')) && !existsSync(join(beside, 'app.tsx'))
    ? beside
    : join(import.meta.dirname, '../dist/renderer');
}
