/** Frames here are those of docs/devices/published-facts.md, byte for byte, or built by hand from its tables. */
import { describe, expect, it } from 'vitest';
import {
  canAnswer,
  decodeSamNumber,
  frameOfCommand,
  meaningOfSw3,
  noFrame,
  readFrames,
  remedyFor,
  SAM_COMMANDS,
  type SamReply,
  splitBlocks,
} from './codec.ts';

const findOk = bytes('AAAAAA9669 0008 00009F 00000000 97');
const selectOk = bytes('AAAAAA9669 000C 000090 0000000000000000 9C');
const findFailed = bytes('AAAAAA9669 0004 000080 84');
const selectFailed = bytes('AAAAAA9669 0004 000081 85');
const readFailed = bytes('AAAAAA9669 0004 000041 45');

describe('commands', () => {
  it.each([
    ['reset', 'AAAAAA9669 0003 10FF EC'],
    ['status', 'AAAAAA9669 0003 11FF ED'],
    ['sam-number', 'AAAAAA9669 0003 12FF EE'],
    ['find-card', 'AAAAAA9669 0003 2001 22'],
    ['select-card', 'AAAAAA9669 0003 2002 21'],
    ['read-card', 'AAAAAA9669 0003 3001 32'],
    ['read-card-and-fingerprint', 'AAAAAA9669 0003 3010 23'],
    ['read-address', 'AAAAAA9669 0003 3003 30'],
  ] as const)('%s is the documented bytes', (command, frame) => {
    expect(hexOf(frameOfCommand(command))).toBe(frame.replaceAll(' ', ''));
  });
});

describe('frames', () => {
  it.each([
    [findOk, 0x9f, 4],
    [selectOk, 0x90, 8],
    [findFailed, 0x80, 0],
    [selectFailed, 0x81, 0],
    [readFailed, 0x41, 0],
  ])('are the documented replies (%#)', (frame, sw3, length) => {
    const { replies, flaws, state } = readFrames(noFrame, frame);
    expect(replies).toMatchObject([{ sw1: 0, sw2: 0, sw3 }]);
    expect(replies[0]?.data).toHaveLength(length);
    expect({ flaws, state }).toEqual({ flaws: [], state: noFrame });
  });

  it('are the same wherever the wire cuts them', () => {
    const whole = Uint8Array.of(...findOk, ...selectOk, ...readFailed);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(fed([whole.subarray(0, cut), whole.subarray(cut)])).toEqual({ sw3: [0x9f, 0x90, 0x41], flaws: [] });
    }
    expect(fed([...whole].map((byte) => Uint8Array.of(byte)))).toEqual({ sw3: [0x9f, 0x90, 0x41], flaws: [] });
  });

  it.each([
    ['read-card', 1_295, 0],
    ['read-card-and-fingerprint', 1_297, 0],
    ['read-card-and-fingerprint', 1_809, 512],
    ['read-card-and-fingerprint', 2_321, 1_024],
  ] as const)('of %s are %i bytes, whole and cut at every index', (command, total, fingerprintBytes) => {
    const frame = readReply(command, fingerprintBytes);
    expect(frame).toHaveLength(total);
    for (let cut = 0; cut <= frame.length; cut += 1) {
      const first = readFrames(noFrame, frame.subarray(0, cut));
      const second = readFrames(first.state, frame.subarray(cut));
      const [reply] = [...first.replies, ...second.replies];
      if (reply === undefined) throw new Error(`cut at ${cut}: no reply`);
      expect([...first.flaws, ...second.flaws]).toEqual([]);
      expect(canAnswer(command, reply)).toBe(true);
      const blocks = splitBlocks(command, reply.data);
      if (!blocks.ok) throw new Error(`cut at ${cut}: ${blocks.reason}`);
      expect(blocks.value.text).toHaveLength(256);
      expect(blocks.value.photo).toHaveLength(1_024);
      expect(blocks.value.fingerprint).toHaveLength(fingerprintBytes);
      expect([blocks.value.text[0], blocks.value.photo[0]]).toEqual([0x54, 0x50]);
    }
  });

  it('are found again behind garbage', () => {
    for (const garbage of ['00', 'AA', 'AAAA', 'AAAAAA96', 'AAAAAAAAAA', 'FF96 69AA', '69AAAAAA9568']) {
      expect(fed([bytes(garbage), findOk])).toEqual({ sw3: [0x9f], flaws: expect.arrayContaining(['noise']) });
    }
  });

  it('are found again inside one that broke off', () => {
    const broken = selectOk.subarray(0, 12);
    expect(fed([broken, findOk, selectOk])).toEqual({ sw3: [0x9f, 0x90], flaws: ['wrong-checksum'] });
  });

  it('with any wrong byte answer nothing, and do not hide the next', () => {
    for (let at = 0; at < findOk.length; at += 1) {
      for (const flip of [0x01, 0x55, 0x80, 0xff]) {
        const frame = Uint8Array.from(findOk, (byte, index) => (index === at ? byte ^ flip : byte));
        const { replies, flaws } = readFrames(
          noFrame,
          Uint8Array.of(...frame, ...new Array(200).fill(readFailed).flatMap((one) => [...one])),
        );
        expect(replies.some((reply) => canAnswer('find-card', reply) && reply.sw3 === 0x9f)).toBe(false);
        expect(replies.some((reply) => reply.sw3 === 0x41)).toBe(true);
        // A longer length may swallow its neighbours and come out right by chance: XOR is a weak check, the length is the second.
        expect(flaws.length > 0 || replies.some((reply) => reply.data.length > 4)).toBe(true);
      }
    }
  });

  it('that claim a length no reply has are named', () => {
    for (const length of ['0000', '0003', '090B', 'FFFF']) {
      expect(fed([bytes(`AAAAAA9669 ${length}`), findOk])).toEqual({ sw3: [0x9f], flaws: ['wrong-length'] });
    }
  });

  it('never hold more than the longest frame back', () => {
    const random = seeded(7);
    let state = noFrame;
    for (let piece = 0; piece < 3_000; piece += 1) {
      const noise = Uint8Array.from({ length: 50 }, () => (random() < 0.4 ? 0xaa : Math.floor(random() * 256)));
      state = readFrames(state, noise).state;
      expect(state.held.length).toBeLessThan(2_321);
    }
  });

  it('are named or read for any bytes, without a stall', () => {
    const worst = new Uint8Array(65_536);
    for (let at = 0; at + 7 <= worst.length; at += 7) worst.set(bytes('AAAAAA9669 090A'), at);
    const startedMs = performance.now();
    expect(readFrames(noFrame, worst).flaws.length).toBeGreaterThan(1_000);
    // Some milliseconds, where looking again at every byte takes a minute.
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe('SW3', () => {
  it.each([
    [0x90, { kind: 'ok' }],
    [0x9f, { kind: 'card-found' }],
    [0x91, { kind: 'item-absent' }],
  ])('%i means %j', (sw3, meaning) => {
    expect(meaningOfSw3(sw3)).toEqual(meaning);
  });

  it.each([
    [0x10, 'line-checksum', 'staff-checks-cable'],
    [0x11, 'line-length', 'staff-checks-cable'],
    [0x21, 'unknown-command', 'staff-checks-model'],
    [0x23, 'no-privilege', 'staff-checks-model'],
    [0x24, 'unknown-error', 'visitor-lays-card-again'],
    [0x31, 'card-rejects-reader', 'visitor-goes-to-window'],
    [0x32, 'reader-rejects-card', 'visitor-goes-to-window'],
    [0x33, 'information-not-verified', 'visitor-goes-to-window'],
    [0x37, 'fingerprint-not-verified', 'visitor-goes-to-window'],
    [0x3f, 'information-length', 'visitor-goes-to-window'],
    [0x40, 'unknown-card-type', 'visitor-takes-another-card'],
    [0x41, 'read-failed', 'visitor-lays-card-again'],
    [0x47, 'random-number-failed', 'visitor-lays-card-again'],
    [0x60, 'self-test-failed', 'staff-replaces-reader'],
    [0x66, 'not-authorised', 'staff-replaces-reader'],
    [0x80, 'find-failed', 'visitor-lays-card'],
    [0x81, 'select-failed', 'visitor-lays-card-again'],
    [0x77, 'unknown-status', 'visitor-lays-card-again'],
  ] as const)('%i is a reason somebody can act on: %s, %s', (sw3, reason, remedy) => {
    expect(meaningOfSw3(sw3)).toEqual({ kind: 'refused', reason });
    expect(remedyFor(reason)).toBe(remedy);
  });

  it('means something, whatever it is', () => {
    for (let sw3 = 0; sw3 <= 0xff; sw3 += 1) expect(meaningOfSw3(sw3).kind).toEqual(expect.any(String));
  });
});

describe('a reply', () => {
  it('that comes late is not taken for the answer to the next command', () => {
    const answers = [...SAM_COMMANDS].filter((command) => canAnswer(command, replyOf(findOk)));
    expect(answers).toEqual(['find-card']);
    expect([...SAM_COMMANDS].filter((command) => canAnswer(command, replyOf(findFailed)))).toEqual(['find-card']);
    expect([...SAM_COMMANDS].filter((command) => canAnswer(command, replyOf(selectOk)))).toEqual(['select-card']);
    expect([...SAM_COMMANDS].filter((command) => canAnswer(command, replyOf(selectFailed)))).toEqual(['select-card']);
    expect(canAnswer('sam-number', replyOf(readReply('read-card', 0)))).toBe(false);
  });

  it('carries the number on the label of the module', () => {
    // 05.03, 20080213 = 0x01326655, 1234567 = 0x0012D687, 1234567890 = 0x499602D2; low byte first.
    expect(decodeSamNumber(bytes('0500 0300 55663201 87D61200 D2029649'))).toBe('05.03-20080213-0001234567-1234567890');
    expect(decodeSamNumber(bytes('0500'))).toBeNull();
  });

  it('is refused where its blocks are not as long as it says', () => {
    const { data } = replyOf(readReply('read-card', 0));
    for (const [at, value] of [
      [0, 0x02],
      [1, 0x01],
      [2, 0x00],
      [3, 0x01],
    ] as const) {
      const wrong = Uint8Array.from(data, (byte, index) => (index === at ? value : byte));
      expect(splitBlocks('read-card', wrong)).toEqual({ ok: false, reason: 'wrong-block-lengths' });
    }
    expect(splitBlocks('read-card', data.subarray(0, 3)).ok).toBe(false);
    expect(splitBlocks('read-card-and-fingerprint', data).ok).toBe(false);
  });
});

/** A reply to a read by hand: 01 00 04 00, and with fingerprint its length; text of 54, photo of 50, fingerprint of 46. */
function readReply(command: 'read-card' | 'read-card-and-fingerprint', fingerprintBytes: number): Uint8Array {
  const lengths = [0x01, 0x00, 0x04, 0x00];
  if (command === 'read-card-and-fingerprint') lengths.push(fingerprintBytes >> 8, fingerprintBytes & 0xff);
  const data = [
    ...lengths,
    ...new Array<number>(256).fill(0x54),
    ...new Array<number>(1_024).fill(0x50),
    ...new Array<number>(fingerprintBytes).fill(0x46),
  ];
  const length = data.length + 4;
  const checked = [length >> 8, length & 0xff, 0, 0, 0x90, ...data];
  return Uint8Array.of(
    0xaa,
    0xaa,
    0xaa,
    0x96,
    0x69,
    ...checked,
    checked.reduce((sum, byte) => sum ^ byte, 0),
  );
}

function replyOf(frame: Uint8Array): SamReply {
  const [reply] = readFrames(noFrame, frame).replies;
  if (reply === undefined) throw new Error('no reply in the frame');
  return reply;
}

function fed(pieces: readonly Uint8Array[]): { sw3: number[]; flaws: string[] } {
  let state = noFrame;
  const sw3: number[] = [];
  const flaws: string[] = [];
  for (const piece of pieces) {
    const frames = readFrames(state, piece);
    state = frames.state;
    sw3.push(...frames.replies.map((reply) => reply.sw3));
    flaws.push(...frames.flaws);
  }
  return { sw3, flaws };
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function hexOf(frame: Uint8Array): string {
  return Buffer.from(frame).toString('hex').toUpperCase();
}

/** Numbers in [0, 1) that are the same in every run (a linear congruential generator, Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
