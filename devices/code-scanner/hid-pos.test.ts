import { describe, expect, it } from 'vitest';
import { noReports, readReport } from './hid-pos.ts';

/** A report as the HID POS usage tables lay it out. */
function report(
  text: string | Uint8Array,
  options: { hasMore?: boolean; id?: number; length?: number } = {},
): Uint8Array {
  const data = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const bytes = new Uint8Array(64);
  bytes[0] = options.id ?? 2;
  bytes[1] = options.length ?? data.length;
  bytes.set(new TextEncoder().encode(']Q1'), 2);
  bytes.set(data, 5);
  bytes[63] = options.hasMore === true ? 1 : 0;
  return bytes;
}

describe('reports of a HID POS scanner', () => {
  it('carry a code', () => {
    expect(readReport(noReports, report('ABC-123'))).toEqual({ state: noReports, codes: ['ABC-123'], flaws: [] });
  });

  it('carry a longer code in parts, cut within a letter too', () => {
    const whole = new TextEncoder().encode(`${'N'.repeat(55)}参保证明`);
    const first = readReport(noReports, report(whole.subarray(0, 56), { hasMore: true }));
    expect(first).toMatchObject({ codes: [], flaws: [] });
    expect(readReport(first.state, report(whole.subarray(56))).codes).toEqual([`${'N'.repeat(55)}参保证明`]);
  });

  it('lose the line end some scanners add', () => {
    expect(readReport(noReports, report('ABCD\r\n')).codes).toEqual(['ABCD']);
    expect(readReport(noReports, report('\r'))).toMatchObject({ codes: [], flaws: [] });
    expect(readReport(noReports, report('ABC'))).toMatchObject({ codes: [], flaws: ['too-short'] });
  });

  it.each([
    ['of another kind', report('ABC', { id: 3 })],
    ['that claim more data than they hold', report('ABC', { length: 57 })],
    ['that are cut off', report('ABC').subarray(0, 40)],
    ['that are empty', new Uint8Array(0)],
  ])('are malformed %s, and forget the parts before', (_, bytes) => {
    const first = readReport(noReports, report('half', { hasMore: true }));
    expect(readReport(first.state, bytes)).toEqual({ state: noReports, codes: [], flaws: ['malformed-report'] });
  });

  it('have an end, however many parts are announced', () => {
    let scan = readReport(noReports, report('N'.repeat(56), { hasMore: true }));
    for (let part = 0; scan.flaws.length === 0; part += 1) {
      expect(part).toBeLessThan(200);
      scan = readReport(scan.state, report('N'.repeat(56), { hasMore: true }));
    }
    expect(scan).toEqual({ state: noReports, codes: [], flaws: ['too-long'] });
  });
});
