/** What projections share: the frame of a step, and a trouble as a view. */
import type { Choice, StepFrame, StepView } from '../contract/screen.ts';
import type { Language } from '../contract/words/text.ts';
import { say, words } from '../copy.ts';
import type { TroubleReason } from '../troubles.ts';
import { troubles } from '../troubles.ts';

/** A view before the screen's port gives it an id: `key` tells one screen from the next. */
export type Projected = {
  [K in StepView['kind']]: Omit<Extract<StepView, { kind: K }>, 'id'> & { key: string };
}[StepView['kind']];

/** Facts of the terminal a projection may show. */
export type ScreenFacts = { language: Language; nowMs: number; today: string; isCardIn: boolean; isInVisit: boolean };

/** The way out, at the same place on every screen of a visit. */
export function endLabel(facts: ScreenFacts): Pick<StepFrame, 'end'> {
  if (!facts.isInVisit) return {};
  return { end: say(facts.isCardIn ? words.end : words.endWithoutCard, facts.language) };
}

/** A trouble as a screen. */
export function projectTrouble(
  reason: TroubleReason,
  facts: ScreenFacts,
  more: { kept?: string; endsAtMs?: number; rows?: { label: string; value: string }[]; withoutActions?: boolean } = {},
): Projected {
  const trouble = troubles[reason];
  const { language } = facts;
  const labels: Record<string, Choice> = {
    again: { id: 'again', title: say(words.again, language) },
    home: { id: 'home', title: say(words.home, language) },
    leave: { id: 'leave', title: say(facts.isCardIn ? words.end : words.leave, language) },
  };
  return {
    kind: 'trouble',
    key: `trouble-${trouble.code}`,
    title: say(trouble.title, language),
    happened: say(trouble.happened, language),
    kept: more.kept ?? say(trouble.kept, language),
    todo: say(trouble.todo, language),
    code: trouble.code,
    art: trouble.art,
    actions: more.withoutActions ? [] : trouble.actions.flatMap((action) => labels[action] ?? []),
    ...(more.endsAtMs === undefined ? {} : { endsAtMs: more.endsAtMs }),
    ...(more.rows === undefined ? {} : { rows: more.rows }),
    ...endLabel(facts),
  };
}
