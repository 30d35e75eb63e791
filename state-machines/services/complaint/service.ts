import { say, words } from '../../copy.ts';
import type { Slip } from '../../effects.ts';
import { sayDay } from '../common/dates.ts';
import type { ResultView, StepFacts } from '../define-service.ts';
import { defineService } from '../define-service.ts';
import { copy, facts } from './copy.ts';

function complaintOutcome({ answers, language }: StepFacts): ResultView {
  const { settled } = answers;
  if (settled?.state === 'done' && settled.answer.kind === 'complaint') {
    const { number, followUpCode, promisedBy, promisedWorkingDays } = settled.answer;
    const date = sayDay(promisedBy, language);
    return {
      tone: 'done',
      title: say(copy.doneTitle, language),
      text: say(copy.doneText, language, { days: promisedWorkingDays, date }),
      rows: [
        { label: say(words.requestNumber, language), value: number },
        { label: say(copy.followUpCode, language), value: followUpCode },
        { label: say(copy.promisedBy, language), value: date },
      ],
      receipt: say(words.printSlip, language),
    };
  }
  return {
    tone: 'received',
    title: say(words.receivedTitle, language),
    text: say(copy.receivedText, language),
    rows: settled === null ? [] : [{ label: say(words.requestNumber, language), value: settled.number }],
    receipt: say(words.printSlip, language),
  };
}

/** By what the visitor asks how far it is: number and code, and when an answer was promised where the centre has said so. */
function complaintSlip({ answers, language }: StepFacts): Slip {
  const { settled } = answers;
  const notes = [say(copy.slipAsk, language)];
  const title = say(copy.slipTitle, language);
  if (settled?.state === 'done' && settled.answer.kind === 'complaint') {
    const { number, followUpCode, promisedBy } = settled.answer;
    return {
      title,
      number: { label: say(copy.followUpCode, language), value: followUpCode },
      rows: [
        { label: say(words.requestNumber, language), value: number },
        { label: say(copy.promisedBy, language), value: sayDay(promisedBy, language) },
      ],
      notes,
    };
  }
  if (settled === null) throw new Error('a receipt for nothing');
  return {
    title,
    number: { label: say(words.requestNumber, language), value: settled.number },
    rows: [],
    notes: [say(copy.slipLater, language), ...notes],
  };
}

/** 投诉建议 (5.5): a question, suggestion, complaint or report; an answer by a promised day. */
export const complaint = defineService({
  id: 'complaint',
  version: 1,
  group: 'ask',
  initials: 'tsjy',
  icon: 'chat',
  handling: 'commitment',
  facts,
  identity: 'none',
  devices: [],
  centre: 'queued',
  steps: [
    {
      id: 'write',
      kind: 'form',
      title: copy.formTitle,
      hint: copy.formHint,
      fields: [
        {
          id: 'kind',
          kind: 'choice',
          label: copy.kind,
          required: true,
          maxLength: 20,
          validators: [],
          choices: [
            { id: 'question', label: copy.question },
            { id: 'suggestion', label: copy.suggestion },
            { id: 'complaint', label: copy.complaint },
            { id: 'report', label: copy.report },
          ],
        },
        {
          id: 'text',
          kind: 'paragraph',
          label: copy.text,
          hint: copy.textHint,
          required: true,
          maxLength: 500,
          validators: ['no-control-characters'],
        },
        {
          id: 'mobile',
          kind: 'mobile',
          label: copy.mobile,
          hint: copy.mobileHint,
          required: false,
          maxLength: 11,
          validators: ['mobile'],
        },
      ],
    },
    {
      id: 'submit',
      kind: 'submit',
      body: ({ answers }) => ({ kind: 'complaint', values: answers.values }),
    },
    { id: 'outcome', kind: 'result', show: complaintOutcome },
    { id: 'receipt', kind: 'print', receipt: complaintSlip },
  ],
});
