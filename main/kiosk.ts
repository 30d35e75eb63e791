/**
 * The kiosk, composed: one visible wiring list. Whichever shell shows it (`electron.ts`, `headless.ts`), this is the same kiosk.
 *
 * Order at start: configuration, store and what the last run left, identity, client and sync, devices asked for the physical truth,
 * machines, screen. What cannot be opened keeps the kiosk out of service with a reason on the screen, rather than from starting.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createActor, waitFor } from 'xstate';
import type { VendorChildPort } from '../devices/channels/vendor-process.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { AdmittedIssuers } from '../state-machines/certificates/issuers.ts';
import type { Text } from '../state-machines/contract/words/text.ts';
import type { Effects, Failed } from '../state-machines/effects.ts';
import { deliverWorld } from '../state-machines/kiosk/deliver.ts';
import { createKiosk } from '../state-machines/kiosk/machine.ts';
import type { Shown } from '../state-machines/kiosk/project.ts';
import { projectKiosk } from '../state-machines/kiosk/project.ts';
import { type LightState, lightStateOf, lights } from '../state-machines/kiosk/status-light.ts';
import { services } from '../state-machines/services/index.ts';
import type { TroubleReason } from '../state-machines/troubles.ts';
import { createCentreOrders } from './carry-out.ts';
import { readAdmittedIssuers } from './certificates/admitted-issuers.ts';
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
import type { ScreenKiosk } from './hosts/screen-host.ts';
import type { Log } from './log.ts';
import { createLog, makeTrace } from './log.ts';
import { openLogFile } from './log-file.ts';
import { makeFolder } from './make-folder.ts';
import { clockTickMs, createScreen } from './screen.ts';
import { type CheckChildPort, checkApart } from './store/backup-check.ts';
import type { SystemKeyStore } from './store/key-file.ts';
import { openKeyFile } from './store/key-file.ts';
import type { Rebuilt } from './store/rebuild.ts';
import { openOrRebuild, reopenStore } from './store/rebuild.ts';
import type { StoreHealth } from './store/upkeep.ts';
import { startUpkeep, storeHealth } from './store/upkeep.ts';
import { uuid7 } from './store/uuid.ts';
import { fullJitterMs } from './uplink/backoff.ts';
import { catalogueCopy } from './uplink/catalogue.ts';
import { createCentralClient } from './uplink/client.ts';
import { systemClock } from './uplink/clock.ts';
import { createCommands } from './uplink/commands.ts';
import { enrolKiosk } from './uplink/enrol.ts';
import { followEpochs } from './uplink/epoch.ts';
import { openIdentity } from './uplink/identity.ts';
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

/** How often a kiosk that is not enrolled yet tries to be: soon at first, and at most every minute once it keeps failing. */
const enrolRetry = { baseMs: 3_000, capMs: 60_000, random: Math.random };

/** Starts the kiosk. Fails where it could not keep what it takes on: no identity, no key, no store. What was opened by then is closed again. */
export async function startKiosk(
  config: Config,
  { name: shell, startRenderChild, startVendorChild, startCheckChild, keyStore, restart }: KioskShell,
): Promise<KioskStarted> {
  const nowMs = Date.now;
  // Sweden writes dates as ISO 8601 does.
  const today = (): string => new Date(nowMs()).toLocaleDateString('sv-SE', { timeZone: config.timeZone });
  const folder = makeFolder(config.dataFolder);
  if (!folder.ok) return { ok: false, reason: 'store-unusable', detail: `dataFolder: ${folder.detail}` };
  const logFile = openLogFile({ folder: join(config.dataFolder, 'log'), maxBytes: 20 * 1024 * 1024, keep: 5 });
  const log = createLog({ write: (line) => logFile.write(line), nowMs, level: config.logLevel });
  log.info('kiosk.starting', { version: packageJson.version, shell });
  const refuse = (detail: string, reason: TroubleReason = 'store-unusable'): KioskStarted => {
    log.error('kiosk.not-started', { detail });
    logFile.close();
    return { ok: false, reason, detail };
  };

  // What must not be lost, and what the last run left of it.
  const identityOpened = openIdentity(join(config.dataFolder, 'identity.json'));
  if (!identityOpened.ok) return refuse(`identity.json: ${identityOpened.reason} (${identityOpened.detail})`);
  const { identity } = identityOpened;
  const keys = openKeyFile(join(config.dataFolder, 'sealing-key.json'), randomBytes, keyStore);
  if (!keys.ok) {
    return refuse(
      `sealing-key.json: ${keys.reason} (${keys.detail})`,
      keys.reason === 'foreign' ? 'store-key-foreign' : 'store-unusable',
    );
  }
  log.info('store.keys', { source: keys.keys.source });
  const keySource = keys.keys.source;
  const storePath = join(config.dataFolder, 'kiosk.db');
  const storeOptions = {
    path: storePath,
    keys: keys.keys,
    nowMs,
    random: randomBytes,
    prove: identity.proveRequest,
    checkBackup: checkApart({ startChild: startCheckChild }),
  };
  const opened = openOrRebuild({ ...storeOptions, isExpected: identity.enrolment() !== null });
  if (!opened.ok) {
    return refuse(
      `kiosk.db: ${opened.reason} (${opened.detail})`,
      opened.reason === 'wrong-key' ? 'store-key-foreign' : 'store-unusable',
    );
  }
  const { store } = opened;
  logRebuilt(log, opened.rebuilt);
  const recovered = store.recover();
  if (!recovered.ok) {
    store.close();
    return refuse(`kiosk.db: not recovered: ${recovered.reason} (${recovered.detail})`);
  }
  log.info('store.recovered', {
    requeued: recovered.requeued,
    papers: recovered.papers.length,
    interrupted: recovered.interrupted.length,
    openIssues: recovered.openIssues,
  });

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
  const epochs = followEpochs({ store, identity, client, random: randomBytes });
  const line = watchLine(client, systemClock);
  const catalogue = catalogueCopy({ store, client, root: () => identity.enrolment()?.root ?? null });
  const orders = createCentreOrders({
    store,
    untilFree: async () => void (await waitFor(kiosk, () => stateOf() !== 'in-visit')),
    lookAgain() {
      // A visit goes on to its end; then the kiosk looks by itself.
      if (stateOf() === 'in-visit') return;
      kiosk.send(orders.closedBecause() === null ? { type: 'recovered' } : { type: 'out', reason: 'out-by-staff' });
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
    carryOut: orders.carryOut,
    onIgnored: (why) => log.warn('command.ignored', { why }),
  });
  const sync = createSync({
    store,
    client,
    line,
    catalogue,
    epochs,
    commands,
    clock: systemClock,
    random: Math.random,
    status: () => ({
      version: packageJson.version,
      state: stateOf(),
      devices: terminal.states(),
      supplies: terminal.supplies(),
    }),
  });

  // Devices and papers.
  const terminal = await makeTerminal(offeredDevices(config), log, nowMs, startVendorChild);
  const renderer = createPaperRenderer({
    onEvent: (event) => log.info('renderer.event', { what: event.kind }),
    ...(startRenderChild === undefined ? {} : { startChild: startRenderChild }),
  });
  let issuers: AdmittedIssuers | null = null;
  const papers = createPaperEffects({
    client,
    store,
    renderer,
    printer: terminal.printer,
    layouts: readLayoutDigests(),
    issuers: () => issuers,
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

  const undoCatalogue = catalogue.subscribe(({ version, issuers: signed }) => {
    log.info('catalogue.in-force', { version });
    const root = identity.enrolment()?.root;
    if (root === undefined) return;
    const { kty, crv, x, y } = root;
    void readAdmittedIssuers(signed, {
      rootKey: { kty, crv, alg: 'ES256', x, y },
      ...(issuers === null ? {} : { newestSerial: issuers.serial }),
    }).then((read) => {
      if (read.ok) issuers = read.issuers;
      else log.error('issuers.refused', { reason: read.reason });
    });
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
    checkEnvironment,
    ...createCardEffects({ reader: terminal.reader, returnCard: terminal.returnCard, log, today }),
    ...createIdCardEffects({ reader: terminal.idReader, log, today }),
    ...createIdentityEffects({ client, identity, pad: createPadDesk({ pad: terminal.pinPad, log }), log }),
    ...createFaceEffects({ client, identity, log }),
    ...createLookupEffects({ client, nowMs }),
    ...createRequestEffects({ store, sync, log }),
    ...createCodeEffects({ client, issuers: () => issuers }),
    preview: papers.preview,
    print: (visit, login, order, onProgress) =>
      order.kind === 'receipt'
        ? receipts.print(visit, login, order, onProgress)
        : papers.print(visit, login, order, onProgress),
    callStaff: (visit) => log.warn('staff.called', { trace: visit?.trace ?? null }),
    forget(visit, login) {
      papers.forget(visit);
      terminal.returnCard();
      log.info('visit.ended', { trace: visit.trace, minutes: Math.round((nowMs() - visit.startedAtMs) / 6_000) / 10 });
      if (login !== null)
        void client.call('endVisit', { grant: login.grant, trace: visit.trace, body: { visit: visit.id } });
    },
  };

  const isCardHeld = config.devices.some(({ wire }) => wire.kind === 'motorised');
  const isCodeLoginOff = !config.loginWays.includes('code');

  /** Why the kiosk is out of service, as last told to the log. */
  let refusedBecause: Failed['reason'] | null = null;
  /** What of the store the log was last warned of. */
  let warnedOf = '';

  // The machines and their screen. Any change anywhere may change the view; views are told once a turn of the loop.
  let isRefreshDue = false;
  let lightNow: LightState | null = null;
  let areCardsAdmitted = true;
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
        showState();
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
  const warming = setTimeout(() => void renderer.ready(), warmAfterMs);

  const undoDevices = terminal.subscribe((event) => deliverWorld(kiosk, event));
  const undoSync = sync.subscribe(syncLog(log));
  const undoLine = line.subscribe((now) => {
    logLine(log, now);
    deliverWorld(kiosk, { type: 'line', state: now.state });
  });
  const enrolling = enrolUntilDone();
  await terminal.open();
  sync.start();
  const upkeep = startUpkeep({
    store,
    clock: systemClock,
    isIdle: () => stateOf() !== 'in-visit',
    // Held against the centre's; while that was not heard of since the start, nothing is wiped.
    isClockSound: () => Math.abs(client.clockOffsetMs() ?? Number.POSITIVE_INFINITY) < dayMs,
    rotation: keys.rotation,
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

  /** Out of service as long as it could not keep or answer for what it takes on; devices only block what needs them. */
  async function checkEnvironment(): Promise<Awaited<ReturnType<Effects['checkEnvironment']>>> {
    const refuse = (reason: Failed['reason']): Failed => {
      if (reason !== refusedBecause) log.warn('environment.refused', { reason, because: orders.closedBecause() });
      refusedBecause = reason;
      return { ok: false, reason };
    };
    let health = askStore();
    if (health.fault?.reason === 'corrupt' && (await openStoreAnew())) health = askStore();
    const warnings = health.warnings.join(' ');
    if (warnings !== warnedOf && warnings !== '') log.warn('store.warnings', { ...health.queue, warnings });
    warnedOf = warnings;
    if (health.fault) log.error('store.fault', { reason: health.fault.reason, detail: health.fault.detail });
    if (health.fault) return refuse('store-unusable');
    if (identity.enrolment() === null) return refuse('not-enrolled');
    if (orders.closedBecause() !== null) return refuse('out-by-staff');
    refusedBecause = null;
    // At the start this runs before the machine has taken in what line and devices told until then.
    await Promise.resolve();
    const { environment } = kiosk.getSnapshot().context;
    return {
      ok: true,
      environment: {
        ...environment,
        ...(isCardHeld ? { isCardHeld } : {}),
        ...(isCodeLoginOff ? { isCodeLoginOff } : {}),
        ...(config.faceCheck ? { isFaceCheckOn: true } : {}),
      },
    };
  }

  function askStore(): StoreHealth {
    return storeHealth({ store, path: storePath, keySource, nowMs: nowMs() });
  }

  /** A file that was taken away or damaged is opened anew between visits; until then the kiosk is out of service, and asks again. */
  async function openStoreAnew(): Promise<boolean> {
    // A sheet under way is not to be told as interrupted.
    if (stateOf() === 'in-visit' || !(await within(lastSheetMs, papers.idle()))) return false;
    const reopened = reopenStore(store, storeOptions);
    if (!reopened.ok) {
      log.error('store.not-reopened', { reason: reopened.reason, detail: reopened.detail });
      return false;
    }
    logRebuilt(log, reopened.rebuilt);
    sync.storeReopened();
    return true;
  }

  /** A kiosk with a one-time code enrols itself at its first start, and goes on trying while the centre is away. */
  function enrolUntilDone(): { stop(): void } {
    const { enrolmentCode } = config.centre;
    let timer: NodeJS.Timeout | null = null;
    let isStopped = false;
    let failures = 0;
    const attempt = async (): Promise<void> => {
      if (identity.enrolment() !== null || enrolmentCode === undefined) return;
      const enrolled = await enrolKiosk(client, identity, {
        code: enrolmentCode,
        model: `${packageJson.name} ${shell}`,
      });
      if (isStopped) return;
      if (enrolled.ok) {
        log.info('kiosk.enrolled', { kiosk: enrolled.enrolment.kiosk });
        void catalogue.refresh();
        kiosk.send({ type: 'recovered' });
        return;
      }
      failures += 1;
      log.warn('kiosk.not-enrolled', { reason: enrolled.reason, detail: enrolled.detail, failures });
      timer = setTimeout(() => void attempt(), 500 + fullJitterMs(failures, enrolRetry));
    };
    void attempt();
    return {
      stop() {
        isStopped = true;
        clearTimeout(timer ?? undefined);
      },
    };
  }

  /** On the light above the terminal, and by the gate for cards: who cannot be served shall not lose a card in it. */
  function showState(): void {
    const light = lightStateOf(kiosk.getSnapshot());
    if (light === lightNow) return;
    lightNow = light;
    terminal.showLight(lights[light]);
    const areAdmitted = light !== 'out-of-service' && light !== 'checking';
    if (areAdmitted !== areCardsAdmitted) terminal.admitCards(areAdmitted);
    areCardsAdmitted = areAdmitted;
  }

  function stateOf(): 'checking' | 'in-service' | 'in-visit' | 'out-of-service' {
    const snapshot = kiosk.getSnapshot();
    if (snapshot.matches('checking')) return 'checking';
    if (snapshot.matches('outOfService')) return 'out-of-service';
    return snapshot.matches({ inService: 'visiting' }) ? 'in-visit' : 'in-service';
  }

  async function stop(): Promise<void> {
    log.info('kiosk.stopping');
    clearInterval(clock);
    clearTimeout(warming);
    enrolling.stop();
    undoDevices();
    undoLine();
    undoCatalogue();
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

function logRebuilt(log: Log, rebuilt: Rebuilt | null): void {
  if (rebuilt === null) return;
  log.error('store.rebuilt', { ...rebuilt, lost: rebuilt.lost.map(({ from, to }) => `${from}..${to}`).join(' ') });
}

/** The devices without the readers of ways to log in that are not offered: nobody else uses them. A scanner also checks certificates. */
function offeredDevices({ devices, loginWays }: Config): Config['devices'] {
  return devices.filter(
    ({ kind }) =>
      (kind !== 'social-security-card' || loginWays.includes('card')) &&
      (kind !== 'resident-id-card' || loginWays.includes('id-card')),
  );
}
