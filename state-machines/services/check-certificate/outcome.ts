import type { LabelledValue } from '../../contract/screen.ts';
import type { Language, Text } from '../../contract/words/text.ts';
import { say } from '../../copy.ts';
import type { CodeCheck } from '../../effects.ts';
import { sayDay } from '../common/dates.ts';
import type { ResultView, StepFacts } from '../define-service.ts';
import { copy, paperNames } from './copy.ts';

type Genuine = Extract<CodeCheck, { kind: 'genuine' }>;
type Verdict = { tone: ResultView['tone']; title: Text; text: Text };

/** What a genuine paper is worth today: a seal alone proves who issued it, only the centre knows what became of it. */
function verdictOfGenuine({ by, standing }: Genuine): Verdict {
  switch (standing) {
    case 'good':
      return {
        tone: 'done',
        title: copy.goodTitle,
        text: by === 'signature' ? copy.goodBySignature : copy.goodByCode,
      };
    case 'withdrawn':
      return { tone: 'refused', title: copy.withdrawnTitle, text: copy.withdrawnText };
    case 'void':
      return { tone: 'refused', title: copy.voidTitle, text: copy.voidText };
    case null:
      return { tone: 'done', title: copy.sealOnlyTitle, text: copy.sealOnlyText };
  }
}

function verdictOf(check: CodeCheck): Verdict {
  switch (check.kind) {
    case 'genuine':
      return verdictOfGenuine(check);
    case 'forged':
      return { tone: 'refused', title: copy.forgedTitle, text: copy.forgedText };
    case 'unknown-issuer':
      return { tone: 'problem', title: copy.unknownIssuerTitle, text: copy.unknownIssuerText };
    case 'issuer-not-admitted':
      return check.why === 'expired'
        ? { tone: 'refused', title: copy.issuerExpiredTitle, text: copy.issuerExpiredText }
        : { tone: 'refused', title: copy.issuerWithdrawnTitle, text: copy.issuerWithdrawnText };
    case 'not-ours':
      return { tone: 'problem', title: copy.notOursTitle, text: copy.notOursText };
    case 'unknown-code':
      return { tone: 'problem', title: copy.unknownCodeTitle, text: copy.unknownCodeText };
  }
}

/** What to compare the paper with. Masked, since anybody may check. */
function rowsOf(check: Genuine, language: Language): LabelledValue[] {
  const paper = Object.entries(paperNames).find(([layout]) => layout === check.layout)?.[1] ?? copy.otherPaper;
  return [
    { label: say(copy.paper, language), value: say(paper, language) },
    { label: say(copy.number, language), value: check.number },
    { label: say(copy.name, language), value: check.maskedName },
    { label: say(copy.idNumber, language), value: check.maskedNumber },
    { label: say(copy.issuer, language), value: check.issuer },
    { label: say(copy.issuedOn, language), value: sayDay(check.issuedOn, language) },
  ];
}

/** Genuine or not, in the clerk's words, and what to compare. */
export function checkOutcome({ answers, language }: StepFacts): ResultView {
  const { check } = answers;
  // The scan goes on only with a verdict, so there is one.
  if (check === null) throw new Error('a result without a check');
  const { tone, title, text } = verdictOf(check);
  return {
    tone,
    title: say(title, language),
    text: say(text, language),
    rows: check.kind === 'genuine' ? rowsOf(check, language) : [],
    again: say(copy.again, language),
  };
}
