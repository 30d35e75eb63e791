import type {
  BookingTicket,
  CertificateDraft,
  CertificateRecord,
} from '../../state-machines/contract/words/certificate.ts';
import { maskName, maskNumber } from '../../state-machines/contract/words/person.ts';
import { drawQr } from './qr-picture.ts';

/**
 * A paper to lay out. A certificate is one that `checkCertificate` let pass, with the text of its QR. A draft is what the visitor checks
 * before anything is issued: no number, no code, no seal, and masked where others may look on.
 */
export type Paper =
  | { kind: 'certificate'; record: CertificateRecord; qr: string }
  | { kind: 'draft'; draft: CertificateDraft; isMasked: boolean }
  | { kind: 'ticket'; ticket: BookingTicket };

/**
 * What a layout is fed with: `paper` is the text of its paper.json, `qr` of its qr.luma. `texts` is every text of the paper that is data,
 * for the check of glyphs.
 */
export type LayoutInputs = {
  layout: string;
  isDraft: boolean;
  paper: string;
  qr: Uint8Array | null;
  /** Whose seal is put on, or nobody's. */
  sealOf: string | null;
  texts: string;
};

/** Turns a paper into what its layout is fed with. */
export function layoutInputs(paper: Paper): LayoutInputs {
  switch (paper.kind) {
    case 'certificate':
      return inputs(paper.record, { qr: drawQr(paper.qr), sealOf: paper.record.issuer.name });
    case 'draft':
      // What the mask covers is printed in the end: a character nobody can print is told before a number is used.
      return {
        ...inputs(paper.isMasked ? masked(paper.draft) : paper.draft, { isDraft: true }),
        texts: textsOf(paper.draft).join(''),
      };
    case 'ticket':
      return inputs(paper.ticket, {});
  }
}

function inputs(
  content: CertificateRecord | CertificateDraft | BookingTicket,
  { isDraft = false, qr = null, sealOf = null }: Partial<Pick<LayoutInputs, 'isDraft' | 'qr' | 'sealOf'>>,
): LayoutInputs {
  const paper = JSON.stringify({ isDraft, content });
  return { layout: content.layout, isDraft, paper, qr, sealOf, texts: textsOf(content).join('') };
}

function masked(draft: CertificateDraft): CertificateDraft {
  const { subject, actor } = draft;
  return {
    ...draft,
    actor: { ...actor, name: maskName(actor.name) },
    subject: {
      ...subject,
      name: maskName(subject.name),
      idNumber: maskNumber(subject.idNumber),
      ...(subject.unit === undefined ? {} : { unit: maskUnit(subject.unit) }),
    },
  };
}

/** Masks a unit's name: two characters at its head and its kind at its foot stay. `云川示例科技有限公司` → `云川**科技有限公司`. */
function maskUnit(name: string): string {
  const characters = [...name];
  if (characters.length <= 4) return `${characters[0] ?? ''}${'*'.repeat(Math.max(characters.length - 1, 0))}`;
  const hidden = Math.min(Math.max(2, Math.ceil(characters.length / 5)), characters.length - 3);
  return characters.slice(0, 2).join('') + '*'.repeat(hidden) + characters.slice(2 + hidden).join('');
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsOf);
  return [];
}
