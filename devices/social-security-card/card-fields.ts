/** A card as a vendor's software tells it, in named texts. Pure and total. */
import type { OperationResult } from '../vendor-library/operations.ts';
import type { CardReading } from './reading.ts';

/** The names a mapping may give to what is on a card; `cardNumber` must be there. */
const cardFields = [
  'cardNumber',
  'idNumber',
  'name',
  'identificationCode',
  'regionCode',
  'issuedOn',
  'validUntil',
  'specification',
  'sex',
  'interface',
] as const;

type CardFieldName = (typeof cardFields)[number];
type Texts = Readonly<Record<string, string>>;

/** A reading, or null where a text cannot be what its name says: then nothing of it is believed. */
export function readCardFields(texts: Texts): CardReading | null {
  const text = (name: CardFieldName): string | null => texts[name] || null;
  const cardNumber = text('cardNumber');
  const idNumber = text('idNumber')?.toUpperCase() ?? null;
  const name = text('name');
  const identificationCode = text('identificationCode')?.toUpperCase() ?? null;
  const issuedOn = dateOf(texts.issuedOn);
  const validUntil = dateOf(texts.validUntil);
  const regionCode = text('regionCode') ?? identificationCode?.slice(0, 6) ?? null;

  const isSound =
    cardNumber !== null &&
    /^[0-9A-Z]{6,20}$/.test(cardNumber) &&
    (idNumber === null || /^[0-9A-Z]{15,18}$/.test(idNumber)) &&
    (name === null || isName(name)) &&
    (identificationCode === null || /^[0-9A-F]{32}$/.test(identificationCode)) &&
    (regionCode === null || /^\d{6}$/.test(regionCode)) &&
    issuedOn !== undefined &&
    validUntil !== undefined;
  if (!isSound) return null;

  const face = {
    kind: 'read',
    interface: texts.interface === 'contactless' ? 'contactless' : 'contact',
    cardNumber,
    identificationCode,
    regionCode,
    issuedOn,
    validUntil,
    specification: text('specification'),
    sex: sexOf(texts.sex),
  } as const;
  if (idNumber !== null && name !== null) return { ...face, partly: false, idNumber, name };
  const missing = [
    ...(idNumber === null ? (['idNumber'] as const) : []),
    ...(name === null ? (['name'] as const) : []),
  ];
  return { ...face, partly: true, idNumber, name, missing };
}

/** What a vendor's refusal says of the card; null where it says nothing of it. */
export function readingOfRefusal(result: Extract<OperationResult, { ok: false }>): CardReading | null {
  switch (result.reason) {
    case 'mute':
      return { kind: 'mute' };
    case 'unreadable':
      return { kind: 'unreadable', cause: 'comm-error' };
    case 'garbled':
      return { kind: 'unreadable', cause: 'malformed-answer' };
    case 'other-application':
      return { kind: 'other-application-only', application: 'unknown' };
    case 'blocked':
      return { kind: 'application-blocked' };
    case 'pin-required':
      return { kind: 'pin-required', triesLeft: null };
    case 'pin-locked':
      return { kind: 'pin-locked' };
    default:
      return null;
  }
}

/** `YYYYMMDD`, `YYYY-MM-DD` and their like as `YYYY-MM-DD`; null where it is empty; undefined where it is no date. */
function dateOf(text: string | undefined): string | null | undefined {
  if (text === undefined || text === '' || /^0+$/.test(text)) return null;
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/.年]?(\d{2})[-/.月]?(\d{2})日?$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const written = `${year}-${month}-${day}`;
  return year !== '' && date.toISOString().startsWith(written) ? written : undefined;
}

function isName(name: string): boolean {
  const letters = [...name];
  return letters.length <= 60 && letters.every((letter) => letter >= ' ' && letter !== '\ufffd' && letter !== '\u007f');
}

function sexOf(text: string | undefined): 'male' | 'female' | 'unknown' {
  if (text === '1' || text === '男' || text === '男性') return 'male';
  return text === '2' || text === '女' || text === '女性' ? 'female' : 'unknown';
}
