import type { SpoolFailure, SpoolPrinter, SpoolResult } from '../channels/spooler.ts';
import { bareStatus, type DeviceStatus, type SupplyState } from '../device.ts';

/** What stands in the way of paper, each with its screen and its line in the operator's guide. */
export type PrintReason =
  | 'paper-out'
  | 'paper-jam'
  | 'door-open'
  | 'toner-empty'
  | 'output-full'
  | 'offline'
  | 'stopped'
  | 'unknown-printer'
  /** The command's own time was up. */
  | 'timed-out'
  /** The printer or spooler says done, and something it says besides cannot be true with it. */
  | 'lying'
  /** The spooler no longer knows the job, or was gone for too long to follow it. */
  | 'spooler-lost'
  /** Ended by somebody: the kiosk on its way, or a hand at the printer's panel. */
  | 'cancelled'
  /** The spooler or the printer gave the job up without saying why. */
  | 'aborted';

/** What stops a printer until a person has been there, in the order in which it is told. */
export type PrinterFault = Extract<
  PrintReason,
  'paper-jam' | 'door-open' | 'paper-out' | 'toner-empty' | 'output-full' | 'offline' | 'stopped'
>;

/** `printer-state-reasons` keywords (RFC 8011, 5.4.12; PWG 5100.9) that stop printing. The suffix is not looked at. */
const faultOfKeyword: Readonly<Record<string, PrinterFault>> = {
  'media-jam': 'paper-jam',
  'door-open': 'door-open',
  'cover-open': 'door-open',
  'interlock-open': 'door-open',
  'media-empty': 'paper-out',
  'media-needed': 'paper-out',
  'input-tray-missing': 'paper-out',
  'toner-empty': 'toner-empty',
  'marker-supply-empty': 'toner-empty',
  'output-area-full': 'output-full',
  'output-tray-missing': 'output-full',
  offline: 'offline',
  shutdown: 'offline',
  'timed-out': 'offline',
  'connecting-to-device': 'offline',
  paused: 'stopped',
  'moving-to-paused': 'stopped',
};

const order: readonly PrinterFault[] = [
  'offline',
  'paper-jam',
  'door-open',
  'paper-out',
  'toner-empty',
  'output-full',
  'stopped',
];

/** The keyword without its severity: `media-empty-error` is `media-empty`. */
function keywordOf(reason: string): string {
  return reason.replace(/-(report|warning|error)$/, '');
}

/** The fault that stops the printer, the one to mend first where there are several; null when it can print. */
export function faultOf(printer: SpoolPrinter): PrinterFault | null {
  const faults = new Set(printer.reasons.map((reason) => faultOfKeyword[keywordOf(reason)]));
  if (printer.state === 'stopped' || !printer.isAccepting) faults.add('stopped');
  return order.find((fault) => faults.has(fault)) ?? null;
}

/** The status of a document printer. `online` means that it can print now. */
export function statusOf(answer: SpoolResult<SpoolPrinter>): DeviceStatus {
  if (!answer.ok) return statusOfFailure(answer.reason);
  const printer = answer.value;
  const keywords = printer.reasons.map(keywordOf);
  const has = (...wanted: string[]) => wanted.some((keyword) => keywords.includes(keyword));
  const fault = faultOf(printer);
  const isSilent = fault === 'offline';

  const paper: SupplyState = has('media-jam')
    ? 'jammed'
    : has('media-empty', 'media-needed', 'input-tray-missing')
      ? 'out'
      : has('media-low')
        ? 'low'
        : 'ok';
  const tonerLevel = Math.min(
    ...printer.supplies
      .filter((supply) => /^(toner|ink)/.test(supply.kind))
      .map((supply) => supply.levelPercent ?? 100),
  );
  const toner: SupplyState = has('toner-empty', 'marker-supply-empty')
    ? 'out'
    : has('toner-low', 'marker-supply-low') || tonerLevel <= tonerLowPercent
      ? 'low'
      : 'ok';

  return {
    device: deviceOf(printer, fault),
    media: 'notSupported',
    paper: isSilent ? 'unknown' : paper,
    toner: isSilent ? 'unknown' : toner,
    cover: isSilent ? 'unknown' : has('door-open', 'cover-open', 'interlock-open') ? 'open' : 'closed',
    reason: fault === null ? null : reasonOf(keywords, fault),
  };
}

/** Below this staff should have a new cartridge at hand. */
const tonerLowPercent = 10;

function deviceOf(printer: SpoolPrinter, fault: PrinterFault | null): DeviceStatus['device'] {
  if (fault === null) return 'online';
  if (fault === 'offline') return 'offline';
  // A stopped queue without a physical cause is a fault of the machinery; the rest a person can put right.
  return fault === 'stopped' && printer.state === 'stopped' ? 'hardwareError' : 'userError';
}

/** The printer's own keyword for the fault, so that staff see what the printer said. */
function reasonOf(keywords: readonly string[], fault: PrinterFault): string {
  return keywords.find((keyword) => faultOfKeyword[keyword] === fault) ?? fault;
}

function statusOfFailure(reason: SpoolFailure): DeviceStatus {
  const silent = { ...bareStatus, paper: 'unknown', toner: 'unknown', cover: 'unknown' } as const;
  if (reason === 'unknown-printer') return { ...silent, device: 'noDevice', reason };
  if (reason === 'garbled') return { ...silent, device: 'hardwareError', reason: 'spooler-garbled' };
  const told = reason === 'unsure' ? 'unreachable' : reason;
  return { ...silent, device: 'offline', reason: `spooler-${told}` };
}
