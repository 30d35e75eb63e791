import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPageFiles, type PageFiles } from './hosts/page-files.ts';
import {
  answerPageRequest,
  isPageUrl,
  kioskWindowOptions,
  mayHave,
  mayLoad,
  mayPress,
  pagePartition,
} from './window.ts';

describe('the window', () => {
  const options = kioskWindowOptions({ preload: '/kiosk/preload.cjs', isDevelopment: false });

  it('fills the panel and cannot be closed, moved or made small', () => {
    expect(options).toMatchObject({
      kiosk: true,
      fullscreen: true,
      frame: false,
      roundedCorners: false,
      closable: false,
      minimizable: false,
      movable: false,
      resizable: false,
    });
  });

  it('keeps the page in its sandbox, apart from Node and from the preload', () => {
    expect(options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      disableDialogs: true,
      spellcheck: false,
    });
  });

  it('has developer tools in development only', () => {
    expect(options.webPreferences?.devTools).toBe(false);
    expect(kioskWindowOptions({ preload: '', isDevelopment: true }).webPreferences?.devTools).toBe(true);
  });

  it('writes nothing of the page to the disk', () => {
    expect(options.webPreferences?.partition).toBe(pagePartition);
    expect(pagePartition).not.toMatch(/^persist:/);
  });
});

describe('what the page may have of the machine', () => {
  const camera = { permission: 'media', url: 'kiosk://screen/', media: ['video'] };

  it('is the camera’s pictures, while a step shows the camera', () => {
    expect(mayHave(camera, true)).toBe(true);
    expect(mayHave(camera, false)).toBe(false);
  });

  it.each([
    ['sound', { ...camera, media: ['audio'] }],
    ['sound beside pictures', { ...camera, media: ['video', 'audio'] }],
    ['media that are not named', { ...camera, media: [] }],
    ['media of an unknown kind', { ...camera, media: ['unknown'] }],
    ['the camera, for another page', { ...camera, url: 'https://example.com/' }],
    ['the camera, for a page without an address', { ...camera, url: '' }],
    ['the screen’s picture', { ...camera, permission: 'display-capture' }],
    ['the place', { ...camera, permission: 'geolocation', media: [] }],
    ['the clipboard', { ...camera, permission: 'clipboard-read', media: [] }],
    ['a serial line', { ...camera, permission: 'serial', media: [] }],
    ['notices', { ...camera, permission: 'notifications', media: [] }],
  ])('is never %s', (_, asked) => {
    expect(mayHave(asked, true)).toBe(false);
  });
});

describe('where the page may go', () => {
  it.each(['kiosk://screen/', 'kiosk://screen/index.html?x=1#y', 'KIOSK://screen/'])('is %s', (url) => {
    expect(isPageUrl(url)).toBe(true);
  });

  it.each([
    'https://example.com/',
    'https://screen/',
    'kiosk://other/',
    'kiosk://screen.example.com/',
    'kiosk://user@screen:1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'about:blank',
    'chrome://gpu',
    'devtools://devtools',
    'view-source:kiosk://screen/',
    '',
  ])('is not %s', (url) => {
    expect(isPageUrl(url)).toBe(false);
  });

  it('includes pictures it made itself, and no others', () => {
    expect(mayLoad('data:image/png;base64,AA==')).toBe(true);
    expect(mayLoad('blob:kiosk://screen/0b1c')).toBe(true);
    expect(mayLoad('blob:https://example.com/0b1c')).toBe(false);
    expect(mayLoad('https://example.com/a.png')).toBe(false);
    expect(mayLoad('ws://127.0.0.1:9222/')).toBe(false);
  });
});

describe('the keyboard', () => {
  const plain = { control: false, alt: false, meta: false };

  it.each(['a', '7', 'X', '中', 'Enter', 'Tab', 'Backspace', 'Shift', 'ArrowLeft'])('may press %s', (key) => {
    expect(mayPress({ ...plain, key })).toBe(true);
  });

  it.each(['F1', 'F5', 'F11', 'F12', 'BrowserBack', 'LaunchApplication1', 'ContextMenu', 'PrintScreen', 'Escape'])(
    'may not press %s',
    (key) => {
      expect(mayPress({ ...plain, key })).toBe(false);
    },
  );

  it.each(['control', 'alt', 'meta'])('may not press anything with %s', (modifier) => {
    expect(mayPress({ ...plain, key: 'r', [modifier]: true })).toBe(false);
  });
});

describe('the page over the scheme of its own', () => {
  let folder: string;
  let files: PageFiles;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kiosk-page-'));
    writeFileSync(join(folder, 'index.html'), '<title>Kiosk</title>');
    const listed = listPageFiles(folder);
    if (!listed.ok) throw new Error(listed.detail);
    files = listed.files;
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('comes with its policy', async () => {
    const answer = await answerPageRequest(files, 'kiosk://screen/', 'GET');

    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('<title>Kiosk</title>');
    expect(answer.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('Content-Security-Policy')).toMatch(/default-src 'none'.*connect-src 'self';/);
  });

  it.each([
    ['kiosk://screen/nothing.js', 'GET', 404],
    ['kiosk://screen/../../etc/passwd', 'GET', 404],
    ['kiosk://screen/%2e%2e/etc/passwd', 'GET', 404],
    ['kiosk://other/', 'GET', 404],
    ['kiosk://screen/', 'POST', 405],
  ])('refuses %s by %s', async (url, method, status) => {
    expect((await answerPageRequest(files, url, method)).status).toBe(status);
  });
});
