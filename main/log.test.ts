import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog, type Log, type LogFields, type LogLevel, makeTrace, personalFields } from './log.ts';
import { openLogFile } from './log-file.ts';

describe('the log', () => {
  it('writes an event with its fields as one line of JSON', () => {
    const { log, lines } = makeLog();

    log.info('certificate.printed', { job: 12, layout: 'proof', retried: false, reason: null });

    expect(lines).toEqual([
      `{"level":"info","at":"2026-11-22T01:02:03.456Z","event":"certificate.printed","job":12,"layout":"proof","retried":false,"reason":null}\n`,
    ]);
  });

  it('writes no less than its level', () => {
    const { log, events } = makeLog('warn');

    log.debug('a.debug');
    log.info('a.info');
    log.warn('a.warn');
    log.error('an.error');

    expect(events().map(({ event }) => event)).toEqual(['a.warn', 'an.error']);
  });

  it('carries a trace on every event of a touch', () => {
    const { log, events } = makeLog();
    const trace = makeTrace(randomBytes);

    log.with({ trace }).with({ item: 'proof' }).info('request.enqueued', { row: 1 });
    log.info('kiosk.idle');

    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(events()).toMatchObject([{ trace, item: 'proof', row: 1 }, { event: 'kiosk.idle' }]);
    expect(events()[1]).not.toHaveProperty('trace');
  });

  it('writes an error with its stack and its cause', () => {
    const { log, events } = makeLog();

    log.error('store.failed', { cause: new Error('no write', { cause: new TypeError('no disk') }) });

    expect(events()[0]?.cause).toMatch(/Error: no write\n\s+at [\s\S]+caused by TypeError: no disk/);
  });

  it('refuses personal fields at type level', () => {
    const { log } = makeLog();

    // @ts-expect-error a name is personal
    log.info('visit.began', { name: '张三' });
    // @ts-expect-error and so with what is common to many events
    log.with({ idNumber: '1' });
    // @ts-expect-error fields are flat: nothing personal hides below
    log.info('visit.began', { who: { first: '张' } });
  });

  it.each([...personalFields, 'ID_NUMBER', 'id-number', 'Name'])('masks a field called %s at run time', (field) => {
    const { log, lines } = makeLog();

    log.info('visit.began', untyped({ [field]: '张三' }));
    log.with(untyped({ [field]: '张三' })).info('visit.ended');

    expect(lines.join()).not.toContain('张三');
    expect(lines.join()).toContain('[masked]');
  });

  it.each([
    ['a resident number', '11010519491231002X'],
    ['a resident number in a sentence', 'no such person: 110105194912310021.'],
    ['a mobile number', '13800138000'],
    ['a bank card', '6222020200112233445'],
    ['a sealed password', 'eyJhbGciOiJFQ0RILUVTIn0..abc.def.ghi'],
    ['a token', 'Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln'],
  ])('masks %s wherever it stands', (_, text) => {
    const { log, lines } = makeLog();

    log.warn('centre.answered', { detail: text, cause: new Error(`refused ${text}`) });

    expect(lines.join()).not.toContain(text.replace(/^.*?([\deE])/, '$1').replace(/\.$/, ''));
    expect(JSON.parse(lines[0] ?? '').detail).toContain('[masked]');
    expect(JSON.parse(lines[0] ?? '').cause).toContain('refused');
  });

  it('masks numbers that are written as numbers, and leaves instants and amounts', () => {
    const { log, events } = makeLog();

    log.info('a.b', {
      number: 13_800_138_000,
      big: 110105194912310021n,
      atMs: 1_790_000_000_000,
      amountCents: 129_900,
    });

    expect(events()[0]).toMatchObject({
      number: '[masked]',
      big: '[masked]',
      atMs: 1_790_000_000_000,
      amountCents: 129_900,
    });
  });

  it('leaves trace ids, certificate numbers and device paths as they are', () => {
    const { log, events } = makeLog();
    const fields = { trace: '0af7651916cd43dd8448eb211c80319c', number: 'CB-2026-0000123', path: '/dev/ttyUSB0' };

    log.info('a.b', fields);

    expect(events()[0]).toMatchObject(fields);
  });

  it('keeps its own keys: a field cannot pass itself off as another event', () => {
    const { log, events } = makeLog();

    log.info('device.failed', { event: 'certificate.printed', level: 'debug' });

    expect(events()[0]).toMatchObject({ event: 'device.failed', level: 'info', event_: 'certificate.printed' });
  });

  it('writes nothing of what types should have kept out', () => {
    const { log, lines } = makeLog();
    const circle: Record<string, unknown> = { first: '张' };
    circle.self = circle;

    log.info('a.b', untyped({ circle, list: ['张三'], run: () => '张三' }));

    expect(lines[0]).not.toContain('张');
  });
});

describe('the log file', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kiosk-log-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

  it('is there after each line, and goes on where it was left', () => {
    const first = openLogFile({ folder, maxBytes: 1000, keep: 3 });
    first.write('one\n');
    expect(read('kiosk.ndjson')).toBe('one\n');
    first.close();

    openLogFile({ folder, maxBytes: 1000, keep: 3 }).write('two\n');

    expect(read('kiosk.ndjson')).toBe('one\ntwo\n');
  });

  it('is turned over before it grows too large, and the oldest goes', () => {
    const file = openLogFile({ folder, maxBytes: 10, keep: 3 });

    for (const line of ['aaaaaaa\n', 'bbbbbbb\n', 'ccccccc\n', 'ddddddd\n']) file.write(line);

    expect(readdirSync(folder).sort()).toEqual(['kiosk.1.ndjson', 'kiosk.2.ndjson', 'kiosk.ndjson']);
    expect([read('kiosk.2.ndjson'), read('kiosk.1.ndjson'), read('kiosk.ndjson')]).toEqual([
      'bbbbbbb\n',
      'ccccccc\n',
      'ddddddd\n',
    ]);
  });

  it('is turned over by its size on disk after a restart', () => {
    openLogFile({ folder, maxBytes: 10, keep: 2 }).write('aaaaaaa\n');

    openLogFile({ folder, maxBytes: 10, keep: 2 }).write('bbbbbbb\n');

    expect([read('kiosk.1.ndjson'), read('kiosk.ndjson')]).toEqual(['aaaaaaa\n', 'bbbbbbb\n']);
  });

  it('lets the kiosk serve on where it cannot be written, and counts what was lost', () => {
    const file = openLogFile({ folder, maxBytes: 10, keep: 2 });
    file.write('aaaaaaa\n');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'no folder any more');

    file.write('bbbbbbb\n');
    expect(file.lost()).toBe(1);

    rmSync(folder);
    file.write('ccccccc\n');
    expect(file.lost()).toBe(1);
    expect(read('kiosk.ndjson')).toBe('ccccccc\n');
  });

  it('keeps no kiosk from starting where its folder cannot be made', () => {
    // A data folder on a disk that was mounted read-only left the hall with a dead panel instead of a small code.
    writeFileSync(join(folder, 'log'), 'a file where the folder should be');

    const file = openLogFile({ folder: join(folder, 'log'), maxBytes: 1000, keep: 2 });
    file.write('one\n');

    expect(file.lost()).toBe(1);
  });

  it('keeps the older files while the newest cannot be opened', () => {
    const file = openLogFile({ folder, maxBytes: 10, keep: 3 });
    for (const line of ['aaaaaaa\n', 'bbbbbbb\n']) file.write(line);
    file.close();
    rmSync(join(folder, 'kiosk.ndjson'));
    mkdirSync(join(folder, 'kiosk.ndjson'));

    const again = openLogFile({ folder, maxBytes: 10, keep: 3 });
    for (let line = 0; line < 5; line += 1) again.write('ccccccc\n');

    expect(again.lost()).toBe(5);
    expect(read('kiosk.1.ndjson')).toBe('aaaaaaa\n');
  });
});

function makeLog(level: LogLevel = 'debug'): { log: Log; lines: string[]; events(): Record<string, unknown>[] } {
  const lines: string[] = [];
  const nowMs = (): number => Date.UTC(2026, 10, 22, 1, 2, 3, 456);
  return {
    log: createLog({ write: (line) => lines.push(line), nowMs, level }),
    lines,
    events: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** What types would refuse, as a cast or a foreign object might bring it. */
function untyped(fields: Record<string, unknown>): LogFields {
  return fields as LogFields;
}

it.skipIf(process.platform !== 'linux')(
  'a file that can have no folder counts what it loses, and hangs nowhere',
  () => {
    const log = openLogFile({ folder: '/proc/self/log', maxBytes: 1_000, keep: 2 });
    log.write('{"event":"kiosk.starting"}\n');
    expect(log.lost()).toBe(1);
  },
);
