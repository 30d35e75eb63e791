import type { Login } from '../../state-machines/contract/central/identity.ts';
import { certificateVersion } from '../../state-machines/contract/words/certificate.ts';
import { maskName } from '../../state-machines/contract/words/person.ts';
import type { PrintOrder, PrintProgress, PrintResult, Visit } from '../../state-machines/effects.ts';
import type { Paper } from '../certificates/paper.ts';
import { followPrint } from './follow-print.ts';
import type { PaperParts } from './paper-parts.ts';
import { troubleOfPrint, troubleOfRender } from './paper-troubles.ts';

type TicketParts = Pick<PaperParts, 'renderer' | 'store' | 'printer' | 'nowMs' | 'attentionMs' | 'centre' | 'log'>;

/** Prints the ticket of a booking, which has no number to account for. */
export async function printTicket(
  parts: TicketParts,
  visit: Visit,
  login: Login | null,
  order: Extract<PrintOrder, { kind: 'ticket' }>,
  tell: (progress: PrintProgress) => void,
  gone: AbortSignal,
): Promise<PrintResult> {
  const { renderer, store, log } = parts;
  if (login === null) return { ok: false, reason: 'not-permitted' };
  tell({ state: 'laying-out', number: null });
  const paper: Paper = {
    kind: 'ticket',
    ticket: {
      layout: 'booking-ticket',
      version: certificateVersion,
      maskedName: maskName(login.parties.actor.name),
      centre: parts.centre(),
      ...order.ticket,
    },
  };
  const laidOut = await renderer.render(paper);
  if (!laidOut.ok) return { ok: false, reason: troubleOfRender(laidOut) };
  const begun = store.beginIntent('print', { layout: 'booking-ticket' });
  if (!begun.ok) return { ok: false, reason: 'storage-failed' };
  const outcome = await followPrint(
    parts,
    { pdf: laidOut.pdf, pages: laidOut.pages, copies: order.copies, title: 'ticket' },
    { number: null, copy: null },
    tell,
    gone,
    () => {},
  );
  store.settleIntent(begun.key, outcome.kind);
  log.info('ticket.ended', { trace: visit.trace, outcome: outcome.kind });
  switch (outcome.kind) {
    case 'printed':
      return { ok: true, number: null, pages: laidOut.pages, copies: order.copies };
    case 'failed-before-paper':
      return { ok: false, reason: troubleOfPrint(outcome.reason) };
    case 'cancelled':
      return { ok: false, reason: 'print-cancelled' };
    case 'failed-maybe-printed':
      return { ok: false, reason: 'print-uncertain' };
  }
}
