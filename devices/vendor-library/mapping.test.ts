import { describe, expect, it } from 'vitest';
import { cString, isSuccess, readFields } from './library-output.ts';
import { type LibraryOperation, type LibraryStep, readLibraryMapping } from './mapping.ts';

const file = {
  format: 1,
  name: 'reader',
  library: { linux: '/opt/vendor/libreader.so' },
  start: [{ call: 'Open', arguments: [{ text: 'USB1' }, { handleOut: 'reader' }] }],
  operations: {
    read: {
      steps: [{ call: 'Read', arguments: [{ handle: 'reader' }, { out: 'all', bytes: 64 }, { numberOut: 'length' }] }],
      fields: { name: { buffer: 'all', part: { separator: '|', index: 1 } }, length: { number: 'length' } },
    },
  },
};

function fieldsOf(fields: unknown): LibraryOperation['fields'] {
  const read = readLibraryMapping({ ...file, operations: { read: { ...file.operations.read, fields } } });
  if (!read.ok) throw new Error(read.flaws.join('; '));
  return read.mapping.operations.read?.fields ?? {};
}

function outputOf(bytes: Uint8Array) {
  return { buffers: new Map([['all', bytes]]), numbers: new Map([['length', bytes.length]]) };
}

describe("the mapping file of a vendor's library", () => {
  it('is read with what it leaves out', () => {
    expect(readLibraryMapping(file)).toMatchObject({
      ok: true,
      mapping: { stop: [], operations: { read: { timeoutMs: 10_000, steps: [{ returns: 'int32', success: [0] }] } } },
    });
  });

  it.each([
    [{ ...file, start: [] }, 'Read: no handle reader'],
    [
      { ...file, operations: { read: { ...file.operations.read, fields: { name: { buffer: 'al' } } } } },
      'operations.read.fields.name: no buffer al',
    ],
    [
      { ...file, operations: { read: { ...file.operations.read, fields: { n: { number: 'size' } } } } },
      'operations.read.fields.n: no number size',
    ],
    [{ ...file, start: [{ call: 'rm -rf' }] }, "start.0.call: a function's name"],
    [{ ...file, libary: {} }, 'Unrecognized key'],
    [{ ...file, format: 2 }, 'format:'],
  ])('names its flaws before a visitor comes', (wrong, flaw) => {
    const read = readLibraryMapping(wrong);
    expect(read.ok ? '' : read.flaws.join('; ')).toContain(flaw);
  });

  it('knows success by its codes, or by a least value', () => {
    const step: Omit<LibraryStep, 'success'> = { call: 'Open', arguments: [], returns: 'int32' };
    expect(isSuccess({ ...step, success: [0, 1] }, 1)).toBe(true);
    expect(isSuccess({ ...step, success: [0, 1] }, 2)).toBe(false);
    expect(isSuccess({ ...step, success: { atLeast: 1 } }, 7)).toBe(true);
    expect(isSuccess({ ...step, success: { atLeast: 1 } }, 0)).toBe(false);
  });
});

describe("a library's output", () => {
  // "a|王|" in GBK, and what was in the buffer before.
  const gbk = Uint8Array.of(0x61, 0x7c, 0xcd, 0xf5, 0x7c, 0x00, 0xff, 0xff);

  it('is cut at the first 00 and taken apart', () => {
    const fields = fieldsOf({
      name: { buffer: 'all', part: { separator: '|', index: 1 } },
      length: { number: 'length' },
    });
    expect(readFields(fields, outputOf(gbk))).toEqual({ ok: true, fields: { name: '王', length: '8' } });
  });

  it('is taken at its place, as hex where it is bytes, and may be said by the file', () => {
    const fields = fieldsOf({
      block: { buffer: 'all', offset: 2, length: 2, encoding: 'hex' },
      letter: { buffer: 'all', offset: 0, length: 1, encoding: 'ascii' },
      interface: { value: 'contact' },
    });
    expect(readFields(fields, outputOf(gbk))).toEqual({
      ok: true,
      fields: { block: 'CDF5', letter: 'a', interface: 'contact' },
    });
  });

  it('is read in UTF-16, up to its own 00', () => {
    const fields = fieldsOf({ name: { buffer: 'all', encoding: 'utf-16le' } });
    expect(readFields(fields, outputOf(Uint8Array.of(0x8b, 0x73, 0x00, 0x4e, 0, 0, 1, 1)))).toEqual({
      ok: true,
      fields: { name: '王一' },
    });
  });

  it.each([
    ['half a character', { name: { buffer: 'all', length: 3, encoding: 'gbk' } }],
    ['a part that is not there', { name: { buffer: 'all', part: { separator: '|', index: 9 } } }],
    ['a place behind the end', { name: { buffer: 'all', offset: 7, length: 2 } }],
    ['Chinese where ASCII is promised', { name: { buffer: 'all', encoding: 'ascii' } }],
  ])('is garbled when it is %s', (_, fields) => {
    expect(readFields(fieldsOf(fields), outputOf(gbk))).toEqual({ ok: false, garbled: 'name' });
  });

  it('gets its texts ended as C wants them', () => {
    expect(cString('王', 'gbk')).toEqual(Uint8Array.of(0xcd, 0xf5, 0));
    expect(cString('A', 'utf-16le')).toEqual(Uint8Array.of(0x41, 0, 0, 0));
    expect(cString('', 'ascii')).toEqual(Uint8Array.of(0));
  });
});
