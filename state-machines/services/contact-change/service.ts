import type { LabelledValue } from '../../contract/screen.ts';
import type { FormDefinition, FormValues } from '../../contract/words/form.ts';
import { maskMobile } from '../../contract/words/person.ts';
import { say } from '../../copy.ts';
import type { Answers, StepFacts } from '../define-service.ts';
import { defineService } from '../define-service.ts';
import { copy, facts } from './copy.ts';
import { acceptanceSlip, contactOutcome } from './outcome.ts';

/** Field ids are the names the centre's register has for them (`contactSchema`). */
const fields = [
  {
    id: 'mobile',
    kind: 'mobile',
    label: copy.mobile,
    hint: copy.mobileHint,
    required: true,
    maxLength: 11,
    validators: ['mobile'],
    prefill: 'contact.mobile',
  },
  {
    id: 'address',
    kind: 'line',
    label: copy.address,
    hint: copy.addressHint,
    required: false,
    maxLength: 100,
    validators: ['no-control-characters'],
    prefill: 'contact.address',
  },
  {
    id: 'postalCode',
    kind: 'digits',
    label: copy.postalCode,
    required: false,
    maxLength: 6,
    validators: ['postal-code'],
    prefill: 'contact.postalCode',
  },
  {
    id: 'email',
    kind: 'line',
    label: copy.email,
    hint: copy.emailHint,
    required: false,
    maxLength: 100,
    validators: ['email'],
    prefill: 'contact.email',
  },
] as const satisfies FormDefinition;

/** What is new beside what was, where that is known. The old number is masked: it may long be somebody else's. */
function changes({ answers, language }: StepFacts): LabelledValue[] {
  const { contact } = answers.data;
  return fields.map(({ id, label }) => {
    const now = answers.values[id] ?? '';
    if (contact === undefined)
      return { label: say(label, language), value: now === '' ? say(copy.kept, language) : now };
    const before = contact?.[id] ?? '';
    const old = id === 'mobile' ? maskMobile(before) : before;
    const shownOld = old === '' ? say(copy.wasEmpty, language) : old;
    const text = now === before ? copy.same : now === '' ? copy.removed : copy.changed;
    return { label: say(label, language), value: say(text, language, { new: now, old: shownOld }) };
  });
}

/** What goes to the centre: an empty field takes away what was there, but only from who has seen it. */
function handedIn({ values, data }: Answers): FormValues {
  if (data.contact !== undefined) return values;
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

/** The number of the application, once the centre has one. */
function applicationNumber({ answers }: StepFacts): string {
  const { settled } = answers;
  return settled?.state === 'done' && settled.answer.kind === 'application' ? settled.answer.number : '';
}

/**
 * 变更联系方式 (5.3.1, 6.2.5): form, check, sign; decided by rule at the centre, a notice of acceptance on paper if wished. By a card alone it waits for a
 * clerk, and there is no notice before that.
 */
export const contactChange = defineService({
  id: 'contact-change',
  version: 1,
  group: 'apply',
  initials: 'bglxfs',
  icon: 'phone',
  handling: 'immediate',
  facts,
  identity: 'card-present',
  devices: [],
  centre: 'queued',
  steps: [
    {
      id: 'fill',
      kind: 'form',
      title: copy.formTitle,
      load: 'contact',
      withoutLoad: copy.withoutOld,
      fields: [...fields],
      unchanged: copy.unchanged,
    },
    { id: 'check', kind: 'review', rows: changes, risks: [copy.risk] },
    { id: 'sign', kind: 'sign', statement: copy.statement, rows: changes },
    {
      id: 'submit',
      kind: 'submit',
      body: ({ answers }) => ({
        kind: 'application',
        values: handedIn(answers),
        ...(answers.strokes === null ? {} : { signature: answers.strokes }),
      }),
    },
    { id: 'outcome', kind: 'result', show: contactOutcome },
    {
      id: 'notice',
      kind: 'print',
      receipt: acceptanceSlip,
      order: (given) => ({
        kind: 'certificate',
        paper: { layout: 'acceptance-notice', application: applicationNumber(given) },
        copies: 1,
      }),
    },
  ],
});
