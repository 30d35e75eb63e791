import { randomBytes } from 'node:crypto';
import type { PaperPages } from '../../state-machines/contract/screen.ts';
import type { Effects, Visit } from '../../state-machines/effects.ts';
import type { Centre } from '../centre.ts';
import { readLayoutDigests } from '../certificates/layouts.ts';
import type { PaperRenderer } from '../certificates/paper-renderer.ts';
import type { Config } from '../config.ts';
import type { Terminal } from '../devices.ts';
import type { Log } from '../log.ts';
import type { SettingsInForce } from '../settings-in-force.ts';
import type { Store } from '../store/store.ts';
import { uuid7 } from '../store/uuid.ts';
import { createPaperEffects } from './papers.ts';
import { createReceiptEffects } from './receipts.ts';

export type Printing = Pick<Effects, 'preview' | 'print'> & {
  /** Pages a view named, null once its visit has ended. */
  pages(resource: string): PaperPages;
  /** Drops a visit's pages and voids the numbers it leaves behind. */
  forget(visit: Visit): void;
  /** Settles when nothing is being printed any more. */
  idle(): Promise<unknown>;
};

/** Makes all that comes out of this terminal on paper: sheets from the document printer, slips from the receipt printer. */
export function createPrinting(parts: {
  config: Config;
  settings: SettingsInForce;
  centre: Centre;
  store: Store;
  renderer: PaperRenderer;
  terminal: Pick<Terminal, 'printer' | 'receiptPrinter'>;
  today: () => string;
  log: Log;
}): Printing {
  const { config, settings, centre, store, renderer, terminal, today, log } = parts;
  const { hall, address, timeZone } = config;
  const { nowMs } = centre;
  const attentionMs = config.times.printerAttentionMs;
  const papers = createPaperEffects({
    client: centre.client,
    store,
    renderer,
    printer: terminal.printer,
    layouts: readLayoutDigests(),
    issuers: centre.catalogue.issuers,
    today,
    nowMs,
    newId: () => uuid7(nowMs(), randomBytes),
    attentionMs,
    centre: () => ({ name: hall, address, phone: settings.hotline() }),
    settleIssueLater: (key) => centre.sync.settleIssueLater(key),
    log,
  });
  const receipts = createReceiptEffects({
    printer: terminal.receiptPrinter,
    head: () => ({ hall, terminal: config.terminal, hotline: settings.hotline() }),
    timeZone,
    nowMs,
    attentionMs,
    log,
  });
  return {
    preview: papers.preview,
    print: (visit, login, order, onProgress) =>
      order.kind === 'receipt'
        ? receipts.print(visit, login, order, onProgress)
        : papers.print(visit, login, order, onProgress),
    pages: papers.pages,
    forget: papers.forget,
    idle: () => Promise.all([papers.idle(), receipts.idle()]),
  };
}
