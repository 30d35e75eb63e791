import { describe, expect, it } from 'vitest';
import { decodeIpp, encodeIppRequest, groupsOf, groupTags, numberOf, operations, textsOf } from './spooler-ipp.ts';

const text = (value: string) => Buffer.from(value, 'utf8').toString('hex');

/** RFC 8010, A.1: Print-Job request, here with the one operation attribute order of the document. */
const printJobRequest = Buffer.from(
  [
    '0101 0002 00000001 01',
    `47 0012 ${text('attributes-charset')} 0005 ${text('utf-8')}`,
    `48 001b ${text('attributes-natural-language')} 0005 ${text('en-us')}`,
    `45 000b ${text('printer-uri')} 002c ${text('ipp://printer.example.com/ipp/print/pinetree')}`,
    `42 0008 ${text('job-name')} 0006 ${text('foobar')}`,
    `22 0016 ${text('ipp-attribute-fidelity')} 0001 01`,
    '02',
    `21 0006 ${text('copies')} 0004 00000014`,
    `44 0005 ${text('sides')} 0013 ${text('two-sided-long-edge')}`,
    '03',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

/** RFC 8010, A.2: Print-Job response, successful. */
const printJobResponse = Buffer.from(
  [
    '0101 0000 00000001 01',
    `47 0012 ${text('attributes-charset')} 0005 ${text('utf-8')}`,
    `48 001b ${text('attributes-natural-language')} 0005 ${text('en-us')}`,
    `41 000e ${text('status-message')} 000d ${text('successful-ok')}`,
    '02',
    `21 0006 ${text('job-id')} 0004 00000093`,
    `45 0007 ${text('job-uri')} 0030 ${text('ipp://printer.example.com/ipp/print/pinetree/147')}`,
    `23 0009 ${text('job-state')} 0004 00000003`,
    '03',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

/** A header and the given bytes, as an answer. */
function answer(...hex: string[]): Buffer {
  return Buffer.from(['0200000000000007', ...hex].join('').replaceAll(' ', ''), 'hex');
}

describe('IPP messages', () => {
  it('writes the Print-Job request of RFC 8010 byte for byte', () => {
    const bytes = encodeIppRequest({
      operation: operations.printJob,
      requestId: 1,
      operationFields: [
        { tag: 'uri', name: 'printer-uri', values: ['ipp://printer.example.com/ipp/print/pinetree'] },
        { tag: 'name', name: 'job-name', values: ['foobar'] },
        { tag: 'boolean', name: 'ipp-attribute-fidelity', values: [true] },
      ],
      jobFields: [
        { tag: 'integer', name: 'copies', values: [20] },
        { tag: 'keyword', name: 'sides', values: ['two-sided-long-edge'] },
      ],
    });
    expect(Buffer.from(bytes).toString('hex')).toBe(printJobRequest.toString('hex'));
  });

  it('reads the Print-Job response of RFC 8010, and where its document starts', () => {
    const reading = decodeIpp(printJobResponse);
    if (!reading.ok) throw new Error(reading.detail);
    expect(reading.message).toMatchObject({
      version: '1.1',
      code: 0,
      requestId: 1,
      dataOffset: printJobResponse.length,
    });
    const [job] = groupsOf(reading.message, groupTags.job);
    expect(numberOf(job, 'job-id')).toBe(147);
    expect(numberOf(job, 'job-state')).toBe(3);
    expect(textsOf(job, 'job-uri')).toEqual(['ipp://printer.example.com/ipp/print/pinetree/147']);
  });

  it('calls every beginning of a message cut off, at whatever byte it stops', () => {
    for (const whole of [printJobRequest, printJobResponse]) {
      for (let length = 0; length < whole.length; length += 1) {
        expect(decodeIpp(whole.subarray(0, length))).toMatchObject({ ok: false, reason: 'cut-off' });
      }
    }
  });

  it('leaves the document behind the attributes alone', () => {
    const reading = decodeIpp(Buffer.concat([printJobRequest, Buffer.from('%PDF-1.7')]));
    expect(reading).toMatchObject({ ok: true, message: { dataOffset: printJobRequest.length } });
  });

  it('gathers the further values of an attribute, which come without a name', () => {
    const reading = decodeIpp(
      answer(
        '04',
        `44 0015 ${text('printer-state-reasons')} 000b ${text('media-empty')}`,
        `44 0000 0009 ${text('door-open')}`,
        '03',
      ),
    );
    if (!reading.ok) throw new Error(reading.detail);
    expect(textsOf(reading.message.groups[0], 'printer-state-reasons')).toEqual(['media-empty', 'door-open']);
  });

  it('reads past collections, nested ones too, and goes on behind them', () => {
    const reading = decodeIpp(
      answer(
        '04',
        `34 0009 ${text('media-col')} 0000`,
        `4a 0000 000a ${text('media-size')}`,
        '34 0000 0000',
        `4a 0000 000b ${text('x-dimension')}`,
        '21 0000 0004 00005208',
        '37 0000 0000',
        '37 0000 0000',
        `23 000d ${text('printer-state')} 0004 00000005`,
        '03',
      ),
    );
    if (!reading.ok) throw new Error(reading.detail);
    expect(numberOf(reading.message.groups[0], 'printer-state')).toBe(5);
    expect(reading.message.groups[0]?.attributes.get('media-col')).toEqual([null]);
  });

  it('reads text that carries its language, and gives null for kinds it does not need', () => {
    const reading = decodeIpp(
      answer(
        '04',
        `35 0001 ${text('t')} 0009 0002 ${text('zh')} 0003 ${text('纸')}`,
        `13 0001 ${text('n')} 0000`,
        '03',
      ),
    );
    if (!reading.ok) throw new Error(reading.detail);
    expect(textsOf(reading.message.groups[0], 't')).toEqual(['纸']);
    expect(reading.message.groups[0]?.attributes.get('n')).toEqual([null]);
  });

  it.each([
    ['an attribute before any group', answer(`21 0001 ${text('a')} 0004 00000001`, '03')],
    ['a further value without an attribute', answer('04', '21 0000 0004 00000001', '03')],
    ['value of a', answer('04', `21 0001 ${text('a')} 0002 0001`, '03')],
    ['value of t', answer('04', `35 0001 ${text('t')} 0004 00ff 0000`, '03')],
    ['a collection ends that never began', answer('04', '37 0000 0000', '03')],
    ['a collection is left open', answer('04', `34 0001 ${text('c')} 0000`, '03')],
  ])('names what is malformed: %s', (detail, bytes) => {
    expect(decodeIpp(bytes)).toEqual({ ok: false, reason: 'malformed', detail });
  });

  it('ends with a message or a named error whatever bytes come', () => {
    let seed = 20261122;
    for (let round = 0; round < 3_000; round += 1) {
      const bytes = Buffer.from(printJobResponse);
      for (let change = 0; change < 4; change += 1) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        bytes[(seed >>> 8) % bytes.length] = seed & 0xff;
      }
      const reading = decodeIpp(bytes);
      expect(reading.ok || ['cut-off', 'malformed'].includes(reading.reason)).toBe(true);
    }
  });
});
