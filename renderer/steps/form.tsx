import './form.css';
import { lazy, Suspense } from 'react';
import type { FieldView, StepOf } from '../../state-machines/contract/screen.ts';
import { type Finding, findProblem, toGo } from '../form/check-field.ts';
import { Field } from '../form/field.tsx';
import { takeBack, typeKey } from '../form/typed-value.ts';
import { useDraft, useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { Keypad } from '../ui/keypad.tsx';
import { Note } from '../ui/note.tsx';

const TextKeyboard = lazy(() => import('../form/text-keyboard.tsx'));

type Draft = {
  values: Record<string, string>;
  /** Field the keyboard types into. */
  active: string | null;
  /** Fields that have been left once: only they are told that they are wrong. */
  left: string[];
  /** Letters typed for a character that was not chosen yet; they are in no value. */
  composing: string;
};

/** A form: what is known is not asked, and what is typed is checked while it is typed. */
export default function FormStep({ step }: { step: StepOf<'form'> }) {
  const { words, language, act, nowMs } = useKiosk();
  const [draft, setDraft] = useDraft<Draft>(() => firstDraft(step.fields));
  const { composing } = draft;
  const today = dayInChina(nowMs());

  const typedIn = (field: FieldView) => draft.values[field.id] ?? '';
  const problemOf = (field: FieldView) => findProblem(field, typedIn(field), today, language);
  const shown = (field: FieldView): Finding => {
    const value = typedIn(field);
    // What the kiosk refused stays said until it is changed.
    if (field.problem !== undefined && value === field.value) return { text: field.problem, stops: true };
    const finding = problemOf(field);
    if (finding === null) return null;
    const whole = toGo(field, value) === 0;
    const isLeft = draft.left.includes(field.id) && draft.active !== field.id;
    return isLeft || whole ? finding : null;
  };
  const stopped = step.fields.filter((field) => {
    const refused = field.problem !== undefined && typedIn(field) === field.value;
    return refused || problemOf(field)?.stops === true;
  }).length;

  const write = (field: FieldView, value: string) =>
    setDraft((now) => ({ ...now, values: { ...now.values, [field.id]: value } }));
  const compose = (letters: string) => setDraft((now) => ({ ...now, composing: letters }));
  const activate = (next: string | null) => {
    // A field that was passed by without a key is not called wrong: the button says how many are missing.
    const begun = draft.active !== null && draft.values[draft.active] !== '';
    const left = begun && draft.active !== null ? [...new Set([...draft.left, draft.active])] : draft.left;
    setDraft({ ...draft, active: next, left, composing: '' });
  };
  const typed = step.fields.filter((field) => field.kind !== 'choice');
  const at = typed.findIndex((field) => field.id === draft.active);
  const following = typed[at + 1];
  const active = typed[at];
  const next = {
    label: following ? words.keys.next : words.keys.done,
    press: () => activate(following?.id ?? null),
  };

  return (
    <Frame
      missing={composing === '' ? (stopped > 0 ? words.form.missing(stopped) : null) : words.form.unchosen}
      onWayOn={() => act({ type: 'submit', values: draft.values })}
      dock={
        active ? (
          <Dock
            key={active.id}
            field={active}
            value={typedIn(active)}
            onChange={(value) => write(active, value)}
            composing={composing}
            onComposing={compose}
            next={next}
          />
        ) : undefined
      }
    >
      {step.known ? (
        <section className="panel known">
          <h2>
            <Icon name="check" />
            {step.known.title}
          </h2>
          <dl>
            {step.known.rows.map((row) => (
              <div key={row.label}>
                <dt>{row.label}</dt>
                <dd className="num">{row.value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
      {step.problem ? <Note icon="warning" tone="danger" text={step.problem} /> : null}
      <div className="fields">
        {step.fields.map((field) => (
          <Field
            key={field.id}
            field={field}
            half={isHalf(step.fields, field)}
            value={typedIn(field)}
            composing={draft.active === field.id ? composing : ''}
            active={draft.active === field.id}
            finding={shown(field)}
            wanted={toGo(field, typedIn(field))}
            onActivate={() => activate(field.id)}
            onChoose={(choice) => write(field, choice)}
          />
        ))}
      </div>
      <Note icon="shield" text={words.form.privacy} />
    </Frame>
  );
}

/** The keyboard that fits the field. */
function Dock({
  field,
  value,
  onChange,
  composing,
  onComposing,
  next,
}: {
  field: FieldView;
  value: string;
  onChange: (value: string) => void;
  composing: string;
  onComposing: (letters: string) => void;
  next: { label: string; press: () => void };
}) {
  const { words, language } = useKiosk();
  if (field.kind === 'line' || field.kind === 'paragraph') {
    const latin = language === 'en' || field.validators.includes('email');
    return (
      <Suspense fallback={<div className="keyboard loading" />}>
        <TextKeyboard
          value={value}
          onChange={onChange}
          composing={composing}
          onComposing={onComposing}
          start={field.validators.includes('social-credit-code') ? 'code' : latin ? 'latin' : 'pinyin'}
          maxLength={field.maxLength}
          multiline={field.kind === 'paragraph'}
          next={next}
        />
      </Suspense>
    );
  }
  const mayHoldX = field.kind === 'id-number';
  return (
    <div className="dock-row">
      <Keypad
        labels={{ backspace: words.keys.backspace }}
        onDigit={(digit) => onChange(typeKey(field, value, digit))}
        onBackspace={() => onChange(takeBack(field, value))}
        clear={
          mayHoldX
            ? { label: 'X', onPress: () => onChange(typeKey(field, value, 'X')), letter: true }
            : { label: words.keys.clear, onPress: () => onChange('') }
        }
      />
      <div className="dock-side">
        {mayHoldX ? (
          <button type="button" className="key quiet" onClick={() => onChange('')}>
            {words.keys.clear}
          </button>
        ) : null}
        <button type="button" className="key next" onClick={next.press}>
          {next.label}
        </button>
      </div>
    </div>
  );
}

/** Two short fields in a row share a line. */
function isHalf(fields: readonly FieldView[], field: FieldView): boolean {
  const short = (one: FieldView | undefined) =>
    one?.kind === 'mobile' || one?.kind === 'date' || (one?.kind === 'digits' && one.maxLength <= 8);
  let run = 0;
  for (let at = fields.indexOf(field); at > 0 && short(fields[at - 1]); at--) run += 1;
  if (!short(field)) return false;
  return run % 2 === 1 || short(fields[fields.indexOf(field) + 1]);
}

/** What is known stands in the fields; the first empty one that is typed has the keyboard. */
function firstDraft(fields: readonly FieldView[]): Draft {
  const values = Object.fromEntries(fields.map((field) => [field.id, field.value]));
  const wanted = fields.find((field) => field.problem !== undefined || (field.required && field.value === ''));
  return { values, active: wanted && wanted.kind !== 'choice' ? wanted.id : null, left: [], composing: '' };
}

function dayInChina(nowMs: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(nowMs));
}
