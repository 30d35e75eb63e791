/**
 * The kiosk, composed: one visible wiring list. Whichever shell shows it (`electron.ts`, `headless.ts`), this is the same kiosk.
 *
 * Order at start: configuration, store and what the last run left, identity, client and sync, devices asked for the physical truth,
 * machines, screen. What cannot be opened keeps the kiosk out of service with a reason on the screen, rather than from starting.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createActor } from 'xstate';
import type { VendorChildPort } from '../devices/channels/vendor-process.ts';
import { makeFolder } from '../devices/make-folder.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Text } from '../state-machines/contract/words/text.ts';
import type { Effects } from '../state-machines/effects.ts';
import { deliverWorld } from '../state-machines/kiosk/deliver.ts';
import { createKiosk } from '../state-machines/kiosk/machine.ts';
import type { Shown } from '../state-machines/kiosk/project.ts';
import { projectKiosk } from '../state-machines/kiosk/project.ts';
import { services } from '../state-machines/services/index.ts';
import type { TroubleReason } from '../state-machines/troubles.ts';
import { createCentreOrders } from './carry-out.ts';
import { readLayoutDigests } from './certificates/layouts.ts';
import { createPaperRenderer, type RenderChildPort } from './certificates/paper-renderer.ts';
import type { Config } from './config.ts';
import { makeTerminal } from './devices.ts';
import { createCardEffects } from './effects/cards.ts';
import { createCodeEffects } from './effects/codes.ts';
import { createFaceEffects } from './effects/faces.ts';
import { createIdCardEffects } from './effects/id-cards.ts';
import { createIdentityEffects } from './effects/identity.ts';
import { createLookupEffects } from './effects/lookups.ts';
import { createPaperEffects } from './effects/papers.ts';
import { createPadDesk } from './effects/pin-pad.ts';
import { createReceiptEffects } from './effects/receipts.ts';
import { createRequestEffects } from './effects/requests.ts';
import { enrolUntilDone } from './enrol-until-done.ts';
import { createEnvironmentCheck } from './environment-check.ts';
import type { ScreenKiosk } from './hosts/screen-host.ts';
import { followIssuers } from './issuers-in-force.ts';
import { createStateShow, stateOf, untilFree } from './kiosk-state.ts';
import type { Log } from './log.ts';
import { createLog, makeTrace } from './log.ts';
import { openLogFile } from './log-file.ts';
import { limitLog } from './log-limit.ts';
import { openKept } from './open-kept.ts';
import { clockTickMs, createScreen } from './screen.ts';
import type { CheckChildPort } from './store/backup-check.ts';
import type { SystemKeyStore } from './store/key-file.ts';
import { startUpkeep } from './store/upkeep.ts';
import { uuid7 } from './store/uuid.ts';
import { catalogueCopy } from './uplink/catalogue.ts';
import { createCentralClient } from './uplink/client.ts';
import { systemClock } from './uplink/clock.ts';
import { createCommands } from './uplink/commands.ts';
import { followEpochs } from './uplink/epoch.ts';
import { watchLine } from './uplink/line.ts';
import { keepMarks } from './uplink/marks.ts';
import { createSync } from './uplink/sync.ts';
import { logLine, syncLog } from './uplink/sync-log.ts';
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
export type KioskStarted = { ok: true; kiosk: Kiosk } | { ok: false; reason: TroubleReason; detail: string };

/** Longest wait at the end for a sheet under way; what is not settled by then is settled at the next start. */
const lastSheetMs = 15_000;

/** The engine for papers warms once the first screen has had the machine to itself; nobody prints within a second. */
const warmAfterMs = 1_500;

/** Longest wait for anything else that lets go: with the sheet, the whole end takes 25 s at most. */
const closingMs = 5_000;

const dayMs = 24 * 3_600_000;

/**
 * Starts the kiosk. Fails where it could not keep what it takes on: no identity, no key, no store. What was opened by then is closed again, after
 * a fault (an exception) too: the start is tried anew in the same process (keep-kiosk.ts).
 */
export async function startKiosk(config: Config, shell: KioskShell): Promise<KioskStarted> {
  const closers: (() => unknown)[] = [];
  try {
    return await startParts(config, shell, (close) => closers.push(close));
  } catch (error) {
    for (const close of closers.reverse()) await close();
    throw error;
  }
}

/** `ifThrown` takes what is to be done where a later part throws, the last first. */
async function startParts(
  config: Config,
  { name: shell, startRenderChild, startVendorChild, startCheckChild, keyStore, restart }: KioskShell,
  ifThrown: (close: () => unknown) => void,
): Promise<KioskStarted> {
  const nowMs = Date.now;
  // Sweden writes dates as ISO 8601 does.
  const today = (): string => new Date(nowMs()).toLocaleDateString('sv-SE', { timeZone: config.timeZone });
  const folder = makeFolder(config.dataFolder);
  if (!folder.ok) return { ok: false, reason: 'store-unusable', detail: `dataFolder: ${folder.detail}` };
  const logFile = openLogFile({ folder: join(config.dataFolder, 'log'), maxBytes: 20 * 1024 * 1024, keep: 5 });
  ifThrown(() => logFile.close());
  const log = createLog({ write: (line) => logFile.write(line), nowMs, level: config.logLevel });
  log.info('kiosk.starting', { version: packageJson.version, shell });

  // What must not be lost, and what the last run left of it.
  const opened = openKept({ dataFolder: config.dataFolder, nowMs, keyStore, startCheckChild, log });
  if (!opened.ok) {
    log.error('kiosk.not-started', { detail: opened.detail });
    logFile.close();
    return opened;
  }
  const { kept } = opened;
  const { identity, store } = kept;
  ifThrown(() => store.close());

  // The line to the centre.
  const { authority } = config.centre;
  const client = createCentralClient({
    baseUrl: config.centre.url,
    identity,
    clock: systemClock,
    random: randomBytes,
    marks: keepMarks({ store, identity, random: randomBytes }),
    ...(authority === undefined ? {} : { certificateAuthority: authority }),
  });
  ifThrown(() => client.close());
  const epochs = followEpochs({ store, identity, client, random: randomBytes });
  const line = watchLine(client, systemClock);
  ifThrown(() => line.close());
  const catalogue = catalogueCopy({ store, client, root: () => identity.enrolment()?.root ?? null });
  const orders = createCentreOrders({
    store,
    untilFree: (signal) => untilFree(kiosk, signal),
    lookAgain() {
      // A visit goes on to its end; then the kiosk looks by itself.
      if (stateOf(kiosk) === 'in-visit') return;
      const notice = orders.closedBecause();
      kiosk.send(notice === null ? { type: 'recovered' } : { type: 'out', reason: 'out-by-staff', notice });
    },
    refresh: () => catalogue.refresh(),
    logFile,
    deliver: (part) => client.call('deliverLog', { body: part }),
    restart: restart ?? null,
    log,
  });
  const commands = createCommands({
    store,
    root: () => identity.enrolment()?.root ?? null,
    self: () => identity.enrolment(),
    centreNowMs: () => nowMs() + (client.clockOffsetMs() ?? 0),
    clock: systemClock,
    carryOut: orders.carryOut,
    onIgnored: (why) => log.warn('command.ignored', { why }),
  });
  const sync = createSync({
    store,
    client,
    prove: identity.proveRequest,
    line,
    catalogue,
    epochs,
    commands,
    clock: systemClock,
    random: Math.random,
    status: () => ({
      version: packageJson.version,
      state: stateOf(kiosk),
      devices: terminal.states(),
      supplies: terminal.supplies(),
    }),
  });

  // Devices and papers.
  const limited = limitLog(log);
  const terminal = await makeTerminal(offeredDevices(config), log, nowMs, startVendorChild);
  ifThrown(() => terminal.close());
  const renderer = createPaperRenderer({
    onEvent: (event) => log.info('renderer.event', { what: event.kind }),
    ...(startRenderChild === undefined ? {} : { startChild: startRenderChild }),
  });
  ifThrown(() => renderer.close());
  const issuers = followIssuers({ catalogue, identity, log });
  const papers = createPaperEffects({
    client,
    store,
    renderer,
    printer: terminal.printer,
    layouts: readLayoutDigests(),
    issuers: issuers.current,
    today,
    nowMs,
    newId: () => uuid7(nowMs(), randomBytes),
    attentionMs: config.times.printerAttentionMs,
    centre: { name: config.hall, address: config.address, phone: config.hotline },
    settleIssueLater: (key) => sync.settleIssueLater(key),
    log,
  });

  const receipts = createReceiptEffects({
    printer: terminal.receiptPrinter,
    head: { hall: config.hall, terminal: config.terminal, hotline: config.hotline },
    timeZone: config.timeZone,
    nowMs,
    attentionMs: config.times.printerAttentionMs,
    log,
  });

  const switchedOff = (): ReadonlyMap<string, Text> =>
    new Map(
      (catalogue.current()?.items ?? [])
        .filter((item) => !item.available)
        .map((item) => [item.id, item.unavailableBecause ?? { zh: '中心暂停了这一项', en: 'Suspended by the centre' }]),
    );

  const effects: Effects = {
    nowMs,
    today,
    beginVisit: () => ({ id: uuid7(nowMs(), randomBytes), trace: makeTrace(randomBytes), startedAtMs: nowMs() }),
    agreement: () => catalogue.current()?.agreement ?? null,
    switchedOff,
    checkEnvironment: createEnvironmentCheck({
      config,
      kept,
      openStoreAnew,
      closedBecause: orders.closedBecause,
      environment: () => kiosk.getSnapshot().context.environment,
      log,
      lostLines: logFile.lost,
      say: console.error,
    }),
    ...createCardEffects({ reader: terminal.reader, returnCard: terminal.returnCard, log, today }),
    ...createIdCardEffects({ reader: terminal.idReader, log, today }),
    ...createIdentityEffects({ client, identity, pad: createPadDesk({ pad: terminal.pinPad, log }), log }),
    ...createFaceEffects({ client, identity, log }),
    ...createLookupEffects({ client, nowMs }),
    ...createRequestEffects({ store, sync, log }),
    ...createCodeEffects({ client, issuers: issuers.current }),
    preview: papers.preview,
    print: (visit, login, order, onProgress) =>
      order.kind === 'receipt'
        ? receipts.print(visit, login, order, onProgress)
        : papers.print(visit, login, order, onProgress),
    callStaff: (visit) => limited('warn', 'staff.called', { trace: visit?.trace ?? null }),
    forget(visit, login) {
      papers.forget(visit);
      terminal.returnCard();
      log.info('visit.ended', { trace: visit.trace, minutes: Math.round((nowMs() - visit.startedAtMs) / 6_000) / 10 });
      if (login !== null)
        void client.call('endVisit', { grant: login.grant, trace: visit.trace, body: { visit: visit.id } });
    },
  };

  // The machines and their screen. Any change anywhere may change the view; views are told once a turn of the loop.
  let isRefreshDue = false;
  const showState = createStateShow(terminal);
  const machine = createKiosk(effects, {
    services,
    times: { idleMs: config.times.idleMs, warningMs: config.times.warningMs },
  });
  const kiosk = createActor(machine, {
    inspect: (event) => {
      if (event.type !== '@xstate.snapshot' || isRefreshDue) return;
      isRefreshDue = true;
      queueMicrotask(() => {
        isRefreshDue = false;
        screen.refresh();
        showState(kiosk);
      });
    },
  });
  const screen = createScreen({
    kiosk,
    pages: papers.pages,
    scanned: (code) => terminal.scanner?.receiveCode(code) ?? false,
    cameraTold: (state) => terminal.camera?.receiveReport(state) ?? false,
    log,
    project: () =>
      withCamera(
        config.devices,
        projectKiosk(
          kiosk.getSnapshot(),
          { hall: config.hall, terminal: config.terminal, hotline: config.hotline },
          { nowMs: Math.floor(nowMs() / clockTickMs) * clockTickMs, today: today() },
          { services, switchedOff: switchedOff() },
        ),
      ),
  });
  const clock = setInterval(screen.refresh, clockTickMs);
  ifThrown(() => clearInterval(clock));
  const warming = setTimeout(() => void renderer.ready(), warmAfterMs);

  const undoDevices = terminal.subscribe((event) => deliverWorld(kiosk, event));
  const undoSync = sync.subscribe(syncLog(log));
  const undoLine = line.subscribe((now) => {
    logLine(log, now);
    deliverWorld(kiosk, { type: 'line', state: now.state });
  });
  const undoEnrolling = enrolUntilDone({
    client,
    identity,
    code: config.centre.enrolmentCode,
    model: `${packageJson.name} ${shell}`,
    onEnrolled() {
      void catalogue.refresh();
      kiosk.send({ type: 'recovered' });
    },
    log,
  });
  await terminal.open();
  sync.start();
  const upkeep = startUpkeep({
    store,
    clock: systemClock,
    isIdle: () => stateOf(kiosk) !== 'in-visit',
    // Held against the centre's; while that was not heard of since the start, nothing is wiped.
    isClockSound: () => Math.abs(client.clockOffsetMs() ?? Number.POSITIVE_INFINITY) < dayMs,
    rotation: kept.rotation,
    retention: {
      settledMs: config.retention.settledDays * dayMs,
      auditMs: config.retention.auditDays * dayMs,
    },
    tell: (event) => {
      if (event.kind === 'failed') log.error('store.upkeep-failed', { what: event.what, reason: event.reason });
      else if (event.kind === 'wiped') log.info('store.wiped', event.wiped);
      else if (event.kind === 'key-rotation') log.info('store.key-rotation', { step: event.step });
      else log.info('store.backed-up', { bytes: event.bytes });
    },
  });
  kiosk.start();
  log.info('kiosk.started', { shell });

  return { ok: true, kiosk: { screen, log, stop } };

  /** A file that was taken away or damaged is opened anew between visits; until then the kiosk is out of service, and asks again. */
  async function openStoreAnew(): Promise<boolean> {
    // A sheet under way is not to be told as interrupted.
    if (stateOf(kiosk) === 'in-visit' || !(await within(lastSheetMs, papers.idle()))) return false;
    if (!kept.openStoreAnew()) return false;
    sync.storeReopened();
    return true;
  }

  async function stop(): Promise<void> {
    log.info('kiosk.stopping');
    clearInterval(clock);
    clearTimeout(warming);
    undoEnrolling();
    undoDevices();
    undoLine();
    issuers.undo();
    kiosk.stop();
    await ends('papers', lastSheetMs, Promise.all([papers.idle(), receipts.idle()]));
    await ends('sync', closingMs, sync.stop());
    await ends('upkeep', closingMs, upkeep.stop());
    undoSync();
    client.close();
    line.close();
    await Promise.all([ends('devices', closingMs, terminal.close()), ends('renderer', closingMs, renderer.close())]);
    store.close();
    log.info('kiosk.stopped');
    logFile.close();
  }

  /** A device or a line that does not let go keeps nobody from switching the machine off. */
  async function ends(what: string, withinMs: number, ending: Promise<unknown>): Promise<void> {
    if (!(await within(withinMs, ending))) log.warn('kiosk.stop-overdue', { what });
  }
}

/** The view with the camera its screen is to watch over, which is the screen's own device. */
function withCamera(devices: Config['devices'], shown: Shown): Shown {
  const camera = devices.find((device) => device.kind === 'camera');
  if (camera === undefined) return shown;
  const { label, deviceId } = camera.wire;
  const wish = { ...(label === undefined ? {} : { label }), ...(deviceId === undefined ? {} : { deviceId }) };
  return { ...shown, header: { ...shown.header, camera: wish } };
}

/** The devices without the readers of ways to log in that are not offered: nobody else uses them. A scanner also checks certificates. */
function offeredDevices({ devices, loginWays }: Config): Config['devices'] {
  return devices.filter(
    ({ kind }) =>
      (kind !== 'social-security-card' || loginWays.includes('card')) &&
      (kind !== 'resident-id-card' || loginWays.includes('id-card')),
  );
}
