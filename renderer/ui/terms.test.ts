import { expect, it } from 'vitest';
import { splitByTerms } from './terms.tsx';

const term = (word: string) => ({ word, meaning: `meaning of ${word}` });

it('cuts a text at its terms and keeps every character', () => {
  const pieces = splitByTerms('个人账户里有多少，看缴费基数', [term('缴费基数'), term('个人账户')]);
  expect(pieces.map((piece) => piece.text)).toEqual(['个人账户', '里有多少，看', '缴费基数']);
  expect(pieces.map((piece) => piece.term?.word)).toEqual(['个人账户', undefined, '缴费基数']);
});

it('takes the longest term where two begin at one place', () => {
  const [first] = splitByTerms('缴费基数上限', [term('缴费'), term('缴费基数上限')]);
  expect(first?.term?.word).toBe('缴费基数上限');
});

it('leaves a text without terms in one piece', () => {
  expect(splitByTerms('请插卡', [])).toEqual([{ text: '请插卡' }]);
});
