import type { DocumentPrinter } from '../../devices/document-printer/adapter.ts';
import type { AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import type { BookingTicket } from '../../state-machines/contract/words/certificate.ts';
import type { LayoutDigests } from '../certificates/layouts.ts';
import type { PaperRenderer } from '../certificates/paper-renderer.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { CentralClient } from '../uplink/client.ts';

/** What papers are made and printed with. */
export type PaperParts = {
  client: CentralClient;
  store: Store;
  renderer: PaperRenderer;
  printer: DocumentPrinter | null;
  layouts: LayoutDigests;
  issuers: () => AdmittedIssuers | null;
  today: () => string;
  nowMs: () => number;
  newId: () => string;
  /** How long staff have to see to the printer before a job is taken back. */
  attentionMs: number;
  /** Stands on tickets. */
  centre: () => BookingTicket['centre'];
  /** Finds out in the background what became of an issue without an answer. */
  settleIssueLater: (key: string) => void;
  log: Log;
};
