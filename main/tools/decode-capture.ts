/**
 * Captured bytes of a device, in words: what a technician has from a line monitor, or from the maker's support. No hardware is needed. The
 * codecs are the adapters' own, so what this tool cannot read the kiosk cannot either.
 */
import { decodeIpp } from '../../devices/channels/spooler-ipp.ts';
import { noReports, readReport as readScannerReport } from '../../devices/code-scanner/hid-pos.ts';
import { emptyLine, readLine } from '../../devices/code-scanner/serial-line.ts';
import type { DeviceConfig } from '../../devices/device-config.ts';
import { noLine, readLines } from '../../devices/io-board/codec.ts';
import { readReport as readStripeReport } from '../../devices/magnetic-stripe/codec.ts';
import { readSwipe } from '../../devices/magnetic-stripe/swipe.ts';
import { noPadFrame, readPadFrames } from '../../devices/pin-pad/codec.ts';
import { decodeCondition, noAnswerYet, readAnswers } from '../../devices/receipt-printer/codec.ts';
import {
  decodeSamNumber,
  frameOfCommand,
  meaningOfSw3,
  noFrame,
  readFrames,
  SAM_COMMANDS,
  type SamReply,
  splitBlocks,
} from '../../devices/resident-id-card/codec.ts';
import { ADDRESS_BYTES, decodeAddress, decodeText } from '../../devices/resident-id-card/text-block.ts';
import {
  decodeAscii,
  decodeDate,
  decodeIdentificationCode,
  decodeName,
  meaningOfStatus,
  parseAnswer,
  parseRecord,
  RECORDS,
} from '../../devices/social-security-card/codec.ts';
import {
  noFrame as noMotorFrame,
  readFrames as readMotorFrames,
} from '../../devices/social-security-card/motorised-frame.ts';
import { inWords } from './in-words.ts';

/** What is decoded: a kind, and for card readers and scanners the wire too, since frames differ. */
export type Capture = { kind: DeviceConfig['kind']; wire?: string };

/** Lines for the technician, or why the text is no capture. `text`: hexadecimal digits, however spaced; `0x` and colons are passed over. */
export function decodeCapture(
  capture: Capture,
  text: string,
  reveal: boolean,
): { ok: true; lines: string[] } | { ok: false; detail: string } {
  const bytes = bytesOf(text);
  if (bytes === null) return { ok: false, detail: 'this is no hexadecimal text: pairs of digits 0-9 and A-F' };
  if (bytes.length === 0) return { ok: false, detail: 'there is nothing to decode' };
  const words = decoded(capture, bytes);
  return {
    ok: true,
    lines: words.flatMap((word, at) => [`${at + 1}.`, ...inWords(word, reveal).map((line) => `   ${line}`)]),
  };
}

function bytesOf(text: string): Uint8Array | null {
  const digits = text.replaceAll(/0x|[\s:,-]/gi, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return null;
  return new Uint8Array(Buffer.from(digits, 'hex'));
}

function decoded({ kind, wire }: Capture, bytes: Uint8Array): unknown[] {
  switch (kind) {
    case 'social-security-card':
      return wire === 'motorised' ? motorWords(bytes) : [apduWords(bytes)];
    case 'resident-id-card':
      return samWords(bytes);
    case 'code-scanner': {
      const { codes, flaws } = wire === 'hid' ? readScannerReport(noReports, bytes) : readLine(emptyLine, bytes, 0);
      const words = [...codes.map((code) => ({ code, characters: code.length })), ...flaws.map((flaw) => ({ flaw }))];
      return words.length > 0 ? words : [{ flaw: 'no whole code: the end of the line is missing' }];
    }
    case 'magnetic-stripe': {
      const report = readStripeReport(bytes);
      return [report.ok ? readSwipe(report.value) : { flaw: report.reason }];
    }
    case 'document-printer':
      return ippWords(bytes);
    case 'receipt-printer':
      return receiptWords(bytes);
    case 'pin-pad': {
      const { state, messages, flaws } = readPadFrames(noPadFrame, bytes);
      return withRest([...messages, ...flaws.map((flaw) => ({ flaw }))], state.held.length);
    }
    case 'camera':
      return [{ flaw: 'a camera has no wire here: its pictures are taken and sealed in the screen’s process' }];
    case 'io-board': {
      const { state, messages, flaws } = readLines(noLine, bytes);
      return withRest([...messages, ...flaws.map((flaw) => ({ flaw }))], state.partial.length);
    }
  }
}

/** Bytes that begin a message and do not end it. */
function withRest(words: unknown[], heldBytes: number): unknown[] {
  return heldBytes === 0 ? words : [...words, { flaw: `${heldBytes} bytes of a message that is not whole` }];
}

function apduWords(bytes: Uint8Array): unknown {
  const [cla = 0, ins = 0] = bytes;
  const command = commandNames[ins];
  if (cla === 0 && command !== undefined && bytes.length >= 4) return { command };
  const answer = parseAnswer(bytes);
  if (answer === null) return { flaw: 'neither a command nor an answer' };
  const status = { answer: answer.sw.toString(16).toUpperCase(), meaning: meaningOfStatus(answer.sw) };
  if (answer.data.length === 0) return status;
  const record = parseRecord(answer.data);
  if (!record.ok) return { ...status, flaw: `its data is no record (${record.reason})` };
  const spec = RECORDS.find(({ tag }) => tag === record.tag);
  return {
    ...status,
    record: spec?.item ?? `tag ${record.tag.toString(16)}`,
    value: recordValue(spec?.item, record.value),
  };
}

/** ISO/IEC 7816-4. */
const commandNames: Readonly<Record<number, string>> = {
  32: 'VERIFY (a PIN)',
  132: 'GET CHALLENGE',
  164: 'SELECT',
  178: 'READ RECORD',
  192: 'GET RESPONSE',
};

function recordValue(item: (typeof RECORDS)[number]['item'] | undefined, value: Uint8Array): unknown {
  const read = (() => {
    switch (item) {
      case 'name':
      case 'nameContinued':
        return decodeName(value);
      case 'issuedOn':
      case 'validUntil':
      case 'dateOfBirth':
        return decodeDate(value);
      case 'identificationCode':
        return decodeIdentificationCode(value);
      case 'cardNumber':
      case 'idNumber':
      case 'specification':
      case 'cardClass':
      case 'sex':
        return decodeAscii(value);
      default:
        return null;
    }
  })();
  if (read === null) return value;
  return read.ok ? read.value : { flaw: read.reason };
}

function motorWords(bytes: Uint8Array): unknown[] {
  const { state, messages, flaws } = readMotorFrames(noMotorFrame, bytes);
  const words = messages.map((message) => {
    if (message.kind === 'position') return message;
    const command = String.fromCharCode(message.command);
    return {
      command,
      result: message.result,
      ...(command === 'X' ? { card: apduWords(message.data) } : { data: message.data }),
    };
  });
  return withRest([...words, ...flaws.map((flaw) => ({ flaw }))], state.partial.length);
}

function samWords(bytes: Uint8Array): unknown[] {
  const asked = SAM_COMMANDS.find((command) => Buffer.from(frameOfCommand(command)).equals(bytes));
  if (asked !== undefined) return [{ command: asked }];
  const { state, replies, flaws } = readFrames(noFrame, bytes);
  return withRest([...replies.map(replyWords), ...flaws.map((flaw) => ({ flaw }))], state.held.length);
}

const samNumberBytes = 16;

function replyWords({ sw3, data }: SamReply): unknown {
  const meaning = meaningOfSw3(sw3);
  const words = { answer: sw3.toString(16).toUpperCase(), meaning };
  if (meaning.kind !== 'ok' || data.length === 0) return words;
  if (data.length === samNumberBytes) return { ...words, samNumber: decodeSamNumber(data) };
  if (data.length === ADDRESS_BYTES) return { ...words, appendedAddress: decodeAddress(data) };
  for (const command of ['read-card', 'read-card-and-fingerprint'] as const) {
    const blocks = splitBlocks(command, data);
    if (!blocks.ok) continue;
    const text = decodeText(blocks.value.text);
    return { ...words, card: text.ok ? text.value : { flaw: text.reason }, photo: blocks.value.photo };
  }
  return { ...words, data };
}

function receiptWords(bytes: Uint8Array): unknown[] {
  const { state, answers } = readAnswers(noAnswerYet, bytes);
  const [one, two, three, four, fifth] = answers.flatMap((answer) => (answer.kind === 'realTime' ? [answer.byte] : []));
  // The answers to 1, 2, 3 and 4, as the kiosk asks them.
  if (one !== undefined && two !== undefined && three !== undefined && four !== undefined && fifth === undefined) {
    return [decodeCondition([one, two, three, four]) ?? { flaw: 'no real-time status' }];
  }
  return withRest([...answers], state.full?.length ?? 0);
}

/** What is told of printers and jobs; titles and users' names are nobody's business here. */
const toldOfPrinters =
  /^(printer-(name|state|state-reasons)|job-(id|state|state-reasons|impressions-completed)|marker-(names|levels)|queued-job-count)$/;

function ippWords(bytes: Uint8Array): unknown[] {
  const read = decodeIpp(bytes);
  if (!read.ok) return [{ flaw: `${read.reason}: ${read.detail}` }];
  const groups = read.message.groups.map(({ attributes }) => ({
    printer: [...attributes].flatMap(([name, values]) =>
      toldOfPrinters.test(name) ? [`${name}=${values.join(' ')}`] : [],
    ),
  }));
  return [
    { status: `0x${read.message.code.toString(16).padStart(4, '0')}` },
    ...groups.filter(({ printer }) => printer.length > 0),
  ];
}
