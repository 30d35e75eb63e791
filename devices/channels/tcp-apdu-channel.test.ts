import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SlotState } from './apdu-channel.ts';
import { TcpApduChannel } from './tcp-apdu-channel.ts';
import { encodeFrame } from './vpcd-framing.ts';

const host = '127.0.0.1';
const atr = Uint8Array.of(0x3b, 0x6d, 0x00, 0x00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
const noCard = new Uint8Array(0);
const selectEf05 = Uint8Array.of(0x00, 0xa4, 0x02, 0x00, 0x02, 0xef, 0x05);
const deadline = { timeoutMs: 2_000 };

/** What the far end does with each frame; bytes are sent as they are. */
type Play = (payload: Uint8Array, socket: Socket) => void;

describe('the TCP card slot', () => {
  let server: Server;
  let port: number;
  let play: Play;
  let connections: Socket[];
  let channel: TcpApduChannel;
  let slots: SlotState[];

  beforeEach(async () => {
    connections = [];
    play = answering(Uint8Array.of(0x90, 0x00));
    server = createServer((socket) => {
      connections.push(socket);
      socket.on('error', () => {});
      // The channel writes one frame at a time, and frames this small arrive whole on loopback.
      socket.on('data', (bytes) => {
        for (let at = 0; at + 2 <= bytes.length; at += 2 + bytes.readUInt16BE(at)) {
          play(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)), socket);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    channel = new TcpApduChannel({ host, port });
    slots = [];
    channel.subscribe((slot) => slots.push(slot));
  });

  afterEach(async () => {
    await channel.close();
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('says what is in the slot, and every change the far end tells unasked', async () => {
    await opened();
    connections[0]?.write(encodeFrame(noCard));
    await until((slot) => slot.kind === 'empty');
    connections[0]?.write(encodeFrame(atr));
    await until((slot) => slot.kind === 'card');
    expect(slots.map(({ kind }) => kind)).toEqual(['noReader', 'card', 'empty', 'card']);
  });

  it('says that nobody listens, and finds the slot when somebody does', async () => {
    await new Promise((resolve) => server.close(resolve));
    channel.open();
    await until((slot) => slot.kind === 'noReader' && slot.reason === 'connection-refused');
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    await until((slot) => slot.kind === 'card');
  });

  it('powers the card and gives its answer to reset', async () => {
    await opened();
    expect(await channel.connect(deadline)).toEqual({ ok: true, bytes: atr });
  });

  it('calls a card mute whose answer to reset is none', async () => {
    play = (payload, socket) => {
      if (payload[0] === 0x04) socket.write(encodeFrame(new Uint8Array(40)));
    };
    channel.open();
    await until((slot) => slot.kind === 'card' && slot.isMute);
    expect(await channel.connect(deadline)).toMatchObject({ ok: false, reason: 'card-mute' });
  });

  it('takes an answer split at any byte', async () => {
    const frame = encodeFrame(Uint8Array.of(0x07, 0x02, 0x54, 0x30, 0x90, 0x00));
    await opened();
    for (let cut = 0; cut <= frame.length; cut += 1) {
      play = (_payload, socket) => {
        socket.write(frame.subarray(0, cut), () => setImmediate(() => socket.write(frame.subarray(cut))));
      };
      expect(await channel.transmit(selectEf05, deadline)).toEqual({ ok: true, bytes: frame.slice(2) });
    }
  });

  it('names an answer shorter than a status word, and goes on', async () => {
    await opened();
    play = (_payload, socket) => socket.write(encodeFrame(Uint8Array.of(0x90)));
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: false, reason: 'malformed-answer' });
    play = answering(Uint8Array.of(0x90, 0x00));
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: true });
    expect(connections).toHaveLength(1);
  });

  it('names an over-long announcement, and goes on over a new connection without calling the card taken', async () => {
    await opened();
    play = (payload, socket) => {
      if (payload[0] === 0x04) socket.write(encodeFrame(atr));
      else socket.write(Uint8Array.of(0xff, 0xff, 1, 2, 3));
    };
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: false, reason: 'malformed-answer' });
    play = answering(Uint8Array.of(0x90, 0x00));
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: true });
    expect(connections).toHaveLength(2);
    expect(slots.map(({ kind }) => kind)).toEqual(['noReader', 'card']);
  });

  it('never gives an answer that came too late to the next command', async () => {
    await opened();
    let late: (() => void) | undefined;
    play = (payload, socket) => {
      if (payload[0] === 0x04) socket.write(encodeFrame(atr));
      else if (late === undefined) late = () => socket.write(encodeFrame(Uint8Array.of(0x6a, 0x82)));
      else socket.write(encodeFrame(Uint8Array.of(0x90, 0x00)));
    };
    expect(await channel.transmit(selectEf05, { timeoutMs: 30 })).toMatchObject({ ok: false, reason: 'timeout' });
    late?.();
    expect(await channel.transmit(selectEf05, deadline)).toEqual({ ok: true, bytes: Uint8Array.of(0x90, 0x00) });
  });

  it('ends an exchange by its signal', async () => {
    await opened();
    const controller = new AbortController();
    play = (payload, socket) => {
      if (payload[0] === 0x04) socket.write(encodeFrame(atr));
      else controller.abort();
    };
    const completion = await channel.transmit(selectEf05, { ...deadline, signal: controller.signal });
    expect(completion).toMatchObject({ ok: false, reason: 'cancelled' });
  });

  it('ends an exchange when the slot says it is empty, or the connection breaks', async () => {
    await opened();
    play = (_payload, socket) => socket.write(encodeFrame(noCard));
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: false, reason: 'card-gone' });
    connections[0]?.write(encodeFrame(atr));
    await until((slot) => slot.kind === 'card');
    play = (_payload, socket) => socket.destroy();
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: false, reason: 'reader-gone' });
  });

  it('refuses a second exchange while one is under way, and answers none where there is no card', async () => {
    await opened();
    play = () => {};
    const first = channel.transmit(selectEf05, { timeoutMs: 50 });
    // The first has to be past its own look at the slot.
    await Promise.resolve();
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: false, reason: 'in-use' });
    await first;
    await channel.close();
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: false, reason: 'reader-gone' });
  });

  it('does not run in circles when the far end talks nonsense unasked', async () => {
    play = (_payload, socket) => socket.write(Uint8Array.of(0xff, 0xff));
    const startedMs = performance.now();
    channel.open();
    await expect.poll(() => connections.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(5);
    // Between five connections lie the waits of 20, 50, 100 and 250 ms.
    expect(performance.now() - startedMs).toBeGreaterThan(400);
  });

  async function opened(): Promise<void> {
    channel.open();
    await until((slot) => slot.kind === 'card');
  }

  function until(wanted: (slot: SlotState) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const undo = channel.subscribe((slot) => {
        if (!wanted(slot)) return;
        resolve();
        queueMicrotask(() => undo());
      });
    });
  }
});

/** A far end with a card in it that answers every command alike. */
function answering(response: Uint8Array): Play {
  return (payload, socket) => {
    if (payload.length > 1) socket.write(encodeFrame(response));
    else if (payload[0] === 0x04) socket.write(encodeFrame(atr));
  };
}
