import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../state-machines/contract/central/commands.ts';
import type { Hall } from '../state-machines/kiosk/played-hall.ts';
import { openHall } from '../state-machines/kiosk/played-hall.ts';
import type { CarryOutParts } from './carry-out.ts';
import { createCentreOrders } from './carry-out.ts';
import { untilFree } from './kiosk-state.ts';
import { silentLog } from './log.ts';
import type { LogFile } from './log-file.ts';
import { openLogFile } from './log-file.ts';

const id = '019ab000-0000-7000-8000-000000000001';
const setAside = '019ab000-0000-7000-8000-000000000002';
const at = Date.UTC(2026, 10, 24, 9, 0, 0);

describe('a command from the centre', () => {
  let folder: string;
  let settings: Map<string, unknown>;
  let isFull: boolean;
  let said: string[];
  let delivered: { part: number; isLast: boolean; text: string }[];
  let hall: Hall;
  let time: AbortController;
  let logFile: LogFile;
  let parts: CarryOutParts;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'carry-out-'));
    settings = new Map();
    isFull = false;
    said = [];
    delivered = [];
    hall = await openHall();
    time = new AbortController();
    logFile = openLogFile({ folder, maxBytes: 400_000, keep: 3 });
    parts = {
      store: {
        readSetting: (name) => ({ ok: true, value: settings.get(name) ?? null }),
        writeSetting: (name, value) => {
          if (isFull) return { ok: false, reason: 'disk-full', detail: '' };
          settings.set(name, value);
          return { ok: true };
        },
        decideSetAside: (row, decision, by) => {
          if (isFull) return { ok: false, reason: 'disk-full', detail: '' };
          if (row !== setAside) return { ok: false, reason: 'not-set-aside' };
          said.push(`${decision} by ${by}`);
          return { ok: true };
        },
        foundPaper: (number, copies, by) => {
          if (isFull) return { ok: false, reason: 'disk-full', detail: '' };
          if (number !== 'YC1')
            return { ok: false, reason: number === 'YC2' ? 'not-now' : 'unknown-paper', detail: '' };
          said.push(`${copies} of ${number} by ${by}`);
          return { ok: true, paper: { state: 'printed', sheets: 1, copies, job: null, reason: null } };
        },
      },
      untilFree: (signal) => untilFree(hall.kiosk, signal),
      lookAgain: (because) => said.push(`closed because ${because}`),
      refresh: async () => ({ ok: true }),
      logFile,
      deliver: async (part, signal) => {
        if (signal.aborted) return { ok: false };
        delivered.push(part);
        return { ok: true };
      },
      restart: () => said.push('restarted'),
      log: silentLog,
    };
  });
  afterEach(() => {
    hall.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const carryOut = (command: Command) => createCentreOrders(parts).carryOut(command, id, time.signal);

  it('closes the kiosk, also for the process after this one, until the centre opens it', async () => {
    expect(await carryOut({ kind: 'out-of-service', because: '换墨盒' })).toMatchObject({ outcome: 'done' });
    expect(createCentreOrders(parts).closedBecause()).toBe('换墨盒');
    expect(await carryOut({ kind: 'back-in-service' })).toMatchObject({ outcome: 'done' });
    expect(createCentreOrders(parts).closedBecause()).toBeNull();
    expect(said).toEqual(['closed because 换墨盒', 'closed because null']);
  });

  it('is reported as failed where closing could not be kept', async () => {
    isFull = true;
    expect(await carryOut({ kind: 'out-of-service', because: '' })).toEqual({ outcome: 'failed', detail: 'disk-full' });
    expect(said).toEqual([]);
  });

  // What was set aside waited for ever, and that person's later requests behind it: nobody could decide it.
  it('releases a request that was set aside, or gives it up', async () => {
    const release = (of: string, decision: 'release' | 'drop') =>
      carryOut({ kind: 'release-request', id: of, decision });
    expect(await release(setAside, 'release')).toMatchObject({ outcome: 'done' });
    expect(await release(setAside, 'drop')).toMatchObject({ outcome: 'done' });
    expect(said).toEqual([`release by command ${id}`, `drop by command ${id}`]);
    expect(await release(id, 'drop')).toMatchObject({ outcome: 'refused' });
    isFull = true;
    expect(await release(setAside, 'drop')).toEqual({ outcome: 'failed', detail: 'disk-full' });
  });

  it('takes what staff found of a paper of which nobody knew whether it came out, once', async () => {
    const found = (number: string) => carryOut({ kind: 'found-paper', number, copies: 1 });
    expect(await found('YC1')).toMatchObject({ outcome: 'done' });
    expect(said).toEqual([`1 of YC1 by command ${id}`]);
    expect(await found('YC2')).toEqual({ outcome: 'refused', detail: 'what became of it is known already' });
    expect(await found('YC3')).toEqual({ outcome: 'refused', detail: 'this kiosk has no paper of that number' });
    isFull = true;
    expect(await found('YC1')).toEqual({ outcome: 'failed', detail: 'disk-full' });
  });

  it('starts the kiosk anew only when its visitor has gone', async () => {
    await hall.act({ type: 'start' });
    const restarted = carryOut({ kind: 'restart' });
    await hall.settle();
    expect(said).toEqual([]);
    await hall.act({ type: 'end' });
    expect(await restarted).toMatchObject({ outcome: 'done' });
    expect(said).toEqual(['restarted']);
  });

  // The centre was told that it failed, and the kiosk went down an hour later all the same.
  it('starts the kiosk anew no more once its time is over, though its visitor goes then', async () => {
    await hall.act({ type: 'start' });
    const restarted = carryOut({ kind: 'restart' });
    time.abort();
    expect(await restarted).toMatchObject({ outcome: 'failed' });
    await hall.act({ type: 'end' });
    expect(said).toEqual([]);
  });

  it('is refused where nobody would start the kiosk again', async () => {
    parts.restart = null;
    expect(await carryOut({ kind: 'restart' })).toMatchObject({ outcome: 'refused' });
  });

  it('delivers the log of its time in parts of whole lines, the last one marked', async () => {
    const line = (second: number): string =>
      `{"level":"info","at":"${new Date(at + second * 1_000).toISOString()}","event":"x","filler":"${'.'.repeat(900)}"}\n`;
    for (let second = 0; second < 600; second += 1) logFile.write(line(second));
    expect(await carryOut({ kind: 'collect-logs', from: at + 100_000, to: at + 399_000 })).toMatchObject({
      outcome: 'done',
    });
    expect(delivered.map(({ part, isLast }) => [part, isLast])).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    const lines = delivered.map(({ text }) => text).join('');
    expect(lines).toBe(Array.from({ length: 300 }, (_, index) => line(100 + index)).join(''));
  });

  it('delivers the end of a log that is too long, and says how much was left out', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `${index} ${'.'.repeat(100_000)}\n`);
    parts.logFile = {
      async *read() {
        yield* lines;
      },
    };
    const done = await carryOut({ kind: 'collect-logs', from: at, to: at + 1 });
    const text = delivered.map((each) => each.text).join('');
    const leftOut = lines.findIndex((line) => text.startsWith(line));
    expect(leftOut).toBeGreaterThan(0);
    expect(text).toBe(lines.slice(leftOut).join(''));
    expect(done).toEqual({ outcome: 'done', detail: `too long: ${leftOut} older lines were left out` });
    expect(delivered.filter(({ isLast }) => isLast)).toHaveLength(1);
  });

  it('delivers no more of a log once its time is over', async () => {
    logFile.write(`{"at":"${new Date(at).toISOString()}"}\n`);
    time.abort();
    expect(await carryOut({ kind: 'collect-logs', from: at, to: at + 1 })).toMatchObject({ outcome: 'failed' });
    expect(delivered).toEqual([]);
  });

  it('says that nothing was there by one empty part', async () => {
    await carryOut({ kind: 'collect-logs', from: at, to: at + 1 });
    expect(delivered).toMatchObject([{ part: 0, isLast: true, text: '' }]);
  });

  it('fails where the centre does not take a part', async () => {
    parts.deliver = async () => ({ ok: false });
    expect(await carryOut({ kind: 'collect-logs', from: at, to: at + 1 })).toMatchObject({ outcome: 'failed' });
  });
});
