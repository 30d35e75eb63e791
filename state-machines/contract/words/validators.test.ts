import { expect, test } from 'vitest';
import type { FieldDefinition } from './form.ts';
import { checkField, checkForm, idCheckCharacter, isRealDate, validate } from './validators.ts';

const today = { today: '2026-11-24' };
const line = (over: Partial<FieldDefinition> = {}): FieldDefinition => ({
  id: 'field',
  kind: 'line',
  label: { zh: '栏', en: 'Field' },
  required: true,
  maxLength: 20,
  validators: [],
  ...over,
});

test('takes the two published examples of a unified social credit code and refuses them with one character changed', () => {
  for (const code of ['91350100M000100Y43', '91440300708461136T']) {
    expect(validate('social-credit-code', code, today)).toBeNull();
    for (let index = 0; index < 17; index++) {
      const other = code[index] === '1' ? '2' : '1';
      const changed = code.slice(0, index) + other + code.slice(index + 1);
      expect(validate('social-credit-code', changed, today)).toBe('credit-code-check');
    }
  }
});

test('takes an identity number with its check character and refuses every other one', () => {
  // Example of GB 11643-1999, annex: 11010519491231002X.
  expect(idCheckCharacter('11010519491231002')).toBe('X');
  expect(validate('id-number', '11010519491231002x', today)).toBeNull();
  for (const wrong of '0123456789') {
    expect(validate('id-number', `11010519491231002${wrong}`, today)).toBe('id-check');
  }
});

test('says which part of an identity number is wrong', () => {
  expect(validate('id-number', '110105194912310', today)).toBe('id-length');
  expect(validate('id-number', '1101051949123100AX', today)).toBe('id-form');
  expect(validate('id-number', '11010519490231002X', today)).toBe('id-date');
  expect(validate('id-number', 'GBR123456789012', today)).toBeNull();
});

test('knows the days that exist', () => {
  expect(isRealDate('2024-02-29')).toBe(true);
  expect(isRealDate('2023-02-29')).toBe(false);
  expect(isRealDate('1900-02-29')).toBe(false);
  expect(isRealDate('2026-13-01')).toBe(false);
  expect(validate('past-date', '2026-11-25', today)).toBe('date-not-past');
});

test('doubts a bank card number aloud without refusing the form', () => {
  const field = line({ validators: ['bank-card'] });
  expect(validate('bank-card', '6222020000000000001', today)).toBe('bank-card-check');
  expect(checkForm([field], { field: '6222020000000000001' }, today)).toMatchObject({ ok: true });
  expect(checkForm([field], { field: '62220200' }, today)).toMatchObject({
    ok: false,
    problems: { field: 'bank-card-length' },
  });
});

test('refuses invisible characters, whatever the field', () => {
  for (const hidden of ['a\u200bb', 'a\u202eb', 'a\u0000b', '\u2066x']) {
    expect(checkField(line(), hidden, today)).toBe('control-characters');
  }
  expect(checkField(line({ kind: 'paragraph' }), 'two\nlines', today)).toBeNull();
});

test('counts characters as people do, rare ones included', () => {
  expect(checkField(line({ maxLength: 2 }), '𠮷𡋾', today)).toBeNull();
  expect(checkField(line({ maxLength: 1 }), '𠮷𡋾', today)).toBe('too-long');
});

test('drops values nobody asked for', () => {
  expect(checkForm([line()], { field: ' x ', other: 'y' }, today)).toEqual({ ok: true, values: { field: 'x' } });
});

test('takes names with a middle dot, Latin letters and rare characters', () => {
  for (const name of ['阿卜杜拉·买买提', '𠮷野', "Anne-Marie O'Neill", '㐀龘']) {
    expect(validate('chinese-name', name, today)).toBeNull();
  }
  expect(validate('chinese-name', '<b>x</b>', today)).toBe('name-form');
});
