import type { FieldView } from '../../state-machines/contract/screen.ts';

/** A date as it grows under the finger: digits only → `2026-12-0`. */
export function dateFromDigits(digits: string): string {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)];
  return [year, month, day].filter((part) => part !== '').join('-');
}

/** A value as people read it: a mobile number in threes and fours, an identity number in its parts, a date with its names. */
export function readable(field: FieldView, value: string, names: { year: string; month: string; day: string }): string {
  if (field.kind === 'mobile') return [value.slice(0, 3), value.slice(3, 7), value.slice(7)].filter(Boolean).join(' ');
  if (field.kind === 'id-number') {
    return [value.slice(0, 6), value.slice(6, 14), value.slice(14)].filter(Boolean).join(' ');
  }
  if (field.kind === 'date') {
    const [year = '', month, day] = value.split('-');
    const said = (part: string | undefined, whole: number, name: string) =>
      part === undefined ? '' : part.length === whole ? `${part}${name}` : part;
    if (names.year === '年') return said(year, 4, names.year) + said(month, 2, names.month) + said(day, 2, names.day);
    return value;
  }
  if (field.kind === 'choice') return field.choices?.find((choice) => choice.id === value)?.label ?? '';
  return value;
}

/** A value after one more key on the number pad. */
export function typeKey(field: FieldView, value: string, key: string): string {
  if (field.kind === 'date') return dateFromDigits((value.replaceAll('-', '') + key).slice(0, 8));
  const longest = field.kind === 'mobile' ? 11 : field.kind === 'id-number' ? 18 : field.maxLength;
  return (value + key).slice(0, longest);
}

/** A value with its last character taken back. */
export function takeBack(field: FieldView, value: string): string {
  if (field.kind === 'date') return dateFromDigits(value.replaceAll('-', '').slice(0, -1));
  return [...value].slice(0, -1).join('');
}
