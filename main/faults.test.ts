import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { endOnFault } from './faults.ts';
import { createLog } from './log.ts';

function startWatching() {
  const source = new EventEmitter();
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ write: (line) => lines.push(JSON.parse(line)), nowMs: () => 0, level: 'info' });
  const end = vi.fn();
  endOnFault(source, { log, end });
  return { source, lines, end };
}

it.each(['uncaughtException', 'unhandledRejection'])(
  'ends the kiosk on an %s, and the log has kind and place',
  (event) => {
    const { source, lines, end } = startWatching();
    source.emit(event, new RangeError('张建国 890101197803150019'));
    expect(end).toHaveBeenCalledOnce();
    expect(lines).toMatchObject([{ level: 'error', event: 'kiosk.fault', during: event }]);
    expect(lines[0]?.cause).toMatch(/^RangeError at .*faults\.test\.ts/);
    expect(JSON.stringify(lines)).not.toMatch(/张建国|8901/);
  },
);

it('ends once, however much falls over on the way down', () => {
  const { source, lines, end } = startWatching();
  source.emit('uncaughtException', new Error('first'));
  source.emit('unhandledRejection', 'not even an error');
  expect(end).toHaveBeenCalledOnce();
  expect(lines).toHaveLength(2);
});
