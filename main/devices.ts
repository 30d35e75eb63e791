/**
 * The devices of this terminal: opened, watched, and told to the machines as what they mean for a visitor. One that fails never
 * stops another; each comes up by itself when its hardware is back.
 */
import type { VendorChildPort } from '../devices/channels/vendor-process.ts';
import type { Device, DeviceEvent, DeviceKind, DeviceStatus } from '../devices/device.ts';
import { bareStatus } from '../devices/device.ts';
import type { ConfigOf } from '../devices/device-config.ts';
import type { BoardInputs } from '../devices/io-board/adapter.ts';
import { type DeviceOfKind, type DeviceParts, openDevice } from '../devices/open-device.ts';
import type { DeviceNeed } from '../state-machines/effects.ts';
import type { WorldEvent } from '../state-machines/steps/step.ts';
import type { TroubleReason } from '../state-machines/troubles.ts';
import type { Config } from './config.ts';
import type { CabinetEffects } from './effects/cabinet.ts';
import { createCabinetEffects } from './effects/cabinet.ts';
import type { Log } from './log.ts';
import { limitLog } from './log-limit.ts';
import { receiptFonts } from './receipt-fonts.ts';
import { superviseDevices } from './supervisor.ts';
import type { HeartbeatStatus } from './uplink/sync.ts';

/** A device is null where the terminal has none, or the system lacks what its wire stands on (told in the log). */
export type Terminal = CabinetEffects & {
  reader: DeviceOfKind['social-security-card'] | null;
  idReader: DeviceOfKind['resident-id-card'] | null;
  scanner: DeviceOfKind['code-scanner'] | null;
  printer: DeviceOfKind['document-printer'] | null;
  receiptPrinter: DeviceOfKind['receipt-printer'] | null;
  pinPad: DeviceOfKind['pin-pad'] | null;
  stripeReader: DeviceOfKind['magnetic-stripe'] | null;
  board: DeviceOfKind['io-board'] | null;
  camera: DeviceOfKind['camera'] | null;
  /** Opens all devices; answers when each has said how it is, or why it does not. */
  open(): Promise<void>;
  /** Told of what happens in the world; what is true already is told at once. Returns the undo. */
  subscribe(listener: (event: WorldEvent) => void): () => void;
  /** How each device is, and the keyword of why, e.g. `attention: media-empty`: for heartbeat and health page. */
  states(): Record<string, string>;
  /** Paper and toner by device, for the heartbeat. */
  supplies(): Record<string, Supply>;
  close(): Promise<void>;
};

/** What is left of something that runs out, in the contract's words. */
type Supply = NonNullable<HeartbeatStatus['supplies']>[string];

/** Longest state, and longest name of a supply, that a heartbeat takes. */
const longestState = 80;
const longestSupply = 40;

/** How long the start waits for devices to say how they are; the kiosk then goes on without the silent ones. */
const openTimeoutMs = 5_000;

/**
 * Makes the devices the configuration names. One that cannot be made is left out; the others serve. `startVendorChild` starts the
 * process of a vendor's library under Electron.
 */
export async function makeTerminal(
  config: Config['devices'],
  log: Log,
  nowMs: () => number,
  startVendorChild?: () => VendorChildPort,
): Promise<Terminal> {
  const limited = limitLog(log);
  const parts: DeviceParts = {
    onFlaw: (device, flaw) => limited('warn', 'device.flaw', { device }, { flaw }),
    onVendorEvent: (device, event) => log.info('device.vendor-library', { device, what: event.kind }),
    fonts: receiptFonts,
    ...(startVendorChild === undefined ? {} : { startVendorChild }),
  };
  const made: Partial<DeviceOfKind> = {};
  await Promise.all(config.map(async (device) => Object.assign(made, await makeDevice(device, parts, log))));
  const all: Device[] = config.flatMap(({ kind }) => made[kind] ?? []);
  const needed = config.flatMap(({ kind }) => {
    const need = needOfKind[kind];
    return need === null ? [] : [{ need, device: made[kind] ?? null }];
  });
  const supervisor = superviseDevices(all, log);
  const reader = made['social-security-card'] ?? null;
  const board = made['io-board'] ?? null;
  const undos = all.flatMap((device) => [
    device.subscribe((event) => {
      // Staff find it in the box.
      if (event.type === 'cardRetained') log.warn('card.retained', { device: device.id, reason: event.reason });
    }),
    watchSupplies(device, log),
  ]);
  if (board !== null) {
    // A visitor who walks to and fro, or a contact that chatters, must not push out that staff turned the key.
    undos.push(board.onInputs(({ key, ...inputs }) => limited('info', 'board.inputs', { key }, inputs)));
  }

  return {
    reader,
    idReader: made['resident-id-card'] ?? null,
    scanner: made['code-scanner'] ?? null,
    printer: made['document-printer'] ?? null,
    receiptPrinter: made['receipt-printer'] ?? null,
    pinPad: made['pin-pad'] ?? null,
    stripeReader: made['magnetic-stripe'] ?? null,
    board,
    camera: made.camera ?? null,
    open: () => supervisor.start(openTimeoutMs),
    subscribe(listener) {
      const undos = needed.map(({ need, device }) => {
        if (device !== null) {
          return device.subscribe((event) => {
            for (const told of worldEventsOf(need, event, nowMs())) listener(told);
          });
        }
        // What could not be made is out, and not something this terminal never had.
        listener({ type: 'device', need, reason: troubleOfStatus(need, { ...bareStatus, device: 'hardwareError' }) });
        return () => undefined;
      });
      if (board !== null) undos.push(board.onInputs((inputs) => listener(boardEventOf(inputs))));
      return () => {
        for (const undo of undos) undo();
      };
    },
    ...createCabinetEffects({ reader, board, log }),
    states() {
      const healths = supervisor.states();
      return Object.fromEntries(
        all.map((device) => {
          const { reason } = device.status();
          const health = healths[device.id] ?? 'connecting';
          return [device.id, reason === null ? health : `${health}: ${reason}`.slice(0, longestState)];
        }),
      );
    },
    supplies: () => Object.fromEntries(all.flatMap((device) => Object.entries(suppliesOf(device.id, device.status())))),
    async close() {
      for (const undo of undos) undo();
      await supervisor.stop();
    },
  };
}

/** The device under its kind, or nothing where it cannot be made: what is wrong with one must not stop the next. */
async function makeDevice<K extends Config['devices'][number]['kind']>(
  config: ConfigOf<K>,
  parts: DeviceParts,
  log: Log,
): Promise<Partial<DeviceOfKind>> {
  const opened = await openDevice<K>(config, parts).catch((error: unknown) => ({
    ok: false as const,
    detail: error instanceof Error ? error.message : String(error),
  }));
  if (opened.ok) return { [config.kind]: opened.device };
  log.error('device.not-made', { device: config.id, detail: opened.detail });
  return {};
}

const supplyOf: Partial<Record<DeviceStatus['paper'], Supply>> = {
  ok: 'enough',
  low: 'low',
  out: 'out',
  // What there is of it cannot be had.
  jammed: 'unknown',
  unknown: 'unknown',
};

/** Behind a device's name: its toner. */
const tonerSuffix = '-toner';

/** What a device says of its supplies, by its name; of one that reports none, nothing. */
export function suppliesOf(id: string, { paper, toner }: DeviceStatus): Record<string, Supply> {
  const [ofPaper, ofToner] = [supplyOf[paper], supplyOf[toner]];
  return {
    ...(ofPaper === undefined ? {} : { [id]: ofPaper }),
    ...(ofToner === undefined ? {} : { [`${id.slice(0, longestSupply - tonerSuffix.length)}${tonerSuffix}`]: ofToner }),
  };
}

/** Tells the log what runs low before a visitor meets it, and when it was filled up. */
function watchSupplies(device: Device, log: Log): () => void {
  const last = new Map<string, Supply>();
  return device.subscribe((event) => {
    if (event.type !== 'status') return;
    for (const [supply, left] of Object.entries(suppliesOf(device.id, event.status))) {
      const before = last.get(supply);
      last.set(supply, left);
      if (left === before || left === 'unknown') continue;
      if (left === 'enough') {
        if (before !== undefined) log.info('device.supply', { device: device.id, supply, left });
      } else log.warn('device.supply', { device: device.id, supply, left });
    }
  });
}

/** What an event of a device, heard at `nowMs`, means at the terminal. */
export function worldEventsOf(need: DeviceNeed, event: DeviceEvent, nowMs: number): WorldEvent[] {
  switch (event.type) {
    case 'status':
      return [
        {
          type: 'device',
          need,
          reason: troubleOfStatus(need, event.status),
          ...(event.status.media === 'notPresent' ? { isSlotEmpty: true } : {}),
        },
        ...(need === 'id-reader' && isUntold(event.status) ? [{ type: 'idcard.untold' } as const] : []),
      ];
    case 'cardInserted':
      return [{ type: need === 'id-reader' ? 'idcard.placed' : 'card.inserted' }];
    case 'cardTaken':
      return [{ type: need === 'id-reader' ? 'idcard.lifted' : 'card.taken' }];
    case 'cardPresented': {
      const { takeMs, isLeftOver } = event;
      return [{ type: 'card.presented', keptAtMs: takeMs === null ? null : nowMs + takeMs, isLeftOver }];
    }
    case 'codeScanned':
      return [{ type: 'code.scanned', text: event.text }];
    case 'paperPresented':
      return [{ type: 'paper.presented' }];
    case 'paperTaken':
      return [{ type: 'paper.taken' }];
    case 'cardRetained':
      return [{ type: 'card.retained' }];
  }
}

/** What the board's inputs mean. One that is away, or lacks an input, keeps nobody from being served. */
export function boardEventOf({ key, proximity, door }: BoardInputs): Extract<WorldEvent, { type: 'board' }> {
  return {
    type: 'board',
    isDoorOpen: door === 'open',
    isKeyTurned: key === 'operator' || key === 'service',
    isNear: proximity === 'near' || proximity === 'away' ? proximity === 'near' : null,
  };
}

/** The reader works, and cannot say whether the card it read still lies there. */
function isUntold({ device, media }: DeviceStatus): boolean {
  return media === 'unknown' && (device === 'online' || device === 'deviceBusy');
}

/** What items and ways to log in ask for by the device; null where nothing does yet, and the device is watched and logged only. */
const needOfKind: Record<DeviceKind, DeviceNeed | null> = {
  'social-security-card': 'card-reader',
  'resident-id-card': 'id-reader',
  'code-scanner': 'code-scanner',
  'document-printer': 'document-printer',
  'magnetic-stripe': null,
  'receipt-printer': 'receipt-printer',
  'pin-pad': 'pin-pad',
  'io-board': null,
  camera: 'camera',
};

function receiptTrouble({ cover, paper, reason }: DeviceStatus): TroubleReason {
  if (paper === 'jammed' || reason === 'cutter-error') return 'receipt-jam';
  if (cover === 'open') return 'receipt-cover-open';
  return paper === 'out' ? 'receipt-paper-out' : 'receipt-printer-out';
}

function cameraTrouble({ device, reason }: DeviceStatus): TroubleReason {
  if (device === 'userError') return 'camera-denied';
  return reason === 'camera-busy' ? 'camera-busy' : 'camera-out';
}

/** Why a device cannot serve now, as a visitor is told; null when it can. */
export function troubleOfStatus(need: DeviceNeed, status: DeviceStatus): TroubleReason | null {
  if (status.device === 'online' || status.device === 'deviceBusy') return null;
  if (need === 'card-reader') return status.media === 'jammed' ? 'card-jammed' : 'card-reader-out';
  if (need === 'id-reader') return 'id-reader-out';
  if (need === 'code-scanner') return 'scanner-out';
  if (need === 'pin-pad') return 'pin-pad-out';
  if (need === 'camera') return cameraTrouble(status);
  if (need === 'receipt-printer') return receiptTrouble(status);
  if (status.paper === 'jammed') return 'paper-jam';
  if (status.cover === 'open') return 'door-open';
  if (status.paper === 'out') return 'paper-out';
  if (status.toner === 'out') return 'toner-empty';
  if (status.device === 'noDevice') return 'printer-unknown';
  if (status.device === 'userError') return 'output-full';
  return status.device === 'hardwareError' ? 'printer-stopped' : 'printer-offline';
}
