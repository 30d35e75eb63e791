import { describe, expect, it } from 'vitest';
import {
  type BridgeOperation,
  escapeJson,
  fill,
  parseAnswer,
  readAnswer,
  readBridgeMapping,
  textAt,
} from './bridge-mapping.ts';

const file = {
  format: 1,
  name: 'middleware',
  transport: { kind: 'http', url: 'http://127.0.0.1:8989/' },
  operations: { read: { code: { at: '/code', success: ['0'] }, fields: { name: { at: '/data/xm' } } } },
  errors: { '-1': 'no-card' },
};

function operationOf(fields: BridgeOperation['fields']): BridgeOperation {
  const read = readBridgeMapping({ ...file, operations: { read: { ...file.operations.read, fields } } });
  const operation = read.ok ? read.mapping.operations.read : undefined;
  if (operation === undefined) throw new Error('no operation');
  return operation;
}

describe('the mapping file of a middleware', () => {
  it('is read with what it leaves out', () => {
    expect(readBridgeMapping(file)).toMatchObject({
      ok: true,
      mapping: { encoding: 'utf-8', operations: { read: { method: 'POST', timeoutMs: 10_000 } } },
    });
  });

  it.each([
    [
      { ...file, transport: { kind: 'http', url: 'http://10.0.0.7:8989/' } },
      'transport.url: an address of this machine',
    ],
    [
      { ...file, transport: { kind: 'websocket', url: 'http://127.0.0.1/' } },
      'transport.url: an address of this machine',
    ],
    [
      { ...file, transport: { kind: 'http', url: 'http://127.0.0.1.example/' } },
      'transport.url: an address of this machine',
    ],
    [{ ...file, errors: { '-1': 'whatever' } }, 'errors.-1:'],
    [{ ...file, extra: 1 }, 'Unrecognized key'],
    [null, 'mapping:'],
  ])('names its flaws', (wrong, flaw) => {
    const read = readBridgeMapping(wrong);
    expect(read.ok ? '' : read.flaws.join('; ')).toContain(flaw);
  });
});

describe('a template', () => {
  it('is filled with values that stay values', () => {
    expect(fill('{"a":"{{a}}","id":{{id}}}', { a: '"},\n', id: '7' })).toBe('{"a":"\\"},\\n","id":7}');
    expect(fill('/read?who={{a}}', { a: 'x&y=/z' }, encodeURIComponent)).toBe('/read?who=x%26y%3D%2Fz');
    expect(fill('{{nobody}}', {})).toBe('');
    expect(escapeJson('王"')).toBe('王\\"');
  });
});

describe('an answer', () => {
  const read = operationOf({ name: { at: '/data/xm' }, sex: { at: '/all', part: { separator: '|', index: 1 } } });

  it('gives its fields where the code says success, whatever the code is written as', () => {
    for (const code of [0, '0']) {
      expect(readAnswer(read, {}, { code, data: { xm: ' 王小明 ' }, all: 'a| 1 |c' })).toEqual({
        ok: true,
        fields: { name: '王小明', sex: '1' },
      });
    }
  });

  it.each([
    [{ code: -1 }, 'no-card'],
    [{ code: 'x' }, 'failed'],
    [{ code: null }, 'garbled'],
    [{ code: 0, data: {} }, 'garbled'],
    [{ code: 0, data: { xm: {} }, all: 'a|b' }, 'garbled'],
    [{ code: 0, data: { xm: 'a' }, all: 'a' }, 'garbled'],
    [[], 'garbled'],
    ['0', 'garbled'],
    [undefined, 'garbled'],
  ])('is refused by name: %j', (answer, reason) => {
    expect(readAnswer(read, { '-1': 'no-card' }, answer)).toMatchObject({ ok: false, reason });
  });

  it('is found by JSON pointers as RFC 6901 has them, and never in what every object inherits', () => {
    expect(textAt({ 'a/b': { 'c~d': [1, true] } }, '/a~1b/c~0d/1')).toBe('true');
    expect(textAt('whole', '')).toBe('whole');
    expect(textAt({}, '/constructor/name')).toBeNull();
    expect(textAt({}, '/__proto__')).toBeNull();
  });

  it('is read in its encoding, and is nothing where the bytes are not of it', () => {
    expect(parseAnswer(Uint8Array.of(0x22, 0xcd, 0xf5, 0x22), 'gbk')).toBe('王');
    expect(parseAnswer(Uint8Array.of(0x22, 0xcd, 0xf5, 0x22), 'utf-8')).toBeUndefined();
    expect(parseAnswer(new Uint8Array(0), 'utf-8')).toBeUndefined();
  });

  it('comes of any bytes without a stall', () => {
    let seed = 3;
    const noise = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed >>> 16;
    };
    for (let round = 0; round < 3_000; round += 1) {
      const bytes = Uint8Array.from({ length: noise() % 80 }, noise);
      expect(readAnswer(read, {}, parseAnswer(bytes, 'gbk')).ok).toBe(false);
    }
  });
});
