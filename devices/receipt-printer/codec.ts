/**
 * What an ESC/POS printer says of itself. Pure and total.
 *
 * ```
 *   10 04 n   real-time status n, answered at once:     0xx1xx10
 *   10 04 14  full status (kiosk models of Custom and kin): 10 0F | paper | user | recoverable | unrecoverable
 *   1D 72 01  paper status, answered in its turn:       0xx0xxxx, when everything sent before it has been carried out
 *   10 05 n   recover: 1 go on at the line of the error, 2 clear the buffers
 * ```
 * Sources: docs/devices/published-facts.md; GS r in the manuals of Epson's TM-T85 and Better's BT-532C (an offline printer does not carry it
 * out); full status in those of Custom's KPM 210, KPM 150 and TPTCM.
 */

/** The four real-time questions: printer, why offline, error, paper. */
type RealTimeTopic = 1 | 2 | 3 | 4;
export const realTimeTopics: readonly RealTimeTopic[] = [1, 2, 3, 4];

export function askRealTime(topic: RealTimeTopic): Uint8Array {
  return Uint8Array.of(0x10, 0x04, topic);
}

export const askFullStatus = Uint8Array.of(0x10, 0x04, 0x14);
/** The question a printer answers only when it has got that far. */
export const askWhenDone = Uint8Array.of(0x1d, 0x72, 0x01);
export const recoverAndGoOn = Uint8Array.of(0x10, 0x05, 0x01);
export const recoverAndClear = Uint8Array.of(0x10, 0x05, 0x02);

export type PrinterAnswer =
  /** One byte that answers whichever real-time question was asked. */
  | { kind: 'realTime'; byte: number }
  | { kind: 'done' }
  | { kind: 'full'; status: FullStatus }
  /** A byte that no answer has. */
  | { kind: 'garbage' };

/** Full status, as far as it is used here. */
type FullStatus = {
  isPaperOut: boolean;
  isPaperLow: boolean;
  isTicketInPresenter: boolean;
  isCoverOpen: boolean;
  hasCutterError: boolean;
  isJammed: boolean;
};

/** What of a full status has come: after its 10, up to five bytes. */
type AnswerState = { full: readonly number[] | null };
export const noAnswerYet: AnswerState = { full: null };

const fullStatusBytes = 6;

/** Takes bytes apart into answers; a full status may come in pieces. */
export function readAnswers(
  state: AnswerState,
  bytes: Uint8Array,
): { state: AnswerState; answers: readonly PrinterAnswer[] } {
  const answers: PrinterAnswer[] = [];
  let { full } = state;
  for (const byte of bytes) {
    if (full !== null) {
      full = [...full, byte];
      if (full.length === 2 && byte !== 0x0f) {
        answers.push({ kind: 'garbage' });
        full = byte === 0x10 ? [byte] : null;
      } else if (full.length === fullStatusBytes) {
        answers.push({ kind: 'full', status: decodeFullStatus(full) });
        full = null;
      }
    } else if (byte === 0x10) full = [byte];
    else if (isFlowControl(byte)) continue;
    else answers.push(answerOf(byte));
  }
  return { state: { full }, answers };
}

function answerOf(byte: number): PrinterAnswer {
  // Fixed bits: 7 off, 4 on, 1 on, 0 off.
  if ((byte & 0x93) === 0x12) return { kind: 'realTime', byte };
  // Bits 7 and 4 off; near end is both of 0 and 1, end both of 2 and 3. 5 and 6 are undefined and off in the manuals.
  if ((byte & 0xf0) === 0 && isPair(byte, 0x03) && isPair(byte, 0x0c)) return { kind: 'done' };
  return { kind: 'garbage' };
}

function isPair(byte: number, mask: number): boolean {
  return (byte & mask) === 0 || (byte & mask) === mask;
}

/** XON and XOFF: the driver's business where it is switched on, and no answer of ours. */
function isFlowControl(byte: number): boolean {
  return byte === 0x11 || byte === 0x13;
}

/** What the four real-time answers say together. */
export type PrinterCondition = {
  isOffline: boolean;
  isCoverOpen: boolean;
  isFeedPressed: boolean;
  /** Printing was stopped by the end of the paper. */
  isStoppedForPaper: boolean;
  hasError: boolean;
  hasCutterError: boolean;
  hasUnrecoverableError: boolean;
  /** The head is too hot, or the like: passes by itself. */
  isRecovering: boolean;
  isPaperLow: boolean;
  isPaperOut: boolean;
  /** Told by the full status only, of printers that have one. */
  isJammed: boolean;
};

/** From the answers to 1, 2, 3 and 4; null where a byte cannot be one. */
export function decodeCondition(answers: readonly [number, number, number, number]): PrinterCondition | null {
  if (answers.some((byte) => (byte & 0x93) !== 0x12)) return null;
  const [printer, offline, error, paper] = answers;
  return {
    isOffline: (printer & 0x08) !== 0,
    isCoverOpen: (offline & 0x04) !== 0,
    isFeedPressed: (offline & 0x08) !== 0,
    isStoppedForPaper: (offline & 0x20) !== 0,
    hasError: (offline & 0x40) !== 0,
    hasCutterError: (error & 0x08) !== 0,
    hasUnrecoverableError: (error & 0x20) !== 0,
    isRecovering: (error & 0x40) !== 0,
    isPaperLow: (paper & 0x0c) === 0x0c,
    isPaperOut: (paper & 0x60) === 0x60,
    isJammed: false,
  };
}

/** | 0: 10 | 1: 0F | 2 paper | 3 user | 4 recoverable | 5 unrecoverable |. */
function decodeFullStatus(bytes: readonly number[]): FullStatus {
  const [, , paper = 0, user = 0, recoverable = 0, unrecoverable = 0] = bytes;
  return {
    isPaperOut: (paper & 0x01) !== 0,
    isPaperLow: (paper & 0x04) !== 0,
    isTicketInPresenter: (paper & 0x20) !== 0,
    isCoverOpen: (user & 0x03) !== 0,
    isJammed: (recoverable & 0x40) !== 0,
    hasCutterError: (unrecoverable & 0x01) !== 0,
  };
}

/** What stops a receipt, in the order in which it is told. */
export type ReceiptFault = 'jammed' | 'broken' | 'cutter' | 'cover-open' | 'paper-out' | 'recovering' | 'offline';

/** The fault that stops the printer, the one to mend first where there are several; null when it can print. */
export function faultOf(condition: PrinterCondition): ReceiptFault | null {
  if (condition.isJammed) return 'jammed';
  if (condition.hasUnrecoverableError) return 'broken';
  if (condition.hasCutterError) return 'cutter';
  if (condition.isCoverOpen) return 'cover-open';
  if (condition.isPaperOut || condition.isStoppedForPaper) return 'paper-out';
  if (condition.isRecovering) return 'recovering';
  // The feed button held down takes the printer off line as well, and passes by itself.
  if (condition.hasError || condition.isOffline || condition.isFeedPressed) return 'offline';
  return null;
}
