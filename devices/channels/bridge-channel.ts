import type { BridgeMapping } from '../social-security-card/bridge-mapping.ts';
import type { OperationChannel } from '../vendor-library/operations.ts';
import { HttpBridge } from './bridge-http.ts';
import { WebSocketBridge } from './bridge-websocket.ts';

/** The way to the middleware that its mapping file describes; closed. */
export function bridgeChannel(mapping: BridgeMapping): OperationChannel {
  const { transport } = mapping;
  switch (transport.kind) {
    case 'http':
      return new HttpBridge({ mapping, url: transport.url });
    case 'websocket': {
      const id = transport.id === undefined ? {} : { idAt: transport.id };
      return new WebSocketBridge({ mapping, url: transport.url, ...id });
    }
  }
}
