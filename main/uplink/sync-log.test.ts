import { expect, it } from 'vitest';
import { createLog } from '../log.ts';
import type { SyncEvent } from './sync-event.ts';
import { logLine, syncLog } from './sync-log.ts';

function written(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  write(createLog({ write: (line) => lines.push(JSON.parse(line)), nowMs: () => 0, level: 'info' }));
  return lines;
}

it.each<[SyncEvent, Record<string, unknown>]>([
  [
    { kind: 'set-aside', id: 'request-1', code: 'unknown-item' },
    { level: 'error', event: 'request.set-aside', request: 'request-1', code: 'unknown-item' },
  ],
  [
    { kind: 'round', round: { kind: 'store-failed', reason: 'disk-full', waitMs: 30_000 } },
    { level: 'error', event: 'delivery.store-failed', reason: 'disk-full' },
  ],
  [
    {
      kind: 'round',
      round: { kind: 'failed', reason: 'unavailable', rows: 3, results: [], waitMs: 1_000, isAsked: false },
    },
    { level: 'warn', event: 'delivery.failed', reason: 'unavailable', rows: 3 },
  ],
  [
    { kind: 'issue-settled', key: 'key-1', outcome: 'lost' },
    { level: 'error', event: 'issue.lost', key: 'key-1' },
  ],
  [
    { kind: 'issue-open', key: 'key-1', reason: 'timeout' },
    { level: 'warn', event: 'issue.open', key: 'key-1', reason: 'timeout' },
  ],
  [
    { kind: 'catalogue', result: { ok: false, reason: 'forged', detail: '' } },
    { level: 'warn', event: 'catalogue.not-taken', reason: 'forged' },
  ],
])('writes what staff have to look at: %j', (event, line) => {
  expect(written((log) => syncLog(log)(event))).toMatchObject([line]);
});

it('says that a new epoch is needed when that changes, not whenever it is asked for', () => {
  const wish = { shown: '123456', reason: 'rebuilt', lost: [] } as const;
  const waiting: SyncEvent = { kind: 'epoch', asked: { state: 'waiting' }, wish: { ...wish, lost: [] } };
  const opened: SyncEvent = { kind: 'epoch', asked: { state: 'opened', epoch: 2 }, wish: { ...wish, lost: [] } };
  const lines = written((log) => {
    const tell = syncLog(log);
    for (const event of [waiting, waiting, waiting, opened]) tell(event);
  });
  expect(lines).toMatchObject([
    { level: 'error', event: 'epoch.needed', shown: '123456' },
    { level: 'info', event: 'epoch.opened', epoch: 2 },
  ]);
});

it('keeps the beat of a kiosk that is well out of the log', () => {
  const beats: SyncEvent[] = [
    { kind: 'round', round: { kind: 'idle', waitMs: null } },
    { kind: 'heartbeat', clockOffsetMs: 3 },
    { kind: 'catalogue', result: { ok: true, changed: false, version: 1 } },
  ];
  for (const event of beats) expect(written((log) => syncLog(log)(event))).toEqual([]);
});

it('says why the line is down, and that it is back', () => {
  const lines = written((log) => {
    logLine(log, { state: 'offline', sinceMs: 0, reason: 'timeout' });
    logLine(log, { state: 'online', sinceMs: 0 });
  });
  expect(lines).toMatchObject([
    { level: 'warn', event: 'line.offline', reason: 'timeout' },
    { level: 'info', event: 'line.online' },
  ]);
});
