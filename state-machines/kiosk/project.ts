/** The terminal as a view: header, and the screen of whatever it is doing. Pure: a snapshot and facts in, plain JSON out. */
import type { SnapshotFrom } from 'xstate';
import type { Appearance, Header, IconName, StepFrame, StepOf, StepView } from '../contract/screen.ts';
import { maskName } from '../contract/words/person.ts';
import type { Language, Text } from '../contract/words/text.ts';
import { say, words } from '../copy.ts';
import type { Environment } from '../effects.ts';
import { offeredCards } from '../identify/ways.ts';
import type { Parting } from '../session/machine.ts';
import type { Catalogue, SessionSnapshot } from '../session/project.ts';
import { projectSession } from '../session/project.ts';
import type { Projected, ScreenFacts } from '../steps/frame.ts';
import { troubles } from '../troubles.ts';
import type { KioskContext } from './context.ts';
import { leftSlot } from './left-cards.ts';
import type { KioskMachine } from './machine.ts';

type KioskSnapshot = SnapshotFrom<KioskMachine>;

/** What stands in every header, from the configuration and the clock. */
export type Terminal = { hall: string; terminal: string; hotline: string };

/** What is shown now. The step's `id` is unique over the run: visit, page, screen. */
export type Shown = { header: Header; step: StepView };

/** Projects the terminal. */
export function projectKiosk(
  snapshot: KioskSnapshot,
  terminal: Terminal,
  clock: { nowMs: number; today: string },
  catalogue: Catalogue,
): Shown {
  const session = snapshot.children.session?.getSnapshot() as SessionSnapshot | undefined;
  const isInVisit = session !== undefined && session.status === 'active';
  const appearance: Appearance = isInVisit ? session.context.appearance : snapshot.context.appearance;
  const { environment } = snapshot.context;
  const facts: ScreenFacts = {
    language: appearance.language,
    nowMs: clock.nowMs,
    today: clock.today,
    isCardIn: environment.card === 'present' || environment.idCard === 'present',
    isInVisit,
  };
  const projected = isInVisit ? projectSession(session, facts, catalogue) : idle(snapshot, facts);
  const page = isInVisit ? `v${session.context.ordinal}.${session.context.turn}` : `k${snapshot.context.turn}`;
  const { key, ...step } = projected;
  return {
    header: {
      ...terminal,
      nowMs: clock.nowMs,
      line: {
        state: environment.line,
        text: say(environment.line === 'online' ? words.lineOnline : words.lineOffline, facts.language),
      },
      visitor: isInVisit && session.context.login !== null ? maskName(session.context.login.parties.actor.name) : null,
      appearance,
      helpCalled: isInVisit && session.context.helpCalled,
    },
    step: { ...step, id: `${page}.${key}` } as StepView,
  };
}

function idle(snapshot: KioskSnapshot, facts: ScreenFacts): Projected {
  const { language } = facts;
  if (snapshot.matches('inService')) {
    return {
      kind: 'attract',
      key: 'attract',
      title: say(words.attractTitle, language),
      ...attractHint(snapshot.context.environment, language),
      scenes: [
        {
          title: say(words.sceneTitlePrint, language),
          text: say(words.sceneTextPrint, language),
          art: 'print',
          item: 'proof-of-insurance',
        },
        {
          title: say(words.sceneTitleRecord, language),
          text: say(words.sceneTextRecord, language),
          art: 'record',
          item: 'contribution-record',
        },
        {
          title: say(words.sceneTitleCheck, language),
          text: say(words.sceneTextCheck, language),
          art: 'check',
          item: 'check-certificate',
        },
      ],
      start: say(words.attractStart, language),
      ...attractNotice(snapshot.context, language),
      ...(snapshot.context.board.isNear === null ? {} : { isNear: snapshot.context.board.isNear }),
    };
  }
  // While it looks whether it can serve again, what stands there is why it cannot.
  const reason = snapshot.context.outBecause;
  if (reason === null) {
    return {
      kind: 'working',
      key: 'checking',
      title: say(words.startingTitle, language),
      activity: 'check',
      text: say(words.startingText, language),
      aside: { icon: 'clock', text: say(words.workingAside, language) },
    };
  }
  const trouble = troubles[reason];
  const { outNotice: said, outShown: shown } = snapshot.context;
  const centreSays = said === null ? '' : oneLine(said);
  return {
    kind: 'out-of-service',
    key: `out-${trouble.code}`,
    title: say(words.outTitle, language),
    happened: say(said === null ? trouble.happened : words.outByCentre, language),
    ...(centreSays === '' ? {} : { centreSays }),
    todo: say(trouble.todo, language),
    // In two groups, to be read out.
    code: shown === null ? trouble.code : `${trouble.code} · ${shown.slice(0, 3)} ${shown.slice(3)}`,
    aside: { icon: 'info', text: say(words.outAside, language) },
  };
}

/** Somebody's words as one line of text: what cannot be seen would move or reverse what stands around it. */
function oneLine(text: string): string {
  const plain = text.replace(/[\s\p{C}]+/gu, ' ').trim();
  return [...plain].slice(0, maxNoticeLength).join('');
}

/** As many characters as the contract lets the centre say (`commandSchema`), and as the screen has room for. */
const maxNoticeLength = 200;

const partingWords: Record<Parting, { icon: IconName; title: Text; text: Text }> = {
  'receipt-in-slot': { icon: 'receipt', title: words.partingReceiptTitle, text: words.partingReceiptText },
  'paper-in-tray': { icon: 'paper', title: words.partingPaperTitle, text: words.partingPaperText },
  'paper-coming': { icon: 'paper', title: words.partingComingTitle, text: words.partingComingText },
  'request-received': { icon: 'check', title: words.partingReceivedTitle, text: words.partingReceivedText },
  'card-taken': { icon: 'card', title: words.partingCardTitle, text: words.partingCardText },
  'reader-lost': { icon: 'warning', title: words.partingReaderTitle, text: words.partingReaderText },
};

const keptCard = { icon: 'card', title: words.partingRetainedTitle, text: words.partingRetainedText } as const;
const stuckCard = { icon: 'warning', title: words.stuckCardTitle, text: words.stuckCardText } as const;
const leftPaper = { icon: 'receipt', title: words.leftPaperTitle, text: words.leftPaperText } as const;

/** What whoever stands there has to know first: a card that lies in the machine, then how the visit before ended. */
function attractNotice(
  { environment, leftCards, parting, hasKeptCard, isPaperOut }: KioskContext,
  language: Language,
): Pick<StepOf<'attract'>, 'notice'> {
  const isStuck = environment.devices['card-reader'] === 'card-jammed';
  const slot = leftSlot(leftCards);
  if (slot !== null && !isStuck) {
    const title = slot === 'card' ? words.leftCardTitle : words.leftIdCardTitle;
    const text = slot === 'card' ? words.leftCardText : words.leftIdCardText;
    return { notice: { icon: slot, title: say(title, language), text: say(text, language) } };
  }
  const told = isStuck
    ? stuckCard
    : hasKeptCard
      ? keptCard
      : parting !== null
        ? partingWords[parting]
        : isPaperOut
          ? leftPaper
          : null;
  if (told === null) return {};
  const { icon, title, text } = told;
  return { notice: { icon, title: say(title, language), text: say(text, language) } };
}

/** Which card begins a visit by itself. */
function attractHint({ devices }: Environment, language: Language): Pick<StepFrame, 'hint'> {
  const offered = offeredCards(devices);
  if (offered === null) return {};
  const text = { both: words.attractCards, card: words.attractCard, 'id-card': words.attractIdCard }[offered];
  return { hint: say(text, language) };
}
