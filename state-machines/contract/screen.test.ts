import { expect, test } from 'vitest';
import { screenMessageSchema } from './screen.ts';

/** What a message of a broken screen is read as. */
function readBroken(name: unknown, at: unknown) {
  const event = { type: 'broken', name, at };
  const read = screenMessageSchema.safeParse({ contract: 1, id: 'message-1', step: 'k1.attract', event });
  return read.success ? read.data.event : null;
}

test('takes where a screen broke as its own script tells it', () => {
  const event = { type: 'broken', name: 'TypeError', at: 'form-B2x_9.js:12:345 react-dom.client.js:7:1' };
  expect(readBroken(event.name, event.at)).toEqual(event);
  expect(readBroken('NotAllowedError', '')).toEqual({ type: 'broken', name: 'NotAllowedError', at: '' });
});

// Any text went into the log under these names.
test.each([
  ['a visitor’s words', '张建国 890101197803150019', '住在滨江路1号'],
  ['a name with spaces and lines', 'Type\nError', 'form.js:1:2\n{"event":"login.answered"}'],
  ['far too much', 'E'.repeat(5_000), 'a.js:1:1 '.repeat(900)],
  ['an address with a secret', 'Error', 'http://127.0.0.1/assets/form.js?secret=x:1:2'],
  ['something that is no text', 7, { toString: 'x' }],
])('keeps %s out of the log, and still hears that the screen broke', (_what, name, at) => {
  const event = readBroken(name, at);
  expect(event).toMatchObject({ type: 'broken', at: 'unknown' });
  if (name !== 'Error') expect(event).toMatchObject({ name: 'unknown' });
});
