/** What is written on an ID card: 256 bytes of UTF-16LE, laid out in four ways. Pure and total. */

export const TEXT_BYTES = 256;
/** The address appended after a move, 35 characters. */
export const ADDRESS_BYTES = 70;

type Sex = 'male' | 'female' | 'unknown';

/** `unstated`: the card leaves it empty. */
type ValidUntil = { kind: 'date'; date: string } | { kind: 'long-term' } | { kind: 'unstated' };

/** What all four kinds of card say. Dates are `YYYY-MM-DD`, `null` where the card leaves them empty. */
type Common = {
  sex: Sex;
  birth: string | null;
  /** 18 characters; 15 on a foreigner's card of 2017. */
  idNumber: string;
  validFrom: string | null;
  validUntil: ValidUntil;
};

/** The four kinds of card. A name that fills its field may be longer in life: match people by number. */
export type IdCardText =
  | (Common & {
      kind: 'resident';
      name: string;
      isNameCut: boolean;
      /** GB/T 3304, two digits. */
      ethnicGroup: string;
      address: string;
      issuer: string;
    })
  | (Common & {
      kind: 'hk-macao-taiwan';
      name: string;
      isNameCut: boolean;
      address: string;
      issuer: string;
      /** The travel permit's, 9 characters. */
      permitNumber: string;
      /** How often the card was issued. */
      issues: string;
    })
  | (Common & {
      kind: 'foreigner-2017';
      englishName: string;
      /** Empty where the holder has none. */
      chineseName: string;
      /** ISO 3166-1, three letters. */
      nationality: string;
      version: string;
      authority: string;
    })
  | (Common & {
      kind: 'foreigner-2023';
      englishName: string;
      chineseName: string;
      nationality: string;
      /** How often the card was renewed. */
      renewals: string;
    });

export type TextFailure =
  | 'wrong-text-length'
  /** No UTF-16, or control characters in it. */
  | 'not-text'
  /** A letter at offset 248 that stands for no kind we know. */
  | 'unknown-kind'
  | 'no-name'
  | 'not-a-number'
  | 'not-a-date';

type DecodedText = { ok: true; value: IdCardText } | { ok: false; reason: TextFailure };

/**
 * Decodes the text block, 256 bytes of UTF-16LE. The kind is told by the letter at offset 248 and by nothing else: a 'Y' card has its
 * English name where a resident's has the address.
 *
 * ```text
 *        resident          'J' HK, Macao, Taiwan   'Y' foreigner 2023         'I' foreigner 2017
 *   0    30 name           30 name                 30 Chinese name           120 English name
 *  30     2 sex             2 sex                   2 sex
 *  32     4 ethnic group    4 reserved              4 renewals
 *  36    16 birth          16 birth                16 birth
 *  52    70 address        70 address              70 English name, 1-35
 * 120                                                                          2 sex
 * 122    36 number         36 number               36 number                  30 number
 * 152                                                                          6 nationality
 * 158    30 issuer         30 issuer               30 reserved                30 Chinese name
 * 188    16 valid from     16 valid from           16 valid from              16 valid from
 * 204    16 valid to       16 valid to             16 valid to                16 valid to
 * 220    36 reserved       18 permit number        22 English name, 36-46     16 birth
 * 236                                                                          4 version
 * 238                       4 issues
 * 240                                                                          8 authority
 * 242                                               6 nationality
 * 248                       2 'J'                   2 'Y'                      2 'I'
 * ```
 */
export function decodeText(block: Uint8Array): DecodedText {
  if (block.length !== TEXT_BYTES) return { ok: false, reason: 'wrong-text-length' };
  const text = textOf(block);
  const letter = text[248 / 2] ?? '';
  const isClean = plain.test(text) ? always : isCleanField;
  switch (letter) {
    case 'J':
      return decodeHongKongMacaoTaiwan(text, isClean);
    case 'Y':
      return decodeForeigner2023(text, isClean);
    case 'I':
      return decodeForeigner2017(text, isClean);
    default:
      return isLetter.test(letter) ? { ok: false, reason: 'unknown-kind' } : decodeResident(text, isClean);
  }
}

function decodeResident(text: string, isClean: IsClean): DecodedText {
  const name = nameIn(text, 0, 30, isClean);
  const common = commonOf(text, { sex: 30, birth: 36, numberLength: 36 });
  if (!common.ok) return common;
  if (name === null) return { ok: false, reason: 'not-text' };
  if (name === '') return { ok: false, reason: 'no-name' };
  const [address, issuer] = [field(text, 52, 70), field(text, 158, 30)];
  if (!isClean(address) || !isClean(issuer)) return { ok: false, reason: 'not-text' };
  const value: IdCardText = {
    ...common.value,
    kind: 'resident',
    name,
    isNameCut: isFull(text, 0, 30),
    ethnicGroup: field(text, 32, 4),
    address,
    issuer,
  };
  return { ok: true, value };
}

function decodeHongKongMacaoTaiwan(text: string, isClean: IsClean): DecodedText {
  const name = nameIn(text, 0, 30, isClean);
  const common = commonOf(text, { sex: 30, birth: 36, numberLength: 36 });
  if (!common.ok) return common;
  if (name === null) return { ok: false, reason: 'not-text' };
  if (name === '') return { ok: false, reason: 'no-name' };
  const [address, issuer] = [field(text, 52, 70), field(text, 158, 30)];
  const [permitNumber, issues] = [field(text, 220, 18), field(text, 238, 4)];
  if (![address, issuer, permitNumber, issues].every(isClean)) return { ok: false, reason: 'not-text' };
  const value: IdCardText = {
    ...common.value,
    kind: 'hk-macao-taiwan',
    name,
    isNameCut: isFull(text, 0, 30),
    address,
    issuer,
    permitNumber,
    issues,
  };
  return { ok: true, value };
}

function decodeForeigner2023(text: string, isClean: IsClean): DecodedText {
  const chineseName = nameIn(text, 0, 30, isClean);
  const common = commonOf(text, { sex: 30, birth: 36, numberLength: 36 });
  if (!common.ok) return common;
  // The name goes on behind the number, also where a blank falls on the 35th place.
  const englishName = trimmed(text.slice(52 / 2, (52 + 70) / 2) + text.slice(220 / 2, (220 + 22) / 2));
  const [renewals, nationality] = [field(text, 32, 4), field(text, 242, 6)];
  if (chineseName === null || ![englishName, renewals, nationality].every(isClean)) {
    return { ok: false, reason: 'not-text' };
  }
  if (englishName === '') return { ok: false, reason: 'no-name' };
  const value: IdCardText = {
    ...common.value,
    kind: 'foreigner-2023',
    englishName,
    chineseName,
    nationality,
    renewals,
  };
  return { ok: true, value };
}

function decodeForeigner2017(text: string, isClean: IsClean): DecodedText {
  const chineseName = nameIn(text, 158, 30, isClean);
  const common = commonOf(text, { sex: 120, birth: 220, numberLength: 30 });
  if (!common.ok) return common;
  const englishName = field(text, 0, 120);
  const [nationality, version, authority] = [field(text, 152, 6), field(text, 236, 4), field(text, 240, 8)];
  if (chineseName === null || ![englishName, nationality, version, authority].every(isClean)) {
    return { ok: false, reason: 'not-text' };
  }
  if (englishName === '') return { ok: false, reason: 'no-name' };
  const value: IdCardText = {
    ...common.value,
    kind: 'foreigner-2017',
    englishName,
    chineseName,
    nationality,
    version,
    authority,
  };
  return { ok: true, value };
}

const isLetter = /[A-Z]/i;
const residentNumber = /^\d{17}[\dX]$/;
const foreignerNumber = /^[A-Z]{3}\d{12}$/;

/** Where the common fields are; number and validity begin at the same place on every card. */
function commonOf(
  text: string,
  at: { sex: number; birth: number; numberLength: 30 | 36 },
): { ok: true; value: Common } | { ok: false; reason: TextFailure } {
  const idNumber = field(text, 122, at.numberLength);
  const form = at.numberLength === 36 ? residentNumber : foreignerNumber;
  if (!form.test(idNumber)) return { ok: false, reason: isCleanField(idNumber) ? 'not-a-number' : 'not-text' };
  const birth = dateOf(field(text, at.birth, 16));
  const validFrom = dateOf(field(text, 188, 16));
  const validUntil = validUntilOf(field(text, 204, 16));
  if (birth === false || validFrom === false || validUntil === false) return { ok: false, reason: 'not-a-date' };
  return { ok: true, value: { sex: sexOf(field(text, at.sex, 2)), birth, idNumber, validFrom, validUntil } };
}

/** Whether a card has expired on a day, `YYYY-MM-DD`. What a card leaves empty has not expired. */
export function isExpired(validUntil: ValidUntil, today: string): boolean {
  return validUntil.kind === 'date' && validUntil.date < today;
}

/** GB/T 2261.1. */
function sexOf(digit: string): Sex {
  if (digit === '1') return 'male';
  if (digit === '2') return 'female';
  return 'unknown';
}

function validUntilOf(text: string): ValidUntil | false {
  if (text === '长期') return { kind: 'long-term' };
  const date = dateOf(text);
  if (date === false) return false;
  return date === null ? { kind: 'unstated' } : { kind: 'date', date };
}

/** `20190601` → `2019-06-01`; `null` where it is empty, `false` where it is no day. */
function dateOf(text: string): string | null | false {
  if (text === '') return null;
  if (text.length !== 8) return false;
  const [year, month, day] = [numberIn(text, 0, 4), numberIn(text, 4, 6), numberIn(text, 6, 8)];
  const isDay = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return isDay && `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** -1 where a character is no digit. */
function numberIn(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The appended address, UTF-16LE; `null` where the bytes are no address. */
export function decodeAddress(data: Uint8Array): string | null {
  if (data.length !== ADDRESS_BYTES) return null;
  const text = textOf(data);
  return text.isWellFormed() ? trimmed(text) : null;
}

/** UTF-16LE into a string, unit by unit; lone surrogates stay for the caller to judge. */
function textOf(bytes: Uint8Array): string {
  place.set(bytes);
  const text = place.toString('utf16le', 0, bytes.length);
  // It outlives the visitor.
  place.fill(0);
  return text;
}

/** Where blocks are decoded: a view of every one costs more than its copy. */
const place = Buffer.alloc(TEXT_BYTES);

/** A field by its offset and length in bytes, without its padding. */
function field(text: string, offset: number, length: number): string {
  return trimmed(text.slice(offset / 2, (offset + length) / 2));
}

/** A Chinese name; a character beyond the basic plane that the field's end cuts in two is left out. `null`: no text. */
function nameIn(text: string, offset: number, length: number, isClean: IsClean): string | null {
  const name = field(text, offset, length);
  const whole = isHighSurrogate(name.charCodeAt(name.length - 1)) ? name.slice(0, -1) : name;
  return isClean(whole) ? whole : null;
}

function isFull(text: string, offset: number, length: number): boolean {
  return !isPadding(text.charCodeAt(offset / 2)) && !isPadding(text.charCodeAt((offset + length) / 2 - 1));
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Fields are padded with blanks; some writers leave zeros. */
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && isPadding(text.charCodeAt(end - 1))) end -= 1;
  let start = 0;
  while (start < end && isPadding(text.charCodeAt(start))) start += 1;
  return text.slice(start, end);
}

function isPadding(unit: number): boolean {
  return unit === 0x20 || unit === 0x00 || unit === 0x3000;
}

type IsClean = (field: string) => boolean;

/** No control character and nothing of a pair in the whole block, as on nearly every card: no field needs to be looked at. */
const plain = /^[ -~\u0080-\ud7ff\ue000-\uffff]*$/;
const always: IsClean = () => true;

const isCleanField: IsClean = (text) => {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit === 0x7f) return false;
  }
  return text.isWellFormed();
};
