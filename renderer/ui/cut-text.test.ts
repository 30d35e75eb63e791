import { expect, test } from 'vitest';
import { cutIntoPhrases, cutIntoWords } from './cut-text.ts';

test('cuts a text where a reader pauses, and where a line ends', () => {
  expect(cutIntoPhrases('纸用完了，请等一等。\n已叫人来')).toEqual(['纸用完了，', '请等一等。', '\n', '已叫人来']);
});

test('cuts a phrase between words only', () => {
  expect(cutIntoWords('旧手机号收不到验证码。')).toContain('手机号');
  expect(cutIntoWords('旧手机号收不到验证码。')).toContain('验证码。');
  expect(cutIntoWords('扫纸上的二维码，').at(-1)).toBe('二维码，');
  expect(cutIntoWords('请带身份证')).toContain('身份证');
});

test('keeps marks with their word, and a number with what it counts', () => {
  expect(cutIntoWords('请按“开始”。')).toContain('“开始”。');
  expect(cutIntoWords('约1分钟')).toContain('1分钟');
  expect(cutIntoWords('2026年6月')).toEqual(['2026年', '6月']);
});

test('loses nothing', () => {
  for (const text of ['', '，', '“', 'Aa · EN', '请带社保卡 (原件)，到3号窗口。', '𠮷野家12333'])
    expect(cutIntoPhrases(text).flatMap(cutIntoWords).join('')).toBe(text);
});
