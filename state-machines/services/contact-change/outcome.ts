import type { LabelledValue } from '../../contract/screen.ts';
import type { Language } from '../../contract/words/text.ts';
import { say, words } from '../../copy.ts';
import type { Slip } from '../../effects.ts';
import { sayDay } from '../common/dates.ts';
import type { ResultView, StepFacts } from '../define-service.ts';
import { copy } from './copy.ts';

/** What became of the change, by what the centre answered. What it has not answered yet is safe here, and no more than that is said. */
export function contactOutcome({ answers, language, level }: StepFacts): ResultView {
  const { settled } = answers;
  const isByCard = level === 'card-present';
  const numbered = (number: string) => [{ label: say(words.requestNumber, language), value: number }];
  if (settled?.state !== 'done' || settled.answer.kind !== 'application') {
    if (isByCard && settled !== null) return pending(numbered(settled.number), language);
    return {
      tone: 'received',
      title: say(words.receivedTitle, language),
      text: say(copy.receivedText, language),
      rows: settled === null ? [] : numbered(settled.number),
    };
  }
  const { number, state, reason, promisedBy } = settled.answer;
  const rows = [
    ...numbered(number),
    ...(promisedBy === null ? [] : [{ label: say(copy.promisedBy, language), value: sayDay(promisedBy, language) }]),
  ];
  switch (state) {
    case 'approved':
      return {
        tone: 'done',
        title: say(copy.doneTitle, language),
        text: say(copy.doneText, language),
        rows: numbered(number),
        receipt: say(words.printSlip, language),
        print: say(copy.printNotice, language),
      };
    case 'under-review':
      if (isByCard) return pending(rows, language);
      return {
        tone: 'received',
        title: say(copy.reviewedTitle, language),
        text: say(copy.reviewedText, language),
        rows,
        receipt: say(words.printSlip, language),
        print: say(copy.printNotice, language),
      };
    case 'refused':
      return {
        tone: 'refused',
        title: say(copy.refusedTitle, language),
        text: say(copy.refusedText, language, {
          // The agency's reason may end with a full stop of its own.
          reason: (reason ?? say(copy.refusedWithoutReason, language)).replace(/[。.]$/, ''),
        }),
        rows: numbered(number),
        again: say(copy.changeAgain, language),
      };
  }
}

/** What was handed in by a card alone: no sealed paper says so before somebody has checked who it was. */
function pending(rows: LabelledValue[], language: Language): ResultView {
  return {
    tone: 'received',
    title: say(copy.pendingTitle, language),
    text: say(copy.pendingText, language),
    rows,
    receipt: say(words.printSlip, language),
  };
}

/** The slip of an acceptance, by which its number is at hand; the notice itself is the sealed paper. By a card alone it says that it waits. */
export function acceptanceSlip({ answers, language, level }: StepFacts): Slip {
  const { settled } = answers;
  if (level === 'card-present' && settled !== null) {
    return {
      title: say(copy.slipTitle, language),
      number: { label: say(words.requestNumber, language), value: settled.number },
      rows: [{ label: say(copy.slipState, language), value: say(copy.pending, language) }],
      notes: [say(copy.pendingNote, language)],
    };
  }
  if (settled?.state !== 'done' || settled.answer.kind !== 'application')
    throw new Error('a receipt without an application');
  const { number, state, promisedBy } = settled.answer;
  return {
    title: say(copy.slipTitle, language),
    number: { label: say(words.requestNumber, language), value: number },
    rows: [
      {
        label: say(copy.slipState, language),
        value: say(state === 'approved' ? copy.doneTitle : copy.reviewedTitle, language),
      },
      ...(promisedBy === null || state === 'approved'
        ? []
        : [{ label: say(copy.promisedBy, language), value: sayDay(promisedBy, language) }]),
    ],
    notes: [say(copy.slipNote, language)],
  };
}
