import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader, MAX_FRAME_BYTES } from './vpcd-framing.ts';

// From docs/devices/published-facts.md: power on, ask for the answer to reset, SELECT EF05.
const stream = Uint8Array.from([0, 1, 0x01, 0, 1, 0x04, 0, 7, 0x00, 0xa4, 0x02, 0x00, 0x02, 0xef, 0x05, 0, 0]);
const payloads = [[0x01], [0x04], [0x00, 0xa4, 0x02, 0x00, 0x02, 0xef, 0x05], []];

describe('the vpcd framing', () => {
  it('puts the length, big-endian, in front', () => {
    expect([...encodeFrame(Uint8Array.of(0x04))]).toEqual([0x00, 0x01, 0x04]);
    expect([...encodeFrame(new Uint8Array(300)).slice(0, 2)]).toEqual([0x01, 0x2c]);
  });

  it('gives the same payloads wherever the stream is split', () => {
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const reader = new FrameReader();
      const readings = [reader.push(stream.slice(0, cut)), reader.push(stream.slice(cut))];
      expect(readings.flatMap((reading) => (reading.ok ? reading.frames.map((frame) => [...frame]) : []))).toEqual(
        payloads,
      );
    }
  });

  it('gives them byte by byte', () => {
    const reader = new FrameReader();
    const frames = [...stream].flatMap((byte) => {
      const reading = reader.push(Uint8Array.of(byte));
      return reading.ok ? reading.frames : [];
    });
    expect(frames.map((frame) => [...frame])).toEqual(payloads);
  });

  it('names an announced length that no card of ours sends', () => {
    expect(new FrameReader().push(Uint8Array.of(0xff, 0xff))).toEqual({
      ok: false,
      reason: 'over-long',
      length: 65535,
    });
    expect(new FrameReader().push(encodeFrame(new Uint8Array(MAX_FRAME_BYTES)))).toMatchObject({ ok: true });
  });
});
