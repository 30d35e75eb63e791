import { useState } from 'react';
import type { ReadBlock } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { isWidePanel } from '../panel.ts';

type Years = Extract<ReadBlock, { kind: 'years' }>;
type Year = Years['years'][number];

/** The drawing's own units: a sheet 1000 wide. */
const right = 996;
const top = 16;

/**
 * Months paid, a bar a year, gaps hatched where they lie. A year that is touched says its sum. Numbers stand in text too, so
 * that nobody has to read the picture.
 */
export function YearsChart({ block }: { block: Years }) {
  const { words, language } = useKiosk();
  const [chosen, setChosen] = useState<Year | null>(null);
  const years = block.years;
  const first = years[0];
  const last = years.at(-1);
  if (first === undefined || last === undefined) return null;
  const left = language === 'zh' ? 112 : 148;
  const step = (right - left) / years.length;
  const width = Math.min(step * 0.68, 46);
  const every = Math.max(1, Math.ceil(years.length / 6));
  // A wide panel has little height to give: the months are drawn lower there, not smaller.
  const base = isWidePanel() ? 218 : 346;
  const month = (base - top) / 12;
  const hasGaps = years.some((year) => year.gaps.length > 0);
  return (
    <section className="panel chart">
      <div className="chart-top">
        <h2>{block.title}</h2>
        <div className="legend">
          <span>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <rect className="paid" width="24" height="24" rx="4" />
            </svg>
            {block.legend.paid}
          </span>
          {hasGaps ? (
            <span>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <rect className="missing" x="1" y="1" width="22" height="22" rx="4" />
              </svg>
              {block.legend.gap}
            </span>
          ) : null}
        </div>
      </div>
      <svg viewBox={`0 0 1000 ${base + 48}`} role="img" aria-label={words.chart.label(first.year, last.year)}>
        <defs>
          <pattern id="hatch" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect className="hatch-ground" width="9" height="9" />
            <rect className="hatch-line" width="4" height="9" />
          </pattern>
        </defs>
        <path className="grid" d={`M${left} ${top}H${right}M${left} ${base - 6 * month}H${right}`} />
        <text x={left - 12} y={top + 10} textAnchor="end">
          {words.chart.months(12)}
        </text>
        <text x={left - 12} y={base - 6 * month + 10} textAnchor="end">
          {words.chart.months(6)}
        </text>
        {years.map((year, index) => {
          const x = left + step * index + (step - width) / 2;
          return (
            <g key={year.year} className={chosen === year ? 'year on' : 'year'} onPointerDown={() => setChosen(year)}>
              <rect className="reach" x={left + step * index} y={0} width={step} height={base + 48} />
              <Bar year={year} x={x} width={width} base={base} month={month} />
              {index % every === 0 && years.length - 1 - index >= every * 0.7 ? (
                <text x={x + width / 2} y={base + 38} textAnchor="middle">
                  {year.year}
                </text>
              ) : null}
              {index === years.length - 1 ? (
                <text x={x + width / 2} y={base + 38} textAnchor="middle">
                  {year.year}
                </text>
              ) : null}
            </g>
          );
        })}
        <path className="base" d={`M${left} ${base}H${right}`} />
      </svg>
      <p className="chart-said" aria-live="polite">
        {chosen === null ? (
          <span className="soft">{words.chart.touch}</span>
        ) : (
          <>
            <b>{words.chart.year(chosen.year)}</b>
            <span>{words.chart.months(chosen.months)}</span>
            <span>
              {words.chart.amount} {yuan(chosen.amountCents, language)}
            </span>
          </>
        )}
      </p>
    </section>
  );
}

/** Paid months from below, gaps above them; a year with neither is empty. */
function Bar({ year, x, width, base, month }: { year: Year; x: number; width: number; base: number; month: number }) {
  const paid = year.months * month;
  const gap = Math.min(12 - year.months, year.gaps.length) * month;
  const space = paid > 0 && gap > 0 ? 4 : 0;
  return (
    <>
      {paid > 0 ? <rect className="paid" x={x} y={base - paid} width={width} height={paid} rx="4" /> : null}
      {gap > space ? (
        <rect className="missing" x={x} y={base - paid - gap} width={width} height={gap - space} rx="4" />
      ) : null}
    </>
  );
}

function yuan(cents: number, language: 'zh' | 'en'): string {
  const amount = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 }).format(cents / 100);
  return language === 'zh' ? `${amount}元` : `¥${amount}`;
}
