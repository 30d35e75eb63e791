/** What projections share: the frame of a step, and a trouble as a view. */
import type { Choice, StepFrame, StepView } from '../contract/screen.ts';
import type { Language } from '../contract/words/text.ts';
import { say, words } from '../copy.ts';
import type { TroubleAction, TroubleReason } from '../troubles.ts';
import { troubles } from '../troubles.ts';

/** A view before the screen's port gives it an id: `key` tells one screen from the next. */
export type Projected = {
  [K in StepView['kind']]: Omit<Extract<StepView, { kind: K }>, 'id'> & { key: string };
}[StepView['kind']];

/** Facts of the terminal a projection may show. */
export type ScreenFacts = {
  language: Language;
  nowMs: number;
  today: string;
  /** Whether there is a card, of either kind, to be taken at the end. */
  isCardIn: boolean;
  isInVisit: boolean;
};

/** The way out, at the same place on every screen of a visit. */
export function endLabel(facts: ScreenFacts): Pick<StepFrame, 'end'> {
  if (!facts.isInVisit) return {};
  return { end: say(facts.isCardIn ? words.end : words.endWithoutCard, facts.language) };
}

/** A trouble as a screen. `turn` tells it from the same trouble met again. */
export function projectTrouble(
  reason: TroubleReason,
  turn: number,
  facts: ScreenFacts,
  more: { kept?: string; endsAtMs?: number; rows?: { label: string; value: string }[]; withoutActions?: boolean } = {},
): Projected {
  const trouble = troubles[reason];
  const { language } = facts;
  const labels: Record<TroubleAction, Pick<Choice, 'title' | 'icon'>> = {
    again: { title: say(words.again, language), icon: 'renew' },
    home: { title: say(words.home, language), icon: 'all' },
    leave: { title: say(facts.isCardIn ? words.end : words.leave, language), icon: 'end' },
  };
  // The first thing offered is the way on, at its usual place; the others stand as rows. Ending is always in the bar already.
  const [first, ...others] = more.withoutActions ? [] : trouble.actions;
  return {
    kind: 'trouble',
    key: `trouble-${trouble.code}-${turn}`,
    title: say(trouble.title, language),
    happened: say(trouble.happened, language),
    kept: more.kept ?? say(trouble.kept, language),
    todo: say(trouble.todo, language),
    code: trouble.code,
    art: trouble.art,
    actions: others.filter((action) => action !== 'leave').map((action) => ({ id: action, ...labels[action] })),
    ...(first === undefined ? {} : { wayOn: { label: labels[first].title, icon: labels[first].icon ?? 'right' } }),
    ...(more.endsAtMs === undefined ? {} : { endsAtMs: more.endsAtMs }),
    ...(more.rows === undefined ? {} : { rows: more.rows }),
    ...endLabel(facts),
  };
}
