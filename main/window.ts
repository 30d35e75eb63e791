/**
 * The kiosk's window in Electron and all that is refused in it. What is decided here is plain functions; `openKioskWindow`
 * applies them.
 */
import { readFile } from 'node:fs/promises';
import type { BrowserWindowConstructorOptions, BrowserWindow as BrowserWindowType, Input, Session } from 'electron';
import type { PageFiles } from './hosts/page-files.ts';
import { pageHeaders } from './hosts/page-policy.ts';
import type { Log } from './log.ts';

/** Scheme of the page: standard, so that it has an origin of its own, and secure, so that it may encrypt. */
export const pageScheme = 'kiosk';
export const pageUrl = 'kiosk://screen/';
/** Without `persist:` in front, so that cookies, storage and caches live in memory and end with the process. */
export const pagePartition = 'kiosk-screen';

/** A permission that something asks for, as Electron tells of it. `media` are the kinds that are wanted, where it is of media. */
type AskedPermission = { permission: string; url: string; media: readonly string[] };

/**
 * Whether the page may have what it asks of the machine. One thing alone: pictures of the camera, without sound, for the kiosk's own page, and
 * while a step that shows the camera stands on the screen.
 */
export function mayHave({ permission, url, media }: AskedPermission, isCameraStep: boolean): boolean {
  return (
    isCameraStep &&
    permission === 'media' &&
    isPageUrl(url) &&
    media.length > 0 &&
    media.every((kind) => kind === 'video')
  );
}

/** Options of the window. `isDevelopment` opens the developer tools' door and nothing else. */
export function kioskWindowOptions(options: {
  preload: string;
  isDevelopment: boolean;
}): BrowserWindowConstructorOptions {
  return {
    kiosk: true,
    fullscreen: true,
    frame: false,
    // Frameless windows on Linux are rounded otherwise (Electron 43).
    roundedCorners: false,
    resizable: false,
    movable: false,
    minimizable: false,
    closable: false,
    autoHideMenuBar: true,
    backgroundColor: '#ffffff',
    show: false,
    title: '',
    webPreferences: {
      preload: options.preload,
      partition: pagePartition,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      plugins: false,
      navigateOnDragDrop: false,
      disableDialogs: true,
      spellcheck: false,
      // A visitor's deadline runs although the panel sleeps.
      backgroundThrottling: false,
      devTools: options.isDevelopment,
    },
  };
}

/** Whether an address is the kiosk's page. Anywhere else the window never goes. */
export function isPageUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return protocol === `${pageScheme}:` && host === 'screen';
}

/** Whether the page may load an address: its own files, and pictures it made itself. */
export function mayLoad(url: string): boolean {
  return isPageUrl(url) || url.startsWith('data:') || url.startsWith(`blob:${pageScheme}://screen`);
}

/** Whether a key may reach the page: typing, and what moves within it. Shortcuts of browser and system never. */
export function mayPress(input: Pick<Input, 'key' | 'control' | 'alt' | 'meta'>): boolean {
  if (input.control || input.alt || input.meta) return false;
  return !/^(F\d+|Browser.*|Launch.*|Media.*|Zoom.*|ContextMenu|PrintScreen|Help|Find|Open|Close|Print|Save|Escape)$/.test(
    input.key,
  );
}

/** Answers a request of the page from the built renderer's files; anything else is not found. */
export async function answerPageRequest(files: PageFiles, url: string, method: string): Promise<Response> {
  const address = isPageUrl(url) ? new URL(url).pathname : '';
  const file = files.get(address);
  if (file === undefined || (method !== 'GET' && method !== 'HEAD')) {
    return new Response(null, { status: file === undefined ? 404 : 405, headers: pageHeaders('/') });
  }
  return new Response(method === 'HEAD' ? null : new Uint8Array(await readFile(file.path)), {
    headers: { ...pageHeaders(address), 'Content-Type': file.mime },
  });
}

/** Refuses for a whole session what no page of the kiosk needs: permissions, devices, downloads, and every foreign address. */
export function guardSession(session: Session, log: Log, isCameraStep: () => boolean = () => false): void {
  session.setPermissionRequestHandler((_, permission, answer, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const isAdmitted = mayHave({ permission, url: details.requestingUrl, media }, isCameraStep());
    if (!isAdmitted) log.warn('shell.refused', { what: 'permission', permission });
    answer(isAdmitted);
  });
  session.setPermissionCheckHandler((_, permission, origin, { mediaType }) =>
    mayHave({ permission, url: origin, media: mediaType === undefined ? [] : [mediaType] }, isCameraStep()),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    log.warn('shell.refused', { what: 'download' });
    event.preventDefault();
  });
  session.webRequest.onBeforeRequest((request, answer) => {
    const isRefused = !mayLoad(request.url);
    if (isRefused) log.warn('shell.refused', { what: 'request', resource: request.resourceType });
    answer({ cancel: isRefused });
  });
  session.setSpellCheckerEnabled(false);
}

/** ERR_ABORTED of Chromium's net_error_list.h: another load has taken this one's place. */
const abortedLoad = -3;

type KioskWindowOptions = {
  /** Electron's class, handed in so that this file knows it by its types only. */
  BrowserWindow: typeof BrowserWindowType;
  preload: string;
  /** Which panel the page is drawn for. */
  panel: string;
  isDevelopment: boolean;
  log: Log;
  /** The page's process died or hangs; the window waits for what the ladder says. */
  onFailed: (why: string) => void;
};

/** Opens the window on the kiosk's page. It cannot be closed from within; `destroy` ends it. */
export function openKioskWindow({
  BrowserWindow,
  panel,
  log,
  onFailed,
  ...options
}: KioskWindowOptions): BrowserWindowType {
  const window = new BrowserWindow(kioskWindowOptions(options));
  const { webContents } = window;
  const refuse = (what: string) => (event: { preventDefault(): void }) => {
    log.warn('shell.refused', { what });
    event.preventDefault();
  };

  webContents.setWindowOpenHandler(() => {
    log.warn('shell.refused', { what: 'window' });
    return { action: 'deny' };
  });
  webContents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isPageUrl(event.url)) refuse('navigation')(event);
  });
  webContents.on('will-redirect', refuse('redirect'));
  webContents.on('will-attach-webview', refuse('webview'));
  webContents.on('before-input-event', (event, input) => {
    if (!options.isDevelopment && !mayPress(input)) event.preventDefault();
  });
  webContents.on('context-menu', (event) => event.preventDefault());
  void webContents.setVisualZoomLevelLimits(1, 1);

  webContents.on('render-process-gone', (_, { reason }) => onFailed(reason));
  webContents.on('unresponsive', () => onFailed('unresponsive'));
  webContents.on('did-fail-load', (_, code, __, ___, isMainFrame) => {
    if (isMainFrame && code !== abortedLoad) onFailed(`load ${code}`);
  });

  window.on('close', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  // A failed load is told by did-fail-load.
  window.loadURL(`${pageUrl}?panel=${encodeURIComponent(panel)}`).catch(() => {});
  return window;
}
