import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from './config.ts';

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
  writeFileSync(join(folder, 'authority.pem'), 'PEM');
  const read = readConfig(configFile({ centre: { url: 'https://centre.example', authorityFile: 'authority.pem' } }));
  expect(read).toMatchObject({
    ok: true,
    config: {
      dataFolder: join(folder, 'data'),
      centre: { authorityFile: join(folder, 'authority.pem'), authority: 'PEM' },
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

it('says that a file is missing, or is no JSON', () => {
  expect(readConfig(join(folder, 'nowhere.json'))).toMatchObject({ ok: false, reason: 'unreadable' });
  const file = configFile();
  writeFileSync(file, '{');
  expect(readConfig(file)).toMatchObject({ ok: false, reason: 'not-json' });
});
