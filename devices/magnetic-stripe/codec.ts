/**
 * A swipe, as MagTek's HID readers report it, and the tracks on it. Pure and total.
 *
 * ```text
 *   0    3  decode status of tracks 1, 2, 3: bit 0 set, the track could not be decoded
 *   3    3  length of the data on tracks 1, 2, 3; 0 where there is none or it could not be decoded
 *   6    1  encoding: 0 ISO, 1 AAMVA, 2 CADL, 3 blank, 4 other, 5 undetermined, 6 none
 *   7  110  track 1
 * 117  110  track 2
 * 227  110  track 3
 * ```
 *
 * What lies behind a track's length is undefined. Source: docs/devices/published-facts.md; the meaning of status and encoding from MagTek's
 * technical reference for its USB HID swipe readers.
 */

export const REPORT_BYTES = 337;
const TRACK_BYTES = 110;

type Encoding = 'iso' | 'aamva' | 'cadl' | 'blank' | 'other' | 'undetermined' | 'none';

const ENCODINGS: readonly Encoding[] = ['iso', 'aamva', 'cadl', 'blank', 'other', 'undetermined', 'none'];

/** One track: its characters with sentinels, nothing on it, or not to be decoded. */
export type RawTrack = { kind: 'data'; text: string } | { kind: 'empty' } | { kind: 'undecodable' };

export type SwipeReport = { encoding: Encoding; tracks: readonly [RawTrack, RawTrack, RawTrack] };

export type ReportFlaw =
  /** Not 337 bytes, or a track longer than its place. */
  | 'malformed-report'
  /** An encoding that is in no list. */
  | 'unknown-encoding';

export function readReport(report: Uint8Array): { ok: true; value: SwipeReport } | { ok: false; reason: ReportFlaw } {
  if (report.length !== REPORT_BYTES) return { ok: false, reason: 'malformed-report' };
  const encoding = ENCODINGS[report[6] ?? ENCODINGS.length];
  if (encoding === undefined) return { ok: false, reason: 'unknown-encoding' };
  const [one, two, three] = [trackIn(report, 0), trackIn(report, 1), trackIn(report, 2)];
  if (one === null || two === null || three === null) return { ok: false, reason: 'malformed-report' };
  return { ok: true, value: { encoding, tracks: [one, two, three] } };
}

function trackIn(report: Uint8Array, index: 0 | 1 | 2): RawTrack | null {
  if (((report[index] ?? 1) & 1) === 1) return { kind: 'undecodable' };
  const length = report[3 + index] ?? 0;
  if (length > TRACK_BYTES) return null;
  if (length === 0) return { kind: 'empty' };
  const start = 7 + index * TRACK_BYTES;
  const text = Buffer.from(report.buffer, report.byteOffset + start, length).toString('latin1');
  return { kind: 'data', text };
}

// ---------------------------------------------------------------------------------------------------------------------
// Tracks

/** Tracks 1 and 2 of a bank card, after ISO/IEC 7813. */
export type BankStripe = {
  /** 12 to 19 digits. */
  accountNumber: string;
  /** As embossed, `SURNAME/GIVEN`; `null` without track 1. */
  holder: string | null;
  /** `YY-MM`; `null` where the card leaves it out. */
  expires: string | null;
  /** Three digits; `null` where the card leaves it out. */
  serviceCode: string | null;
};

type TrackFailure =
  /** The start or the end sentinel is missing: the swipe began late or ended early. */
  | 'no-sentinels'
  /** Characters a track cannot hold. */
  | 'not-track-characters'
  /** Sentinels, and between them nothing that is laid out as ISO/IEC 7813 has it. */
  | 'not-a-bank-card';

type Decoded<T> = { ok: true; value: T } | { ok: false; reason: TrackFailure };

/**
 * What stands between the sentinels: `%`…`?` on track 1, `;`…`?` on 2 and 3 (`+`…`?` on AAMVA's 3). One check character may follow the
 * end sentinel; most readers verify it and keep it to themselves.
 */
export function withoutSentinels(text: string): Decoded<string> {
  const end = text.lastIndexOf('?');
  const hasStart = text[0] === '%' || text[0] === ';' || text[0] === '+';
  if (!hasStart || end < 1 || text.length - end > 2) return { ok: false, reason: 'no-sentinels' };
  const inner = text.slice(1, end);
  // Six bits a character on track 1: from the blank to the underscore. Sentinels do not occur inside.
  if (!/^[ -_]*$/.test(inner) || /[%;?]/.test(inner)) return { ok: false, reason: 'not-track-characters' };
  return { ok: true, value: inner };
}

/** Format B: `B` account `^` holder `^` expiry, service code, the issuer's own. A left-out field is a `^` of its own. */
export function parseTrack1(text: string): Decoded<BankStripe> {
  const inner = withoutSentinels(text);
  if (!inner.ok) return inner;
  const parts = /^B(\d{12,19})\^([^^]{2,26})\^(\d{4}|\^)(\d{3}|\^)/.exec(inner.value);
  if (parts === null) return { ok: false, reason: 'not-a-bank-card' };
  const [, accountNumber = '', holder = '', expiry = '', serviceCode = ''] = parts;
  const expires = monthOf(expiry);
  if (expires === false) return { ok: false, reason: 'not-a-bank-card' };
  return {
    ok: true,
    value: { accountNumber, holder: holder.trimEnd(), expires, serviceCode: serviceCode === '^' ? null : serviceCode },
  };
}

/** Account `=` expiry, service code, the issuer's own. A left-out field is a `=` of its own. */
export function parseTrack2(text: string): Decoded<BankStripe> {
  const inner = withoutSentinels(text);
  if (!inner.ok) return inner;
  const parts = /^(\d{12,19})=(\d{4}|=)(\d{3}|=)/.exec(inner.value);
  if (parts === null) return { ok: false, reason: 'not-a-bank-card' };
  const [, accountNumber = '', expiry = '', serviceCode = ''] = parts;
  const expires = monthOf(expiry);
  if (expires === false) return { ok: false, reason: 'not-a-bank-card' };
  return {
    ok: true,
    value: { accountNumber, holder: null, expires, serviceCode: serviceCode === '=' ? null : serviceCode },
  };
}

/** `YYMM` → `YY-MM`. */
function monthOf(text: string): string | null | false {
  if (text === '^' || text === '=') return null;
  const month = Number(text.slice(2));
  if (month < 1 || month > 12) return false;
  return `${text.slice(0, 2)}-${text.slice(2)}`;
}
