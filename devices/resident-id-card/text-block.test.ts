/** Text blocks here are laid out by hand from the table of docs/devices/published-facts.md; nobody's card is among them. */
import { describe, expect, it } from 'vitest';
import { decodeAddress, decodeText, isExpired } from './text-block.ts';

/** Fields by their offset in bytes, on blanks. */
type Fields = Readonly<Record<number, string>>;

function block(fields: Fields, padding = 0x20): Uint8Array {
  const bytes = new Uint8Array(256);
  for (let at = 0; at < 256; at += 2) bytes[at] = padding;
  for (const [at, text] of Object.entries(fields)) bytes.set(Buffer.from(text, 'utf16le'), Number(at));
  return bytes;
}

const resident: Fields = {
  0: '张建国',
  30: '1',
  32: '01',
  36: '19780315',
  52: '云川市东湖区滨江路1号2幢201室',
  122: '890101197803150033',
  158: '云川市公安局东湖分局',
  188: '20190601',
  204: '20390531',
};
const foreigner2023: Fields = {
  0: '安娜',
  30: '2',
  32: '01',
  36: '19880412',
  52: 'KOWALSKA-WISNIEWSKA ANNA MARIA JOAN',
  122: '989616198804120017',
  188: '20231215',
  204: '20331214',
  220: 'NA HELENA Z',
  242: 'POL',
  248: 'Y',
};
const foreigner2017: Fields = {
  0: 'OKONKWO JAMES CHINEDU',
  120: '1',
  122: 'XTS890186060507',
  152: 'XTS',
  158: '詹姆斯',
  188: '20180612',
  204: '20280611',
  220: '19860605',
  236: '01',
  240: '8901',
  248: 'I',
};
const hongKong: Fields = {
  ...resident,
  0: '陳嘉欣',
  32: '  ',
  122: '810099199110190024',
  220: 'H00000018',
  238: '02',
  248: 'J',
};

describe('the text of a card', () => {
  it("is a resident's", () => {
    expect(decodeText(block(resident))).toEqual({
      ok: true,
      value: {
        kind: 'resident',
        name: '张建国',
        isNameCut: false,
        sex: 'male',
        ethnicGroup: '01',
        birth: '1978-03-15',
        address: '云川市东湖区滨江路1号2幢201室',
        idNumber: '890101197803150033',
        issuer: '云川市公安局东湖分局',
        validFrom: '2019-06-01',
        validUntil: { kind: 'date', date: '2039-05-31' },
      },
    });
  });

  it('is, with J, that of a resident from Hong Kong, Macao or Taiwan', () => {
    expect(decodeText(block(hongKong))).toMatchObject({
      value: {
        kind: 'hk-macao-taiwan',
        name: '陳嘉欣',
        permitNumber: 'H00000018',
        issues: '02',
        idNumber: '810099199110190024',
      },
    });
  });

  it("is, with I, a foreigner's of 2017", () => {
    expect(decodeText(block(foreigner2017))).toEqual({
      ok: true,
      value: {
        kind: 'foreigner-2017',
        englishName: 'OKONKWO JAMES CHINEDU',
        chineseName: '詹姆斯',
        sex: 'male',
        birth: '1986-06-05',
        idNumber: 'XTS890186060507',
        nationality: 'XTS',
        validFrom: '2018-06-12',
        validUntil: { kind: 'date', date: '2028-06-11' },
        version: '01',
        authority: '8901',
      },
    });
  });

  it("is, with Y, a foreigner's of 2023: the English name is no address, and goes on behind the number", () => {
    const decoded = decodeText(block(foreigner2023));
    expect(decoded).toMatchObject({
      value: {
        kind: 'foreigner-2023',
        englishName: 'KOWALSKA-WISNIEWSKA ANNA MARIA JOANNA HELENA Z',
        chineseName: '安娜',
        nationality: 'POL',
        renewals: '01',
      },
    });
    expect(decoded.ok && 'address' in decoded.value).toBe(false);
  });

  it('keeps the blank of an English name that falls on the 35th place', () => {
    const name = { ...foreigner2023, 52: 'KOWALSKA-WISNIEWSKA ANNA MARIA JOA ', 220: 'HELENA' };
    expect(decodeText(block(name))).toMatchObject({
      value: { englishName: 'KOWALSKA-WISNIEWSKA ANNA MARIA JOA HELENA' },
    });
  });

  it('may have a name as long as its field', () => {
    const name = '诺敏高娃·乌兰图雅·其其格玛·';
    expect(name).toHaveLength(15);
    expect(decodeText(block({ ...resident, 0: name }))).toMatchObject({
      value: { name, isNameCut: true, sex: 'male' },
    });
    const english = 'A'.repeat(60);
    expect(decodeText(block({ ...foreigner2017, 0: english }))).toMatchObject({ value: { englishName: english } });
  });

  it('may have a name with characters beyond the basic plane, cut in two by the end of the field', () => {
    expect(decodeText(block({ ...resident, 0: '𠮷野春子' }))).toMatchObject({ value: { name: '𠮷野春子' } });
    const cut = block({ ...resident, 0: `${'诺'.repeat(14)}\ud842` });
    expect(decodeText(cut)).toMatchObject({ value: { name: '诺'.repeat(14), isNameCut: true } });
  });

  it('may be padded with zeros', () => {
    expect(decodeText(block(resident, 0))).toMatchObject({ value: { kind: 'resident', name: '张建国' } });
  });

  it('may be valid without end, and leave its end empty', () => {
    expect(decodeText(block({ ...resident, 204: '长期    ' }))).toMatchObject({
      value: { validUntil: { kind: 'long-term' } },
    });
    expect(decodeText(block({ ...resident, 204: '        ' }))).toMatchObject({
      value: { validUntil: { kind: 'unstated' } },
    });
  });

  it.each([
    ['19000229', false],
    ['20000229', true],
    ['20231301', false],
    ['20230431', false],
    ['2023-1-1', false],
    ['202301  ', false],
  ])('has real days only: %s', (day, isOk) => {
    expect(decodeText(block({ ...resident, 36: day })).ok).toBe(isOk);
    expect(decodeText(block({ ...resident, 188: day })).ok).toBe(isOk);
  });

  it.each([
    ['a name', { ...resident, 0: '   ' }, 'no-name'],
    ['a number', { ...resident, 122: ' '.repeat(18) }, 'not-a-number'],
    ['a number of its form', { ...resident, 122: 'XTS890186060507   ' }, 'not-a-number'],
    ['a kind we know', { ...resident, 248: 'K' }, 'unknown-kind'],
    ['whole characters', { ...resident, 52: '云\ud842川' }, 'not-text'],
    ['printable characters', { ...resident, 52: '云\u0007川' }, 'not-text'],
    ['an English name', { ...foreigner2023, 52: ' '.repeat(35), 220: ' '.repeat(11) }, 'no-name'],
  ])('is refused without %s', (_, fields, reason) => {
    expect(decodeText(block(fields))).toEqual({ ok: false, reason });
  });

  it('is refused at any other length', () => {
    expect(decodeText(block(resident).subarray(0, 255))).toEqual({ ok: false, reason: 'wrong-text-length' });
    expect(decodeText(new Uint8Array(0))).toEqual({ ok: false, reason: 'wrong-text-length' });
  });

  it('is a card or a named failure for any bytes', () => {
    let seed = 2_023;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const whole = [resident, hongKong, foreigner2017, foreigner2023].map((fields) => block(fields));
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Uint8Array.from(whole[round % 4] ?? []);
      for (let hit = 0; hit < 1 + (round % 5); hit += 1) bytes[Math.floor(random() * 256)] = Math.floor(random() * 256);
      const decoded = decodeText(bytes);
      expect(decoded.ok || typeof decoded.reason === 'string').toBe(true);
    }
  });
});

describe('the appended address', () => {
  it('is 35 characters, padded', () => {
    expect(decodeAddress(Buffer.from('新河路18号'.padEnd(35, ' '), 'utf16le'))).toBe('新河路18号');
    expect(decodeAddress(Buffer.from(' '.repeat(35), 'utf16le'))).toBe('');
    expect(decodeAddress(Buffer.from('新河路', 'utf16le'))).toBeNull();
  });
});

describe('a card', () => {
  it('expires on the day after its last', () => {
    expect(isExpired({ kind: 'date', date: '2026-11-05' }, '2026-11-05')).toBe(false);
    expect(isExpired({ kind: 'date', date: '2026-11-05' }, '2026-11-06')).toBe(true);
    expect(isExpired({ kind: 'long-term' }, '2099-01-01')).toBe(false);
    expect(isExpired({ kind: 'unstated' }, '2099-01-01')).toBe(false);
  });
});
