/**
 * Papers: the draft a visitor checks, and the numbered certificate that is issued, checked, laid out, printed and accounted for.
 *
 * What is irreversible is journalled first: the call that issues a number, and the hand-over to the spooler. A number that was not
 * printed is held for another try within the visit and voided when the visit ends; one of which nobody can say whether it came out
 * is told as unknown and never printed again.
 */
import type { DocumentPrinter, PrintOutcome, PrintReason } from '../../devices/document-printer/adapter.ts';
import type { AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import type { PaperRequest } from '../../state-machines/contract/central/certificates.ts';
import type { Login } from '../../state-machines/contract/central/identity.ts';
import type { PaperPages } from '../../state-machines/contract/screen.ts';
import type { BookingTicket, CertificateRecord } from '../../state-machines/contract/words/certificate.ts';
import { certificateDraftSchema, certificateVersion } from '../../state-machines/contract/words/certificate.ts';
import { maskName } from '../../state-machines/contract/words/person.ts';
import type {
  Effects,
  PaperSpot,
  PrintOrder,
  PrintProgress,
  PrintResult,
  Visit,
} from '../../state-machines/effects.ts';
import { paperSpots } from '../../state-machines/effects.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import type { CertificateFailure } from '../certificates/check-certificate.ts';
import { checkCertificate } from '../certificates/check-certificate.ts';
import type { LayoutDigests } from '../certificates/layouts.ts';
import type { Paper } from '../certificates/paper.ts';
import type { PaperRenderer, RenderFailure } from '../certificates/paper-renderer.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { CentralClient } from '../uplink/client.ts';
import { saysNeverIssued } from '../uplink/open-issues.ts';
import { troubleOfVisitCall } from './centre-troubles.ts';

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
  centre: BookingTicket['centre'];
  /** Finds out in the background what became of an issue without an answer. */
  settleIssueLater: (key: string) => void;
  log: Log;
};

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

/** A number issued in this visit that no sheet bears yet. */
type HeldPaper = { visit: string; wanted: string; key: string; number: string; record: CertificateRecord; qr: string };

/** Effects that make and print papers. */
export function createPaperEffects(parts: PaperParts): PaperEffects {
  const { client, store, renderer, printer, log } = parts;
  const pages = new Map<string, { visit: string; svg: string[] }>();
  const held = new Map<string, HeldPaper>();
  const ended = new Set<string>();
  const underWay = new Set<Promise<unknown>>();

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
    if (!drafted.ok) return { ok: false, reason: troubleOfVisitCall(drafted, login, parts.nowMs()) };
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
    const resource = parts.newId();
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

  /** Issues a number for this paper, or takes up the one held from an earlier try of this visit. */
  async function issue(
    visit: Visit,
    login: Login,
    paper: PaperRequest,
  ): Promise<{ ok: true; paper: HeldPaper } | { ok: false; reason: TroubleReason; number?: string }> {
    const wanted = JSON.stringify(paper);
    const waiting = [...held.values()].find((candidate) => candidate.visit === visit.id && candidate.wanted === wanted);
    if (waiting !== undefined) return { ok: true, paper: waiting };
    // Without the list nothing that is issued could be checked: every try would cost a number that is void at once.
    const issuers = parts.issuers();
    if (issuers === null) {
      log.error('certificate.no-issuers', { trace: visit.trace });
      return { ok: false, reason: 'centre-trouble' };
    }
    const begun = store.beginIssue({
      visit: visit.id,
      trace: visit.trace,
      grant: login.grant,
      parties: login.parties,
      paper,
    });
    if (!begun.ok) {
      log.error('certificate.not-journalled', { trace: visit.trace, reason: begun.reason, detail: begun.detail });
      return { ok: false, reason: 'storage-failed' };
    }
    const { key } = begun;
    const options = { key, grant: login.grant, trace: visit.trace, body: { visit: visit.id, paper } };
    let issued = await client.call('issueCertificate', options);
    // A lost answer is asked for once more under the same key; after that the sync settles what became of it.
    const isLost = !issued.ok && (issued.reason === 'timeout' || issued.reason === 'unreachable');
    if (isLost) issued = await client.call('issueCertificate', options);
    if (!issued.ok) {
      if (isLost ? saysNeverIssued(issued) : issued.reason === 'refused')
        store.settleIssue(key, { kind: 'refused', reason: issued.problem?.code ?? 'refused' });
      else parts.settleIssueLater(key);
      log.warn('certificate.not-issued', { trace: visit.trace, reason: issued.reason, detail: issued.detail });
      return { ok: false, reason: troubleOfVisitCall(issued, login, parts.nowMs()) };
    }
    const { number, sealed, qr } = issued.answer;
    const settled = store.settleIssue(key, { kind: 'issued', number });
    if (!settled.ok) {
      log.error('certificate.not-entered', { trace: visit.trace, reason: settled.reason });
      parts.settleIssueLater(key);
      return { ok: false, reason: 'storage-failed' };
    }
    const checked = await checkCertificate(
      { sealed: Buffer.from(sealed, 'base64url'), qr },
      { issuers, today: parts.today(), layouts: parts.layouts },
    );
    if (!checked.ok) {
      log.error('certificate.refused', { trace: visit.trace, key, reason: checked.reason });
      store.stepPaper(key, { kind: 'void', reason: checked.reason });
      return { ok: false, reason: troubleOfCheck(checked.reason), number };
    }
    if (checked.record.number !== number || checked.record.layout !== paper.layout) {
      log.error('certificate.refused', { trace: visit.trace, key, reason: 'not-what-was-asked' });
      store.stepPaper(key, { kind: 'void', reason: 'not-what-was-asked' });
      return { ok: false, reason: 'seal-invalid', number };
    }
    log.info('certificate.issued', { trace: visit.trace, key, layout: paper.layout });
    const fresh: HeldPaper = { visit: visit.id, wanted, key, number, record: checked.record, qr };
    held.set(key, fresh);
    return { ok: true, paper: fresh };
  }

  async function printCertificate(
    visit: Visit,
    login: Login | null,
    order: Extract<PrintOrder, { kind: 'certificate' }>,
    tell: (progress: PrintProgress) => void,
    gone: AbortSignal,
  ): Promise<PrintResult> {
    if (login === null) return { ok: false, reason: 'not-permitted' };
    tell({ state: 'issuing', number: null });
    const issued = await issue(visit, login, order.paper);
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
    held.delete(key);
    // A job a copy: when the visitor has gone, the copy under way finishes and the later ones never reach the spooler.
    let copiesOut = 0;
    let outcome: PrintOutcome = { kind: 'cancelled', jobId: null };
    while (copiesOut < order.copies && !gone.aborted) {
      const copy = order.copies === 1 ? null : { at: copiesOut + 1, of: order.copies };
      outcome = await follow(
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
    return account(visit, issued.paper, { pages: laidOut.pages, copies: order.copies, copiesOut }, outcome);
  }

  /** Writes down how the job ended and says it as a result. A paper of which certainly no sheet came out is held for another try. */
  function account(
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
        held.set(key, paper);
        if (ended.has(visit.id)) release(paper);
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

  async function printTicket(
    visit: Visit,
    login: Login | null,
    order: Extract<PrintOrder, { kind: 'ticket' }>,
    tell: (progress: PrintProgress) => void,
    gone: AbortSignal,
  ): Promise<PrintResult> {
    if (login === null) return { ok: false, reason: 'not-permitted' };
    tell({ state: 'laying-out', number: null });
    const paper: Paper = {
      kind: 'ticket',
      ticket: {
        layout: 'booking-ticket',
        version: certificateVersion,
        maskedName: maskName(login.parties.actor.name),
        centre: parts.centre,
        ...order.ticket,
      },
    };
    const laidOut = await renderer.render(paper);
    if (!laidOut.ok) return { ok: false, reason: troubleOfRender(laidOut) };
    const begun = store.beginIntent('print', { layout: 'booking-ticket' });
    if (!begun.ok) return { ok: false, reason: 'storage-failed' };
    const outcome = await follow(
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

  /** Hands a job to the printer and follows it to its end. What was never handed over counts as failed before paper. */
  async function follow(
    job: { pdf: Uint8Array; pages: number; copies: number; title: string },
    { number, copy }: { number: string | null; copy: { at: number; of: number } | null },
    tell: (progress: PrintProgress) => void,
    visitorGone: AbortSignal,
    onStart: () => void,
  ): Promise<PrintOutcome> {
    if (printer === null) return { kind: 'failed-before-paper', reason: 'unknown-printer', jobId: null };
    let hasStarted = false;
    let waitsUntilMs: number | null = null;
    const completed = await printer.print(job, {
      attentionMs: parts.attentionMs,
      visitorGone,
      onProgress: (progress) => {
        if (progress.state === 'printing' && !hasStarted) {
          hasStarted = true;
          onStart();
        }
        if (progress.state === 'waiting') {
          waitsUntilMs ??= parts.nowMs() + parts.attentionMs;
          tell({ state: 'waiting', reason: troubleOfPrint(progress.reason), untilMs: waitsUntilMs, number });
        } else {
          waitsUntilMs = null;
          tell({ state: 'printing', number, ...(copy === null ? {} : { copy }) });
        }
      },
    });
    if (completed.ok) return completed.value;
    return {
      kind: 'failed-before-paper',
      reason: completed.reason === 'cancelled' ? 'cancelled' : 'offline',
      jobId: null,
    };
  }

  function release(paper: HeldPaper): void {
    held.delete(paper.key);
    const voided = store.stepPaper(paper.key, { kind: 'void', reason: 'visitor-gone' });
    if (!voided.ok) log.error('certificate.not-voided', { key: paper.key, reason: voided.reason });
  }

  return {
    preview,
    print(visit, login, order, onProgress) {
      const gone = new AbortController();
      const printed =
        order.kind === 'certificate'
          ? printCertificate(visit, login, order, onProgress, gone.signal)
          : printTicket(visit, login, order, onProgress, gone.signal);
      const done = printed.then((result) => {
        // Given up between two stages, or ended after the visit: no number may stay behind.
        if (ended.has(visit.id)) releaseAll(visit.id);
        return result;
      });
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
      return { done, abandon: () => gone.abort() };
    },
    pages(resource) {
      const found = pages.get(resource);
      return found === undefined ? null : { mime: 'image/svg+xml', pages: found.svg };
    },
    forget(visit) {
      for (const [resource, { visit: owner }] of pages) {
        if (owner === visit.id) pages.delete(resource);
      }
      // Bounded: a print ends within minutes, and no kiosk has a thousand visits in that time.
      ended.add(visit.id);
      if (ended.size > 1_000) ended.delete(ended.values().next().value as string);
      releaseAll(visit.id);
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
    },
  };

  function releaseAll(visit: string): void {
    for (const paper of [...held.values()]) {
      if (paper.visit === visit) release(paper);
    }
  }
}

function isPaperSpot(id: string): id is PaperSpot {
  return (paperSpots as readonly string[]).includes(id);
}

function troubleOfRender(failure: RenderFailure): TroubleReason {
  return failure.reason === 'glyph-missing' ? 'glyph-missing' : 'layout-failed';
}

/** What a visitor is told of a record the kiosk will not print. */
function troubleOfCheck(reason: CertificateFailure): TroubleReason {
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
