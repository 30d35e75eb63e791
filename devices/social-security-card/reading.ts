/** What a social security card tells, step by step: application, the card's file, the person's file. */
import type { CardAuthentication, CardSession, FinalMeaning, SessionFailure } from './card-session.ts';
import {
  askPinTries,
  BANK_AID,
  type CardItem,
  decodeAscii,
  decodeDate,
  decodeIdentificationCode,
  decodeName,
  decodeSex,
  ELEMENTARY_FILE_CARD,
  ELEMENTARY_FILE_PERSON,
  isContactless,
  parseRecord,
  RECORDS,
  type Refusal,
  readRecordByNumber,
  readRecordByTag,
  type Sex,
  selectApplication,
  selectFile,
} from './codec.ts';

/** What every readable card tells. Dates are `YYYY-MM-DD`, `null` where the card leaves them empty. */
type CardFace = {
  kind: 'read';
  interface: 'contact' | 'contactless';
  cardNumber: string;
  /** 32 hexadecimal digits, `null` where the card would not tell. */
  identificationCode: string | null;
  /** Six digits, the region that issued the card; `null` with the identification code. */
  regionCode: string | null;
  issuedOn: string | null;
  /** Whether the card has expired is the caller's to say: the clock is his. */
  validUntil: string | null;
  /** E.g. `3.00`; `null` where the card would not tell. */
  specification: string | null;
  sex: Sex;
};

/** The states of a card that the card itself can tell. */
export type CardReading =
  | (CardFace & { partly: false; idNumber: string; name: string })
  /** A third-generation card without authentication, or a card with records missing: the centre finds the holder by the card. */
  | (CardFace & { partly: true; idNumber: string | null; name: string | null; missing: readonly CardItem[] })
  /** The holder's records want the card's PIN first; `triesLeft` is `null` where the card would not tell. */
  | { kind: 'pin-required'; triesLeft: number | null }
  | { kind: 'pin-locked' }
  /** No social security application: a bank card, or a card of something else. */
  | { kind: 'other-application-only'; application: 'bank' | 'unknown' }
  /** The issuer blocked the application on the card. */
  | { kind: 'application-blocked' }
  /** No answer to reset: upside down, wrong way round, or broken. */
  | { kind: 'mute' }
  | { kind: 'unreadable'; cause: 'malformed-answer' | 'comm-error' | 'timeout' | 'no-records' };

type ReadingResult = { ok: true; value: CardReading } | { ok: false; reason: SessionFailure };

/** Only what a login needs is read: nothing of birthplace or ethnic group leaves the card. */
const WANTED: Record<number, readonly CardItem[]> = {
  [ELEMENTARY_FILE_CARD]: ['identificationCode', 'specification', 'issuedOn', 'validUntil', 'cardNumber'],
  [ELEMENTARY_FILE_PERSON]: ['idNumber', 'name', 'sex'],
};

/** A name of fewer bytes than its record has no continuation. */
const NAME_RECORD_BYTES = 30;

/** Seven records are known in either file; a few more, for cards with records we do not know. */
const MAX_RECORDS = 16;

type Items = {
  values: Map<CardItem, Uint8Array>;
  /** Refused until PIN or authentication. */
  withheld: Set<CardItem>;
  isPinLocked: boolean;
};

type Step = { ok: true } | { ok: false; reason: SessionFailure };
const done: Step = { ok: true };
const failed: Step = { ok: false, reason: 'comm-error' };

/** One try at reading everything a login needs. Fails only with what the wire did; what the card says is a reading. */
export async function readRecords(
  session: CardSession,
  authentication: CardAuthentication | null,
  signal: AbortSignal,
): Promise<ReadingResult> {
  const connected = await session.connect(signal);
  if (!connected.ok) return connected;

  const entered = await session.enterApplication(signal);
  if (!entered.ok) return entered;
  switch (refusalIn(entered.meaning)) {
    case null:
      break;
    case 'application-blocked':
      return { ok: true, value: { kind: 'application-blocked' } };
    case 'file-not-found':
    case 'not-supported':
      return nameOtherApplication(session, signal);
    default:
      return { ok: false, reason: 'comm-error' };
  }

  const items: Items = { values: new Map(), withheld: new Set(), isPinLocked: false };
  for (const file of [ELEMENTARY_FILE_CARD, ELEMENTARY_FILE_PERSON]) {
    const read = await readFile(session, file, items, signal);
    if (!read.ok) return read;
  }

  if (items.withheld.size > 0 && authentication !== null) {
    if (await authentication.authenticate((apdu) => session.exchange(apdu, signal), signal)) {
      items.withheld.clear();
      for (const file of [ELEMENTARY_FILE_CARD, ELEMENTARY_FILE_PERSON]) {
        const read = await readFile(session, file, items, signal);
        if (!read.ok) return read;
      }
    }
  }
  if (items.isPinLocked) return { ok: true, value: { kind: 'pin-locked' } };
  if (items.withheld.size > 0 && !isThirdGeneration(items)) {
    const pin = await askForPin(session, signal);
    if (!pin.ok) return pin;
    if (pin.value !== null) return { ok: true, value: pin.value };
  }
  return decodeItems(items, isContactless(connected.bytes));
}

async function nameOtherApplication(session: CardSession, signal: AbortSignal): Promise<ReadingResult> {
  const bank = await session.exchange(selectApplication(BANK_AID), signal);
  if (!bank.ok) return bank;
  const application = bank.meaning.kind === 'ok' ? 'bank' : 'unknown';
  return { ok: true, value: { kind: 'other-application-only', application } };
}

async function readFile(session: CardSession, file: number, items: Items, signal: AbortSignal): Promise<Step> {
  const wanted = WANTED[file] ?? [];
  const selected = await session.exchange(selectFile(file), signal);
  if (!selected.ok) return selected;
  if (selected.meaning.kind !== 'ok') return note(items, wanted, selected.meaning) === 'failed' ? failed : done;
  const byTag = await readByTag(session, file, wanted, items, signal);
  if (byTag !== 'by-number') return byTag;
  return readByNumber(session, file, items, signal);
}

/** `by-number`: the card does not find its records by tag. */
async function readByTag(
  session: CardSession,
  file: number,
  wanted: readonly CardItem[],
  items: Items,
  signal: AbortSignal,
): Promise<Step | 'by-number'> {
  let found = 0;
  for (const record of RECORDS.filter((candidate) => candidate.file === file)) {
    const isContinuation = record.item === 'nameContinued' && isNameFull(items);
    if (!wanted.includes(record.item) && !isContinuation) continue;
    if (items.values.has(record.item)) {
      found += 1;
      continue;
    }
    const answer = await session.exchange(readRecordByTag(record.tag, record.length), signal);
    if (!answer.ok) return answer;
    if (answer.meaning.kind === 'ok') {
      const parsed = parseRecord(answer.data);
      if (!parsed.ok || parsed.tag !== record.tag) return { ok: false, reason: 'malformed-answer' };
      items.values.set(record.item, parsed.value);
      found += 1;
    } else {
      if (refusalIn(answer.meaning) === 'not-supported') return 'by-number';
      const noted = note(items, [record.item], answer.meaning);
      if (noted === 'failed') return failed;
      if (noted === 'withheld') found += 1;
    }
  }
  return found === 0 ? 'by-number' : done;
}

async function readByNumber(session: CardSession, file: number, items: Items, signal: AbortSignal): Promise<Step> {
  for (let number = 1; number <= MAX_RECORDS; number += 1) {
    const answer = await session.exchange(readRecordByNumber(number), signal);
    if (!answer.ok) return answer;
    if (answer.meaning.kind !== 'ok') {
      // A refused record may be followed by open ones, but which item it was cannot be told: all that are missing.
      const noted = note(items, missingOf(items, WANTED[file] ?? []), answer.meaning);
      if (noted === 'withheld') continue;
      return noted === 'failed' ? failed : done;
    }
    const parsed = parseRecord(answer.data);
    if (!parsed.ok) return { ok: false, reason: 'malformed-answer' };
    const record = RECORDS.find((candidate) => candidate.file === file && candidate.tag === parsed.tag);
    const isNeeded = record !== undefined && (WANTED[file]?.includes(record.item) || record.item === 'nameContinued');
    if (isNeeded) {
      items.values.set(record.item, parsed.value);
      items.withheld.delete(record.item);
    }
  }
  return done;
}

/** What a refusal means for the items it concerns; those withheld for want of PIN or authentication are noted. */
function note(items: Items, concerned: readonly CardItem[], meaning: FinalMeaning): 'absent' | 'withheld' | 'failed' {
  switch (refusalIn(meaning)) {
    case 'file-not-found':
    case 'record-not-found':
    case 'not-supported':
      return 'absent';
    case 'pin-locked':
      items.isPinLocked = true;
      for (const item of concerned) items.withheld.add(item);
      return 'withheld';
    case 'security-not-satisfied':
      for (const item of concerned) items.withheld.add(item);
      return 'withheld';
    default:
      // A card that failed inside, or bytes that are no status word: as good as no answer.
      return 'failed';
  }
}

/** Why the card refused; a wrong PIN where none was given is no status word either. */
function refusalIn(meaning: FinalMeaning): Refusal | null {
  if (meaning.kind === 'ok') return null;
  return meaning.kind === 'refused' ? meaning.reason : 'unknown-status';
}

/** Cards before the third generation keep records back for a PIN only. `null`: the card has no PIN to ask for. */
async function askForPin(
  session: CardSession,
  signal: AbortSignal,
): Promise<{ ok: true; value: CardReading | null } | { ok: false; reason: SessionFailure }> {
  const asked = await session.exchange(askPinTries(), signal);
  if (!asked.ok) return asked;
  const { meaning } = asked;
  if (meaning.kind === 'wrongPin') {
    if (meaning.triesLeft === 0) return { ok: true, value: { kind: 'pin-locked' } };
    return { ok: true, value: { kind: 'pin-required', triesLeft: meaning.triesLeft } };
  }
  if (meaning.kind === 'refused' && meaning.reason === 'pin-locked') return { ok: true, value: { kind: 'pin-locked' } };
  if (meaning.kind === 'refused' && meaning.reason === 'not-supported') {
    return { ok: true, value: { kind: 'pin-required', triesLeft: null } };
  }
  return { ok: true, value: null };
}

function decodeItems(items: Items, contactless: boolean): ReadingResult {
  const text = (item: CardItem) => optional(items.values.get(item), decodeAscii);
  const date = (item: CardItem) => optional(items.values.get(item), decodeDate);
  const cardNumber = text('cardNumber');
  const identification = optional(items.values.get('identificationCode'), decodeIdentificationCode);
  const specification = text('specification');
  const issuedOn = date('issuedOn');
  const validUntil = date('validUntil');
  const idNumber = text('idNumber');
  const name = optional(items.values.get('name'), (value) => decodeName(value, items.values.get('nameContinued')));

  const isSound =
    cardNumber.ok && identification.ok && specification.ok && issuedOn.ok && validUntil.ok && idNumber.ok && name.ok;
  if (!isSound) return { ok: false, reason: 'malformed-answer' };
  if (!cardNumber.value) return { ok: true, value: { kind: 'unreadable', cause: 'no-records' } };

  const face: CardFace = {
    kind: 'read',
    interface: contactless ? 'contactless' : 'contact',
    cardNumber: cardNumber.value,
    identificationCode: identification.value?.code ?? null,
    regionCode: identification.value?.regionCode ?? null,
    issuedOn: issuedOn.value,
    validUntil: validUntil.value,
    specification: specification.value || null,
    sex: decodeSex(items.values.get('sex') ?? new Uint8Array(0)),
  };
  if (idNumber.value && name.value) {
    return { ok: true, value: { ...face, partly: false, idNumber: idNumber.value, name: name.value } };
  }
  const missing = missingOf(items, Object.values(WANTED).flat());
  return {
    ok: true,
    value: { ...face, partly: true, idNumber: idNumber.value || null, name: name.value || null, missing },
  };
}

/** An item that is not there is `null`; one that is there must decode. */
function optional<T>(
  value: Uint8Array | undefined,
  decode: (bytes: Uint8Array) => { ok: true; value: T } | { ok: false },
): { ok: true; value: T | null } | { ok: false } {
  return value === undefined ? { ok: true, value: null } : decode(value);
}

function missingOf(items: Items, wanted: readonly CardItem[]): CardItem[] {
  return wanted.filter((item) => !items.values.has(item));
}

function isNameFull(items: Items): boolean {
  const name = items.values.get('name');
  return name !== undefined && name.length >= NAME_RECORD_BYTES && name[name.length - 1] !== 0x00;
}

function isThirdGeneration(items: Items): boolean {
  const specification = optional(items.values.get('specification'), decodeAscii);
  return specification.ok && (specification.value ?? '').startsWith('3');
}
