import './choose.css';
import type { Choice, StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { ChoiceRow } from '../ui/choice-row.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';

/** One of several: items of one kind, or what an item offers, as rows, as days of a week, as times of a day. */
export function ChooseStep({ step }: { step: StepOf<'choose'> | StepOf<'list'> }) {
  const layout = step.kind === 'list' ? 'rows' : step.layout;
  const sections = step.sections.filter((section) => section.rows.length > 0);
  return (
    <Frame>
      {sections.length === 0 ? (
        <p className="nothing">
          <Icon name={step.kind === 'list' ? 'info' : 'calendar'} />
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
          <div className={layout}>
            {section.rows.map((row) =>
              layout === 'rows' ? (
                <ChoiceRow key={row.id} choice={row} />
              ) : (
                <Slot key={row.id} choice={row} layout={layout} />
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
