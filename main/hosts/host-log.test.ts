import { expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { ManualClock } from '../uplink/test/manual-clock.ts';
import { hostLog } from './host-log.ts';

test('a page that knocks without end leaves a few lines, each screen that comes and goes one', () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const log = hostLog(createLog({ write: (line) => void lines.push(line), nowMs: () => 0, level: 'info' }), clock);
  for (let knock = 0; knock < 500; knock += 1) log('screen.refused', { why: 'origin' });
  for (let time = 0; time < 10; time += 1) log('screen.connected', { host: 'websocket' });
  clock.advance(60_000);
  const of = (event: string) => lines.filter((line) => line.includes(event));
  expect(of('screen.connected')).toHaveLength(10);
  expect(of('screen.refused')).toHaveLength(6);
  expect(of('screen.refused').at(-1)).toContain('"more":495');
});
