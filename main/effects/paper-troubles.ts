/** What a visitor is told of a paper that cannot be laid out, checked or printed. */
import type { PrintReason } from '../../devices/document-printer/adapter.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import type { CertificateFailure } from '../certificates/check-certificate.ts';
import type { RenderFailure } from '../certificates/paper-renderer.ts';

/** What a visitor is told of a paper that cannot be laid out. */
export function troubleOfRender(failure: RenderFailure): TroubleReason {
  return failure.reason === 'glyph-missing' ? 'glyph-missing' : 'layout-failed';
}

/** What a visitor is told of a record the kiosk will not print. */
export function troubleOfCheck(reason: CertificateFailure): TroubleReason {
  switch (reason) {
    case 'unknown-issuer':
    case 'issuer-expired':
    case 'issuer-withdrawn':
    case 'issuer-not-yet-admitted':
    case 'wrong-issuer':
      return 'issuer-not-admitted';
    case 'layout-unknown':
    case 'layout-changed':
      return 'layout-unknown';
    default:
      return 'seal-invalid';
  }
}

const printTroubles: Record<PrintReason, TroubleReason> = {
  'paper-out': 'paper-out',
  'paper-jam': 'paper-jam',
  'door-open': 'door-open',
  'toner-empty': 'toner-empty',
  'output-full': 'output-full',
  offline: 'printer-offline',
  stopped: 'printer-stopped',
  'unknown-printer': 'printer-unknown',
  'timed-out': 'printer-stopped',
  lying: 'print-uncertain',
  'spooler-lost': 'printer-offline',
  cancelled: 'print-cancelled',
  aborted: 'printer-stopped',
};

/** What a visitor is told of a printer's reason. */
export function troubleOfPrint(reason: PrintReason): TroubleReason {
  return printTroubles[reason];
}
