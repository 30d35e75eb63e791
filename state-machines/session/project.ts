/** A visit as a view: which screen stands there now. */
import type { SnapshotFrom } from 'xstate';
import type { Agreement } from '../contract/central/catalogue.ts';
import type { Choice, LabelledValue, StepFrame, Takeable } from '../contract/screen.ts';
import type { Language, Text } from '../contract/words/text.ts';
import { say, words } from '../copy.ts';
import { isCardStuck } from '../environment.ts';
import { levelOf } from '../identify/level.ts';
import type { LoginSnapshot } from '../identify/project-login.ts';
import { projectLogin, sayLoginCards } from '../identify/project-login.ts';
import { offeredCards } from '../identify/ways.ts';
import { blockedBecause } from '../services/availability.ts';
import type { Service, StepKind } from '../services/define-service.ts';
import { commonItems, groups } from '../services/index.ts';
import type { Projected, ScreenFacts } from '../steps/frame.ts';
import { endLabel } from '../steps/frame.ts';
import type {
  AskSnapshot,
  PaperReviewSnapshot,
  PrintSnapshot,
  Progress,
  ScanSnapshot,
  SubmitSnapshot,
} from '../steps/project-step.ts';
import {
  projectAsk,
  projectPaperReview,
  projectPrint,
  projectScan,
  projectSubmit,
  waitingThing,
} from '../steps/project-step.ts';
import type { SessionContext } from './context.ts';
import { thingsLeft } from './context.ts';
import type { SessionMachine } from './machine.ts';

export type SessionSnapshot = SnapshotFrom<SessionMachine>;

/** What the projection of a visit reads besides the visit: all of it constant or from the signed catalogue. */
export type Catalogue = {
  services: readonly Service[];
  switchedOff: ReadonlyMap<string, Text>;
};

/** The screen of a visit. */
export function projectSession(snapshot: SessionSnapshot, facts: ScreenFacts, catalogue: Catalogue): Projected {
  const { context } = snapshot;
  if (context.warningEndsAtMs !== null && !snapshot.matches('leaving'))
    return stillThere(context.warningEndsAtMs, facts);
  if (snapshot.matches({ browsing: 'home' })) return home(context, facts, catalogue);
  if (snapshot.matches({ browsing: 'list' })) return list(context, facts, catalogue);
  if (snapshot.matches({ browsing: 'facts' }) && context.item !== null)
    return itemFacts(context, context.item, facts, catalogue);
  if (snapshot.matches('agreeing') && context.agreement !== null)
    return agreement(context.agreement, context.login === null, facts);
  if (snapshot.matches('rating')) return rate(facts);
  if (snapshot.matches('anythingElse')) return anythingElse(context, facts);
  if (snapshot.matches('identifying') && snapshot.children.login !== undefined) {
    const login = snapshot.children.login.getSnapshot() as LoginSnapshot;
    return projectLogin(login, facts, progressOf(context, true), openByCard(context, facts, catalogue));
  }
  const step = snapshot.children.step?.getSnapshot();
  if (snapshot.matches('serving') && step !== undefined) {
    const progress = progressOf(context, false);
    if (snapshot.matches({ serving: 'asking' })) return projectAsk(step as AskSnapshot, facts, progress);
    if (snapshot.matches({ serving: 'reviewingPaper' }))
      return projectPaperReview(step as PaperReviewSnapshot, facts, progress);
    if (snapshot.matches({ serving: 'submitting' })) return projectSubmit(step as SubmitSnapshot, facts, progress);
    if (snapshot.matches({ serving: 'printing' }))
      return projectPrint(step as PrintSnapshot, facts, progress, context.environment);
    if (snapshot.matches({ serving: 'scanning' })) return projectScan(step as ScanSnapshot, facts, progress);
  }
  return takeCard(context, facts);
}

/** Names of the items that can be begun by a card alone while the line is down. */
function openByCard({ environment }: SessionContext, { language }: ScreenFacts, catalogue: Catalogue): string[] {
  const offline = { ...environment, line: 'offline' } as const;
  return catalogue.services
    .filter((service) => blockedBecause(service, offline, 'card-present', catalogue.switchedOff) === null)
    .map((service) => say(service.facts.name, language));
}

/** Kinds of step in which a visitor does something: what the head counts. */
const countedKinds: ReadonlySet<StepKind> = new Set(['form', 'choose', 'read', 'review', 'sign', 'scan', 'print']);

/**
 * `第2步，共3步`: logging in counts where it belongs to this item and the item itself has at most two steps (6.1.3 d: no service has more
 * than three; a login serves the whole visit). What comes behind something to read or a result is for who wants it on
 * paper, and counts for nobody.
 */
function progressOf(context: SessionContext, isLoggingIn: boolean): Progress {
  const { item } = context;
  if (item === null) return null;
  const goal = item.steps.findIndex((step) => step.kind === 'read' || step.kind === 'result');
  if (goal !== -1 && context.stepIndex > goal) return null;
  const way = goal === -1 ? item.steps : item.steps.slice(0, goal + 1);
  const counted = way.map((step) => countedKinds.has(step.kind));
  const own = counted.filter(Boolean).length;
  const login = (isLoggingIn || context.loggedInForItem) && own <= 2 ? 1 : 0;
  const of = login + own;
  if (isLoggingIn) return login === 1 ? { at: 1, of } : null;
  const at = login + counted.slice(0, context.stepIndex + 1).filter(Boolean).length;
  return { at: Math.max(1, at), of };
}

function choiceOf(service: Service, context: SessionContext, facts: ScreenFacts, catalogue: Catalogue): Choice {
  const blocked = blockedBecause(service, context.environment, levelOf(context), catalogue.switchedOff);
  return {
    id: service.id,
    title: say(service.facts.name, facts.language),
    summary: say(service.facts.summary, facts.language),
    icon: service.icon,
    initials: service.initials,
    ...(service.identity === 'none' ? { tag: say(words.noLogin, facts.language) } : {}),
    ...(blocked === null ? {} : { blocked: say(blocked, facts.language) }),
  };
}

function home(context: SessionContext, facts: ScreenFacts, catalogue: Catalogue): Projected {
  const { language } = facts;
  const everything = catalogue.services.map((service) => choiceOf(service, context, facts, catalogue));
  return {
    kind: 'home',
    key: 'home',
    title: say(words.homeTitle, language),
    ...endLabel(facts),
    groups: groups.flatMap((group) => groupTile(group, everything, catalogue, language)),
    common: commonItems.flatMap((id) => everything.filter((choice) => choice.id === id)),
    everything,
    searchHint: say(words.homeSearch, language),
    commonTitle: say(words.homeCommon, language),
    nothingFound: say(words.homeNothing, language),
    ...homeAside(context, facts),
  };
}

/** How many of a group's items its tile names. */
const namedOnTile = 2;

/**
 * A group as a tile that names what lies in it, or says why nothing in it can be had now. A single item is reached at once: a list of one would
 * be a step for nothing.
 */
function groupTile(
  group: (typeof groups)[number],
  everything: readonly Choice[],
  { services }: Catalogue,
  language: Language,
): Choice[] {
  const inside = everything.filter((_, index) => services[index]?.group === group.id);
  const [first, ...others] = inside;
  if (first === undefined) return [];
  const blocked = groupBlocked(inside, language);
  const tile = { title: say(group.title, language), icon: group.icon, ...(blocked === null ? {} : { blocked }) };
  if (others.length === 0) return [{ id: first.id, ...tile, summary: first.title }];
  const names = inside
    .slice(0, namedOnTile)
    .map(({ title }) => title)
    .join(say(words.comma, language));
  const summary =
    inside.length > namedOnTile
      ? say(words.groupMore, language, { names, count: inside.length, more: inside.length - namedOnTile })
      : names;
  return [{ id: `group:${group.id}`, ...tile, summary }];
}

/** Why none of a group's items can be begun now; null as long as one can. */
function groupBlocked(inside: readonly Choice[], language: Language): string | null {
  const reasons = new Set(inside.map(({ blocked }) => blocked));
  if (reasons.has(undefined)) return null;
  const [reason = null, ...others] = reasons;
  return others.length === 0 ? reason : say(words.blockedGroup, language);
}

function list(context: SessionContext, facts: ScreenFacts, catalogue: Catalogue): Projected {
  const group = groups.find((candidate) => candidate.id === context.group);
  const rows = catalogue.services.filter((service) => service.group === context.group);
  return {
    kind: 'list',
    key: `list-${context.group}`,
    title: group === undefined ? '' : say(group.title, facts.language),
    back: say(words.back, facts.language),
    ...endLabel(facts),
    sections: [{ title: '', rows: rows.map((service) => choiceOf(service, context, facts, catalogue)) }],
    empty: say(words.listEmpty, facts.language),
    ...(rows.length === 0 ? {} : { aside: { icon: 'info', text: say(words.listAside, facts.language) } }),
  };
}

function itemFacts(context: SessionContext, item: Service, facts: ScreenFacts, catalogue: Catalogue): Projected {
  const { language } = facts;
  const blocked = blockedBecause(item, context.environment, levelOf(context), catalogue.switchedOff);
  const row = (label: Text, value: Text): LabelledValue => ({
    label: say(label, language),
    value: say(value, language, { cards: sayLoginCards(context.environment, language) }),
  });
  // What is done on the spot otherwise waits for a clerk then.
  const isByCard = item.identity === 'card-present' && context.login === null && context.environment.line === 'offline';
  const wayOn = { label: say(words.begin, language), icon: 'right' as const };
  return {
    kind: 'facts',
    key: `facts-${item.id}`,
    title: say(item.facts.name, language),
    hint: say(item.facts.summary, language),
    back: say(words.back, language),
    ...endLabel(facts),
    art: item.icon,
    main: [
      { ...row(words.factMaterials, item.facts.materials), icon: 'card' },
      { ...row(words.factLimit, isByCard ? words.cardAloneLimit : item.facts.limit), icon: 'clock' },
      { ...row(words.factFee, item.facts.fee), icon: 'free' },
    ],
    more: [
      row(words.factMethod, item.facts.method),
      row(words.factDelivery, item.facts.delivery),
      row(words.factHours, item.facts.hours),
      row(words.factAsk, item.facts.ask),
      row(words.factComplain, item.facts.complain),
    ],
    ...(blocked === null
      ? { wayOn }
      : { blocked: say(blocked, language), wayOn: { ...wayOn, missing: say(blocked, language) } }),
  };
}

function agreement(shown: Agreement, isByCard: boolean, facts: ScreenFacts): Projected {
  const { language } = facts;
  return {
    kind: 'agreement',
    key: 'agreement',
    title: say(words.agreementTitle, language),
    hint: say(isByCard ? words.agreementByCardHint : words.agreementHint, language),
    ...endLabel(facts),
    version: shown.version,
    sections: shown.sections.map((section) => ({
      title: say(section.title, language),
      text: say(section.text, language),
    })),
    decline: say(words.decline, language),
    wayOn: { label: say(words.agree, language), icon: 'check' },
  };
}

function rate(facts: ScreenFacts): Projected {
  const { language } = facts;
  return {
    kind: 'rate',
    key: 'rate',
    title: say(words.rateTitle, language),
    hint: say(words.rateHint, language),
    ...endLabel(facts),
    // The four indicators of 7.2: completeness, ease, speed and satisfaction.
    indicators: [
      { id: 'completeness', label: say(words.rateCompleteness, language) },
      { id: 'ease', label: say(words.rateEase, language) },
      { id: 'speed', label: say(words.rateSpeed, language) },
      { id: 'satisfaction', label: say(words.rateSatisfaction, language) },
    ],
    levels: [words.rateLevel1, words.rateLevel2, words.rateLevel3, words.rateLevel4, words.rateLevel5].map((level) =>
      say(level, language),
    ),
    skip: say(words.rateSkip, language),
    wayOn: { label: say(words.rateSend, language), icon: 'check', missing: say(words.rateMissing, language) },
  };
}

function anythingElse({ environment }: SessionContext, facts: ScreenFacts): Projected {
  const { language } = facts;
  return {
    kind: 'result',
    key: 'anything-else',
    title: say(words.elseTitle, language),
    tone: 'done',
    text: say(environment.isCardHeld ? words.elseTextHeld : words.elseText, language),
    rows: [],
    actions: [{ id: 'more', title: say(words.elseMore, language), icon: 'all' }],
    wayOn: { label: say(words.elseLeave, language), icon: 'end' },
    ...endLabel(facts),
  };
}

function stillThere(endsAtMs: number, facts: ScreenFacts): Projected {
  const { language } = facts;
  return {
    kind: 'still-there',
    key: `still-there-${endsAtMs}`,
    title: say(words.stillThereTitle, language),
    countdownText: say(words.stillThereCountdown, language),
    endsAtMs,
    stay: say(words.stillThereStay, language),
    leave: say(words.stillThereLeave, language),
  };
}

function takeCard(context: SessionContext, facts: ScreenFacts): Projected {
  const { language } = facts;
  const left = thingsLeft(context);
  const { cardKeptAtMs = null } = context.environment;
  const isStuck = isCardStuck(context.environment);
  const isUntold = context.environment.idCard === 'untold';
  const paper = paperLeft(context, facts);
  const title = isStuck
    ? words.takeCardStuckTitle
    : paper !== null
      ? words.takeAllTitle
      : left.length > 1
        ? words.takeCardsTitle
        : left[0] === 'id-card'
          ? words.takeIdCardTitle
          : words.takeCardTitle;
  const isDone = left.length === 1 && left[0] === 'id-card' && isUntold;
  return {
    kind: 'take',
    key: 'take-card',
    title: say(title, language),
    ...(isStuck ? {} : { hint: say(words.takeCardHint, language) }),
    things: [
      ...left.map((id): Takeable => {
        const thing = waitingThing(id, language);
        if (id === 'id-card') return isUntold ? { ...thing, text: say(words.takeIdCardUntold, language) } : thing;
        if (!isStuck) return thing;
        const title = say(words.takeCardStuck, language);
        return { ...thing, title, text: say(words.takeCardStuckText, language), state: 'stuck' };
      }),
      ...(paper === null ? [] : [paper]),
    ],
    ...(isDone ? { wayOn: { label: say(words.taken, language), icon: 'check' as const } } : {}),
    ...(context.bellAtMs === null || isDone || isStuck
      ? {}
      : cardKeptAtMs !== null
        ? { endsAtMs: cardKeptAtMs, reminder: say(words.takeKept, language) }
        : { endsAtMs: context.bellAtMs, reminder: say(words.takeReminder, language) }),
  };
}

/** The paper that lies in the machine, or is on its way, as the visit ends. Nothing tells when it is taken: the first screen goes on about it. */
function paperLeft({ parting }: SessionContext, { language }: ScreenFacts): Takeable | null {
  switch (parting) {
    case 'paper-in-tray':
    case 'paper-coming':
      return { ...waitingThing('paper', language), state: parting === 'paper-coming' ? 'coming' : 'waiting' };
    case 'receipt-in-slot':
      return waitingThing('receipt', language);
    default:
      return null;
  }
}

/** That a card can be put in or laid down right here, or that it is to be taken along. */
function homeAside(context: SessionContext, { language, isCardIn }: ScreenFacts): Pick<StepFrame, 'aside'> {
  if (isCardIn) return { aside: { icon: 'card', text: say(words.homeAsideIn, language) } };
  if (levelOf(context) !== 'none') return { aside: { icon: 'end', text: say(words.homeAsideLoggedIn, language) } };
  const { devices } = context.environment;
  const offered = offeredCards(devices);
  if (offered === null) return {};
  const text = { both: words.homeAsideCards, card: words.homeAside, 'id-card': words.homeAsideIdCard }[offered];
  return { aside: { icon: offered === 'id-card' ? 'id-card' : 'card', text: say(text, language) } };
}
