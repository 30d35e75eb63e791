import type { FieldView } from '../../state-machines/contract/screen.ts';
import type { FieldDefinition } from '../../state-machines/contract/words/form.ts';
import type { Language } from '../../state-machines/contract/words/text.ts';
import { checkField, doubts, problemTexts } from '../../state-machines/contract/words/validators.ts';

/** What is wrong with a field. `stops`: the form cannot go on with it; otherwise it is a doubt, told aloud. */
export type Finding = { text: string; stops: boolean } | null;

/** Fields of a known length say how much is still wanted, instead of calling a number wrong that is only half typed. */
const wholeLength: Partial<Record<FieldView['kind'], number>> = { mobile: 11, 'id-number': 18, date: 10 };

/** Checks one field as kiosk and centre will. */
export function findProblem(field: FieldView, value: string, today: string, language: Language): Finding {
  const code = checkField(asDefinition(field), value, { today });
  return code === null ? null : { text: problemTexts[code][language], stops: !doubts.has(code) };
}

/** Characters still wanted in a field of known length; 0 where it is whole, `null` where nobody can know. */
export function toGo(field: FieldView, value: string): number | null {
  const whole = wholeLength[field.kind];
  if (whole === undefined || value === '') return null;
  return Math.max(0, whole - value.length);
}

function asDefinition(field: FieldView): FieldDefinition {
  const text = { zh: field.label, en: field.label };
  return {
    id: field.id,
    kind: field.kind,
    label: text,
    required: field.required,
    maxLength: field.maxLength,
    validators: [...field.validators],
    ...(field.choices === undefined
      ? {}
      : { choices: field.choices.map(({ id, label }) => ({ id, label: { zh: label, en: label } })) }),
  };
}
