import { useEffect, useRef } from 'react';
import type { FieldView } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Finding } from './check-field.ts';
import { readable } from './typed-value.ts';

/** A field with its label, what is in it, and one line below: what is wrong, what is still wanted, or a hint. */
export function Field({
  field,
  half,
  value,
  composing,
  active,
  finding,
  wanted,
  onActivate,
  onChoose,
}: {
  field: FieldView;
  /** Shares its line with another short one. */
  half: boolean;
  value: string;
  composing: string;
  active: boolean;
  finding: Finding;
  /** How many characters are still wanted, while it is being typed. */
  wanted: number | null;
  onActivate: () => void;
  onChoose: (choice: string) => void;
}) {
  const { words } = useKiosk();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) box.current?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  }, [active]);

  const wrong = finding !== null;
  const below = finding ? (
    <p className={finding.stops ? 'says' : 'says doubt'} role="alert">
      <Icon name="warning" />
      {finding.text}
    </p>
  ) : active && wanted ? (
    <p className="hintline">{words.form.toGo(wanted)}</p>
  ) : field.hint ? (
    <p className="hintline">{field.hint}</p>
  ) : null;
  return (
    <div className={`field ${field.kind}${half ? ' half' : ''}`} ref={box}>
      <span className="field-label" id={`label-${field.id}`}>
        {field.label}
        {field.required ? null : <small>{words.form.optional}</small>}
        {field.kind === 'paragraph' ? <small>{words.form.counted([...value].length, field.maxLength)}</small> : null}
      </span>
      {field.kind === 'choice' ? (
        <div className="options-list">
          {field.choices?.map((choice) => {
            const on = choice.id === value;
            return (
              <button
                key={choice.id}
                type="button"
                className={on ? 'option on' : 'option'}
                aria-pressed={on}
                onClick={() => onChoose(choice.id)}
              >
                {on ? <Icon name="check" /> : null}
                {choice.label}
              </button>
            );
          })}
        </div>
      ) : (
        <button
          type="button"
          className={`input${active ? ' on' : ''}${wrong ? ' wrong' : ''}${field.kind === 'line' ? '' : ' num'}`}
          aria-labelledby={`label-${field.id}`}
          onClick={onActivate}
        >
          <span className="grow typed-text">
            {readable(field, value, words.form)}
            {composing ? <span className="composing">{composing}</span> : null}
            {active ? <i className="caret" /> : null}
          </span>
          {active ? null : <Icon name="pen" />}
        </button>
      )}
      {below}
    </div>
  );
}
