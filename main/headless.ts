/**
 * The kiosk under plain Node: the same kiosk as the Electron shell's, its screen served on the loopback for the Chromium in front.
 *
 * `KIOSK_CONFIG` names the configuration file, else `kiosk.json` in the working folder. Once the screen can be opened, one line
 * `{"kiosk":"ready","url":…}` goes to standard output for whoever started it; the address holds a secret and belongs in no log.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfig } from './config.ts';
import { endOnFault } from './faults.ts';
import { hostLog } from './hosts/host-log.ts';
import { guardKiosk } from './hosts/screen-host.ts';
import { openWebSocketHost } from './hosts/websocket.ts';
import { startKiosk } from './kiosk.ts';

const read = readConfig(resolve(process.env.KIOSK_CONFIG ?? 'kiosk.json'));
if (!read.ok) {
  console.error(`configuration ${read.reason}: ${read.detail}`);
  process.exit(2);
}
const started = await startKiosk(read.config, 'headless');
if (!started.ok) {
  console.error(`cannot start: ${started.detail}`);
  process.exit(3);
}
const { kiosk } = started;
// Not an orderly end: whoever started this process starts it again, and it makes sense of what it finds.
endOnFault(process, { log: kiosk.log, end: () => process.exit(5) });
const opened = await openWebSocketHost({
  port: guardKiosk(kiosk.screen, hostLog(kiosk.log)),
  pageFolder: pageFolder(),
  tcpPort: read.config.screenPort,
  log: hostLog(kiosk.log),
  nowMs: () => performance.now(),
});
if (!opened.ok) {
  console.error(`screen ${opened.reason}: ${opened.detail}`);
  await kiosk.stop();
  process.exit(4);
}
const { host } = opened;
console.log(
  JSON.stringify({ kiosk: 'ready', url: `${host.url}&panel=${read.config.panel}`, panel: read.config.panel }),
);

let isEnding = false;
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => void end());

async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await host.close();
  await kiosk.stop();
  process.exit(0);
}

/** The built page: beside the bundle in a package, under `dist` in a source tree. */
function pageFolder(): string {
  const beside = join(import.meta.dirname, '../renderer');
  return existsSync(join(beside, 'index.html')) && !existsSync(join(beside, 'app.tsx'))
    ? beside
    : join(import.meta.dirname, '../dist/renderer');
}
