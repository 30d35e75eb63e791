import type { ContributionMonth } from '../../contract/central/queries.ts';
import { monthNumber, monthOfNumber } from '../common/month-numbers.ts';

/** A run of months without a payment; both months belong to it. `owed`: how many of them a unit reported and has not paid. */
export type Gap = { from: string; to: string; months: number; owed: number };

/** One calendar year: months paid (0 to 12), the numbers of the months in a gap, and what unit and person paid together. */
type ContributionYear = { year: number; months: number; gaps: number[]; amountCents: number };

const isPaid = (entry: ContributionMonth): boolean => entry.state !== 'owed';

/** Every month with a payment, once, oldest first, however many units paid in it. What is owed is not paid. */
export function paidMonths(entries: readonly ContributionMonth[]): string[] {
  return [...new Set(entries.filter(isPaid).map((entry) => entry.month))].sort();
}

/**
 * The gaps between the first and the last month paid, oldest first. Before the first and after the last there are none: who has not
 * begun, has retired or has left is not behind.
 */
export function gapsOf(entries: readonly ContributionMonth[]): Gap[] {
  const paid = paidMonths(entries).map(monthNumber);
  const owed = new Set(entries.filter((entry) => !isPaid(entry)).map((entry) => monthNumber(entry.month)));
  const gaps: Gap[] = [];
  paid.forEach((month, index) => {
    const before = paid[index - 1];
    if (before === undefined || month - before === 1) return;
    const missing = Array.from({ length: month - before - 1 }, (_, offset) => before + 1 + offset);
    gaps.push({
      from: monthOfNumber(before + 1),
      to: monthOfNumber(month - 1),
      months: missing.length,
      owed: missing.filter((number) => owed.has(number)).length,
    });
  });
  return gaps;
}

/** The calendar years from the first to the last month paid, oldest first, empty ones among them. */
export function yearsOf(entries: readonly ContributionMonth[]): ContributionYear[] {
  const paid = paidMonths(entries);
  const [first, last] = [paid[0], paid.at(-1)];
  if (first === undefined || last === undefined) return [];
  const isPaidMonth = new Set(paid);
  const [begin, end] = [monthNumber(first), monthNumber(last)];
  const years: ContributionYear[] = [];
  for (let year = Math.floor(begin / 12); year <= Math.floor(end / 12); year++) {
    const gaps: number[] = [];
    let months = 0;
    for (let month = 1; month <= 12; month++) {
      const number = year * 12 + month - 1;
      if (isPaidMonth.has(monthOfNumber(number))) months++;
      else if (number > begin && number < end) gaps.push(month);
    }
    const amountCents = entries
      .filter((entry) => isPaid(entry) && entry.month.startsWith(`${year}-`))
      .reduce((sum, entry) => sum + entry.unitCents + entry.personCents, 0);
    years.push({ year, months, gaps, amountCents });
  }
  return years;
}

/** The entries of the latest `count` months on record, newest first; a month with several units has an entry for each. */
export function latestEntries(entries: readonly ContributionMonth[], count: number): ContributionMonth[] {
  const months = [...new Set(entries.map((entry) => entry.month))].sort().slice(-count);
  return entries
    .filter((entry) => months.includes(entry.month))
    .sort((a, b) => b.month.localeCompare(a.month) || a.unit.localeCompare(b.unit, 'zh'));
}
