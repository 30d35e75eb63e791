import type { RequestAnswer } from '../../contract/central/requests.ts';
import type { Text } from '../../contract/words/text.ts';
import { say, words } from '../../copy.ts';
import { bookingRows } from '../book-window/outcome.ts';
import { sayNearDay, sayTimes } from '../common/dates.ts';
import { fromLoaded } from '../common/loaded.ts';
import type { Answers, ResultView, StepFacts } from '../define-service.ts';
import { defineService } from '../define-service.ts';
import { copy, facts } from './copy.ts';

type CancelState = Extract<RequestAnswer, { kind: 'booking-cancel' }>['state'];

const outcomes: Record<CancelState, { tone: ResultView['tone']; title: Text; text: Text }> = {
  cancelled: { tone: 'done', title: copy.cancelledTitle, text: copy.cancelledText },
  'not-found': { tone: 'problem', title: copy.notFoundTitle, text: copy.notFoundText },
  'too-late': { tone: 'refused', title: copy.tooLateTitle, text: copy.tooLateText },
};

function chosenBooking(answers: Answers) {
  return answers.data.bookings?.find(({ number }) => number === answers.choices.booking) ?? null;
}

function cancelOutcome({ answers, language }: StepFacts): ResultView {
  const { settled } = answers;
  const booking = chosenBooking(answers);
  const rows = booking === null ? [] : bookingRows(booking, language);
  if (settled?.state === 'done' && settled.answer.kind === 'booking-cancel') {
    const { tone, title, text } = outcomes[settled.answer.state];
    return { tone, title: say(title, language), text: say(text, language), rows };
  }
  const numbered = settled === null ? [] : [{ label: say(words.requestNumber, language), value: settled.number }];
  return {
    tone: 'received',
    title: say(words.receivedTitle, language),
    text: say(copy.receivedText, language),
    rows: [...numbered, ...rows],
  };
}

/** 取消预约 (5.1 a). */
export const cancelBooking = defineService({
  id: 'cancel-booking',
  version: 1,
  group: 'book',
  initials: 'qxyy',
  icon: 'close',
  handling: 'immediate',
  facts,
  identity: 'verified',
  devices: [],
  centre: 'needed',
  steps: [
    {
      id: 'booking',
      kind: 'choose',
      title: copy.title,
      layout: 'rows',
      load: 'bookings',
      sections: fromLoaded('bookings', [], (bookings, { language }) => {
        if (bookings.length === 0) return [];
        const rows = bookings.map(({ number, matter, window, date, from, to }) => ({
          id: number,
          title: matter,
          summary: say(copy.when, language, {
            day: sayNearDay(date, language),
            time: sayTimes(from, to, language),
            window,
          }),
          icon: 'ticket' as const,
        }));
        return [{ title: say(copy.listTitle, language), rows }];
      }),
      empty: copy.empty,
    },
    {
      id: 'check',
      kind: 'review',
      title: copy.reviewTitle,
      rows: ({ answers, language }) => {
        const booking = chosenBooking(answers);
        return booking === null ? [] : bookingRows(booking, language);
      },
      risks: [copy.risk],
    },
    {
      id: 'submit',
      kind: 'submit',
      body: ({ answers }) => ({
        kind: 'booking-cancel',
        number: answers.choices.booking ?? '',
      }),
    },
    { id: 'outcome', kind: 'result', show: cancelOutcome },
  ],
});
