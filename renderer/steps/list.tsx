import './choose.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { ChoiceRow } from '../ui/choice-row.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';

/** Items of one kind, in the hall's words, grouped. */
export function ListStep({ step }: { step: StepOf<'list'> }) {
  const sections = step.sections.filter((section) => section.rows.length > 0);
  return (
    <Frame>
      {sections.length === 0 ? (
        <p className="nothing">
          <Icon name="info" />
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
          <div className="rows">
            {section.rows.map((row) => (
              <ChoiceRow key={row.id} choice={row} />
            ))}
          </div>
        </section>
      ))}
    </Frame>
  );
}
