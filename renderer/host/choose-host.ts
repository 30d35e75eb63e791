import type { ScreenHost } from '../../state-machines/contract/screen.ts';
import { connectBridge } from './bridge.ts';
import { connectWebSocket } from './websocket.ts';

/** The preload's bridge where there is one, otherwise the socket of the server this page came from. */
export function chooseHost(page: Window): ScreenHost {
  if (page.kioskBridge) return connectBridge(page.kioskBridge);
  const { protocol, host, search } = page.location;
  const secret = new URLSearchParams(search).get('secret') ?? '';
  const scheme = protocol === 'https:' ? 'wss:' : 'ws:';
  return connectWebSocket(`${scheme}//${host}/screen?secret=${encodeURIComponent(secret)}`);
}
