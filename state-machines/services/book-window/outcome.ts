import type { RequestAnswer } from '../../contract/central/requests.ts';
import type { LabelledValue } from '../../contract/screen.ts';
import type { Language, Text } from '../../contract/words/text.ts';
import { say, words } from '../../copy.ts';
import type { Slip } from '../../effects.ts';
import { sayNearDay, sayTimes } from '../common/dates.ts';
import type { Answers, ResultView, StepFacts } from '../define-service.ts';
import { copy } from './copy.ts';

type BookingAnswer = Extract<RequestAnswer, { kind: 'booking' }>;
/** A window that was booked, as the centre gives it back: `matter` is its name. */
type Booking = NonNullable<BookingAnswer['booking']>;

/** The rows that say when and where, the same on every screen of a booking. */
export function bookingRows(booking: Omit<Booking, 'number'>, language: Language): LabelledValue[] {
  return [
    { label: say(copy.matter, language), value: booking.matter },
    { label: say(copy.window, language), value: booking.window, icon: 'window' },
    { label: say(copy.day, language), value: sayNearDay(booking.date, language), icon: 'calendar' },
    { label: say(copy.time, language), value: sayTimes(booking.from, booking.to, language), icon: 'clock' },
  ];
}

function numberedRows(booking: Booking, language: Language): LabelledValue[] {
  return [
    { label: say(copy.number, language), value: booking.number, icon: 'ticket' },
    ...bookingRows(booking, language),
  ];
}

/** The booking of these answers, where there is one. */
function bookingOf(answers: Answers): Booking | null {
  const { settled } = answers;
  return settled?.state === 'done' && settled.answer.kind === 'booking' && settled.answer.state === 'booked'
    ? settled.answer.booking
    : null;
}

/** The booking whose ticket is printed: the result offers a paper for nothing else. */
export function bookedIn(answers: Answers): Booking {
  const booking = bookingOf(answers);
  if (booking === null) throw new Error('a ticket without a booking');
  return booking;
}

const refusals: Record<Exclude<BookingAnswer['state'], 'booked'>, { title: Text; text: Text; again: Text | null }> = {
  taken: { title: copy.takenTitle, text: copy.takenText, again: copy.otherTime },
  closed: { title: copy.closedTitle, text: copy.closedText, again: copy.otherTime },
  'already-booked': { title: copy.alreadyTitle, text: copy.alreadyText, again: null },
};

/** Whether it worked, at once (5.1 b). */
export function bookingOutcome({ answers, language }: StepFacts): ResultView {
  const { settled } = answers;
  const booking = bookingOf(answers);
  if (booking !== null) {
    return {
      tone: 'done',
      title: say(copy.bookedTitle, language),
      text: say(copy.bookedText, language),
      rows: numberedRows(booking, language),
      receipt: say(words.printSlip, language),
      print: say(copy.printTicket, language),
    };
  }
  if (settled?.state === 'done' && settled.answer.kind === 'booking' && settled.answer.state !== 'booked') {
    const { title, text, again } = refusals[settled.answer.state];
    const { booking: standing } = settled.answer;
    return {
      tone: 'refused',
      title: say(title, language),
      text: say(text, language),
      // Where the centre names the booking that stands, it is what this visitor wants to know.
      rows: standing === null ? [] : numberedRows(standing, language),
      ...(again === null ? {} : { again: say(again, language) }),
    };
  }
  return {
    tone: 'received',
    title: say(words.receivedTitle, language),
    text: say(copy.receivedText, language),
    rows: settled === null ? [] : [{ label: say(words.requestNumber, language), value: settled.number }],
  };
}

/** The slip of a booking: what has to be known at the window. */
export function bookingSlip(booking: Booking, language: Language): Slip {
  return {
    title: say(copy.slipTitle, language),
    number: { label: say(copy.number, language), value: booking.number },
    rows: bookingRows(booking, language).map(({ label, value }) => ({ label, value })),
    notes: [say(copy.ticketOnTime, language), say(copy.ticketCancel, language)],
  };
}
