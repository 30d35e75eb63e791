/**
 * The social security card's bytes: command APDUs out, status words and records in. Pure and total: any bytes give a
 * value or a named error. Runs in any JavaScript with `TextDecoder('gbk')` (Node with full ICU, browsers).
 *
 * ```
 *   application 7378312E7368 2E C9E7BBE1B1A3D5CF   "sx1.sh.社会保障"
 *     ├ EF05  the card:   01 identification code … 07 card number
 *     └ EF06  the person: 08 number, 09 name (4E continued) … 0D date of birth
 *   each record:  | tag | length | value |
 * ```
 */
import { joinBytes } from '../bytes.ts';

/** The social security application, "sx1.sh.社会保障" in GBK. Source: ministry's card specification, as widely published. */
export const SOCIAL_SECURITY_AID = bytesOfHex('7378312E73682EC9E7BBE1B1A3D5CF');

/** The bank's application on the same chip (PBOC debit). */
export const BANK_AID = bytesOfHex('A000000333010101');

export const ELEMENTARY_FILE_CARD = 0xef05;
export const ELEMENTARY_FILE_PERSON = 0xef06;

/** A card holder's PIN: six digits, sent as 3 BCD bytes. */
const PIN_DIGITS = 6;

export type CardItem =
  | 'identificationCode'
  | 'cardClass'
  | 'specification'
  | 'issuingBody'
  | 'issuedOn'
  | 'validUntil'
  | 'cardNumber'
  | 'idNumber'
  | 'name'
  | 'nameContinued'
  | 'sex'
  | 'ethnicGroup'
  | 'birthplace'
  | 'dateOfBirth';

/** One record: where it is, its tag, its length in bytes (`null`: not published). Source: docs/devices/published-facts.md. */
export type RecordSpec = { item: CardItem; file: number; tag: number; length: number | null };

/** Every record known, in the order of the card's files. */
export const RECORDS: readonly RecordSpec[] = [
  { item: 'identificationCode', file: ELEMENTARY_FILE_CARD, tag: 0x01, length: 16 },
  { item: 'cardClass', file: ELEMENTARY_FILE_CARD, tag: 0x02, length: 1 },
  { item: 'specification', file: ELEMENTARY_FILE_CARD, tag: 0x03, length: 4 },
  { item: 'issuingBody', file: ELEMENTARY_FILE_CARD, tag: 0x04, length: 12 },
  { item: 'issuedOn', file: ELEMENTARY_FILE_CARD, tag: 0x05, length: 4 },
  { item: 'validUntil', file: ELEMENTARY_FILE_CARD, tag: 0x06, length: 4 },
  { item: 'cardNumber', file: ELEMENTARY_FILE_CARD, tag: 0x07, length: 9 },
  { item: 'idNumber', file: ELEMENTARY_FILE_PERSON, tag: 0x08, length: 18 },
  { item: 'name', file: ELEMENTARY_FILE_PERSON, tag: 0x09, length: 30 },
  { item: 'nameContinued', file: ELEMENTARY_FILE_PERSON, tag: 0x4e, length: null },
  { item: 'sex', file: ELEMENTARY_FILE_PERSON, tag: 0x0a, length: 1 },
  { item: 'ethnicGroup', file: ELEMENTARY_FILE_PERSON, tag: 0x0b, length: 1 },
  { item: 'birthplace', file: ELEMENTARY_FILE_PERSON, tag: 0x0c, length: 3 },
  { item: 'dateOfBirth', file: ELEMENTARY_FILE_PERSON, tag: 0x0d, length: 4 },
];

// ---------------------------------------------------------------------------------------------------------------------
// Commands

/** SELECT by name: `00 A4 04 00 Lc AID`. */
export function selectApplication(aid: Uint8Array): Uint8Array {
  return Uint8Array.of(0x00, 0xa4, 0x04, 0x00, aid.length, ...aid);
}

/** SELECT of an elementary file: `00 A4 02 00 02 EF05` under the application, `00 A4 00 00 02 EF06` by identifier. */
export function selectFile(file: number): Uint8Array {
  const p1 = file === ELEMENTARY_FILE_CARD ? 0x02 : 0x00;
  return Uint8Array.of(0x00, 0xa4, p1, 0x00, 0x02, file >> 8, file & 0xff);
}

/** READ RECORD by number, from 1: `00 B2 nn 04 00`. */
export function readRecordByNumber(number: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb2, number, 0x04, 0x00);
}

/** READ RECORD by tag: `00 B2 tag 00 Le`, Le counting tag and length too; 00 where the length is not known. */
export function readRecordByTag(tag: number, valueLength: number | null): Uint8Array {
  return Uint8Array.of(0x00, 0xb2, tag, 0x00, valueLength === null ? 0x00 : valueLength + 2);
}

/** VERIFY: `00 20 00 00 03` and the PIN as BCD, or `null` where the PIN is not six digits. */
export function verifyPin(pin: string): Uint8Array | null {
  if (!/^\d{6}$/.test(pin)) return null;
  return Uint8Array.of(0x00, 0x20, 0x00, 0x00, PIN_DIGITS / 2, ...bytesOfHex(pin));
}

/** VERIFY without a PIN: asks for the tries left and uses none of them (ISO/IEC 7816-4). */
export function askPinTries(): Uint8Array {
  return Uint8Array.of(0x00, 0x20, 0x00, 0x00);
}

/** GET CHALLENGE of 8 bytes, the first half of a third-generation authentication. */
export function getChallenge(): Uint8Array {
  return Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x08);
}

// ---------------------------------------------------------------------------------------------------------------------
// Answers

/** What a status word says. Source: ISO/IEC 7816-4, table 6, and docs/devices/published-facts.md. */
export type StatusMeaning =
  | { kind: 'ok' }
  /** `61xx`: fetch `length` bytes with GET RESPONSE (256 where xx is 00). */
  | { kind: 'more'; length: number }
  /** `6Cxx`: repeat with Le = `length`. */
  | { kind: 'wrongLength'; length: number }
  /** `63Cx`: the PIN was wrong. */
  | { kind: 'wrongPin'; triesLeft: number }
  | { kind: 'refused'; reason: Refusal };

export type Refusal =
  /** `6982`, `6985`, `6988`: PIN or authentication first. */
  | 'security-not-satisfied'
  /** `6983`, `6984`: the PIN is locked. */
  | 'pin-locked'
  /** `6A82`: no such application or file. */
  | 'file-not-found'
  /** `6A83`, `6A88`: no such record. */
  | 'record-not-found'
  /** `6700`, `6981`, `6986`, `6A81`, `6A86`, `6B00`, `6D00`, `6E00`: the card does not do it this way. */
  | 'not-supported'
  /** `64xx`, `65xx`, `6F00`: the card failed inside. */
  | 'card-error'
  /** `6283`, `9303`: application blocked by its issuer. */
  | 'application-blocked'
  /** Any status word not listed. */
  | 'unknown-status';

/** The meaning of SW1 SW2, given as one number, e.g. 0x9000. */
export function meaningOfStatus(sw: number): StatusMeaning {
  const high = sw >> 8;
  const low = sw & 0xff;
  if (sw === 0x9000) return { kind: 'ok' };
  if (high === 0x61) return { kind: 'more', length: low === 0 ? 256 : low };
  if (high === 0x6c) return { kind: 'wrongLength', length: low === 0 ? 256 : low };
  if (high === 0x63 && low >> 4 === 0x0c) return { kind: 'wrongPin', triesLeft: low & 0x0f };
  return { kind: 'refused', reason: refusalOf(sw) };
}

function refusalOf(sw: number): Refusal {
  switch (sw) {
    case 0x6982:
    case 0x6985:
    case 0x6988:
      return 'security-not-satisfied';
    case 0x6983:
    case 0x6984:
      return 'pin-locked';
    case 0x6a82:
      return 'file-not-found';
    case 0x6a83:
    case 0x6a88:
      return 'record-not-found';
    case 0x6283:
    case 0x9303:
      return 'application-blocked';
    case 0x6700:
    case 0x6981:
    case 0x6986:
    case 0x6a81:
    case 0x6a86:
    case 0x6b00:
    case 0x6d00:
    case 0x6e00:
      return 'not-supported';
    case 0x6f00:
      return 'card-error';
    default:
      return sw >> 8 === 0x64 || sw >> 8 === 0x65 ? 'card-error' : 'unknown-status';
  }
}

/** A response APDU taken apart. */
export type Answer = { data: Uint8Array; sw: number };

/** Data and status word of a response APDU, or `null` where it is shorter than a status word. */
export function parseAnswer(response: Uint8Array): Answer | null {
  if (response.length < 2) return null;
  const at = response.length - 2;
  return { data: response.slice(0, at), sw: ((response[at] ?? 0) << 8) | (response[at + 1] ?? 0) };
}

/** What to do after an answer, so that `61xx` and `6Cxx` are obeyed. */
export type NextStep =
  | { kind: 'send'; apdu: Uint8Array; collected: Uint8Array }
  | { kind: 'done'; data: Uint8Array; meaning: Exclude<StatusMeaning, { kind: 'more' } | { kind: 'wrongLength' }> }
  | { kind: 'malformed' };

/**
 * Decides what follows the answer to `sent`: repeat with the length the card names, fetch the rest, or done. `collected`
 * is what earlier answers to the same command brought.
 */
export function nextStep(sent: Uint8Array, response: Uint8Array, collected: Uint8Array): NextStep {
  const answer = parseAnswer(response);
  if (answer === null) return { kind: 'malformed' };
  const data = joinBytes(collected, answer.data);
  const meaning = meaningOfStatus(answer.sw);
  switch (meaning.kind) {
    case 'more':
      // 00 C0 00 00 xx: Le 00 means 256.
      return { kind: 'send', apdu: Uint8Array.of(0x00, 0xc0, 0x00, 0x00, meaning.length & 0xff), collected: data };
    case 'wrongLength':
      // Only a command that ends in Le can be repeated with another Le; SELECT and VERIFY end in their data.
      if (sent.length !== 5) return { kind: 'malformed' };
      return { kind: 'send', apdu: Uint8Array.of(...sent.subarray(0, 4), meaning.length & 0xff), collected };
    default:
      return { kind: 'done', data, meaning };
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Records

export type RecordReading =
  | { ok: true; tag: number; value: Uint8Array }
  | { ok: false; reason: 'empty' | 'truncated' | 'trailing-bytes' };

/**
 * Takes a record apart: | 0 tag | 1 length | 2 value |. Padding with 00 or FF after the value, as cards with records of one
 * size have it, is dropped; anything else there is an error.
 */
export function parseRecord(record: Uint8Array): RecordReading {
  if (record.length === 0) return { ok: false, reason: 'empty' };
  const [tag = 0, length] = record;
  if (length === undefined || record.length < 2 + length) return { ok: false, reason: 'truncated' };
  const rest = record.subarray(2 + length);
  if (!rest.every((byte) => byte === 0x00) && !rest.every((byte) => byte === 0xff)) {
    return { ok: false, reason: 'trailing-bytes' };
  }
  return { ok: true, tag, value: record.slice(2, 2 + length) };
}

/** A decoded value, or why the bytes cannot be one. */
export type Decoded<T> = { ok: true; value: T } | { ok: false; reason: DecodeFailure };

export type DecodeFailure = 'not-ascii' | 'not-bcd' | 'not-gbk' | 'not-a-date' | 'wrong-length';

/** Printable ASCII, without the padding (00, FF or spaces) at the end. */
export function decodeAscii(value: Uint8Array): Decoded<string> {
  let end = value.length;
  while (end > 0 && isPadding(value[end - 1] ?? 0)) end -= 1;
  const text = value.subarray(0, end);
  if (!text.every((byte) => byte >= 0x20 && byte < 0x7f)) return { ok: false, reason: 'not-ascii' };
  return { ok: true, value: String.fromCharCode(...text) };
}

/** A date of 4 BCD bytes as `YYYY-MM-DD`; `null` where the card left it empty (all 00 or all FF). */
export function decodeDate(value: Uint8Array): Decoded<string | null> {
  if (value.length !== 4) return { ok: false, reason: 'wrong-length' };
  if (value.every((byte) => byte === 0x00) || value.every((byte) => byte === 0xff)) return { ok: true, value: null };
  const digits = hexOfBytes(value);
  if (!/^\d{8}$/.test(digits)) return { ok: false, reason: 'not-bcd' };
  const [year, month, day] = [Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6))];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return { ok: false, reason: 'not-a-date' };
  return { ok: true, value: `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}` };
}

const gbk = new TextDecoder('gbk', { fatal: true });

/** The name of record 09, continued in 4E where it is longer than 30 bytes. A character may be cut by the record's end. */
export function decodeName(name: Uint8Array, continued: Uint8Array = new Uint8Array(0)): Decoded<string> {
  const start = withoutPadding(name);
  const rest = withoutPadding(continued);
  try {
    return { ok: true, value: gbk.decode(rest.length === 0 ? start : joinBytes(start, rest)).trim() };
  } catch {
    return { ok: false, reason: 'not-gbk' };
  }
}

/** The card identification code as 32 hexadecimal digits, and the region it begins with. */
export function decodeIdentificationCode(value: Uint8Array): Decoded<{ code: string; regionCode: string }> {
  if (value.length !== 16) return { ok: false, reason: 'wrong-length' };
  const code = hexOfBytes(value);
  const regionCode = code.slice(0, 6);
  if (!/^\d{6}$/.test(regionCode)) return { ok: false, reason: 'not-bcd' };
  return { ok: true, value: { code, regionCode } };
}

export type Sex = 'male' | 'female' | 'unknown';

/** GB/T 2261.1: 1 male, 2 female; 0 unknown and 9 unspecified say as little as anything else. */
export function decodeSex(value: Uint8Array): Sex {
  if (value[0] === 0x31) return 'male';
  if (value[0] === 0x32) return 'female';
  return 'unknown';
}

/**
 * Whether a card's region lies within the area a hall serves. `served` are region codes or their beginnings, e.g. `35`
 * for a province, `350100` for a city: zeros at the end stand for everything below.
 */
export function isRegionServed(regionCode: string, served: readonly string[]): boolean {
  return served.some((area) => regionCode.startsWith(area.replace(/(00)+$/, '')));
}

/** Whether the answer to reset is one that PC/SC readers make up for contactless cards: 3B 8n 80 01 … (PC/SC part 3). */
export function isContactless(atr: Uint8Array): boolean {
  return atr[0] === 0x3b && ((atr[1] ?? 0) & 0xf0) === 0x80 && atr[2] === 0x80 && atr[3] === 0x01;
}

/** The 13 historical bytes of the contact card's answer to reset `3B 6D 00 00 …`; `null` for any other. */
export function historicalBytes(atr: Uint8Array): Uint8Array | null {
  const isSocialSecurityAtr = atr[0] === 0x3b && atr[1] === 0x6d && atr.length === 17;
  return isSocialSecurityAtr ? atr.slice(4) : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Bytes

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** Bytes as upper-case hexadecimal digits. */
export function hexOfBytes(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += hexPairs[byte];
  return hex;
}

/** Hexadecimal digits, spaces allowed, as bytes. For literals: anything else in the text is a mistake of ours. */
export function bytesOfHex(hex: string): Uint8Array {
  const digits = hex.replace(/\s/g, '');
  if (!/^([0-9a-fA-F]{2})*$/.test(digits)) throw new Error(`not hexadecimal: ${hex.length} characters`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** FF and 00 cannot be the last byte of a GBK character (trail bytes are 40-FE), so cutting them is safe. */
function withoutPadding(value: Uint8Array): Uint8Array {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x00 || value[end - 1] === 0xff)) end -= 1;
  return value.subarray(0, end);
}

function isPadding(byte: number): boolean {
  return byte === 0x00 || byte === 0xff || byte === 0x20;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
