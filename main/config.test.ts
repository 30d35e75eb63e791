import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from './config.ts';

/** Any certificate there is. */
const pem = rootCertificates[0] ?? '';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-config-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function configFile(change: Record<string, unknown> = {}): string {
  const file = join(folder, 'kiosk.json');
  const config = {
    hall: '云川市政务服务中心',
    terminal: '3号机',
    address: '云川市东湖区滨江路1号',
    centre: { url: 'https://centre.example' },
    dataFolder: 'data',
    devices: [],
    ...change,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

it('reads paths as they stand beside the file, and the authority with them', () => {
  writeFileSync(join(folder, 'authority.pem'), pem);
  const read = readConfig(configFile({ centre: { url: 'https://centre.example', authorityFile: 'authority.pem' } }));
  expect(read).toMatchObject({
    ok: true,
    config: {
      dataFolder: join(folder, 'data'),
      centre: { authorityFile: join(folder, 'authority.pem'), authority: pem },
    },
  });
});

it('names what is wrong by its path', () => {
  expect(readConfig(configFile({ hall: '', screenport: 1 }))).toMatchObject({
    ok: false,
    reason: 'invalid',
    detail: expect.stringMatching(/hall: .*screenport/s),
  });
});

it.each([
  ['junk', 'junk'],
  ['nothing', ''],
  ['cut off', pem.slice(0, 300)],
  ['changed within', pem.replace(/\nMII/, '\nAAA')],
  ['one whole, one cut off', `${pem}\n${pem.slice(0, 300)}`],
])('names an authority that is no certificate: %s', (_, text) => {
  writeFileSync(join(folder, 'authority.pem'), text);
  const file = configFile({ centre: { url: 'https://centre.example', authorityFile: 'authority.pem' } });
  expect(readConfig(file)).toEqual({
    ok: false,
    reason: 'invalid',
    detail: `centre.authorityFile: ${join(folder, 'authority.pem')}: no certificate in PEM`,
  });
});

it('names an authority that is not there, instead of starting without it', () => {
  const file = configFile({ centre: { url: 'https://centre.example', authorityFile: 'nowhere.pem' } });
  expect(readConfig(file)).toEqual({
    ok: false,
    reason: 'unreadable',
    detail: `centre.authorityFile: ${join(folder, 'nowhere.pem')}: ENOENT`,
  });
});

it.each(['http://centre.example', 'ftp://centre.example', 'centre'])(
  'refuses a centre that would be spoken to in the clear: %s',
  (url) => {
    const detail = 'centre.url: neither https nor http on this machine';
    expect(readConfig(configFile({ centre: { url } }))).toEqual({ ok: false, reason: 'invalid', detail });
  },
);

it('reads what an editor on Windows has saved, with a byte order mark', () => {
  const file = configFile();
  writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`);
  expect(readConfig(file)).toMatchObject({ ok: true });
});

it('says that a file is missing, or is no JSON', () => {
  expect(readConfig(join(folder, 'nowhere.json'))).toMatchObject({ ok: false, reason: 'unreadable' });
  const file = configFile();
  writeFileSync(file, '{');
  expect(readConfig(file)).toMatchObject({ ok: false, reason: 'not-json' });
});

const scanner = { kind: 'code-scanner', id: 'scanner-1' };

it.each<[string, Record<string, unknown>, RegExp]>([
  ['a hall without a name', { hall: '' }, /^hall: /],
  ['a name longer than the head of a screen', { terminal: '机'.repeat(21) }, /^terminal: /],
  ['no address', { address: undefined }, /^address: /],
  ['a clock of nowhere', { timeZone: 'Asia/Yunchuan' }, /^timeZone: not a time zone/],
  ['a panel nobody builds', { panel: 'square' }, /^panel: /],
  ['a centre without an address', { centre: {} }, /^centre\.url: /],
  ['a port that cannot be', { screenPort: 65_536 }, /^screenPort: /],
  ['half a millisecond', { times: { idleMs: 0.5 } }, /^times\.idleMs: /],
  ['no time to think', { times: { warningMs: 0 } }, /^times\.warningMs: /],
  ['more time than a timer can count', { times: { idleMs: 3_000_000_000 } }, /^times\.idleMs: /],
  ['a time nobody knows', { times: { patienceMs: 1 } }, /^times: .*patienceMs/],
  ['a word for a number', { times: { printerAttentionMs: '2 min' } }, /^times\.printerAttentionMs: /],
  ['a level the log does not have', { logLevel: 'loud' }, /^logLevel: /],
  ['nothing for its data', { dataFolder: '' }, /^dataFolder: /],
  ['devices that are no list', { devices: {} }, /^devices: /],
  ['a device nobody makes', { devices: [{ kind: 'crystal-ball', id: 'x' }] }, /^devices\.0/],
  ['a device without its wire', { devices: [scanner] }, /^devices\.0/],
  ['a word too many', { colour: 'red' }, /^\(top\): .*colour/],
])('names %s by its path', (_what, change, detail) => {
  const read = readConfig(configFile(change));
  expect(read).toMatchObject({ ok: false, reason: 'invalid' });
  if (!read.ok) expect(read.detail).toMatch(detail);
});

it('names everything that is wrong, not only the first', () => {
  const read = readConfig(configFile({ hall: '', logLevel: 'loud', centre: { url: 'https://centre.example', x: 1 } }));
  if (read.ok) throw new Error('it was read');
  expect(read.detail.split('; ').map((flaw) => flaw.split(':')[0])).toEqual(['hall', 'centre', 'logLevel']);
});

it.each([
  ['of one kind', [{ id: 'a' }, { id: 'b' }], 'two devices of one kind'],
  [
    'with one id',
    [{ id: 'a' }, { id: 'a', kind: 'document-printer', wire: { kind: 'folder', folder: 'x' } }],
    'two devices with one id',
  ],
])('refuses two devices %s', (_what, devices, said) => {
  const wired = devices.map((device) => ({ kind: 'code-scanner', wire: { kind: 'wedge' }, ...device }));
  const read = readConfig(configFile({ devices: wired }));
  if (read.ok) throw new Error('it was read');
  expect(read.detail).toContain(`devices: ${said}`);
});

it('leaves to its defaults what is not said', () => {
  expect(readConfig(configFile())).toMatchObject({
    ok: true,
    config: {
      hotline: '12333',
      timeZone: 'Asia/Shanghai',
      panel: 'portrait-21',
      times: { idleMs: 60_000, warningMs: 20_000, printerAttentionMs: 120_000 },
      logLevel: 'info',
    },
  });
});

it('offers all ways to log in unless told which, and refuses none, unknown ones and one twice', () => {
  expect(readConfig(configFile())).toMatchObject({ config: { loginWays: ['card', 'id-card', 'code'] } });
  expect(readConfig(configFile({ loginWays: ['card'] }))).toMatchObject({ config: { loginWays: ['card'] } });
  for (const loginWays of [[], ['face'], ['card', 'card'], 'card']) {
    expect(readConfig(configFile({ loginWays }))).toMatchObject({
      ok: false,
      detail: expect.stringContaining('loginWays'),
    });
  }
});

it('takes faces only where the configuration says so, by a camera that is meant in one way', () => {
  expect(readConfig(configFile())).toMatchObject({ config: { faceCheck: false } });
  const camera = { kind: 'camera', id: 'camera' };
  expect(readConfig(configFile({ faceCheck: true, devices: [camera] }))).toMatchObject({
    config: { faceCheck: true, devices: [{ ...camera, wire: { kind: 'screen' } }] },
  });
  const wire = { kind: 'screen', label: 'C270', deviceId: 'b2' };
  expect(readConfig(configFile({ devices: [{ ...camera, wire }] }))).toMatchObject({
    ok: false,
    detail: expect.stringContaining('devices.0.wire'),
  });
});

it('takes the examples of the pages that have one', () => {
  for (const page of ['configuration.md', 'central-service.md']) {
    const text = readFileSync(join(import.meta.dirname, '../docs', page), 'utf8');
    const [, example] = /```json\n(\{\s+"hall"[\s\S]*?)```/.exec(text) ?? [];
    const file = join(folder, 'kiosk.json');
    writeFileSync(file, example ?? '');
    writeFileSync(join(folder, 'centre-authority.pem'), pem);
    expect(readConfig(file), page).toMatchObject({ ok: true });
  }
});
