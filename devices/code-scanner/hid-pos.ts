import { joinBytes } from '../bytes.ts';
import { longestCodeBytes, type Scan, textOf } from './scan.ts';

/** The parts of a code that is longer than a report. */
type ReportState = { parts: Uint8Array };

export const noReports: ReportState = { parts: new Uint8Array(0) };

/**
 * One report of a HID POS scanner (usage page 0x8C, "Scanned Data Report"), 64 bytes.
 *
 * ```text
 *  0     1   report id, 2
 *  1     1   length of the data, at most 56
 *  2     3   AIM symbology identifier, e.g. "]Q1"
 *  5    56   data
 * 61     1   symbology
 * 63     1   bit 0: more of this code follows
 * ```
 */
export function readReport(state: ReportState, report: Uint8Array): Scan<ReportState> {
  const length = report[1];
  const last = report[63];
  if (report[0] !== 2 || report.length !== 64 || length === undefined || last === undefined || length > 56) {
    return { state: noReports, codes: [], flaws: ['malformed-report'] };
  }
  const parts = joinBytes(state.parts, report.subarray(5, 5 + length));
  if (parts.length > longestCodeBytes) return { state: noReports, codes: [], flaws: ['too-long'] };
  if ((last & 1) === 1) return { state: { parts }, codes: [], flaws: [] };
  const code = withoutLineEnd(parts);
  if (code.length === 0) return { state: noReports, codes: [], flaws: [] };
  const read = textOf(code);
  if ('flaw' in read) return { state: noReports, codes: [], flaws: [read.flaw] };
  return { state: noReports, codes: [read.text], flaws: [] };
}

/** Some scanners end the data with the line end they are set to for serial. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0d || bytes[end - 1] === 0x0a)) end -= 1;
  return bytes.subarray(0, end);
}
