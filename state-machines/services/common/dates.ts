/** Days and months as a clerk says them. Nothing here knows a clock or a time zone: `YYYY-MM-DD` and `YYYY-MM` come in. */
import type { Language } from '../../contract/words/text.ts';
import { say } from '../../copy.ts';
import { commonCopy } from './copy.ts';

const englishMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const weekdays = {
  zh: ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
} as const;

/** `2026-11` → 2026年11月, Nov 2026. */
export function sayMonth(month: string, language: Language): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))];
  return language === 'zh' ? `${year}年${number}月` : `${englishMonths[number - 1]} ${year}`;
}

/** `2026-11-24` → 2026年11月24日, 24 Nov 2026. */
export function sayDay(day: string, language: Language): string {
  const number = Number(day.slice(8, 10));
  return language === 'zh' ? `${sayMonth(day, language)}${number}日` : `${number} ${sayMonth(day, language)}`;
}

/** `2026-11-24` → 11月24日 星期二, Tuesday, 24 Nov: for days so near that the year is not asked. */
export function sayNearDay(day: string, language: Language): string {
  const weekday = weekdays[language][new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
  const [month, number] = [Number(day.slice(5, 7)), Number(day.slice(8, 10))];
  return language === 'zh' ? `${month}月${number}日 ${weekday}` : `${weekday}, ${number} ${englishMonths[month - 1]}`;
}

/** `09:00` and `09:30` → 9:00至9:30, 9:00 to 9:30. */
export function sayTimes(from: string, to: string, language: Language): string {
  const short = (time: string) => time.replace(/^0/, '');
  return say(commonCopy.fromTo, language, { from: short(from), to: short(to) });
}

/** A count of months → 18年1个月, 18年, 3个月; none is 0个月. */
export function sayYearsAndMonths(count: number, language: Language): string {
  const [years, months] = [Math.floor(count / 12), count % 12];
  if (years === 0) return say(commonCopy.monthsOnly, language, { months });
  return say(months === 0 ? commonCopy.yearsOnly : commonCopy.yearsAndMonths, language, { years, months });
}
