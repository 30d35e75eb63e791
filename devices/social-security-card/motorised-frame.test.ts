/** Frames as docs/devices/motorised-card-reader.md has them, the checksums worked out by hand. */
import { describe, expect, it } from 'vitest';
import { bytesOfHex } from './codec.ts';
import { encodeFrame, MotorCommand, type MotorMessage, noFrame, readCondition, readFrames } from './motorised-frame.ts';

function readAll(pieces: readonly Uint8Array[]): { messages: MotorMessage[]; flaws: string[] } {
  let state = noFrame;
  const messages: MotorMessage[] = [];
  const flaws: string[] = [];
  for (const piece of pieces) {
    const read = readFrames(state, piece);
    state = read.state;
    messages.push(...read.messages);
    flaws.push(...read.flaws);
  }
  return { messages, flaws };
}

/** The answer to state: empty, entry allowed, 2 cards kept; then the position inside by itself. */
const spoken = bytesOfHex('02 0005 53 00 00 01 02 55  02 0002 45 02 45');

describe('frames of the motorised reader', () => {
  it('are built with length and checksum', () => {
    expect(encodeFrame(Uint8Array.of(MotorCommand.state))).toEqual(bytesOfHex('02 0001 53 52'));
    expect(encodeFrame(Uint8Array.of(MotorCommand.allowEntry, 1))).toEqual(bytesOfHex('02 0002 41 01 42'));
  });

  it('are read: answers and positions', () => {
    const { messages, flaws } = readAll([spoken]);
    expect(flaws).toEqual([]);
    expect(messages).toEqual([
      { kind: 'answer', command: 0x53, result: 'done', data: Uint8Array.of(0, 1, 2) },
      { kind: 'position', position: 'inside' },
    ]);
    expect(readCondition(Uint8Array.of(0, 1, 2))).toEqual({ position: 'empty', isEntryAllowed: true, cardsKept: 2 });
  });

  it('are the same wherever they are cut', () => {
    const whole = readAll([spoken]);
    for (let cutAt = 0; cutAt <= spoken.length; cutAt += 1) {
      expect(readAll([spoken.slice(0, cutAt), spoken.slice(cutAt)])).toEqual(whole);
    }
    expect(readAll(Array.from(spoken, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it.each([
    ['02 0002 45 02 46', 'wrong-checksum'],
    ['02 0000 00', 'wrong-length'],
    ['02 0FFF 45', 'wrong-length'],
    ['02 0002 45 09 4E', 'unknown-body'],
    ['02 0002 53 44 15', 'unknown-body'],
    ['02 0001 45 44', 'unknown-body'],
  ])('name their flaw, and the next is read: %s', (hex, flaw) => {
    const read = readAll([Uint8Array.of(...bytesOfHex(hex), ...bytesOfHex('02 0002 45 03 44'))]);
    expect(read.flaws[0]).toBe(flaw);
    expect(read.messages).toEqual([{ kind: 'position', position: 'gate' }]);
  });

  it('refuse a state that cannot be one', () => {
    for (const data of ['', '00', '0001', '050100', '000200', '00010203']) {
      expect(readCondition(bytesOfHex(data))).toBeNull();
    }
  });

  it('take any bytes and hold on to no more than a frame', () => {
    let seed = 9;
    const noise = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return (seed >>> 16) % 5;
    };
    let state = noFrame;
    for (let round = 0; round < 3_000; round += 1) {
      state = readFrames(state, Uint8Array.from({ length: 50 }, noise)).state;
      expect(state.partial.length).toBeLessThanOrEqual(604);
    }
  });
});
