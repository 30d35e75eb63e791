/**
 * The devices of this terminal: opened, watched, and told to the machines as what they mean for a visitor. One that fails never
 * stops another; each comes up by itself when its hardware is back.
 */
import type { CodeScanner } from '../devices/code-scanner/adapter.ts';
import type { Device, DeviceEvent, DeviceStatus } from '../devices/device.ts';
import { bareStatus } from '../devices/device.ts';
import type { DocumentPrinter } from '../devices/document-printer/adapter.ts';
import { openDevice } from '../devices/open-device.ts';
import type { ResidentIdReader } from '../devices/resident-id-card/adapter.ts';
import type { SocialSecurityCardReader } from '../devices/social-security-card/adapter.ts';
import type { DeviceNeed } from '../state-machines/effects.ts';
import type { WorldEvent } from '../state-machines/steps/step.ts';
import type { TroubleReason } from '../state-machines/troubles.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { superviseDevices } from './supervisor.ts';

/** A device is null where the terminal has none, or the system lacks what its wire stands on (told in the log). */
export type Terminal = {
  reader: SocialSecurityCardReader | null;
  idReader: ResidentIdReader | null;
  scanner: CodeScanner | null;
  printer: DocumentPrinter | null;
  /** Opens all devices; answers when each has said how it is, or why it does not. */
  open(): Promise<void>;
  /** Told of what happens in the world; what is true already is told at once. Returns the undo. */
  subscribe(listener: (event: WorldEvent) => void): () => void;
  /** State keywords by device, for heartbeat and health page. */
  states(): Record<string, string>;
  close(): Promise<void>;
};

/** How long the start waits for devices to say how they are; the kiosk then goes on without the silent ones. */
const openTimeoutMs = 5_000;

/** Makes the devices the configuration names. One that cannot be made is left out; the others serve. */
export async function makeTerminal(config: Config['devices'], log: Log, nowMs: () => number): Promise<Terminal> {
  let reader: SocialSecurityCardReader | null = null;
  let idReader: ResidentIdReader | null = null;
  let scanner: CodeScanner | null = null;
  let printer: DocumentPrinter | null = null;
  for (const device of config) {
    switch (device.kind) {
      case 'social-security-card':
        reader = made(device.id, await openDevice(device), log);
        break;
      case 'resident-id-card':
        idReader = made(
          device.id,
          await openDevice(device, { onIdReaderFlaw: (id, flaw) => log.warn('id-reader.flaw', { device: id, flaw }) }),
          log,
        );
        break;
      case 'code-scanner':
        scanner = made(
          device.id,
          await openDevice(device, { onScanFlaw: (id, flaw) => log.warn('scanner.flaw', { device: id, flaw }) }),
          log,
        );
        break;
      case 'document-printer':
        printer = made(device.id, await openDevice(device), log);
        break;
    }
  }
  const named: readonly [DeviceNeed, Device | null][] = [
    ['card-reader', reader],
    ['id-reader', idReader],
    ['code-scanner', scanner],
    ['document-printer', printer],
  ];
  const devices = named.flatMap(([need, device]) => (device === null ? [] : [{ need, device }]));
  const supervisor = superviseDevices(
    devices.map(({ device }) => device),
    { log, nowMs },
  );

  return {
    reader,
    idReader,
    scanner,
    printer,
    open: () => supervisor.start(openTimeoutMs),
    subscribe(listener) {
      const undos = devices.map(({ need, device }) =>
        device.subscribe((event) => {
          for (const told of worldEventsOf(need, event)) listener(told);
        }),
      );
      // What could not be made is out, and not something this terminal never had.
      for (const { kind } of config) {
        const need = needOfKind[kind];
        if (devices.some((made) => made.need === need)) continue;
        listener({ type: 'device', need, reason: troubleOfStatus(need, { ...bareStatus, device: 'hardwareError' }) });
      }
      return () => {
        for (const undo of undos) undo();
      };
    },
    states: supervisor.states,
    close: supervisor.stop,
  };
}

function made<D>(device: string, opened: { ok: true; device: D } | { ok: false; detail: string }, log: Log): D | null {
  if (opened.ok) return opened.device;
  log.error('device.not-made', { device, detail: opened.detail });
  return null;
}

/** What an event of a device means at the terminal. */
export function worldEventsOf(need: DeviceNeed, event: DeviceEvent): WorldEvent[] {
  switch (event.type) {
    case 'status':
      return [
        { type: 'device', need, reason: troubleOfStatus(need, event.status) },
        ...(need === 'id-reader' && isUntold(event.status) ? [{ type: 'idcard.untold' } as const] : []),
      ];
    case 'cardInserted':
      return [{ type: need === 'id-reader' ? 'idcard.placed' : 'card.inserted' }];
    case 'cardTaken':
      return [{ type: need === 'id-reader' ? 'idcard.lifted' : 'card.taken' }];
    case 'codeScanned':
      return [{ type: 'code.scanned', text: event.text }];
    case 'paperTaken':
      return [{ type: 'paper.taken' }];
    case 'paperPresented':
      return [];
  }
}

/** The reader works, and cannot say whether the card it read still lies there. */
function isUntold({ device, media }: DeviceStatus): boolean {
  return media === 'unknown' && (device === 'online' || device === 'deviceBusy');
}

const needOfKind: Record<Config['devices'][number]['kind'], DeviceNeed> = {
  'social-security-card': 'card-reader',
  'resident-id-card': 'id-reader',
  'code-scanner': 'code-scanner',
  'document-printer': 'document-printer',
};

/** Why a device cannot serve now, as a visitor is told; null when it can. */
export function troubleOfStatus(need: DeviceNeed, status: DeviceStatus): TroubleReason | null {
  if (status.device === 'online' || status.device === 'deviceBusy') return null;
  if (need === 'card-reader') return 'card-reader-out';
  if (need === 'id-reader') return 'id-reader-out';
  if (need === 'code-scanner') return 'scanner-out';
  if (status.paper === 'jammed') return 'paper-jam';
  if (status.cover === 'open') return 'door-open';
  if (status.paper === 'out') return 'paper-out';
  if (status.toner === 'out') return 'toner-empty';
  if (status.device === 'noDevice') return 'printer-unknown';
  if (status.device === 'userError') return 'output-full';
  return status.device === 'hardwareError' ? 'printer-stopped' : 'printer-offline';
}
