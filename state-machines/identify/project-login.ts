import type { SnapshotFrom } from 'xstate';
import type { StepFrame, StepOf } from '../contract/screen.ts';
import { maskNumber } from '../contract/words/person.ts';
import type { Language, Text } from '../contract/words/text.ts';
import { say, sayOneOf, words } from '../copy.ts';
import type { CardRead, Environment } from '../effects.ts';
import type { Projected, ScreenFacts } from '../steps/frame.ts';
import { endLabel, projectTrouble } from '../steps/frame.ts';
import type { Progress } from '../steps/project-step.ts';
import type { createLogin } from './login.ts';
import type { FaceSnapshot } from './project-face.ts';
import { faceChoice, projectFace } from './project-face.ts';
import type { LoginWay, OfferedWay } from './ways.ts';
import { isCutOff, offeredWays } from './ways.ts';

export type LoginSnapshot = SnapshotFrom<ReturnType<typeof createLogin>>;

/** The login: its ways, being read, password, and all that can go wrong. `byCard`: names of the items that can be done by a card alone now. */
export function projectLogin(
  snapshot: LoginSnapshot,
  facts: ScreenFacts,
  progress: Progress,
  byCard: readonly string[],
): Projected {
  const { context } = snapshot;
  const { language } = facts;
  if (snapshot.matches('trouble') && context.trouble !== null)
    return projectTrouble(context.trouble, context.turn, facts);
  const frame: Omit<StepFrame, 'id' | 'title'> = { ...endLabel(facts), ...(progress === null ? {} : { progress }) };
  const back = say(words.back, language);
  if (snapshot.matches('cardAlone') && context.card !== null) {
    const { card } = context;
    const row = (label: Text, value: string) => ({ label: say(label, language), value });
    return {
      ...frame,
      key: `card-alone-${context.turn}`,
      kind: 'review',
      title: say(words.cardAloneTitle, language),
      hint: say(words.cardAloneHint, language),
      back,
      rows: [
        row(words.cardAloneWho, shownOf(card)),
        row(words.cardAloneOpen, byCard.join(say(words.comma, language))),
        row(words.cardAloneCounts, say(words.cardAloneCountsText, language)),
        row(words.cardAloneHidden, say(words.cardAloneHiddenText, language)),
      ],
      risks: [],
      wayOn: { label: say(words.cardAloneGoOn, language), icon: 'right' },
    };
  }
  const face = snapshot.children.face?.getSnapshot() as FaceSnapshot | undefined;
  if (snapshot.matches('face') && face !== undefined) return projectFace(face, facts, progress);
  if (
    context.card !== null &&
    context.envelope !== null &&
    (snapshot.matches('password') || snapshot.matches('proving'))
  ) {
    const isBusy = snapshot.matches('proving');
    const isOnPad = snapshot.matches({ password: 'onPad' }) || (isBusy && context.secret?.by === 'pad');
    const byFace = isBusy ? null : faceChoice(context.environment, context.takesFace, language);
    const isPadOut = !isOnPad && !['not-fitted', null].includes(context.environment.devices['pin-pad']) && !isBusy;
    return {
      ...frame,
      key: `password-${context.turn}`,
      kind: 'password',
      title: say(context.way === 'id-card' ? words.passwordTitleIdCard : words.passwordTitle, language),
      hint: say(isOnPad ? words.passwordPadHint : isPadOut ? words.passwordPadOut : words.passwordHint, language),
      ...(isBusy ? {} : { back }),
      who: { name: context.card.maskedName, number: context.card.maskedNumber },
      digits: 6,
      // What the problem has said already, the note does not say again.
      note: say(context.problem === 'wrong' && !isBusy ? words.passwordLocks : words.passwordLeft, language, {
        left: context.attemptsLeft,
      }),
      ...(context.problem === null || isBusy
        ? {}
        : {
            problem: say(problemWords[context.problem], language, { left: context.attemptsLeft }),
          }),
      envelope: context.envelope,
      ...(byFace === null ? {} : { actions: [byFace] }),
      busy: isBusy,
      labels: {
        clear: say(words.clear, language),
        backspace: say(words.backspace, language),
        entered: say(words.entered, language),
      },
      ...(isOnPad
        ? {
            pad: {
              digits: isBusy ? 6 : context.padDigits,
              title: say(words.padTitle, language),
              text: say(words.padText, language),
              keys: say(words.padKeys, language),
            },
            ...(isBusy ? {} : { aside: { icon: 'lock' as const, text: say(words.padAside, language) } }),
          }
        : { wayOn: { label: say(words.confirm, language), icon: 'check' as const } }),
    };
  }
  const { way } = context;
  const isChecking = snapshot.matches('checking') || snapshot.matches('askingCode');
  if (way !== null && (isChecking || snapshot.matches('reading'))) {
    return {
      ...frame,
      key: `identify-reading-${context.turn}`,
      kind: 'identify',
      title: say(isChecking ? words.checkingCard : wayWords[way].reading, language),
      hint: say(wordsOf(way, context.environment).hint, language),
      ways: [wayView({ way, isAvailable: true }, context.environment, language)],
      reading: true,
      aside: { icon: 'clock', text: say(words.workingAside, language) },
    };
  }
  const ways = offeredWays(context.environment);
  const open = ways.filter(({ isAvailable }) => isAvailable).map((offered) => offered.way);
  // Who has tried one way is asked for that again; the others stand beside it.
  const [asked] = way !== null && open.includes(way) ? [way] : open.length === 1 ? open : [];
  const acts = sayOneOf(
    open.map((one) => say(wayWords[one].act, language)),
    language,
    { comma: words.actComma, or: words.actOr },
  );
  return {
    ...frame,
    key: `identify-${context.turn}`,
    kind: 'identify',
    title:
      asked !== undefined
        ? say(wayWords[asked].title, language)
        : open.length === 0
          ? say(words.identifyNothing, language)
          : say(words.identifyAny, language, { acts }),
    hint: say(asked === undefined ? words.identifyAnyHint : wordsOf(asked, context.environment).hint, language),
    back,
    ways: firstOf(ways, asked).map((offered) => wayView(offered, context.environment, language)),
    reading: false,
    ...(open.length === 0 ? {} : { aside: { icon: 'info', text: say(words.identifyAside, language) } }),
  };
}

/** Whose card it is, as far as the card told; one that named nobody has a number of its own. */
function shownOf(card: CardRead): string {
  const holder = [card.maskedName, card.maskedNumber].filter((part) => part !== '').join(' ');
  return holder === '' && card.kind === 'social-security-card' ? maskNumber(card.cardNumber) : holder;
}

const problemWords = {
  wrong: words.passwordWrong,
  stale: words.passwordStale,
  'timed-out': words.padTimedOut,
} as const;

/** What to bring for a login here: 社保卡、身份证或电子社保卡. What is out just now is named only where nothing else is there. */
export function sayLoginCards(environment: Environment, language: Language): string {
  const ways = offeredWays(environment);
  const open = ways.filter(({ isAvailable }) => isAvailable);
  const named = open.length > 0 ? open : ways;
  return sayOneOf(
    named.map(({ way }) => say(wayWords[way].carry, language)),
    language,
  );
}

/** What is asked for stands first. */
function firstOf(ways: OfferedWay[], asked: LoginWay | undefined): OfferedWay[] {
  return [...ways.filter(({ way }) => way === asked), ...ways.filter(({ way }) => way !== asked)];
}

type WayWords = Record<'name' | 'carry' | 'act' | 'title' | 'hint' | 'reading' | 'text' | 'where' | 'out', Text>;
const wayWords: Record<LoginWay, WayWords> = {
  card: {
    name: words.identifyCard,
    carry: words.carryCard,
    act: words.identifyCardAct,
    title: words.identifyTitle,
    hint: words.identifyHint,
    reading: words.identifyReading,
    text: words.identifyCardText,
    where: words.identifyCardWhere,
    out: words.blockedReader,
  },
  'id-card': {
    name: words.identifyIdCard,
    carry: words.carryIdCard,
    act: words.identifyIdCardAct,
    title: words.identifyIdCardTitle,
    hint: words.identifyIdCardHint,
    reading: words.identifyIdCardReading,
    text: words.identifyIdCardText,
    where: words.identifyIdCardWhere,
    out: words.blockedIdReader,
  },
  code: {
    name: words.identifyCode,
    carry: words.carryCode,
    act: words.identifyCodeAct,
    title: words.identifyCodeTitle,
    hint: words.identifyCodeHint,
    reading: words.checkingCard,
    text: words.identifyCodeText,
    where: words.identifyCodeWhere,
    out: words.blockedScanner,
  },
};

/** A reader that draws the card in wants nobody to push it to the end, and says that it gives it back. */
function wordsOf(way: LoginWay, { isCardHeld }: Environment): WayWords {
  const usual = wayWords[way];
  return way === 'card' && isCardHeld
    ? { ...usual, hint: words.identifyHeldHint, text: words.identifyHeldText }
    : usual;
}

function wayView(
  { way, isAvailable }: OfferedWay,
  environment: Environment,
  language: Language,
): StepOf<'identify'>['ways'][number] {
  const { name, text, where, out } = wordsOf(way, environment);
  return {
    id: way,
    title: say(name, language),
    text: say(isAvailable ? text : isCutOff(way, environment) ? words.blockedLine : out, language),
    where: say(where, language),
    available: isAvailable,
  };
}
