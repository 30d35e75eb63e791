import { say, words } from '../../copy.ts';
import type { Slip } from '../../effects.ts';
import { sayDay } from '../common/dates.ts';
import type { ResultView, StepFacts } from '../define-service.ts';
import { copy } from './copy.ts';

/** What became of the change, by what the centre answered. What it has not answered yet is safe here, and no more than that is said. */
export function contactOutcome({ answers, language }: StepFacts): ResultView {
  const { settled } = answers;
  const numbered = (number: string) => [{ label: say(words.requestNumber, language), value: number }];
  if (settled?.state !== 'done' || settled.answer.kind !== 'application') {
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

/** The slip of an acceptance, by which its number is at hand; the notice itself is the sealed paper. */
export function acceptanceSlip({ answers, language }: StepFacts): Slip {
  const { settled } = answers;
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
