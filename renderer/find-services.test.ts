import { describe, expect, it } from 'vitest';
import type { Choice } from '../state-machines/contract/screen.ts';
import { findServices } from './find-services.ts';

const item = (id: string, title: string, initials: string, summary = ''): Choice => ({ id, title, initials, summary });
const items = [
  item('proof', '参保证明', 'cbzm', '证明您在本市参保'),
  item('record', '缴费记录', 'jfjl', '每年每月缴了多少'),
  item('voucher', '转移用的缴费凭证', 'zyydjfpz'),
  item('check', '查验证明真伪', 'cyzmzw'),
];
const ids = (found: Choice[]) => found.map((one) => one.id);

describe('search at home', () => {
  it('finds everything while nothing is typed', () => {
    expect(findServices(items, '', '')).toHaveLength(items.length);
  });

  it('finds an item by its first pinyin letters, those that begin with them first', () => {
    expect(ids(findServices(items, '', 'jf'))).toEqual(['record', 'voucher']);
  });

  it('finds an item by letters that were typed with the pinyin keyboard’s cuts', () => {
    expect(ids(findServices(items, '', "cb'zm"))).toEqual(['proof']);
  });

  it('finds an item by a word of its title, and by a word of its summary after those', () => {
    expect(ids(findServices(items, '证明', ''))).toEqual(['proof', 'check']);
    expect(ids(findServices(items, '参保', ''))[0]).toBe('proof');
  });

  it('takes letters typed on the latin keyboard as initials too', () => {
    expect(ids(findServices(items, 'cbzm', ''))).toEqual(['proof']);
  });

  it('finds only what fits both the word and the letters after it', () => {
    expect(ids(findServices(items, '证明', 'cy'))).toEqual(['check']);
  });

  it('finds nothing for what is not there', () => {
    expect(findServices(items, '', 'qq')).toEqual([]);
  });
});
