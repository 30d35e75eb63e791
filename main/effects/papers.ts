/**
 * Papers: the draft a visitor checks, and the numbered certificate that is issued, checked, laid out, printed and accounted for.
 *
 * What is irreversible is journalled first: the call that issues a number, and the hand-over to the spooler. A number that was not
 * printed is held for another try within the visit and voided when the visit ends; one of which nobody can say whether it came out
 * is told as unknown and never printed again.
 */
import type { Login } from '../../state-machines/contract/central/identity.ts';
import type { PaperPages } from '../../state-machines/contract/screen.ts';
import type { Effects, PrintOrder, PrintProgress, Visit } from '../../state-machines/effects.ts';
import { createPaperDrafts } from './paper-drafts.ts';
import { createPaperNumbers } from './paper-numbers.ts';
import type { PaperParts } from './paper-parts.ts';
import { printCertificate } from './print-certificate.ts';
import { printTicket } from './print-ticket.ts';

export type PaperEffects = Pick<Effects, 'preview'> & {
  print(
    visit: Visit,
    login: Login | null,
    order: Exclude<PrintOrder, { kind: 'receipt' }>,
    onProgress: (progress: PrintProgress) => void,
  ): ReturnType<Effects['print']>;
  /** Pages a view named, null once its visit has ended. */
  pages(resource: string): PaperPages;
  /** Drops a visit's pages and voids the numbers it leaves behind. */
  forget(visit: Visit): void;
  /** Settles when no print is under way any more. */
  idle(): Promise<void>;
};

/** Effects that make and print papers. */
export function createPaperEffects(parts: PaperParts): PaperEffects {
  const drafts = createPaperDrafts(parts);
  const numbers = createPaperNumbers(parts);
  const underWay = new Set<Promise<unknown>>();

  return {
    preview: drafts.preview,
    print(visit, login, order, onProgress) {
      const gone = new AbortController();
      const printed =
        order.kind === 'certificate'
          ? printCertificate({ ...parts, numbers }, visit, login, order, onProgress, gone.signal)
          : printTicket(parts, visit, login, order, onProgress, gone.signal);
      const done = printed.then((result) => {
        // Given up between two stages, or ended after the visit: no number may stay behind.
        numbers.sweep(visit);
        return result;
      });
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
      return { done, abandon: () => gone.abort() };
    },
    pages: drafts.pages,
    forget(visit) {
      drafts.forget(visit);
      numbers.forget(visit);
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
    },
  };
}
