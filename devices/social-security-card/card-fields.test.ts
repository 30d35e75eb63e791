import { describe, expect, it } from 'vitest';
import { readCardFields, readingOfRefusal } from './card-fields.ts';

const whole = {
  cardNumber: 'A00000017',
  idNumber: '11010119900307889x',
  name: '王小明',
  identificationCode: '510000d156000005'.padEnd(32, '0'),
  issuedOn: '20200229',
  validUntil: '2030-01-01',
  specification: '3.00',
  sex: '女',
};

describe('a card in named texts', () => {
  it('is a reading', () => {
    expect(readCardFields(whole)).toEqual({
      kind: 'read',
      partly: false,
      interface: 'contact',
      cardNumber: 'A00000017',
      idNumber: '11010119900307889X',
      name: '王小明',
      identificationCode: '510000D156000005'.padEnd(32, '0'),
      regionCode: '510000',
      issuedOn: '2020-02-29',
      validUntil: '2030-01-01',
      specification: '3.00',
      sex: 'female',
    });
  });

  it('is read in part where holder or number are missing', () => {
    expect(readCardFields({ cardNumber: 'A00000017' })).toMatchObject({ partly: true, missing: ['idNumber', 'name'] });
    expect(readCardFields({ ...whole, name: '' })).toMatchObject({ partly: true, missing: ['name'] });
  });

  it('keeps rare characters of a name', () => {
    expect(readCardFields({ ...whole, name: '𠮷㐀·龘' })).toMatchObject({ name: '𠮷㐀·龘' });
  });

  it.each([
    ['cardNumber', ''],
    ['cardNumber', 'A0000<17'],
    ['idNumber', '110101'],
    ['idNumber', '11010119900307889*'],
    ['name', '王\u0001'],
    ['name', '王\ufffd'],
    ['name', '王'.repeat(61)],
    ['identificationCode', '510000'],
    ['regionCode', '51'],
    ['issuedOn', '20200230'],
    ['validUntil', '20201301'],
    ['validUntil', 'soon'],
  ])('is not believed with %s %j', (field, text) => {
    expect(readCardFields({ ...whole, [field]: text })).toBeNull();
  });

  it('has no date where the vendor gives none', () => {
    for (const validUntil of ['', '00000000']) {
      expect(readCardFields({ ...whole, validUntil })).toMatchObject({ validUntil: null });
    }
  });
});

describe("a vendor's refusal", () => {
  it('tells the states a card can be in, and nothing of the card where it speaks of the reader', () => {
    const kindOf = (reason: 'mute' | 'blocked' | 'pin-locked' | 'other-application' | 'not-ready' | 'failed') =>
      readingOfRefusal({ ok: false, reason, detail: '' })?.kind ?? null;
    expect(kindOf('mute')).toBe('mute');
    expect(kindOf('blocked')).toBe('application-blocked');
    expect(kindOf('pin-locked')).toBe('pin-locked');
    expect(kindOf('other-application')).toBe('other-application-only');
    expect(kindOf('not-ready')).toBeNull();
    expect(kindOf('failed')).toBeNull();
  });
});
