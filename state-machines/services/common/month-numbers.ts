/** Months as whole numbers, so that spans and gaps are subtractions: `2026-01` is one more than `2025-12`. */
export function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

/** The month of a number of {@link monthNumber}, `YYYY-MM`. */
export function monthOfNumber(number: number): string {
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
}
