/**
 * Reports are laid out by hand from docs/devices/published-facts.md, tracks after ISO/IEC 7813; the account number is the usual test
 * one.
 */
import { describe, expect, it } from 'vitest';
import { parseTrack1, parseTrack2, REPORT_BYTES, readReport, withoutSentinels } from './codec.ts';
import { maskAccountNumber, readSwipe, type Swipe } from './swipe.ts';

const track1 = '%B4111111111111111^ZHANG/JIANGUO^31121010000000000000?';
const track2 = ';4111111111111111=31121010000000000?';

type Laid = { status?: number[]; lengths?: number[]; encoding?: number; tracks?: string[]; filler?: number };

function report({
  status = [0, 0, 0],
  lengths,
  encoding = 0,
  tracks = [track1, track2, ''],
  filler = 0,
}: Laid): Uint8Array {
  const bytes = new Uint8Array(337).fill(filler);
  bytes.set(status, 0);
  bytes.set(lengths ?? tracks.map((track) => track.length), 3);
  bytes[6] = encoding;
  tracks.forEach((track, at) => {
    bytes.set(new TextEncoder().encode(track), [7, 117, 227][at]);
  });
  return bytes;
}

function swipeOf(laid: Laid): Swipe {
  const read = readReport(report(laid));
  if (!read.ok) throw new Error(read.reason);
  return readSwipe(read.value);
}

describe('a report', () => {
  it('has its tracks at 7, 117 and 227, as long as it says and no longer', () => {
    expect(readReport(report({ tracks: ['%A?', ';1?', ';3?'], filler: 0x39 }))).toEqual({
      ok: true,
      value: {
        encoding: 'iso',
        tracks: [
          { kind: 'data', text: '%A?' },
          { kind: 'data', text: ';1?' },
          { kind: 'data', text: ';3?' },
        ],
      },
    });
  });

  it('may have a track as long as its place', () => {
    const longest = `%${'A'.repeat(108)}?`;
    expect(readReport(report({ tracks: [longest, '', ''] }))).toMatchObject({
      value: { tracks: [{ text: longest }, { kind: 'empty' }, { kind: 'empty' }] },
    });
    expect(readReport(report({ lengths: [111, 0, 0] }))).toEqual({ ok: false, reason: 'malformed-report' });
  });

  it('is malformed at any other length', () => {
    for (let length = 0; length < REPORT_BYTES; length += 1) {
      expect(readReport(report({}).subarray(0, length))).toEqual({ ok: false, reason: 'malformed-report' });
    }
    expect(readReport(new Uint8Array(REPORT_BYTES + 1))).toEqual({ ok: false, reason: 'malformed-report' });
  });

  it.each(
    ['iso', 'aamva', 'cadl', 'blank', 'other', 'undetermined', 'none'].map((name, code) => [code, name] as const),
  )('with encoding %i is %s', (encoding, name) => {
    expect(readReport(report({ encoding }))).toMatchObject({ ok: true, value: { encoding: name } });
  });

  it('with another encoding is named', () => {
    expect(readReport(report({ encoding: 7 }))).toEqual({ ok: false, reason: 'unknown-encoding' });
  });

  it('gives a value or a named flaw for any bytes', () => {
    let seed = 7_813;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = report({});
      for (let hit = 0; hit < 1 + (round % 6); hit += 1) bytes[Math.floor(random() * 180)] = Math.floor(random() * 256);
      const read = readReport(bytes);
      expect(read.ok ? readSwipe(read.value).kind : read.reason).toEqual(expect.any(String));
    }
  });
});

describe('a track', () => {
  it('stands between its sentinels; one check character may follow', () => {
    expect(withoutSentinels(';123?')).toEqual({ ok: true, value: '123' });
    expect(withoutSentinels(';123?5')).toEqual({ ok: true, value: '123' });
    expect(withoutSentinels(';123?55')).toEqual({ ok: false, reason: 'no-sentinels' });
  });

  it('that is cut anywhere is no track', () => {
    for (let cut = 0; cut < track2.length; cut += 1) {
      expect(parseTrack2(track2.slice(0, cut))).toEqual({ ok: false, reason: 'no-sentinels' });
      if (cut > 0) expect(parseTrack2(track2.slice(cut)).ok).toBe(false);
    }
    for (let cut = 0; cut < track1.length; cut += 1) expect(parseTrack1(track1.slice(0, cut)).ok).toBe(false);
  });

  it('may leave out expiry and service code', () => {
    expect(parseTrack2(';4111111111111111===123?')).toMatchObject({ value: { expires: null, serviceCode: null } });
    expect(parseTrack1('%B4111111111111111^ZHANG/JIANGUO^^^123?')).toMatchObject({
      value: { holder: 'ZHANG/JIANGUO', expires: null, serviceCode: null },
    });
  });

  it('has months from 1 to 12', () => {
    expect(parseTrack2(';4111111111111111=3113101?')).toEqual({ ok: false, reason: 'not-a-bank-card' });
    expect(parseTrack2(';4111111111111111=3100101?')).toEqual({ ok: false, reason: 'not-a-bank-card' });
  });

  it('holds no control characters and no sentinels inside', () => {
    expect(parseTrack2(';41111\u000111?')).toEqual({ ok: false, reason: 'not-track-characters' });
    expect(parseTrack2(';4111;111?')).toEqual({ ok: false, reason: 'not-track-characters' });
  });
});

describe('a swipe', () => {
  it('of a bank card gives number, holder and expiry', () => {
    expect(swipeOf({})).toEqual({
      kind: 'bank-card',
      accountNumber: '4111111111111111',
      holder: 'ZHANG/JIANGUO',
      expires: '31-12',
      serviceCode: '101',
    });
  });

  it('is good where only one track could be read', () => {
    expect(swipeOf({ status: [1, 0, 0], lengths: [0, track2.length, 0] })).toMatchObject({
      kind: 'bank-card',
      accountNumber: '4111111111111111',
      holder: null,
    });
    expect(swipeOf({ status: [0, 1, 0], lengths: [track1.length, 0, 0] })).toMatchObject({
      kind: 'bank-card',
      holder: 'ZHANG/JIANGUO',
    });
  });

  it.each<[string, Laid, Swipe]>([
    ['no track could be decoded', { status: [1, 1, 1], encoding: 5 }, { kind: 'bad-swipe', cause: 'undecodable' }],
    ['both tracks are damaged', { status: [1, 1, 0] }, { kind: 'bad-swipe', cause: 'undecodable' }],
    ['it ended early', { tracks: ['', ';41111111', ''] }, { kind: 'bad-swipe', cause: 'no-sentinels' }],
    [
      'the tracks name different accounts',
      { tracks: [track1, ';6200000000000005=3112101?', ''] },
      { kind: 'bad-swipe', cause: 'tracks-disagree' },
    ],
  ])('is told as bad where %s', (_, laid, swipe) => {
    expect(swipeOf(laid)).toEqual(swipe);
  });

  it('is blank, or of another card', () => {
    expect(swipeOf({ encoding: 3, tracks: ['', '', ''] })).toEqual({ kind: 'blank' });
    expect(swipeOf({ tracks: ['', '', ''] })).toEqual({ kind: 'blank' });
    expect(swipeOf({ encoding: 1 })).toEqual({ kind: 'other-card' });
    expect(swipeOf({ tracks: ['', ';12345678?', ''] })).toEqual({ kind: 'other-card' });
  });

  it('is shown by its last four digits', () => {
    expect(maskAccountNumber('4111111111111111')).toBe('************1111');
  });
});
