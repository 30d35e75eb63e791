/** All the kiosk has with the centre: the line, what comes down it (catalogue, issuers, commands) and what goes up (the outbox, heartbeats). */
import { randomBytes } from 'node:crypto';
import type { ActorRefFrom } from 'xstate';
import packageJson from '../package.json' with { type: 'json' };
import type { KioskMachine } from '../state-machines/kiosk/machine.ts';
import { createCentreOrders } from './carry-out.ts';
import type { Config } from './config.ts';
import type { Terminal } from './devices.ts';
import type { Endings } from './endings.ts';
import { hallClock } from './hall-clock.ts';
import { followRefusal, lookAgain, stateOf, untilFree } from './kiosk-state.ts';
import type { Log } from './log.ts';
import type { LogFile } from './log-file.ts';
import type { Kept } from './open-kept.ts';
import type { StoreHealth } from './store/upkeep.ts';
import { type CatalogueCopy, catalogueCopy } from './uplink/catalogue.ts';
import { type CentralClient, createCentralClient } from './uplink/client.ts';
import { systemClock } from './uplink/clock.ts';
import { createCommands } from './uplink/commands.ts';
import { followEpochs, type Refusal } from './uplink/epoch.ts';
import { type Line, watchLine } from './uplink/line.ts';
import { keepMarks } from './uplink/marks.ts';
import { createSync, type HeartbeatStatus, type Sync } from './uplink/sync.ts';
import { syncLog } from './uplink/sync-log.ts';

type CentreParts = {
  config: Config['centre'];
  kept: Pick<Kept, 'identity' | 'store' | 'health'>;
  /** Its devices and supplies are told to the centre. */
  terminal: Pick<Terminal, 'states' | 'supplies'>;
  /** The machines that commands and heartbeats are about; asked for once the sync was started. */
  kiosk: () => ActorRefFrom<KioskMachine>;
  logFile: LogFile;
  /** Ends the process for whoever watches it to start it again; null where nobody does. */
  restart: (() => void) | null;
  endings: Endings;
  log: Log;
};

export type Centre = {
  client: CentralClient;
  line: Line;
  catalogue: CatalogueCopy;
  /** Now, by a clock the centre agrees with. */
  nowMs: () => number;
  /** Why the centre has closed this kiosk; null while it has not. */
  closedBecause: () => string | null;
  /** That the centre takes this machine for a copy; null while it does not. */
  refusal: () => Refusal | null;
  /** Does nothing before it is started. */
  sync: Sync;
};

/** Opens the line to the centre. */
export function openCentre(parts: CentreParts): Centre {
  const { config, kept, terminal, kiosk, logFile, restart, endings, log } = parts;
  const { identity, store } = kept;
  const root = () => identity.enrolment()?.root ?? null;

  const client = createCentralClient({
    baseUrl: config.url,
    identity,
    clock: systemClock,
    random: randomBytes,
    marks: keepMarks({ store, identity, random: randomBytes, onAdmitted: () => epochs.admitted() }),
    ...(config.authority === undefined ? {} : { certificateAuthority: config.authority }),
  });
  endings.add('client', () => client.close());
  const nowMs = hallClock(client, Date.now);
  store.followClock(nowMs);
  const line = watchLine(client, systemClock);
  endings.add('line', () => line.close());
  const catalogue = catalogueCopy({ store, client, root });
  endings.add(
    'catalogue log',
    catalogue.subscribe(({ version }) => log.info('catalogue.in-force', { version })),
  );

  const epochs = followEpochs({ store, identity, client, random: randomBytes });
  const orders = createCentreOrders({
    store,
    untilFree: (signal) => untilFree(kiosk(), signal),
    lookAgain: (closedBecause) => lookAgain(kiosk(), closedBecause),
    refresh: (signal) => catalogue.refresh(signal),
    logFile,
    deliver: (part, signal) => client.call('deliverLog', { body: part, signal }),
    restart,
    log,
  });
  const sync = createSync({
    store,
    client,
    prove: identity.proveRequest,
    line,
    catalogue,
    epochs,
    commands: createCommands({
      store,
      root,
      self: () => identity.enrolment(),
      centreNowMs: nowMs,
      clock: systemClock,
      carryOut: orders.carryOut,
      onIgnored: (why) => log.warn('command.ignored', { why }),
    }),
    clock: systemClock,
    random: Math.random,
    status: () => ({
      version: packageJson.version,
      state: stateOf(kiosk()),
      devices: terminal.states(),
      supplies: terminal.supplies(),
      store: storeReport(kept.health()),
    }),
  });
  endings.add('sync log', sync.subscribe(syncLog(log)));
  const undoEpochs = sync.subscribe(({ kind }) => {
    if (kind === 'epoch') followRefusal(kiosk(), epochs.refusal());
  });
  endings.add('hearing of epochs', undoEpochs);
  endings.add('sync', () => sync.stop());

  return { client, nowMs, line, catalogue, closedBecause: orders.closedBecause, refusal: epochs.refusal, sync };
}

/** What the centre is told of the store: what also keeps the kiosk out of service, and what will. */
function storeReport({ fault, warnings, freeBytes, backupAtMs }: StoreHealth): HeartbeatStatus['store'] {
  return { fault: fault?.reason ?? null, warnings, lastBackupAtMs: backupAtMs, freeBytes };
}
