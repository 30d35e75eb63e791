import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Capture, decodeCapture } from './decode-capture.ts';

function words(capture: Capture, text: string, reveal = false): string {
  const decoded = decodeCapture(capture, text, reveal);
  if (!decoded.ok) throw new Error(decoded.detail);
  return decoded.lines.join('\n');
}

/** The replies of a transcript beside the ID reader's codec. */
function replies(name: string): string[] {
  const folder = new URL('../../devices/resident-id-card/transcripts/', import.meta.url);
  const lines = readFileSync(new URL(`${name}.txt`, folder), 'utf8').split('\n');
  const texts: string[] = [];
  for (const line of lines) {
    if (/^[<>]/.test(line)) texts.push(line);
    else if (/^\s+[0-9A-F]/.test(line)) texts.push(`${texts.pop() ?? ''} ${line}`);
  }
  return texts.filter((text) => text.startsWith('<')).map((text) => text.slice(1).replace(/#.*/, ''));
}

it.each<[string, Capture, string, string]>([
  [
    'an I/O board',
    { kind: 'io-board' },
    '24 45 56 45 4E 54 20 6B 65 79 3D 73 65 72 76 69 63 65 2A 35 42 0D 0A',
    'key: service',
  ],
  ['a key of a PIN pad', { kind: 'pin-pad' }, '02 0004 E0 06 01 01 E2', 'digits: 1'],
  ['a question to the ID reader', { kind: 'resident-id-card' }, 'AAAAAA9669 0003 20 01 22', 'command: find-card'],
  ['its refusal', { kind: 'resident-id-card' }, 'AA AA AA 96 69 00 04 00 00 80 84', 'meaning.reason: find-failed'],
  ['a status word', { kind: 'social-security-card' }, '6A82', 'meaning.reason: file-not-found'],
  ['a command to the card', { kind: 'social-security-card' }, '00A4020002EF05', 'command: SELECT'],
  ['a record', { kind: 'social-security-card' }, '0304322E3030 9000', 'record: specification'],
  [
    'a motorised reader that moved',
    { kind: 'social-security-card', wire: 'motorised' },
    '02 0002 45 02 45',
    'position: inside',
  ],
  ['four answers of a receipt printer', { kind: 'receipt-printer' }, '12 16 12 7E', 'isCoverOpen: true'],
  ['half a frame', { kind: 'pin-pad' }, '02 0004 E0', '4 bytes of a message that is not whole'],
  ['noise', { kind: 'magnetic-stripe' }, '00 01 02', 'flaw: malformed-report'],
])('puts into words: %s', (_, capture, hex, word) => {
  expect(words(capture, hex)).toContain(word);
});

it('never writes out a whole number or name unless it is told to', () => {
  const [read = ''] = replies('resident').toSorted((one, other) => other.length - one.length);
  const masked = words({ kind: 'resident-id-card' }, read);
  const revealed = words({ kind: 'resident-id-card' }, read, true);
  const [, idNumber = ''] = /idNumber: (\S+)/.exec(revealed) ?? [];
  const [, name = ''] = /card\.name: (\S+)/.exec(revealed) ?? [];
  expect(idNumber).toMatch(/^\d{17}[\dX]$/);
  expect(name.length).toBeGreaterThan(1);
  expect(masked).not.toContain(idNumber);
  expect(masked).not.toContain(idNumber.slice(6, 14));
  expect(masked).not.toContain(name);
  expect(masked).toContain('kind: resident');
});

it('masks what a stripe holds and what a scanner reads', () => {
  const report = new Uint8Array(337);
  const track = ';4111111111111111=31121010000000000?';
  report.set([2, 0, 2, 0, track.length]);
  report.set([0, 0, 0, 0, track.length]);
  report.set(new TextEncoder().encode(track), 117);
  const swiped = words({ kind: 'magnetic-stripe' }, Buffer.from(report).toString('hex'));
  expect(swiped).toContain('kind: bank-card');
  expect(swiped).not.toContain('4111111111');
  const scanned = words({ kind: 'code-scanner' }, Buffer.from('330000200001010001\r').toString('hex'));
  expect(scanned).toContain('characters: 18');
  expect(scanned).not.toContain('330000200001010001');
});

it.each(['0G', 'ABC', ''])('says what is no capture: "%s"', (text) => {
  expect(decodeCapture({ kind: 'io-board' }, text, false)).toMatchObject({ ok: false });
});
