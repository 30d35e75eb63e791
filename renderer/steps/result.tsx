import './result.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { ChoiceRow } from '../ui/choice-row.tsx';
import { Facts } from '../ui/facts.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon, type UiIcon } from '../ui/icon.tsx';
import { Terms } from '../ui/terms.tsx';

const signs: Record<StepOf<'result'>['tone'], UiIcon> = {
  done: 'check',
  received: 'clock',
  refused: 'info',
  problem: 'warning',
};

/** What became of it. In order is blue with a tick; only what wants an act now is amber. */
export function ResultStep({ step }: { step: StepOf<'result'> }) {
  const { words } = useKiosk();
  return (
    <Frame>
      <section className={`panel outcome ${step.tone}`}>
        <span className="outcome-mark">
          <Icon name={signs[step.tone]} />
        </span>
        <p>
          <Terms phrased>{step.text}</Terms>
        </p>
      </section>
      {step.rows.length > 0 ? <Facts rows={step.rows} /> : null}
      {step.actions.length > 0 ? (
        <div className={step.actions.length === 2 ? 'rows two' : 'rows'}>
          {step.actions.map((action) => (
            <ChoiceRow key={action.id} choice={action} />
          ))}
        </div>
      ) : null}
      {step.code ? (
        <p className="staff push">
          {words.staff}
          {step.code}
        </p>
      ) : null}
    </Frame>
  );
}
