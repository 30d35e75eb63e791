/**
 * A service item (服务事项) as data. An item is one folder with `service.ts` (what it needs and its steps), `copy.ts` (its words) and a
 * test, and one line in `index.ts`. Ordinary items need no functions: a form, a review and a result are laid out from the data.
 */
import type { PaperRequest } from '../contract/central/certificates.ts';
import type { QueryAnswer, QueryName } from '../contract/central/queries.ts';
import type { RequestBody } from '../contract/central/requests.ts';
import type { Choice, IconName, LabelledValue, ReadBlock } from '../contract/screen.ts';
import type { FormDefinition, FormValues } from '../contract/words/form.ts';
import type { IdentityLevel } from '../contract/words/person.ts';
import type { Language, Text } from '../contract/words/text.ts';
import type { CodeCheck, DeviceNeed, PrintOrder, Settled, Slip } from '../effects.ts';

/** The groups of the home screen: its first level, above the items of a group and the facts of an item. */
export const groupIds = ['print', 'look-up', 'apply', 'book', 'ask', 'read'] as const;
export type GroupId = (typeof groupIds)[number];

/** The ten facts of 3.2. Name and summary come first on every list. `{cards}` in the materials stands for what this terminal's login accepts. */
export type Facts = {
  name: Text;
  summary: Text;
  materials: Text;
  method: Text;
  limit: Text;
  delivery: Text;
  fee: Text;
  hours: Text;
  ask: Text;
  complain: Text;
};

/** What the steps of one service have gathered so far. */
export type Answers = {
  values: FormValues;
  choices: Record<string, string>;
  data: { [N in QueryName]?: QueryAnswer<N> };
  copies: number;
  strokes: [number, number, number][][] | null;
  settled: Settled | null;
  check: CodeCheck | null;
  /** On what the result is printed, where the visitor had the choice. */
  printOn: 'paper' | 'receipt';
};

export const noAnswers: Answers = {
  values: {},
  choices: {},
  data: {},
  copies: 1,
  strokes: null,
  settled: null,
  check: null,
  printOn: 'paper',
};

/** Whom and when a step's functions may ask: nothing else reaches them. */
export type StepFacts = {
  answers: Answers;
  language: Language;
  today: string;
  maskedName: string | null;
  /** How sure the kiosk is of who stands there. */
  level: IdentityLevel;
};

/** A technical term that stands in a step's words, explained at a touch (6.1.4). */
export type Term = { word: Text; meaning: Text };

type StepCommon = { id: string; title?: Text; hint?: Text; load?: QueryName; terms?: readonly Term[] };

export type ChooseSection = { title: string; rows: Choice[] };

type ItemRequestKind = 'application' | 'booking' | 'booking-cancel' | 'complaint';
/** What an item submits. Which item of which version it is, the submission adds itself. */
type ItemRequest = {
  [K in ItemRequestKind]: Omit<Extract<RequestBody, { kind: K }>, 'item' | 'itemVersion'>;
}[ItemRequestKind];

/** The kinds of step. What a kind shares lives in `steps/`; what is here is one item's data. */
export type Step =
  | (StepCommon & {
      kind: 'form';
      fields: FormDefinition;
      /**
       * Where it is given the form goes on without what `load` would fill in, empty and under this hint: the line is down, or a card alone says who
       * stands there. What is left empty then is to stay as it is.
       */
      withoutLoad?: Text;
      /** Said where every prefilled field is as it was: handing that in would change nothing. */
      unchanged?: Text;
      known?: (facts: StepFacts) => { title: string; rows: LabelledValue[] };
    })
  | (StepCommon & {
      kind: 'choose';
      layout: 'rows' | 'days' | 'times';
      sections: (facts: StepFacts) => ChooseSection[];
      empty: Text;
    })
  | (StepCommon & {
      kind: 'read';
      blocks: (facts: StepFacts) => ReadBlock[];
      asOf?: (facts: StepFacts) => string;
      /** Label of the way on to the print step that follows; absent where nothing is printed. */
      print?: Text;
    })
  | (StepCommon & {
      kind: 'review';
      rows?: (facts: StepFacts) => LabelledValue[];
      risks?: readonly Text[];
      /** The paper to look at before it is printed. */
      paper?: (facts: StepFacts) => PaperRequest;
      copies?: { min: number; max: number };
    })
  | (StepCommon & { kind: 'sign'; statement: Text; rows?: (facts: StepFacts) => LabelledValue[] })
  | (StepCommon & { kind: 'submit'; body: (facts: StepFacts) => ItemRequest })
  | (StepCommon & { kind: 'result'; show: (facts: StepFacts) => ResultView })
  | (StepCommon & {
      kind: 'print';
      /** The A4 paper; absent where there is only a receipt. */
      order?: (facts: StepFacts) => PrintOrder;
      /** The slip a receipt printer makes of the same, or instead. */
      receipt?: (facts: StepFacts) => Slip;
    })
  | (StepCommon & { kind: 'scan'; text: Text; typed: { label: Text; length: number; placeholder: string } });

export type StepKind = Step['kind'];
export type StepOfKind<K extends StepKind> = Extract<Step, { kind: K }>;

/**
 * What a result says. `print` is the label of the way to the print step that follows, where the outcome earned a paper, and `receipt` the label of
 * the way to its slip, offered where there is a receipt printer.
 */
export type ResultView = {
  tone: 'done' | 'received' | 'refused' | 'problem';
  title: string;
  text: string;
  rows: LabelledValue[];
  print?: string;
  receipt?: string;
  /** Label of the way back to the item's first step with nothing kept, where another try is what helps. */
  again?: string;
  /** Small code for staff. */
  code?: string;
};

export type Service = {
  id: string;
  version: number;
  group: GroupId;
  /** First pinyin letters of the name, by which home finds the item. */
  initials: string;
  icon: IconName;
  /** 即时办理, 承诺办理, 预约办理 (3.2). */
  handling: 'immediate' | 'commitment' | 'appointment';
  facts: Facts;
  /**
   * The least identity the item accepts. `card-present`: a card alone will do while the line is down, and the centre has what was handed in so checked by a
   * clerk before it counts; with the line the visitor logs in as for `verified`.
   */
  identity: IdentityLevel;
  /** Devices without which the item cannot be finished: told before the visitor starts. */
  devices: readonly DeviceNeed[];
  /** `needed`: does not begin without the line. `queued`: goes on and is delivered later. `not-needed`: works offline. */
  centre: 'needed' | 'queued' | 'not-needed';
  steps: readonly Step[];
};

/** Checks and freezes an item. A wrong item is a mistake in our own tree, so it throws, at load and in every test. */
export function defineService(service: Service): Service {
  const ids = new Set<string>();
  for (const step of service.steps) {
    if (ids.has(step.id)) throw new Error(`${service.id}: two steps are called ${step.id}`);
    ids.add(step.id);
  }
  if (service.steps.length === 0) throw new Error(`${service.id}: no steps`);
  if (!/^[a-z]{2,12}$/.test(service.initials)) throw new Error(`${service.id}: initials are lower-case pinyin letters`);
  const prints = service.steps.some((step) => step.kind === 'print');
  for (const step of service.steps) {
    if (step.kind === 'print' && step.order === undefined && step.receipt === undefined)
      throw new Error(`${service.id}: ${step.id} prints nothing`);
  }
  const mustPrint = prints && service.steps.every((step) => step.kind !== 'read' && step.kind !== 'result');
  if (mustPrint && !service.devices.includes('document-printer'))
    throw new Error(`${service.id}: prints, so it needs the printer`);
  if (service.identity === 'card-present') proveCardEnough(service);
  return Object.freeze(service);
}

/** By a card alone nothing is shown of anybody's record, and what is handed in waits for a clerk: such an item has to do without both. */
function proveCardEnough({ id, centre, steps }: Service): void {
  if (centre !== 'queued') throw new Error(`${id}: accepts a card alone, so it has to be delivered later`);
  for (const step of steps) {
    const isLoaded = step.load !== undefined && (step.kind !== 'form' || step.withoutLoad === undefined);
    if (isLoaded) throw new Error(`${id}: accepts a card alone, so ${step.id} has to do without ${step.load}`);
    if (step.kind === 'review' && step.paper !== undefined)
      throw new Error(`${id}: accepts a card alone, by which no paper is issued`);
  }
}
