/** Cents (分) as yuan with two places and groups of three: 850000 → `8,500.00`. The unit is said beside it. */
export function sayYuan(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(cents) / 100);
  const rest = String(Math.abs(cents) % 100).padStart(2, '0');
  return `${sign}${String(whole).replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`;
}
