import type { PaperRequest } from '../../state-machines/contract/central/certificates.ts';
import type { Login } from '../../state-machines/contract/central/identity.ts';
import type { PaperPages } from '../../state-machines/contract/screen.ts';
import { certificateDraftSchema } from '../../state-machines/contract/words/certificate.ts';
import type { Effects, PaperSpot, Visit } from '../../state-machines/effects.ts';
import { paperSpots } from '../../state-machines/effects.ts';
import { troubleOfVisitCall } from './centre-troubles.ts';
import type { PaperParts } from './paper-parts.ts';
import { troubleOfRender } from './paper-troubles.ts';

/** Drafts as visitors check them: nothing of them is issued, and their pages are kept as long as their visit lasts. */
type PaperDrafts = Pick<Effects, 'preview'> & {
  /** Pages a view named, null once its visit has ended. */
  pages(resource: string): PaperPages;
  /** Drops a visit's pages. */
  forget(visit: Visit): void;
};

/** Makes the drafts of papers. */
export function createPaperDrafts({
  client,
  renderer,
  nowMs,
  newId,
  log,
}: Pick<PaperParts, 'client' | 'renderer' | 'nowMs' | 'newId' | 'log'>): PaperDrafts {
  const pages = new Map<string, { visit: string; svg: string[] }>();

  async function preview(
    visit: Visit,
    login: Login,
    paper: PaperRequest,
    signal: AbortSignal,
  ): ReturnType<Effects['preview']> {
    const drafted = await client.call('draftCertificate', {
      body: { visit: visit.id, paper },
      grant: login.grant,
      trace: visit.trace,
      signal,
    });
    if (!drafted.ok) return { ok: false, reason: troubleOfVisitCall(drafted, login, nowMs()) };
    const draft = certificateDraftSchema.safeParse(drafted.answer.draft);
    if (!draft.success) {
      log.error('certificate.draft-nonsense', {
        trace: visit.trace,
        where: draft.error.issues[0]?.path.join('.') ?? '',
      });
      return { ok: false, reason: 'centre-trouble' };
    }
    const rendered = await renderer.preview({ kind: 'draft', draft: draft.data, isMasked: true });
    if (!rendered.ok) return { ok: false, reason: troubleOfRender(rendered) };
    if (signal.aborted) return { ok: false, reason: 'print-cancelled' };
    const resource = newId();
    pages.set(resource, { visit: visit.id, svg: rendered.pages });
    return {
      ok: true,
      preview: {
        resource,
        pages: rendered.pages.length,
        widthMm: rendered.widthMm,
        heightMm: rendered.heightMm,
        spots: rendered.spots
          .filter((spot) => spot.page === 1 && isPaperSpot(spot.id))
          .map((spot, index) => ({
            n: index + 1,
            label: spot.id as PaperSpot,
            topPercent: (spot.topMm / rendered.heightMm) * 100,
          })),
      },
    };
  }

  return {
    preview,
    pages(resource) {
      const found = pages.get(resource);
      return found === undefined ? null : { mime: 'image/svg+xml', pages: found.svg };
    },
    forget(visit) {
      for (const [resource, { visit: owner }] of pages) {
        if (owner === visit.id) pages.delete(resource);
      }
    },
  };
}

function isPaperSpot(id: string): id is PaperSpot {
  return (paperSpots as readonly string[]).includes(id);
}
