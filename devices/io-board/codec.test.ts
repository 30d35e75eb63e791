/** Lines from docs/devices/io-board.md; with their checksums. */
import { describe, expect, it } from 'vitest';
import { askState, type BoardMessage, encodeLight, noLine, readLines } from './codec.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (line: string) => new TextEncoder().encode(line);

function readAll(pieces: readonly Uint8Array[]): { messages: BoardMessage[]; flaws: string[] } {
  let state = noLine;
  const messages: BoardMessage[] = [];
  const flaws: string[] = [];
  for (const piece of pieces) {
    const read = readLines(state, piece);
    state = read.state;
    messages.push(...read.messages);
    flaws.push(...read.flaws);
  }
  return { messages, flaws };
}

describe('lines of the I/O board', () => {
  it('ask for the state, and set the light', () => {
    expect(text(askState)).toBe('$?*3F\r\n');
    expect(text(encodeLight({ colour: 'amber', isBlinking: true }))).toBe('$LIGHT amber blink*45\r\n');
  });

  it('tell the state, changes and answers', () => {
    const lines =
      '$STATE key=off near=1 door=closed light=green-steady*54\r\n$EVENT key=service*5B\r\n$OK*04\r\n$NO light*5F\r\n';
    expect(readAll([bytesOf(lines)])).toEqual({
      messages: [
        {
          kind: 'state',
          state: { key: 'off', near: true, door: 'closed', light: { colour: 'green', isBlinking: false } },
        },
        { kind: 'event', state: { key: 'service' } },
        { kind: 'ok' },
        { kind: 'no', reason: 'light' },
      ],
      flaws: [],
    });
  });

  it('are the same wherever they are cut', () => {
    const bytes = bytesOf('$STATE key=operator near=0*08\r\n$OK*04\r\n');
    const whole = readAll([bytes]);
    expect(whole.messages).toHaveLength(2);
    for (let cutAt = 0; cutAt <= bytes.length; cutAt += 1) {
      expect(readAll([bytes.slice(0, cutAt), bytes.slice(cutAt)])).toEqual(whole);
    }
    expect(readAll(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('are found behind the noise of a board that starts', () => {
    expect(readAll([bytesOf('\u0000~~boot $$OK*04\r\n')]).messages).toEqual([{ kind: 'ok' }]);
    expect(readAll([bytesOf('board 1.2\r\n')])).toEqual({ messages: [], flaws: [] });
  });

  it('leave out what the board lacks, and pass over what it has beyond', () => {
    expect(readAll([bytesOf('$STATE fan=on*22\r\n')]).messages).toEqual([{ kind: 'state', state: {} }]);
  });

  it.each([
    ['$OK*05\r\n', 'wrong-checksum'],
    ['$OK\r\n', 'unknown-line'],
    ['$*00\r\n', 'unknown-line'],
    ['$HELLO*42\r\n', 'unknown-line'],
    ['$EVENT key=x*5E\r\n', 'unknown-value'],
    [`$${'x'.repeat(200)}\r\n`, 'too-long'],
  ])('name their flaw: %j is %s', (line, flaw) => {
    expect(readAll([bytesOf(line)])).toEqual({ messages: [], flaws: [flaw] });
    expect(readAll([bytesOf(line.slice(0, -1)), bytesOf('\n')]).flaws).toEqual([flaw]);
  });

  it('read on after a line that never ends', () => {
    const pieces = Array.from({ length: 50 }, () => new Uint8Array(100).fill(0x24));
    expect(readAll([...pieces, bytesOf('\r\n$OK*04\r\n')])).toEqual({
      messages: [{ kind: 'ok' }],
      flaws: ['too-long'],
    });
  });

  it('take any bytes', () => {
    let seed = 5;
    const noise = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed >>> 16;
    };
    let state = noLine;
    for (let round = 0; round < 2_000; round += 1) {
      const read = readLines(state, Uint8Array.from({ length: 40 }, noise));
      state = read.state;
      expect(read.messages).toEqual([]);
      expect(state.partial.length).toBeLessThanOrEqual(120);
    }
  });
});
