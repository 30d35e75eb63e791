/** Frames here are the examples of docs/devices/pin-pad.md. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeIdentity,
  decodePadState,
  frameOfRequest,
  noPadFrame,
  type PadMessage,
  type PadRequest,
  readPadFrames,
} from './codec.ts';

const key = { slot: 1, algorithm: 'sm4', checkValue: bytes('A1B2C3'), wrapped: new Uint8Array(16).fill(0x11) } as const;
const entry: PadRequest = {
  kind: 'start-entry',
  slot: 1,
  format: 'iso-4',
  minDigits: 6,
  maxDigits: 6,
  timeoutSeconds: 60,
  account: '432198765432',
};

describe('requests', () => {
  it.each<[string, PadRequest, number, string]>([
    ['status', { kind: 'status' }, 1, '02 0002 01 01 02'],
    ['identify', { kind: 'identify' }, 2, '02 0002 02 02 02'],
    ['reset', { kind: 'reset' }, 3, '02 0002 03 03 02'],
    ['load-master-key', { kind: 'load-master-key', ...key }, 4, `02 0017 10 04 01 02 A1B2C3 ${'11'.repeat(16)} D0`],
    ['load-working-key', { kind: 'load-working-key', ...key }, 5, `02 0017 11 05 01 02 A1B2C3 ${'11'.repeat(16)} D0`],
    ['start-entry', entry, 6, '02 0014 20 06 01 04 06 06 3C 0C 343332313938373635343332 03'],
    ['cancel-entry', { kind: 'cancel-entry' }, 7, '02 0002 21 07 24'],
  ])('%s is the documented frame, and the document shows it', (_, request, number, frame) => {
    expect(hexOf(frameOfRequest(request, number))).toBe(frame.replaceAll(' ', ''));
    expect(readFileSync(new URL('../../docs/devices/pin-pad.md', import.meta.url), 'utf8')).toContain(frame);
  });

  it('count up to 255 and begin again', () => {
    expect(frameOfRequest({ kind: 'status' }, 256)).toEqual(frameOfRequest({ kind: 'status' }, 0));
  });
});

const state = bytes('02 0004 81 01 00 06 82');
const refused = bytes('02 0003 91 05 05 92');
const digit = bytes('02 0004 E0 06 01 01 E2');
const back = bytes('02 0004 E0 06 02 00 E0');
const clear = bytes('02 0004 E0 06 03 00 E1');
const ended = bytes(`02 000B E1 06 00 ${'A5'.repeat(8)} EC`);
const cancelled = bytes('02 0003 E1 06 01 E5');
const timedOut = bytes('02 0003 E1 06 02 E6');
const tampered = bytes('02 0002 E2 00 E0');

describe('what the pad says', () => {
  it.each<[string, Uint8Array, PadMessage]>([
    ['an answer', state, { kind: 'answer', number: 1, result: { ok: true, data: bytes('06') } }],
    ['a refusal', refused, { kind: 'answer', number: 5, result: { ok: false, reason: 'wrong-check-value' } }],
    ['a key', digit, { kind: 'key', number: 6, key: 'digit', digits: 1 }],
    ['a digit taken back', back, { kind: 'key', number: 6, key: 'back', digits: 0 }],
    ['all digits taken back', clear, { kind: 'key', number: 6, key: 'clear', digits: 0 }],
    ['a block', ended, { kind: 'entry-ended', number: 6, outcome: { kind: 'block', block: bytes('A5'.repeat(8)) } }],
    ['a visitor giving up', cancelled, { kind: 'entry-ended', number: 6, outcome: { kind: 'cancelled' } }],
    ['a visitor doing nothing', timedOut, { kind: 'entry-ended', number: 6, outcome: { kind: 'timed-out' } }],
    ['that it was opened', tampered, { kind: 'tampered' }],
  ])('is understood, and the document shows it: %s', (_, frame, message) => {
    expect(readPadFrames(noPadFrame, frame)).toEqual({ state: noPadFrame, messages: [message], flaws: [] });
    const document = readFileSync(new URL('../../docs/devices/pin-pad.md', import.meta.url), 'utf8');
    expect(document.replaceAll(' ', '')).toContain(hexOf(frame));
  });

  it('is the same wherever the wire cuts it', () => {
    const whole = Uint8Array.of(...state, ...digit, ...ended, ...refused);
    const kinds = ['answer', 'key', 'entry-ended', 'answer'];
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const first = readPadFrames(noPadFrame, whole.subarray(0, cut));
      const second = readPadFrames(first.state, whole.subarray(cut));
      expect([...first.messages, ...second.messages].map(({ kind }) => kind)).toEqual(kinds);
      expect([...first.flaws, ...second.flaws]).toEqual([]);
    }
  });

  it('is found again behind garbage and behind a frame that broke off', () => {
    for (const before of ['FF', '02', '0200', '0202', '0200 04 E0', '020004E0060101E3', '02FFFF']) {
      const { messages } = readPadFrames(noPadFrame, Uint8Array.of(...bytes(before), ...state, ...digit, ...digit));
      expect(messages.at(-1)).toMatchObject({ kind: 'key' });
    }
  });

  it('with any one byte wrong is not a message of the same kind and number that says something else', () => {
    for (let at = 0; at < ended.length; at += 1) {
      for (let flip = 1; flip < 256; flip += 1) {
        const frame = Uint8Array.from(ended, (byte, index) => (index === at ? byte ^ flip : byte));
        expect(readPadFrames(noPadFrame, frame).messages.filter(({ kind }) => kind === 'entry-ended')).toEqual([]);
      }
    }
  });

  it('has a name for each result', () => {
    const results = Array.from({ length: 255 }, (_, at) => {
      const content = [0x00, 0x03, 0x81, 0x01, at + 1];
      const frame = Uint8Array.of(
        0x02,
        ...content,
        content.reduce((sum, byte) => sum ^ byte, 0),
      );
      const [message] = readPadFrames(noPadFrame, frame).messages;
      return message?.kind === 'answer' && !message.result.ok ? message.result.reason : null;
    });
    expect(results.slice(0, 11)).toEqual([
      'unknown-request',
      'wrong-length',
      'no-master-key',
      'no-working-key',
      'wrong-check-value',
      'not-supported',
      'entry-open',
      'no-entry',
      'tampered',
      'bad-account',
      'wrong-checksum',
    ]);
    expect(new Set(results.slice(11))).toEqual(new Set(['unknown-result']));
  });

  it('gives messages or named flaws for any bytes, and holds little back', () => {
    let seed = 9_564;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    let held = noPadFrame;
    for (let round = 0; round < 20_000; round += 1) {
      const noise = Uint8Array.from({ length: Math.floor(random() * 40) }, () =>
        random() < 0.3 ? ([0x02, 0x00, 0x04, 0xe0][Math.floor(random() * 4)] ?? 0) : Math.floor(random() * 256),
      );
      held = readPadFrames(held, noise).state;
      expect(held.held.length).toBeLessThan(68);
    }
  });
});

describe('what answers carry', () => {
  it('is who the pad is and what it can', () => {
    expect(decodeIdentity(bytes('03 53494D2D303030303432'))).toEqual({
      features: ['tdes-iso-0', 'sm4-iso-4'],
      serialNumber: 'SIM-000042',
    });
    expect(decodeIdentity(bytes('01 41'))).toEqual({ features: ['tdes-iso-0'], serialNumber: 'A' });
    expect(decodeIdentity(bytes('03'))).toBeNull();
    expect(decodeIdentity(bytes(''))).toBeNull();
    expect(decodeIdentity(bytes('03 00'))).toBeNull();
  });

  it('is the state of the pad', () => {
    expect(decodePadState(bytes('0E'))).toEqual({
      isTampered: false,
      hasMasterKey: true,
      hasWorkingKey: true,
      isEntryOpen: true,
    });
    expect(decodePadState(bytes('01'))).toMatchObject({ isTampered: true });
    expect(decodePadState(bytes(''))).toBeNull();
  });
});

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function hexOf(frame: Uint8Array): string {
  return Buffer.from(frame).toString('hex').toUpperCase();
}
