import './choose.css';
import type { Choice, StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { ChoiceRow } from '../ui/choice-row.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';

/** One of several: as rows, as days of a week, as times of a day. */
export function ChooseStep({ step }: { step: StepOf<'choose'> }) {
  const sections = step.sections.filter((section) => section.rows.length > 0);
  return (
    <Frame>
      {sections.length === 0 ? (
        <p className="nothing">
          <Icon name="calendar" />
          {step.empty}
        </p>
      ) : null}
      {sections.map((section) => (
        <section key={section.title} className="group">
          {section.title ? (
            <div className="label">
              <h2>{section.title}</h2>
            </div>
          ) : null}
          <div className={step.layout === 'rows' ? 'rows' : step.layout}>
            {section.rows.map((row) =>
              step.layout === 'rows' ? (
                <ChoiceRow key={row.id} choice={row} />
              ) : (
                <Slot key={row.id} choice={row} layout={step.layout} />
              ),
            )}
          </div>
        </section>
      ))}
    </Frame>
  );
}

/** A day or a time, with what is left of it. */
function Slot({ choice, layout }: { choice: Choice; layout: 'days' | 'times' }) {
  const { act } = useKiosk();
  return (
    <button
      type="button"
      className={layout === 'days' ? 'day' : 'time'}
      disabled={choice.blocked !== undefined}
      onClick={() => act({ type: 'choose', choice: choice.id })}
    >
      {layout === 'days' && choice.summary ? <span>{choice.summary}</span> : null}
      <b>{choice.title}</b>
      <small>{choice.blocked ?? choice.tag ?? (layout === 'times' ? choice.summary : null)}</small>
    </button>
  );
}
