import { describe, expect, it } from 'vitest';
import { cut, PinyinEngine } from './engine.ts';
import words from './words.txt?raw';

/** The dictionary as it ships: what a visitor types must be in it. */
const engine = PinyinEngine.of(words);
const texts = (letters: string) => engine.candidates(letters).map((candidate) => candidate.text);

describe('cutting letters into syllables', () => {
  const first = (letters: string) => cut(letters)[0]?.map((piece) => piece.letters);

  it('takes whole syllables where there are some', () => {
    expect(first('qingshan')).toEqual(['qing', 'shan']);
    expect(first('zhongguo')).toEqual(['zhong', 'guo']);
  });

  it('takes first letters for the rest', () => {
    expect(first('cbzm')).toEqual(['c', 'b', 'z', 'm']);
    expect(first('zhg')).toEqual(['zh', 'g']);
  });

  it('cuts where the visitor says', () => {
    expect(first("xi'an")).toEqual(['xi', 'an']);
    expect(first('xian')).toEqual(['xian']);
  });

  it('waits for a syllable that is still growing', () => {
    expect(first('nihao'.slice(0, 4))).toEqual(['ni', 'ha']);
    expect(first('zho')).toEqual(['zho']);
  });

  it('gives nothing for letters no syllable begins with', () => {
    expect(cut('iii')).toEqual([]);
    expect(engine.candidates('v')).toEqual([]);
  });
});

describe('candidates', () => {
  it('offer the commonest word first', () => {
    expect(texts('women')[0]).toBe('我们');
    expect(texts('jiedao').slice(0, 2)).toContain('街道');
  });

  it('find the words of the field by first letters', () => {
    expect(texts('cbzm')[0]).toBe('参保证明');
    expect(texts('ylbx').slice(0, 3)).toContain('养老保险');
  });

  it('find a word by syllables and first letters mixed', () => {
    expect(texts('shebaok')[0]).toBe('社保卡');
  });

  it('know which reading a word has', () => {
    expect(texts('yinhang')[0]).toBe('银行');
    expect(texts('chongqing')[0]).toBe('重庆');
    expect(texts('yinxing')).not.toContain('银行');
  });

  it('tell ü by v', () => {
    expect(texts('nv')[0]).toBe('女');
    expect(texts('lvse')[0]).toBe('绿色');
  });

  it('put words together where no single word fits', () => {
    const [first] = engine.candidates('wozaichuangkoupaidui');
    expect(first).toEqual({ text: '我在窗口排队', used: 'wozaichuangkoupaidui'.length });
  });

  it('offer words and characters for the beginning, and say how many letters they use', () => {
    const some = engine.candidates('qingshanlu');
    expect(some.find((one) => one.text === '青山')).toEqual({ text: '青山', used: 8 });
    expect(some.find((one) => one.text === '清')).toEqual({ text: '清', used: 4 });
  });

  it('hold characters of rare names', () => {
    for (const [letters, character] of [
      ['da', '龘'],
      ['ji', '𠮷'],
      ['qiu', '㐀'],
      ['yun', '赟'],
      ['zhe', '喆'],
      ['ni', '旎'],
    ] as const) {
      expect(texts(letters), character).toContain(character);
    }
  });

  it('hold every character that is in common use under its reading', () => {
    const common: [string, string][] = [
      ['zhang', '张'],
      ['wang', '王'],
      ['li', '李'],
      ['xi', '溪'],
      ['hao', '号'],
      ['shi', '室'],
      ['yi', '彝'],
      ['bi', '璧'],
    ];
    for (const [letters, character] of common) expect(texts(letters), character).toContain(character);
  });

  it('offer first what this visitor chose for the same letters before', () => {
    expect(texts('zhangmin')[0]).not.toBe('章敏');
    const learned = new Map([['zhangmin', ['章敏']]]);
    expect(engine.candidates('zhangmin', learned)[0]?.text).toBe('章敏');
  });

  it('come at once, however long the letters', () => {
    const long = 'wozhuzaichunxijiedaoqingshanxiaoqubahaolouerdan';
    expect(engine.candidates(long).length).toBeGreaterThan(0);
    expect(engine.candidates('z'.repeat(40)).length).toBeGreaterThan(0);
  });
});
