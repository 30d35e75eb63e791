/** Projections of the steps of an item: a snapshot in, a view out. Each function belongs to one kind of step. */
import type { SnapshotFrom } from 'xstate';
import type { Choice, FieldView, LabelledValue, StepFrame, Takeable } from '../contract/screen.ts';
import { maskName } from '../contract/words/person.ts';
import type { Language, Text } from '../contract/words/text.ts';
import { problemTexts } from '../contract/words/validators.ts';
import { say, words } from '../copy.ts';
import type { Environment, PaperSpot } from '../effects.ts';
import { levelOf } from '../identify/level.ts';
import type { StepFacts, StepKind, StepOfKind } from '../services/define-service.ts';
import type { createAskStep } from './ask-step.ts';
import { prefilled } from './ask-step.ts';
import type { Projected, ScreenFacts } from './frame.ts';
import { endLabel, projectTrouble } from './frame.ts';
import type { createPaperReviewStep } from './paper-review-step.ts';
import { type createPrintStep, orderOf } from './print-step.ts';
import type { createScanStep } from './scan-step.ts';
import type { StepInput } from './step.ts';
import type { createSubmitStep } from './submit-step.ts';

export type AskSnapshot = SnapshotFrom<ReturnType<typeof createAskStep>>;
export type PaperReviewSnapshot = SnapshotFrom<ReturnType<typeof createPaperReviewStep>>;
export type SubmitSnapshot = SnapshotFrom<ReturnType<typeof createSubmitStep>>;
export type PrintSnapshot = SnapshotFrom<ReturnType<typeof createPrintStep>>;
export type ScanSnapshot = SnapshotFrom<ReturnType<typeof createScanStep>>;

/** Where the item stands: `第2步，共3步`. */
export type Progress = { at: number; of: number } | null;

type Given = StepInput<StepKind> & { turn: number };

function stepFacts(input: Given, facts: ScreenFacts): StepFacts {
  return {
    answers: input.answers,
    language: facts.language,
    today: facts.today,
    maskedName: input.login === null ? null : maskName(input.login.parties.actor.name),
    level: levelOf(input),
  };
}

function frame(input: Given, facts: ScreenFacts, progress: Progress, title: string): StepFrame & { key: string } {
  const hint = input.step.hint === undefined ? null : say(input.step.hint, facts.language);
  return {
    key: `${input.step.id}-${input.turn}`,
    id: '',
    title: input.step.title === undefined ? title : say(input.step.title, facts.language),
    ...(hint === null ? {} : { hint }),
    ...(input.step.terms === undefined
      ? {}
      : {
          terms: input.step.terms.map(({ word, meaning }) => ({
            word: say(word, facts.language),
            meaning: say(meaning, facts.language),
          })),
        }),
    ...(progress === null ? {} : { progress }),
    ...endLabel(facts),
  };
}

function working(
  input: Given,
  facts: ScreenFacts,
  progress: Progress,
  activity: 'read' | 'send' | 'check',
  title: string,
  text: string,
): Projected {
  return {
    ...frame(input, facts, progress, title),
    title,
    key: `${input.step.id}-${input.turn}-working`,
    kind: 'working',
    activity,
    text,
    aside: { icon: 'clock', text: say(words.workingAside, facts.language) },
  };
}

/** Form, choose, read, sign, result and a review without a paper. */
export function projectAsk(snapshot: AskSnapshot, facts: ScreenFacts, progress: Progress): Projected {
  const { context } = snapshot;
  const { language } = facts;
  const back = say(words.back, language);
  if (snapshot.matches('trouble') && context.trouble !== null)
    return { ...projectTrouble(context.trouble, context.turn, facts), back };
  if (snapshot.matches('loading')) {
    return {
      ...working(context, facts, progress, 'read', say(words.loading, language), say(words.loadingDetail, language)),
      back,
    };
  }
  const { step } = context;
  const given = stepFacts(context, facts);
  const base = { ...frame(context, facts, progress, say(context.service.facts.name, language)), back };
  switch (step.kind) {
    case 'form':
      return {
        ...base,
        ...(step.withoutLoad === undefined || isFilledIn(context) ? {} : { hint: say(step.withoutLoad, language) }),
        kind: 'form',
        fields: step.fields.map((field) => projectField(field, context, facts)),
        ...(step.known === undefined ? {} : { known: step.known(given) }),
        ...(context.isUnchanged && step.unchanged !== undefined ? { problem: say(step.unchanged, language) } : {}),
        wayOn: isLastBeforeSubmit(context)
          ? { label: say(words.submit, language), icon: 'check' }
          : { label: say(words.next, language), icon: 'right' },
      };
    case 'choose':
      return {
        ...base,
        kind: 'choose',
        layout: step.layout,
        sections: step.sections(given),
        empty: say(step.empty, language),
      };
    case 'read':
      return {
        ...base,
        kind: 'read',
        blocks: step.blocks(given),
        ...(step.asOf === undefined ? {} : { asOf: step.asOf(given) }),
        ...(step.print === undefined ? {} : { print: { label: say(step.print, language) } }),
        wayOn: { label: say(step.print === undefined ? words.done : words.doneWithoutPaper, language), icon: 'check' },
      };
    case 'review':
      return {
        ...base,
        title: step.title === undefined ? say(words.reviewTitle, language) : base.title,
        kind: 'review',
        rows: step.rows?.(given) ?? formRows(context, facts),
        risks: (step.risks ?? []).map((risk) => say(risk, language)),
        wayOn: { label: say(words.confirm, language), icon: 'check' },
      };
    case 'sign':
      return {
        ...base,
        title: step.title === undefined ? say(words.signTitle, language) : base.title,
        kind: 'sign',
        statement: say(step.statement, language),
        rows: step.rows?.(given) ?? [],
        labels: {
          again: say(words.signAgain, language),
          here: say(words.signHere, language),
          empty: say(words.signEmpty, language),
        },
        wayOn: { label: say(words.submit, language), icon: 'check' },
      };
    case 'result': {
      const result = step.show(given);
      const { back: _, ...withoutBack } = base;
      const { devices } = context;
      const out = (need: 'receipt-printer' | 'document-printer') =>
        devices[need] === null
          ? {}
          : { blocked: say(need === 'receipt-printer' ? words.blockedReceipts : words.blockedPrinter, language) };
      const actions: Choice[] = [
        ...(result.receipt === undefined || devices['receipt-printer'] === 'not-fitted'
          ? []
          : [{ id: 'receipt', title: result.receipt, icon: 'receipt' as const, ...out('receipt-printer') }]),
        ...(result.print === undefined
          ? []
          : [{ id: 'print', title: result.print, icon: 'print' as const, ...out('document-printer') }]),
        ...(result.again === undefined ? [] : [{ id: 'again', title: result.again, icon: 'renew' as const }]),
      ];
      return {
        ...withoutBack,
        title: result.title,
        kind: 'result',
        tone: result.tone,
        text: result.text,
        rows: result.rows,
        actions,
        ...(result.code === undefined ? {} : { code: result.code }),
        wayOn: { label: say(words.done, language), icon: 'check' },
      };
    }
  }
}

/** Whether the way on from here hands the request in: then it has to say so. */
function isLastBeforeSubmit({ service, step }: AskSnapshot['context']): boolean {
  return service.steps[service.steps.indexOf(step) + 1]?.kind === 'submit';
}

/** Whether what a form looks up has come. */
function isFilledIn({ step, answers }: AskSnapshot['context']): boolean {
  return step.load === undefined || answers.data[step.load] !== undefined;
}

function projectField(
  field: StepOfKind<'form'>['fields'][number],
  context: AskSnapshot['context'],
  facts: ScreenFacts,
): FieldView {
  const problem = context.problems[field.id];
  return {
    id: field.id,
    kind: field.kind,
    label: say(field.label, facts.language),
    required: field.required,
    maxLength: field.maxLength,
    validators: field.validators,
    value: context.answers.values[field.id] ?? prefilled(field.prefill, context.answers) ?? '',
    ...(field.hint === undefined ? {} : { hint: say(field.hint, facts.language) }),
    ...(field.choices === undefined
      ? {}
      : { choices: field.choices.map((choice) => ({ id: choice.id, label: say(choice.label, facts.language) })) }),
    ...(problem === undefined ? {} : { problem: say(problemTexts[problem], facts.language) }),
  };
}

/** Rows of a review, where the item names none: what was filled in, by label. */
function formRows(context: AskSnapshot['context'], facts: ScreenFacts): LabelledValue[] {
  return context.service.steps.flatMap((step) => {
    if (step.kind !== 'form') return [];
    return step.fields.flatMap((field) => {
      const value = context.answers.values[field.id] ?? '';
      if (value === '') return [];
      const choice = field.choices?.find((candidate) => candidate.id === value);
      return [
        {
          label: say(field.label, facts.language),
          value: choice === undefined ? value : say(choice.label, facts.language),
        },
      ];
    });
  });
}

const spotLabels: Record<PaperSpot, Text> = {
  person: words.spotPerson,
  unit: words.spotUnit,
  insurances: words.spotInsurances,
  months: words.spotMonths,
  summary: words.spotSummary,
  years: words.spotYears,
  facts: words.spotFacts,
};

/** A review that shows the paper. */
export function projectPaperReview(snapshot: PaperReviewSnapshot, facts: ScreenFacts, progress: Progress): Projected {
  const { context } = snapshot;
  const { language } = facts;
  const back = say(words.back, language);
  if (snapshot.matches('trouble') && context.trouble !== null)
    return { ...projectTrouble(context.trouble, context.turn, facts), back };
  if (context.preview === null) {
    return {
      ...working(context, facts, progress, 'read', say(words.drafting, language), say(words.loadingDetail, language)),
      back,
    };
  }
  const { step, preview } = context;
  return {
    ...frame(context, facts, progress, say(words.reviewPaperTitle, language)),
    hint: say(step.hint ?? words.reviewPaperHint, language),
    back,
    kind: 'review',
    rows: step.rows?.(stepFacts(context, facts)) ?? [],
    risks: (step.risks ?? []).map((risk) => say(risk, language)),
    paper: {
      ...preview,
      spots: preview.spots.map((spot) => ({ ...spot, label: say(spotLabels[spot.label], language) })),
    },
    ...(step.copies === undefined
      ? {}
      : {
          copies: {
            value: context.copies,
            min: step.copies.min,
            max: step.copies.max,
            label: say(words.copies, language),
          },
        }),
    wayOn: { label: say(words.confirmPrint, language), icon: 'print' },
  };
}

/** A submission under way. */
export function projectSubmit(snapshot: SubmitSnapshot, facts: ScreenFacts, progress: Progress): Projected {
  const { context } = snapshot;
  const { language } = facts;
  if (snapshot.matches('trouble') && context.trouble !== null) {
    const { number } = context;
    const rows = number === null ? {} : { rows: [{ label: say(words.requestNumberLabel, language), value: number }] };
    return projectTrouble(context.trouble, context.turn, facts, rows);
  }
  return working(context, facts, progress, 'send', say(words.sending, language), say(words.sendingDetail, language));
}

const printTexts = {
  issuing: words.printIssuing,
  'laying-out': words.printLayingOut,
  printing: words.printPrinting,
} as const;

const printStages = [
  { state: 'issuing', label: words.stageIssue },
  { state: 'laying-out', label: words.stageLayout },
  { state: 'printing', label: words.stagePrint },
] as const;

const thingWords = {
  paper: { title: words.takePaper, text: words.takePaperText },
  receipt: { title: words.takeReceipt, text: words.takeReceiptText },
  card: { title: words.takeCard, text: words.takeCardText },
  'id-card': { title: words.takeIdCard, text: words.takeIdCardText },
} as const;

/** Something that lies where the visitor can take it. */
export function waitingThing(id: Takeable['id'], language: Language): Takeable {
  const { title, text } = thingWords[id];
  return { id, title: say(title, language), text: say(text, language), state: 'waiting' };
}

/** A print, its waits, and the taking of the paper. `environment`: the terminal's now, for the cards that lie in it. */
export function projectPrint(
  snapshot: PrintSnapshot,
  facts: ScreenFacts,
  progress: Progress,
  environment: Pick<Environment, 'card' | 'idCard' | 'isCardHeld'>,
): Projected {
  const { context } = snapshot;
  const { language } = facts;
  const order = orderOf(context, facts.today);
  const isReceipt = order.kind === 'receipt';
  const number = context.number === null ? [] : [{ label: say(words.numberLabel, language), value: context.number }];
  // What the slip would have said has to be noted from the screen.
  const numbered = isReceipt ? [order.slip.number] : number;
  if (snapshot.matches('trouble') && context.trouble !== null) {
    return projectTrouble(context.trouble, context.turn, facts, numbered.length === 0 ? {} : { rows: numbered });
  }
  if (snapshot.matches('taking')) {
    // Held inside until the visit ends: there is no card to be taken yet.
    const isHeld = environment.card === 'present' && environment.isCardHeld === true;
    return {
      ...frame(context, facts, progress, say(words.takeTitle, language)),
      title: say(isReceipt ? words.takeReceiptTitle : words.takeTitle, language),
      hint: say(isHeld ? words.takeHintHeld : words.takeHint, language),
      key: `${context.step.id}-${context.turn}-take`,
      kind: 'take',
      things: [
        isReceipt ? ('receipt' as const) : ('paper' as const),
        ...(environment.card === 'present' && !isHeld ? (['card'] as const) : []),
        ...(environment.idCard === 'present' ? (['id-card'] as const) : []),
      ].map((id) => waitingThing(id, language)),
      wayOn: { label: say(words.taken, language), icon: 'check' },
    };
  }
  if (context.progress.state === 'waiting') {
    const kept = isReceipt
      ? say(words.waitingKeptReceipt, language)
      : context.number === null
        ? say(words.waitingKeptNoNumber, language)
        : say(words.waitingKept, language, { number: context.number });
    return {
      ...projectTrouble(context.progress.reason, context.turn, facts, {
        kept,
        endsAtMs: context.progress.untilMs,
        rows: numbered,
        withoutActions: true,
      }),
      key: `${context.step.id}-${context.turn}-waiting`,
      title: say(words.waitingTitle, language),
      todo: say(words.waitingTodo, language),
    } as Projected;
  }
  const { state } = context.progress;
  const at = printStages.findIndex((stage) => stage.state === state);
  return {
    ...frame(context, facts, progress, say(words.printTitle, language)),
    title: say(words.printTitle, language),
    key: `${context.step.id}-${context.turn}-printing`,
    kind: 'working',
    activity: isReceipt ? 'receipt' : 'print',
    text: say(isReceipt ? words.printReceipt : printTexts[state], language),
    aside: { icon: 'clock', text: say(words.workingAside, language) },
    ...(context.progress.copy === undefined ? {} : { progress: context.progress.copy }),
    ...(isReceipt
      ? {}
      : {
          stages: printStages.map((stage, index) => ({
            label: say(stage.label, language),
            state: index < at ? ('done' as const) : index === at ? ('now' as const) : ('todo' as const),
          })),
        }),
  };
}

/** Waiting for a code. */
export function projectScan(snapshot: ScanSnapshot, facts: ScreenFacts, progress: Progress): Projected {
  const { context } = snapshot;
  const { language } = facts;
  const back = say(words.back, language);
  if (snapshot.matches('trouble') && context.trouble !== null)
    return { ...projectTrouble(context.trouble, context.turn, facts), back };
  if (snapshot.matches('checking')) {
    return working(
      context,
      facts,
      progress,
      'check',
      say(words.checkingCode, language),
      say(words.loadingDetail, language),
    );
  }
  const { step } = context;
  return {
    ...frame(context, facts, progress, say(context.service.facts.name, language)),
    back,
    kind: 'scan',
    text: say(step.text, language),
    typed: { ...step.typed, label: say(step.typed.label, language) },
    // For who types; a scanner goes on by itself.
    wayOn: { label: say(words.checkCode, language), icon: 'right' },
  };
}
