import type { QueryAnswer, QueryName } from '../../contract/central/queries.ts';
import { say } from '../../copy.ts';
import type { StepFacts } from '../define-service.ts';
import { commonCopy } from './copy.ts';
import { sayDay } from './dates.ts';

/**
 * A function of a step over what the step has loaded. A step is shown only once its `load` is there; `otherwise` is what the types
 * ask for before that.
 */
export function fromLoaded<N extends QueryName, R>(
  name: N,
  otherwise: R,
  use: (answer: QueryAnswer<N>, facts: StepFacts) => R,
): (facts: StepFacts) => R {
  return (facts) => {
    const answer = facts.answers.data[name];
    return answer === undefined ? otherwise : use(answer, facts);
  };
}

/** 截至2026年11月24日: up to which day a contribution record goes. */
export const asOfRecord = fromLoaded('contribution-record', '', ({ asOf }, { language }) =>
  say(commonCopy.upTo, language, { date: sayDay(asOf, language) }),
);
