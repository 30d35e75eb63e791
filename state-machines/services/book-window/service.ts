import { say } from '../../copy.ts';
import { fromLoaded } from '../common/loaded.ts';
import type { Answers } from '../define-service.ts';
import { defineService } from '../define-service.ts';
import { copy, facts } from './copy.ts';
import type { Slot } from './offers.ts';
import { chosenSlot, matterSections, timeSections } from './offers.ts';
import { bookedIn, bookingOutcome, bookingRows, bookingSlip } from './outcome.ts';

function slotOf(answers: Answers): Slot | null {
  const offers = answers.data['booking-offers'];
  return offers === undefined ? null : chosenSlot(offers, answers.choices.matter ?? '', answers.choices.time ?? '');
}

/** 预约取号 (5.1 a, b): matter, day and time, and whether it worked; a ticket to take along. */
export const bookWindow = defineService({
  id: 'book-window',
  version: 1,
  group: 'book',
  initials: 'yyqh',
  icon: 'calendar',
  handling: 'immediate',
  facts,
  identity: 'verified',
  devices: [],
  centre: 'needed',
  steps: [
    {
      id: 'matter',
      kind: 'choose',
      title: copy.matterTitle,
      layout: 'rows',
      load: 'booking-offers',
      sections: fromLoaded('booking-offers', [], (offers, { language }) => matterSections(offers, language)),
      empty: copy.noMatters,
    },
    {
      id: 'time',
      kind: 'choose',
      title: copy.timeTitle,
      layout: 'times',
      sections: fromLoaded('booking-offers', [], (offers, { answers, language }) =>
        timeSections(offers, answers.choices.matter ?? '', language),
      ),
      empty: copy.noTimes,
    },
    {
      id: 'check',
      kind: 'review',
      title: copy.reviewTitle,
      rows: ({ answers, language }) => {
        const slot = slotOf(answers);
        if (slot === null) return [];
        const { matter, date, from, to } = slot;
        return bookingRows({ matter: matter.name, window: matter.window, date, from, to }, language);
      },
    },
    {
      id: 'submit',
      kind: 'submit',
      body: ({ answers }) => {
        const [date = '', from = ''] = (answers.choices.time ?? '').split(' ');
        return {
          kind: 'booking',
          matter: answers.choices.matter ?? '',
          date,
          from,
        };
      },
    },
    { id: 'outcome', kind: 'result', show: bookingOutcome },
    {
      id: 'ticket',
      kind: 'print',
      receipt: ({ answers, language }) => bookingSlip(bookedIn(answers), language),
      order: ({ answers, language }) => {
        const { number, matter, window, date, from, to } = bookedIn(answers);
        return {
          kind: 'ticket',
          ticket: {
            bookingNumber: number,
            item: matter,
            window,
            day: date,
            from,
            to,
            materials: [say(copy.ticketCard, language), say(copy.ticketId, language)],
            notes: [say(copy.ticketOnTime, language), say(copy.ticketCancel, language)],
          },
          copies: 1,
        };
      },
    },
  ],
});
