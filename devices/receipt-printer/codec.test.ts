/** Bytes from docs/devices/published-facts.md and the manuals named in the codec. */
import { describe, expect, it } from 'vitest';
import { askRealTime, decodeCondition, faultOf, noAnswerYet, type PrinterAnswer, readAnswers } from './codec.ts';

const well = [0x12, 0x12, 0x12, 0x12] as const;

function conditionWith(topic: 1 | 2 | 3 | 4, mask: number) {
  const answers: [number, number, number, number] = [...well];
  answers[topic - 1] = 0x12 | mask;
  return decodeCondition(answers);
}

function readAll(pieces: readonly Uint8Array[]): PrinterAnswer[] {
  let state = noAnswerYet;
  return pieces.flatMap((piece) => {
    const read = readAnswers(state, piece);
    state = read.state;
    return read.answers;
  });
}

describe('real-time status', () => {
  it('is asked with 10 04 n', () => {
    expect(askRealTime(3)).toEqual(Uint8Array.of(0x10, 0x04, 0x03));
  });

  it('says nothing is wrong when no bit but the fixed ones is set', () => {
    const condition = decodeCondition(well);
    expect(condition).toMatchObject({ isPaperLow: false, isPaperOut: false, isCoverOpen: false });
    expect(condition && faultOf(condition)).toBeNull();
  });

  it.each([
    [1, 0x08, 'offline'],
    [2, 0x04, 'cover-open'],
    [2, 0x08, 'offline'],
    [2, 0x20, 'paper-out'],
    [2, 0x40, 'offline'],
    [3, 0x08, 'cutter'],
    [3, 0x20, 'broken'],
    [3, 0x40, 'recovering'],
    [4, 0x60, 'paper-out'],
  ] as const)('n=%i with bit %i is %s', (topic, mask, fault) => {
    const condition = conditionWith(topic, mask);
    expect(condition && faultOf(condition)).toBe(fault);
  });

  it('prints on when the paper is only near its end', () => {
    const condition = conditionWith(4, 0x0c);
    expect(condition).toMatchObject({ isPaperLow: true, isPaperOut: false });
    expect(condition && faultOf(condition)).toBeNull();
  });

  it('takes only bytes with the fixed bits as an answer', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      expect(decodeCondition([byte, 0x12, 0x12, 0x12]) !== null).toBe((byte & 0x93) === 0x12);
    }
  });
});

describe('answers', () => {
  it('are told apart: real-time, done, full status, garbage', () => {
    const bytes = Uint8Array.of(0x12, 0x00, 0x0f, 0x10, 0x0f, 0x24, 0x02, 0x40, 0x01, 0xff, 0x1e);
    expect(readAll([bytes])).toEqual([
      { kind: 'realTime', byte: 0x12 },
      { kind: 'done' },
      { kind: 'done' },
      {
        kind: 'full',
        status: {
          isPaperOut: false,
          isPaperLow: true,
          isTicketInPresenter: true,
          isCoverOpen: true,
          isJammed: true,
          hasCutterError: true,
        },
      },
      { kind: 'garbage' },
      { kind: 'realTime', byte: 0x1e },
    ]);
  });

  it('are the same wherever the bytes are cut', () => {
    const bytes = Uint8Array.of(0x12, 0x10, 0x0f, 0x20, 0x00, 0x00, 0x00, 0x03, 0x16);
    const whole = readAll([bytes]);
    for (let cutAt = 0; cutAt <= bytes.length; cutAt += 1) {
      expect(readAll([bytes.slice(0, cutAt), bytes.slice(cutAt)])).toEqual(whole);
    }
    expect(readAll(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('do not contain flow control', () => {
    expect(readAll([Uint8Array.of(0x13, 0x11)])).toEqual([]);
  });

  it('begin again after a full status that broke off', () => {
    expect(readAll([Uint8Array.of(0x10, 0x10, 0x0f, 0, 0, 0, 0)]).map(({ kind }) => kind)).toEqual(['garbage', 'full']);
  });

  it('come of any bytes, and each byte is accounted for', () => {
    let seed = 7;
    const noise = Uint8Array.from({ length: 50_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed >>> 16;
    });
    expect(readAll([noise]).length).toBeGreaterThan(10_000);
  });
});
