import type { PrintOutcome } from '../../devices/document-printer/adapter.ts';
import type { Login } from '../../state-machines/contract/central/identity.ts';
import type { PrintOrder, PrintProgress, PrintResult, Visit } from '../../state-machines/effects.ts';
import { followPrint } from './follow-print.ts';
import type { HeldPaper, PaperNumbers } from './paper-numbers.ts';
import type { PaperParts } from './paper-parts.ts';
import { troubleOfPrint, troubleOfRender } from './paper-troubles.ts';

type CertificateParts = Pick<PaperParts, 'renderer' | 'store' | 'printer' | 'nowMs' | 'attentionMs' | 'log'> & {
  numbers: PaperNumbers;
};

/** Prints a numbered certificate: issued, laid out, entered in the ledger, handed over copy by copy, and accounted for. */
export async function printCertificate(
  parts: CertificateParts,
  visit: Visit,
  login: Login | null,
  order: Extract<PrintOrder, { kind: 'certificate' }>,
  tell: (progress: PrintProgress) => void,
  gone: AbortSignal,
): Promise<PrintResult> {
  const { renderer, store, log, numbers } = parts;
  if (login === null) return { ok: false, reason: 'not-permitted' };
  tell({ state: 'issuing', number: null });
  const issued = await numbers.issue(visit, login, order.paper);
  if (!issued.ok) return issued;
  const { key, number, record, qr } = issued.paper;
  if (gone.aborted) return { ok: false, reason: 'print-cancelled', number };

  tell({ state: 'laying-out', number });
  const laidOut = await renderer.render({ kind: 'certificate', record, qr });
  if (!laidOut.ok) {
    log.error('certificate.not-laid-out', { trace: visit.trace, key, reason: laidOut.reason });
    return { ok: false, reason: troubleOfRender(laidOut), number };
  }
  const spooled = store.stepPaper(key, { kind: 'spool', sheets: laidOut.pages, copies: order.copies });
  if (!spooled.ok) {
    log.error('certificate.not-spooled', { trace: visit.trace, key, reason: spooled.reason, detail: spooled.detail });
    return { ok: false, reason: 'storage-failed', number };
  }
  numbers.use(issued.paper);
  // A job a copy: when the visitor has gone, the copy under way finishes and the later ones never reach the spooler.
  let copiesOut = 0;
  let outcome: PrintOutcome = { kind: 'cancelled', jobId: null };
  while (copiesOut < order.copies && !gone.aborted) {
    const copy = order.copies === 1 ? null : { at: copiesOut + 1, of: order.copies };
    outcome = await followPrint(
      parts,
      { pdf: laidOut.pdf, pages: laidOut.pages, copies: 1, title: 'certificate' },
      { number, copy },
      tell,
      gone,
      () => store.stepPaper(key, { kind: 'start' }),
    );
    if (outcome.kind !== 'printed') break;
    copiesOut += 1;
    if (copiesOut < order.copies) {
      store.stepPaper(key, { kind: 'sheet-out', sheets: copiesOut * laidOut.pages });
      outcome = { kind: 'cancelled', jobId: null };
    }
  }
  return account(parts, visit, issued.paper, { pages: laidOut.pages, copies: order.copies, copiesOut }, outcome);
}

/** Writes down how the job ended and says it as a result. A paper of which certainly no sheet came out is held for another try. */
function account(
  { store, log, numbers }: CertificateParts,
  visit: Visit,
  paper: HeldPaper,
  job: { pages: number; copies: number; copiesOut: number },
  outcome: PrintOutcome,
): PrintResult {
  const { key, number } = paper;
  const trace = visit.trace;
  switch (outcome.kind) {
    case 'printed': {
      const stepped = store.stepPaper(key, { kind: 'ended', how: 'completed' });
      if (!stepped.ok) log.error('certificate.not-accounted', { trace, key, reason: stepped.reason });
      log.info('certificate.printed', { trace, key, pages: job.pages, copies: job.copies });
      return { ok: true, number, pages: job.pages, copies: job.copies };
    }
    case 'failed-before-paper':
    case 'cancelled': {
      const reason = outcome.kind === 'cancelled' ? 'cancelled' : outcome.reason;
      const how = outcome.kind === 'cancelled' ? 'cancelled' : 'failed';
      const sheets = job.copiesOut * job.pages;
      const stepped = store.stepPaper(key, { kind: 'ended', how, sheets, reason });
      if (!stepped.ok) log.error('certificate.not-accounted', { trace, key, reason: stepped.reason });
      log.warn('certificate.not-printed', { trace, key, reason, copies: job.copies, copiesOut: job.copiesOut });
      if (job.copiesOut > 0) return { ok: false, reason: 'copies-missing', number };
      numbers.hold(paper);
      return { ok: false, reason: troubleOfPrint(reason), number };
    }
    case 'failed-maybe-printed': {
      // A count of such a printer is no certainty: one that counts nothing may yet have put the sheet out.
      if (outcome.impressions !== null && outcome.impressions > 0) {
        store.stepPaper(key, { kind: 'sheet-out', sheets: outcome.impressions });
      }
      const stepped = store.stepPaper(key, { kind: 'ended', how: 'failed', sheets: null, reason: outcome.reason });
      if (!stepped.ok) log.error('certificate.not-accounted', { trace, key, reason: stepped.reason });
      log.warn('certificate.uncertain', { trace, key, reason: outcome.reason });
      return { ok: false, reason: 'print-uncertain', number };
    }
  }
}
