/** Months paid in the years of a life at work: two gaps, then steady. Made up. */
const months = [6, 12, 12, 12, 12, 12, 5, 0, 7, 12, 12, 12, 12, 12, 9, 12, 12, 12, 12, 12, 10];

/** Years of contributions growing into a chart, for the first screen. */
export function RecordScene() {
  const width = 840 / months.length;
  return (
    <svg className="record-show" viewBox="0 0 960 560" aria-hidden="true">
      <rect className="sheet-ground" width="960" height="560" rx="36" />
      <path className="chart-line" d="M60 110h840M60 285h840" />
      {months.map((paid, year) => {
        const x = 60 + year * width + width * 0.14;
        const height = (paid / 12) * 350;
        const gap = 350 - height;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: one bar a year
          <g key={year}>
            {height > 0 ? (
              <rect className="bar-paid" x={x} y={460 - height} width={width * 0.72} height={height} rx="5" />
            ) : null}
            {gap > 0 && year > 0 && year < months.length - 1 ? (
              <rect className="bar-gap" x={x} y={110} width={width * 0.72} height={gap - (height > 0 ? 6 : 0)} rx="5" />
            ) : null}
          </g>
        );
      })}
      <path className="chart-base" d="M60 460h840" />
      <path className="ink-line" d="M60 56h220" />
      <path className="ink-line soft" d="M60 500h70M264 500h70M470 500h70M676 500h70M830 500h70" />
    </svg>
  );
}
