/**
 * The kiosk, composed: one visible wiring list. Whichever shell shows it (`electron.ts`, `headless.ts`), this is the same kiosk.
 *
 * Order at start: configuration, store and what the last run left, devices, the centre, papers, machines, screen; then all of it is asked for the
 * physical truth. What cannot be opened keeps the kiosk out of service with a reason on the screen, rather than from starting.
 */
import { join } from 'node:path';
import type { VendorChildPort } from '../devices/channels/vendor-process.ts';
import { makeFolder } from '../devices/make-folder.ts';
import packageJson from '../package.json' with { type: 'json' };
import { deliverWorld } from '../state-machines/kiosk/deliver.ts';
import type { TroubleReason } from '../state-machines/troubles.ts';
import { openCentre } from './centre.ts';
import { createPaperRenderer, type RenderChildPort } from './certificates/paper-renderer.ts';
import type { Config } from './config.ts';
import { makeTerminal } from './devices.ts';
import { createEffects } from './effects/index.ts';
import { createPrinting } from './effects/printing.ts';
import { createEndings, type Endings } from './endings.ts';
import { enrolUntilDone } from './enrol-until-done.ts';
import { createEnvironmentCheck } from './environment-check.ts';
import type { ScreenKiosk } from './hosts/screen-host.ts';
import { stateOf } from './kiosk-state.ts';
import { createLog, type Log } from './log.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { createMachines } from './machines.ts';
import { type Kept, openKept } from './open-kept.ts';
import { settingsInForce } from './settings-in-force.ts';
import type { CheckChildPort } from './store/backup-check.ts';
import { holdFolder } from './store/folder-hold.ts';
import type { SystemKeyStore } from './store/key-file.ts';
import { startStoreUpkeep } from './upkeep.ts';
import { logLine } from './uplink/sync-log.ts';
import { within } from './within.ts';

/** What the shell around the kiosk brings. */
export type KioskShell = {
  name: 'electron' | 'headless';
  startRenderChild?: () => RenderChildPort;
  startVendorChild?: () => VendorChildPort;
  startCheckChild?: () => CheckChildPort;
  /** What the system keeps secrets with, where it protects them; else the sealing key lies in a file of the kiosk's user. */
  keyStore?: SystemKeyStore;
  /** Ends the process in order, for whoever watches it to start it again. Without it the centre cannot have the kiosk started anew. */
  restart?: () => void;
};

export type Kiosk = {
  screen: ScreenKiosk;
  log: Log;
  /** Ends what is under way and lets go of everything. A sheet being printed is waited for, within a limit. */
  stop(): Promise<void>;
};

/** `detail` is for whoever watches the process; the screen shows the reason's code (keep-kiosk.ts). */
type KioskStarted = { ok: true; kiosk: Kiosk } | { ok: false; reason: TroubleReason; detail: string };

/** Longest wait at the end for a sheet under way; what is not settled by then is settled at the next start. */
const lastSheetMs = 15_000;

/** The engine for papers warms once the first screen has had the machine to itself; nobody prints within a second. */
const warmAfterMs = 1_500;

/**
 * Starts the kiosk. Fails where it could not keep what it takes on: no identity, no key, no store. What was opened by then is closed again, after
 * a fault (an exception) too: the start is tried anew in the same process (keep-kiosk.ts).
 */
export async function startKiosk(config: Config, shell: KioskShell): Promise<KioskStarted> {
  const { dataFolder } = config;
  const folder = makeFolder(dataFolder);
  if (!folder.ok) return { ok: false, reason: 'store-unusable', detail: `dataFolder: ${folder.detail}` };
  const held = holdFolder(dataFolder);
  if (!held.ok) return { ok: false, reason: 'store-unusable', detail: `kiosk.lock: ${held.reason} (${held.detail})` };
  const { release } = held;
  const logFile = openLogFile({ folder: join(dataFolder, 'log'), maxBytes: 20 * 1024 * 1024, keep: 5 });
  const log = createLog({ write: (line) => logFile.write(line), nowMs: Date.now, level: config.logLevel });
  const endings = createEndings(log);
  log.info('kiosk.starting', { version: packageJson.version, shell: shell.name });

  try {
    const { keyStore, startCheckChild } = shell;
    const opened = openKept({ dataFolder, nowMs: Date.now, keyStore, startCheckChild, log });
    if (!opened.ok) {
      log.error('kiosk.not-started', { detail: opened.detail });
      logFile.close();
      release();
      return opened;
    }
    endings.add('store', () => opened.kept.store.close());
    const screen = await startParts(config, shell, { kept: opened.kept, logFile, endings, log });
    log.info('kiosk.started', { shell: shell.name });
    return { ok: true, kiosk: { screen, log, stop } };
  } catch (error) {
    await endings.run();
    logFile.close();
    release();
    throw error;
  }

  async function stop(): Promise<void> {
    log.info('kiosk.stopping');
    await endings.run();
    log.info('kiosk.stopped');
    logFile.close();
    release();
  }
}

/** The kiosk over what it keeps. Each part says to `endings` how it ends; the end in order is theirs from the last to the first. */
async function startParts(
  config: Config,
  { name: shell, startRenderChild, startVendorChild, restart }: KioskShell,
  { kept, logFile, endings, log }: { kept: Kept; logFile: LogFile; endings: Endings; log: Log },
): Promise<ScreenKiosk> {
  const { identity, store } = kept;
  const isInVisit = () => stateOf(kiosk) === 'in-visit';

  const renderer = createPaperRenderer({
    onEvent: (event) => log.info('renderer.event', { what: event.kind }),
    ...(startRenderChild === undefined ? {} : { startChild: startRenderChild }),
  });
  const terminal = await makeTerminal(offeredDevices(config), log, Date.now, startVendorChild);
  endings.add('devices and renderer', () => Promise.all([terminal.close(), renderer.close()]));
  const centre = openCentre({
    config: config.centre,
    kept,
    terminal,
    kiosk: () => kiosk,
    logFile,
    restart: restart ?? null,
    endings,
    log,
  });
  // Sweden writes dates as ISO 8601 does.
  const today = (): string => new Date(centre.nowMs()).toLocaleDateString('sv-SE', { timeZone: config.timeZone });
  const settings = settingsInForce(config, centre.catalogue);
  const printing = createPrinting({ config, settings, centre, store, renderer, terminal, today, log });
  endings.add('papers', printing.idle, lastSheetMs);

  const checkEnvironment = createEnvironmentCheck({
    config,
    kept,
    openStoreAnew,
    closedBecause: centre.closedBecause,
    refusal: centre.refusal,
    environment: () => kiosk.getSnapshot().context.environment,
    log,
    lostLines: logFile.lost,
    say: console.error,
  });
  const effects = createEffects({ kept, centre, terminal, printing, checkEnvironment, today, log });
  const { kiosk, screen } = createMachines({
    config,
    settings,
    effects,
    terminal,
    pages: printing.pages,
    endings,
    log,
  });

  const undoDevices = terminal.subscribe((event) => deliverWorld(kiosk, event));
  endings.add('hearing devices', undoDevices);
  const undoLine = centre.line.subscribe((now) => {
    logLine(log, now);
    deliverWorld(kiosk, { type: 'line', state: now.state });
  });
  endings.add('hearing the line', undoLine);
  const undoEnrolling = enrolUntilDone({
    client: centre.client,
    identity,
    code: config.centre.enrolmentCode,
    model: `${packageJson.name} ${shell}`,
    onEnrolled() {
      void centre.catalogue.refresh();
      kiosk.send({ type: 'recovered' });
    },
    log,
  });
  endings.add('enrolling', undoEnrolling);
  const warming = setTimeout(() => void renderer.ready(), warmAfterMs);
  endings.add('warming', () => clearTimeout(warming));

  await terminal.open();
  centre.sync.start();
  const { client } = centre;
  const upkeep = startStoreUpkeep({ kept, retention: config.retention, isIdle: () => !isInVisit(), client, log });
  endings.add('upkeep', () => upkeep.stop());
  kiosk.start();
  return screen;

  /** A file that was taken away or damaged is opened anew between visits; until then the kiosk is out of service, and asks again. */
  async function openStoreAnew(): Promise<boolean> {
    // A sheet under way is not to be told as interrupted.
    if (isInVisit() || !(await within(lastSheetMs, printing.idle()))) return false;
    if (!kept.openStoreAnew()) return false;
    centre.sync.storeReopened();
    return true;
  }
}

/** The devices without the readers of ways to log in that are not offered: nobody else uses them. A scanner also checks certificates. */
function offeredDevices({ devices, loginWays }: Config): Config['devices'] {
  return devices.filter(
    ({ kind }) =>
      (kind !== 'social-security-card' || loginWays.includes('card')) &&
      (kind !== 'resident-id-card' || loginWays.includes('id-card')),
  );
}
