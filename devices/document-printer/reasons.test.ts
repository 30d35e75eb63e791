import { describe, expect, it } from 'vitest';
import type { SpoolPrinter } from '../channels/spooler.ts';
import { faultOf, statusOf } from './reasons.ts';

function printer(change: Partial<SpoolPrinter> = {}): SpoolPrinter {
  return { state: 'idle', isAccepting: true, reasons: [], supplies: [], model: 'test', ...change };
}

describe('what stops a printer', () => {
  it.each([
    ['media-empty', 'paper-out'],
    ['media-empty-error', 'paper-out'],
    ['media-empty-warning', 'paper-out'],
    ['media-empty-report', 'paper-out'],
    ['media-needed', 'paper-out'],
    ['input-tray-missing-error', 'paper-out'],
    ['media-jam-error', 'paper-jam'],
    ['door-open', 'door-open'],
    ['cover-open-error', 'door-open'],
    ['toner-empty', 'toner-empty'],
    ['marker-supply-empty-error', 'toner-empty'],
    ['output-area-full', 'output-full'],
    ['paused', 'stopped'],
    ['shutdown', 'offline'],
    ['timed-out', 'offline'],
    ['connecting-to-device', 'offline'],
    ['offline', 'offline'],
  ] as const)('%s is %s, whatever its suffix', (reason, fault) => {
    expect(faultOf(printer({ reasons: [reason] }))).toBe(fault);
  });

  it.each(['media-low', 'toner-low-warning', 'marker-supply-low', 'other', 'cups-waiting-for-job-completed'])(
    '%s does not',
    (reason) => {
      expect(faultOf(printer({ reasons: [reason] }))).toBeNull();
    },
  );

  it('is told in the order of mending when there are several', () => {
    expect(faultOf(printer({ reasons: ['media-empty', 'door-open', 'media-jam'] }))).toBe('paper-jam');
  });

  it('is its queue when that is stopped or takes no jobs', () => {
    expect(faultOf(printer({ state: 'stopped' }))).toBe('stopped');
    expect(faultOf(printer({ isAccepting: false }))).toBe('stopped');
  });
});

describe('the status of a printer', () => {
  const ok = (change: Partial<SpoolPrinter> = {}) => statusOf({ ok: true, value: printer(change) });

  it('is online with paper, toner and a closed cover when nothing is said', () => {
    expect(ok()).toEqual({
      device: 'online',
      media: 'notSupported',
      paper: 'ok',
      toner: 'ok',
      cover: 'closed',
      reason: null,
    });
  });

  it.each([
    [{ reasons: ['media-low-report'] }, { device: 'online', paper: 'low', reason: null }],
    [{ reasons: ['media-empty-error'] }, { device: 'userError', paper: 'out', reason: 'media-empty' }],
    [{ reasons: ['media-jam'] }, { device: 'userError', paper: 'jammed', reason: 'media-jam' }],
    [{ reasons: ['cover-open'] }, { device: 'userError', cover: 'open', reason: 'cover-open' }],
    [{ reasons: ['toner-low'] }, { device: 'online', toner: 'low' }],
    [{ reasons: ['toner-empty'] }, { device: 'userError', toner: 'out' }],
    [{ supplies: [{ name: 'black', kind: 'toner', levelPercent: 7 }] }, { device: 'online', toner: 'low' }],
    [{ supplies: [{ name: 'waste', kind: 'waste-toner', levelPercent: 3 }] }, { toner: 'ok' }],
    [{ reasons: ['offline'] }, { device: 'offline', paper: 'unknown', cover: 'unknown', reason: 'offline' }],
    [{ state: 'stopped' as const }, { device: 'hardwareError', reason: 'stopped' }],
  ])('%j is %j', (change, status) => {
    expect(ok(change)).toMatchObject(status);
  });

  it.each([
    ['unknown-printer', 'noDevice', 'unknown-printer'],
    ['unreachable', 'offline', 'spooler-unreachable'],
    ['timed-out', 'offline', 'spooler-timed-out'],
    ['garbled', 'hardwareError', 'spooler-garbled'],
  ] as const)('without an answer (%s) is %s, and what it cannot know is unknown', (reason, device, told) => {
    expect(statusOf({ ok: false, reason, detail: '' })).toMatchObject({
      device,
      reason: told,
      paper: 'unknown',
      toner: 'unknown',
    });
  });
});
