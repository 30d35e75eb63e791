/** Bytes here are those of docs/devices/published-facts.md, or built by hand from its table; names in GBK from the standard's code page. */
import { describe, expect, it } from 'vitest';
import {
  askPinTries,
  BANK_AID,
  bytesOfHex,
  decodeAscii,
  decodeDate,
  decodeIdentificationCode,
  decodeName,
  decodeSex,
  getChallenge,
  hexOfBytes,
  historicalBytes,
  isContactless,
  isRegionServed,
  meaningOfStatus,
  nextStep,
  parseAnswer,
  parseRecord,
  RECORDS,
  readRecordByNumber,
  readRecordByTag,
  SOCIAL_SECURITY_AID,
  selectApplication,
  selectFile,
  verifyPin,
} from './codec.ts';

const nothing = new Uint8Array(0);

describe('commands', () => {
  it('are the documented bytes', () => {
    expect(hexOfBytes(selectApplication(SOCIAL_SECURITY_AID))).toBe('00A404000F7378312E73682EC9E7BBE1B1A3D5CF');
    expect(hexOfBytes(selectApplication(BANK_AID))).toBe('00A4040008A000000333010101');
    expect(hexOfBytes(selectFile(0xef05))).toBe('00A4020002EF05');
    expect(hexOfBytes(selectFile(0xef06))).toBe('00A4000002EF06');
    expect(hexOfBytes(readRecordByNumber(7))).toBe('00B2070400');
    expect(hexOfBytes(readRecordByTag(0x08, 18))).toBe('00B2080014');
    expect(hexOfBytes(readRecordByTag(0x4e, null))).toBe('00B24E0000');
    expect(hexOfBytes(verifyPin('123456') ?? nothing)).toBe('0020000003123456');
    expect(hexOfBytes(askPinTries())).toBe('00200000');
    expect(hexOfBytes(getChallenge())).toBe('0084000008');
  });

  it('spell the application in GBK', () => {
    expect(new TextDecoder('gbk').decode(SOCIAL_SECURITY_AID)).toBe('sx1.sh.社会保障');
  });

  it.each(['', '12345', '1234567', '12345a', '１２３４５６'])('are none for the PIN %j', (pin) => {
    expect(verifyPin(pin)).toBeNull();
  });

  it('name every record of the two files once', () => {
    expect(new Set(RECORDS.map(({ tag }) => tag)).size).toBe(14);
  });
});

describe('status words', () => {
  it.each([
    [0x9000, { kind: 'ok' }],
    [0x6114, { kind: 'more', length: 0x14 }],
    [0x6100, { kind: 'more', length: 256 }],
    [0x6c14, { kind: 'wrongLength', length: 0x14 }],
    [0x63c2, { kind: 'wrongPin', triesLeft: 2 }],
    [0x63c0, { kind: 'wrongPin', triesLeft: 0 }],
    [0x6982, { kind: 'refused', reason: 'security-not-satisfied' }],
    [0x6983, { kind: 'refused', reason: 'pin-locked' }],
    [0x6a82, { kind: 'refused', reason: 'file-not-found' }],
    [0x6a83, { kind: 'refused', reason: 'record-not-found' }],
    [0x6283, { kind: 'refused', reason: 'application-blocked' }],
    [0x6d00, { kind: 'refused', reason: 'not-supported' }],
    [0x6f00, { kind: 'refused', reason: 'card-error' }],
    [0x6581, { kind: 'refused', reason: 'card-error' }],
    [0x1234, { kind: 'refused', reason: 'unknown-status' }],
  ])('%i means %j', (sw, meaning) => {
    expect(meaningOfStatus(sw)).toEqual(meaning);
  });

  it('each mean something', () => {
    for (let sw = 0; sw <= 0xffff; sw += 1) expect(meaningOfStatus(sw).kind).toEqual(expect.any(String));
  });
});

describe('what follows an answer', () => {
  const read = readRecordByTag(0x07, null);

  it('is the same command with the length the card names after 6Cxx', () => {
    expect(nextStep(read, bytesOfHex('6C0B'), nothing)).toEqual({
      kind: 'send',
      apdu: bytesOfHex('00B207000B'),
      collected: nothing,
    });
  });

  it('is GET RESPONSE after 61xx, keeping what came already', () => {
    expect(nextStep(read, bytesOfHex('0709 6104'), nothing)).toEqual({
      kind: 'send',
      apdu: bytesOfHex('00C0000004'),
      collected: bytesOfHex('0709'),
    });
    expect(nextStep(bytesOfHex('00C0000002'), bytesOfHex('5430 9000'), bytesOfHex('0709'))).toEqual({
      kind: 'done',
      data: bytesOfHex('07095430'),
      meaning: { kind: 'ok' },
    });
  });

  it('is nothing where 6Cxx answers a command without Le, or an answer is too short for a status word', () => {
    expect(nextStep(selectApplication(SOCIAL_SECURITY_AID), bytesOfHex('6C10'), nothing)).toEqual({
      kind: 'malformed',
    });
    expect(nextStep(read, bytesOfHex('90'), nothing)).toEqual({ kind: 'malformed' });
    expect(parseAnswer(nothing)).toBeNull();
  });
});

describe('records', () => {
  /** Card number: tag 07, 9 bytes of ASCII. */
  const record = bytesOfHex('07 09 54 30 30 30 30 30 30 31 38');

  it('are tag, length, value', () => {
    expect(parseRecord(record)).toEqual({ ok: true, tag: 0x07, value: bytesOfHex('543030303030303138') });
  });

  it('are named truncated wherever they are cut', () => {
    expect(parseRecord(nothing)).toEqual({ ok: false, reason: 'empty' });
    for (let length = 1; length < record.length; length += 1) {
      expect(parseRecord(record.slice(0, length))).toEqual({ ok: false, reason: 'truncated' });
    }
  });

  it('may be padded, and nothing else may follow', () => {
    expect(parseRecord(bytesOfHex('0A 01 31 00 00 00'))).toEqual({ ok: true, tag: 0x0a, value: bytesOfHex('31') });
    expect(parseRecord(bytesOfHex('0A 01 31 FF FF'))).toEqual({ ok: true, tag: 0x0a, value: bytesOfHex('31') });
    expect(parseRecord(bytesOfHex('0A 01 31 32'))).toEqual({ ok: false, reason: 'trailing-bytes' });
  });
});

describe('values', () => {
  it('are dates in BCD', () => {
    expect(decodeDate(bytesOfHex('20190601'))).toEqual({ ok: true, value: '2019-06-01' });
    expect(decodeDate(bytesOfHex('20240229'))).toEqual({ ok: true, value: '2024-02-29' });
    expect(decodeDate(bytesOfHex('00000000'))).toEqual({ ok: true, value: null });
    expect(decodeDate(bytesOfHex('FFFFFFFF'))).toEqual({ ok: true, value: null });
    expect(decodeDate(bytesOfHex('20230229'))).toEqual({ ok: false, reason: 'not-a-date' });
    expect(decodeDate(bytesOfHex('20231301'))).toEqual({ ok: false, reason: 'not-a-date' });
    expect(decodeDate(bytesOfHex('2019A601'))).toEqual({ ok: false, reason: 'not-bcd' });
    expect(decodeDate(bytesOfHex('201906'))).toEqual({ ok: false, reason: 'wrong-length' });
  });

  it('are the identification code and the region it begins with', () => {
    expect(decodeIdentificationCode(bytesOfHex('99999915 60000000 00018000 00000000'))).toEqual({
      ok: true,
      value: { code: '99999915600000000001800000000000', regionCode: '999999' },
    });
    expect(decodeIdentificationCode(bytesOfHex('9999'))).toEqual({ ok: false, reason: 'wrong-length' });
    expect(decodeIdentificationCode(new Uint8Array(16).fill(0xff))).toEqual({ ok: false, reason: 'not-bcd' });
  });

  it('are ASCII without padding', () => {
    expect(decodeAscii(bytesOfHex('543030 0000'))).toEqual({ ok: true, value: 'T00' });
    expect(decodeAscii(bytesOfHex('312E3030'))).toEqual({ ok: true, value: '1.00' });
    expect(decodeAscii(bytesOfHex('54C9E7'))).toEqual({ ok: false, reason: 'not-ascii' });
  });

  it('are names in GBK, padded with 00', () => {
    // 王建国, then 24 bytes of padding.
    expect(decodeName(bytesOfHex(`CDF5BDA8B9FA${'00'.repeat(24)}`))).toEqual({ ok: true, value: '王建国' });
    // 龘 is FD 93 in GBK, outside GB 2312; the dot of minority names is A1 A4.
    expect(decodeName(bytesOfHex('FD93'))).toEqual({ ok: true, value: '龘' });
    expect(decodeName(bytesOfHex('B0A2 A1A4 C2F2'))).toEqual({ ok: true, value: '阿·买' });
    expect(decodeName(nothing)).toEqual({ ok: true, value: '' });
  });

  it('are names continued, also when a character is cut by the end of the record', () => {
    const name = bytesOfHex('CDF5 BDA8 B9FA');
    for (let cut = 0; cut <= name.length; cut += 1) {
      expect(decodeName(name.slice(0, cut), name.slice(cut))).toEqual({ ok: true, value: '王建国' });
    }
  });

  it('are no names where the bytes are no GBK', () => {
    expect(decodeName(bytesOfHex('CDF5 BD'))).toEqual({ ok: false, reason: 'not-gbk' });
    expect(decodeName(bytesOfHex('FF20'))).toEqual({ ok: false, reason: 'not-gbk' });
  });

  it('are the sex of GB/T 2261.1', () => {
    expect(['31', '32', '30', '39', ''].map((hex) => decodeSex(bytesOfHex(hex)))).toEqual([
      'male',
      'female',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});

describe('regions', () => {
  it('are served by province, city or district', () => {
    expect(isRegionServed('350102', ['350000'])).toBe(true);
    expect(isRegionServed('350102', ['350100'])).toBe(true);
    expect(isRegionServed('350102', ['350102'])).toBe(true);
    expect(isRegionServed('350203', ['350100', '35010'])).toBe(false);
    expect(isRegionServed('350102', [])).toBe(false);
  });
});

describe('answers to reset', () => {
  it('tell contact from contactless', () => {
    expect(isContactless(bytesOfHex('3B888001 0102030405060708 00'))).toBe(true);
    expect(isContactless(bytesOfHex('3B6D0000 01020304050607080910111213'))).toBe(false);
    expect(isContactless(nothing)).toBe(false);
  });

  it('carry 13 historical bytes on a social security card', () => {
    expect(historicalBytes(bytesOfHex('3B6D0000 01020304050607080910111213'))).toEqual(
      bytesOfHex('01020304050607080910111213'),
    );
    expect(historicalBytes(bytesOfHex('3B6D0000 01'))).toBeNull();
    expect(historicalBytes(nothing)).toBeNull();
  });
});

describe('any bytes', () => {
  it('give a value or a named error, 20,000 times over', () => {
    const random = seeded(20_190_601);
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
      const more = Uint8Array.from({ length: Math.floor(random() * 8) }, () => Math.floor(random() * 256));
      for (const decoded of [
        decodeAscii(bytes),
        decodeDate(bytes),
        decodeName(bytes, more),
        decodeIdentificationCode(bytes),
        parseRecord(bytes),
      ]) {
        expect(decoded.ok || typeof decoded.reason === 'string').toBe(true);
      }
      expect(['send', 'done', 'malformed']).toContain(nextStep(more, bytes, nothing).kind);
    }
  });
});

/** Numbers in [0, 1) that are the same in every run (a linear congruential generator, Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
