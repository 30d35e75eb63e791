import type { LabelledValue } from '../../state-machines/contract/screen.ts';
import { Terms } from './terms.tsx';

/** Labels and plain words, line by line. */
export function Facts({ rows }: { rows: readonly LabelledValue[] }) {
  return (
    <dl className="panel facts">
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.label}</dt>
          <dd>
            <Terms>{row.value}</Terms>
          </dd>
        </div>
      ))}
    </dl>
  );
}
