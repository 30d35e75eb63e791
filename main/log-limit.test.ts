import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { limitLog } from './log-limit.ts';
import { ManualClock } from './uplink/test/manual-clock.ts';

function openLog() {
  const clock = new ManualClock();
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    nowMs: () => clock.nowMs(),
    level: 'info',
  });
  return { clock, lines, limited: limitLog(log, clock) };
}

test('noise on a wire leaves five lines a minute, and one that says how many more there were', () => {
  const { clock, lines, limited } = openLog();
  for (let flaw = 0; flaw < 1_000; flaw += 1) {
    limited('warn', 'device.flaw', { device: 'scanner' }, { flaw: 'unreadable' });
    clock.advance(59);
  }
  expect(lines).toHaveLength(5);
  clock.advance(1_000);
  expect(lines).toHaveLength(6);
  expect(lines[4]).toMatchObject({ level: 'warn', event: 'device.flaw', device: 'scanner', flaw: 'unreadable' });
  expect(lines[5]).toMatchObject({ level: 'warn', event: 'device.flaw', device: 'scanner', more: 995 });
  expect(lines[5]).not.toHaveProperty('flaw');
  expect(clock.pending()).toEqual([]);
});

test('the next minute begins anew, and what stays below the limit is written as it comes', () => {
  const { clock, lines, limited } = openLog();
  for (let minute = 0; minute < 3; minute += 1) {
    for (let flaw = 0; flaw < 5; flaw += 1) limited('warn', 'device.flaw', { device: 'scanner' });
    clock.advance(60_000);
  }
  expect(lines).toHaveLength(15);
});

test('one device says nothing for another, nor one event', () => {
  const { lines, limited } = openLog();
  for (let flaw = 0; flaw < 9; flaw += 1) limited('warn', 'device.flaw', { device: 'scanner' });
  limited('warn', 'device.flaw', { device: 'pin-pad' });
  limited('info', 'board.inputs', { device: 'scanner' });
  expect(lines.map(({ event, device }) => `${String(event)} ${String(device)}`).slice(5)).toEqual([
    'device.flaw pin-pad',
    'board.inputs scanner',
  ]);
});
