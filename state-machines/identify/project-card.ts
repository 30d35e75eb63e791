import type { SnapshotFrom } from 'xstate';
import type { StepFrame } from '../contract/screen.ts';
import { say, words } from '../copy.ts';
import type { Projected, ScreenFacts } from '../steps/frame.ts';
import { endLabel, projectTrouble } from '../steps/frame.ts';
import type { Progress } from '../steps/project-step.ts';
import type { createCardLogin } from './card.ts';

export type CardLoginSnapshot = SnapshotFrom<ReturnType<typeof createCardLogin>>;

/** The login by card: put it in, being read, password, and every way it can go wrong. */
export function projectCardLogin(snapshot: CardLoginSnapshot, facts: ScreenFacts, progress: Progress): Projected {
  const { context } = snapshot;
  const { language } = facts;
  if (snapshot.matches('trouble') && context.trouble !== null)
    return projectTrouble(context.trouble, context.turn, facts);
  const frame: Omit<StepFrame, 'id' | 'title'> = { ...endLabel(facts), ...(progress === null ? {} : { progress }) };
  const back = say(words.back, language);
  if (
    context.card !== null &&
    context.envelope !== null &&
    (snapshot.matches('password') || snapshot.matches('proving'))
  ) {
    const isBusy = snapshot.matches('proving');
    return {
      ...frame,
      key: `password-${context.turn}`,
      kind: 'password',
      title: say(words.passwordTitle, language),
      hint: say(words.passwordHint, language),
      ...(isBusy ? {} : { back }),
      who: { name: context.card.maskedName, number: context.card.maskedNumber },
      digits: 6,
      note: say(words.passwordLeft, language, { left: context.attemptsLeft }),
      ...(context.problem === null || isBusy
        ? {}
        : {
            problem: say(context.problem === 'wrong' ? words.passwordWrong : words.passwordStale, language, {
              left: context.attemptsLeft,
            }),
          }),
      envelope: context.envelope,
      busy: isBusy,
      labels: {
        clear: say(words.clear, language),
        backspace: say(words.backspace, language),
        entered: say(words.entered, language),
      },
      wayOn: { label: say(words.confirm, language), icon: 'check' },
    };
  }
  const isChecking = snapshot.matches('checking');
  const isReading = snapshot.matches('reading') || isChecking;
  return {
    ...frame,
    key: `${isReading ? 'identify-reading' : 'identify'}-${context.turn}`,
    kind: 'identify',
    title: say(isChecking ? words.checkingCard : isReading ? words.identifyReading : words.identifyTitle, language),
    hint: say(words.identifyHint, language),
    ...(isReading ? {} : { back }),
    ways: [
      {
        id: 'card',
        title: say(words.identifyCard, language),
        text: say(words.identifyCardText, language),
        where: say(words.identifyCardWhere, language),
        available: true,
      },
    ],
    reading: isReading,
  };
}
