import type { BookingOffers } from '../../contract/central/queries.ts';
import type { Language } from '../../contract/words/text.ts';
import { say } from '../../copy.ts';
import { sayNearDay, sayTimes } from '../common/dates.ts';
import type { ChooseSection } from '../define-service.ts';
import { copy } from './copy.ts';

/** A matter, a day and a time of the offers. */
export type Slot = {
  matter: BookingOffers['matters'][number];
  date: string;
  from: string;
  to: string;
};

/** The matters; one that is full for the whole week stays visible and says so. */
export function matterSections(offers: BookingOffers, language: Language): ChooseSection[] {
  if (offers.matters.length === 0) return [];
  const rows = offers.matters.map(({ id, name, window }) => {
    const isFull = !offers.days.some((day) => day.times.some((time) => time.matter === id && time.free > 0));
    return {
      id,
      title: name,
      summary: window,
      icon: 'window' as const,
      ...(isFull ? { blocked: say(copy.weekFull, language) } : {}),
    };
  });
  return [{ title: say(copy.mattersTitle, language), rows }];
}

/** The days of a matter with their times. A time is chosen as `2026-11-26 09:00`. */
export function timeSections(offers: BookingOffers, matter: string, language: Language): ChooseSection[] {
  return offers.days.flatMap(({ date, times }) => {
    const rows = times
      .filter((time) => time.matter === matter)
      .map(({ from, to, free }) => ({
        id: `${date} ${from}`,
        title: sayTimes(from, to, language),
        ...(free > 0 ? { summary: say(copy.free, language, { free }) } : { blocked: say(copy.full, language) }),
      }));
    return rows.length === 0 ? [] : [{ title: sayNearDay(date, language), rows }];
  });
}

/** What was chosen, found again in the offers; null where they do not have it. */
export function chosenSlot(offers: BookingOffers, matter: string, slot: string): Slot | null {
  const [date = '', from = ''] = slot.split(' ');
  const found = offers.matters.find(({ id }) => id === matter);
  const time = offers.days
    .find((day) => day.date === date)
    ?.times.find((candidate) => candidate.matter === matter && candidate.from === from);
  return found === undefined || time === undefined ? null : { matter: found, date, from, to: time.to };
}
