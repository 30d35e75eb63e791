import type { PaperRequest } from '../../state-machines/contract/central/certificates.ts';
import type { Login } from '../../state-machines/contract/central/identity.ts';
import type { CertificateRecord } from '../../state-machines/contract/words/certificate.ts';
import type { Visit } from '../../state-machines/effects.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import { checkCertificate } from '../certificates/check-certificate.ts';
import { saysNeverIssued } from '../uplink/open-issues.ts';
import { troubleOfVisitCall } from './centre-troubles.ts';
import type { PaperParts } from './paper-parts.ts';
import { troubleOfCheck } from './paper-troubles.ts';

/** A number issued in this visit that no sheet bears yet. */
export type HeldPaper = {
  visit: string;
  wanted: string;
  key: string;
  number: string;
  record: CertificateRecord;
  qr: string;
};

type Issued = { ok: true; paper: HeldPaper } | { ok: false; reason: TroubleReason; number?: string };

/** The numbers that were issued and that no sheet bears yet. */
export type PaperNumbers = {
  /** Issues a number for this paper and checks what came, or takes up the one held from an earlier try of this visit. */
  issue(visit: Visit, login: Login, paper: PaperRequest): Promise<Issued>;
  /** A sheet is about to bear this number: it is held no longer. */
  use(paper: HeldPaper): void;
  /** Holds a number that no sheet bears for another try; one whose visit has ended is void at once. */
  hold(paper: HeldPaper): void;
  /** Voids what a visit that has ended still holds. */
  sweep(visit: Visit): void;
  /** The visit ends: what it holds is void, now and later. */
  forget(visit: Visit): void;
};

/** Makes the keeper of numbers. */
export function createPaperNumbers(
  parts: Pick<PaperParts, 'client' | 'store' | 'layouts' | 'issuers' | 'today' | 'nowMs' | 'settleIssueLater' | 'log'>,
): PaperNumbers {
  const { client, store, log } = parts;
  const held = new Map<string, HeldPaper>();
  const ended = new Set<string>();

  async function issue(visit: Visit, login: Login, paper: PaperRequest): Promise<Issued> {
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

  function release(paper: HeldPaper): void {
    held.delete(paper.key);
    const voided = store.stepPaper(paper.key, { kind: 'void', reason: 'visitor-gone' });
    if (!voided.ok) log.error('certificate.not-voided', { key: paper.key, reason: voided.reason });
  }

  function releaseAll(visit: string): void {
    for (const paper of [...held.values()]) {
      if (paper.visit === visit) release(paper);
    }
  }

  return {
    issue,
    use: ({ key }) => void held.delete(key),
    hold(paper) {
      held.set(paper.key, paper);
      if (ended.has(paper.visit)) release(paper);
    },
    sweep(visit) {
      if (ended.has(visit.id)) releaseAll(visit.id);
    },
    forget(visit) {
      // Bounded: a print ends within minutes, and no kiosk has a thousand visits in that time.
      ended.add(visit.id);
      if (ended.size > 1_000) ended.delete(ended.values().next().value as string);
      releaseAll(visit.id);
    },
  };
}
