/** The order on the wire, over a link whose other end is this test; on a serial line it is in motorised-reader.system.test.ts. */
import { expect, it } from 'vitest';
import { type Dial, LinkBoard, type TwoWayLink } from '../channels/byte-link.ts';
import { byteOfPosition, encodeFrame, MotorCommand, positionNotice } from './motorised-frame.ts';
import { MotorisedCardReader } from './motorised-reader.ts';

const done = 0;
const pollMs = 10_000;

// Found in review: a visitor who left while the chip was read got their own card back as somebody else's, for the answer to the chip's
// command was nobody's any more, and its time-out hung up on the reader.
it('gives the card back after the answer to what was asked before, also where nobody waits for that any more', async () => {
  const board = new LinkBoard();
  const asked: number[] = [];
  let dials = 0;
  const say = (...body: number[]) => board.deliver(encodeFrame(Uint8Array.from(body)));
  const isAt = (position: 'empty' | 'inside' | 'gate') => say(positionNotice, byteOfPosition(position));
  const dial: Dial<TwoWayLink> = async () => {
    dials += 1;
    const link: TwoWayLink = {
      name: 'scripted',
      onBytes: (listener) => board.onBytes(listener),
      onGone: (listener) => board.onGone(listener),
      write: async ([, , , code = 0]) => {
        asked.push(code);
        if (code === MotorCommand.state) queueMicrotask(() => say(code, done, byteOfPosition('empty'), 1, 0));
        return true;
      },
      close: async () => board.end('closed'),
    };
    return { ok: true, link };
  };
  const reader = new MotorisedCardReader({ id: 'card-reader', dial, watchMs: 600_000, chipMs: 60_000 });
  const heard: string[] = [];
  reader.subscribe((event) => {
    if (event.type !== 'status') heard.push(event.type);
  });
  await reader.open();
  isAt('inside');
  expect(asked).toEqual([MotorCommand.state]);

  const visit = new AbortController();
  const reading = reader.readCard({ signal: visit.signal });
  await expect.poll(() => asked, { timeout: pollMs }).toEqual([MotorCommand.state, MotorCommand.powerOn]);
  visit.abort();
  expect(await reading).toMatchObject({ ok: false, reason: 'cancelled' });
  const returning = reader.returnCard();
  // All that would be sent at once has been sent by the next turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual([MotorCommand.state, MotorCommand.powerOn]);

  say(MotorCommand.powerOn, done, 0x3b, 0x00);
  await expect.poll(() => asked.at(-1), { timeout: pollMs }).toBe(MotorCommand.out);
  isAt('gate');
  say(MotorCommand.out, done);
  expect(await returning).toEqual({ ok: true, value: null });
  expect(heard).toEqual(['cardInserted', 'cardPresented']);
  expect(reader.status()).toMatchObject({ device: 'online' });
  expect(dials).toBe(1);
  await reader.close();
});
