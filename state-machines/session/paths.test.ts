/**
 * Every item walked by every way its screens offer and with everything its effects can answer, breadth first. Each path begins at the
 * first screen of a real terminal; only the effects are played. What holds everywhere is looked at on every screen reached.
 *
 * Nothing here may show a visitor's full name or identity number. That includes what is the visitor's own: a record is shown without
 * the name, a review masks it, and the full number stands on the paper only.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RequestAnswer, RequestBody } from '../contract/central/requests.ts';
import type { ScreenEvent } from '../contract/screen.ts';
import type { CodeCheck, Effects } from '../effects.ts';
import { cameraOnMs } from '../identify/face.ts';
import type { FaceSnapshot } from '../identify/project-face.ts';
import type { Hall } from '../kiosk/played-hall.ts';
import { hallDay, hallTimes, holder, holderLogin, jwe, onFile, openHall, readCard } from '../kiosk/played-hall.ts';
import type { Service } from '../services/define-service.ts';
import { services } from '../services/index.ts';
import type { Projected } from '../steps/frame.ts';
import type { TroubleReason } from '../troubles.ts';
import { troubles } from '../troubles.ts';
import type { SessionSnapshot } from './project.ts';
import { projectSession } from './project.ts';

/** Longest path and most kinds of place of one item; that neither is met is part of the test. */
const maxDepth = 18;
const maxPlaces = 150;

/** Why the centre gave no answer, as `main/effects/centre-troubles.ts` tells it. */
const ofCalls = [
  'centre-unreachable',
  'centre-trouble',
  'centre-busy',
  'not-enrolled',
  'nothing-on-file',
  'login-expired',
  'not-permitted',
] as const satisfies TroubleReason[];
const ofPrinter = [
  'paper-out',
  'paper-jam',
  'door-open',
  'toner-empty',
  'output-full',
  'printer-offline',
  'printer-stopped',
  'printer-unknown',
] as const satisfies TroubleReason[];
const ofPrints: TroubleReason[] = [
  ...ofCalls,
  ...ofPrinter,
  'print-uncertain',
  'print-cancelled',
  'copies-missing',
  'storage-failed',
  'seal-invalid',
  'issuer-not-admitted',
  'layout-unknown',
  'glyph-missing',
  'layout-failed',
];

const ofReceipts = [
  'receipt-paper-out',
  'receipt-cover-open',
  'receipt-jam',
  'receipt-printer-out',
  'receipt-uncertain',
  'receipt-unprintable',
] as const satisfies TroubleReason[];

/** Reasons no visit meets, and why. */
const notInAVisit: Partial<Record<TroubleReason, string>> = {
  'configuration-invalid': 'the kiosk does not start then',
  'store-key-foreign': 'the kiosk does not start then',
  'store-unusable': 'keeps the kiosk out of service: kiosk/machine.test.ts',
  'cabinet-open': 'keeps the kiosk out of service: kiosk/machine.test.ts',
  'pin-pad-out': 'blocks nothing and stops nothing: the password is typed on the screen',
  'out-by-staff': 'takes the kiosk out of service: kiosk/machine.test.ts',
  'scanner-out': 'blocks nothing and stops nothing: a code can be typed',
  'not-this-epoch': 'keeps the kiosk out of service: kiosk/machine.test.ts',
};

const strokes: [number, number, number][][] = [[[100, 100, 0]]];

/** What each effect can answer besides what it answers where all is well: reasons, and answers by name. */
const cardStandings = [
  'lost',
  'cancelled',
  'not-active',
  'other-region',
  'holder-deceased',
  'unknown',
  'no-password',
  'expired',
];
const others = {
  readCard: [
    'card-unreadable',
    'card-mute',
    'card-busy',
    'card-other-application',
    'card-expired',
    'card-partly-readable',
    'card-pin-locked',
    'card-reader-out',
    'card-jammed',
  ],
  readIdCard: ['id-card-unreadable', 'id-card-expired', 'id-card-other', 'id-card-refused', 'id-reader-out'],
  checkCard: [...ofCalls, 'locked', 'takes-no-face', ...cardStandings],
  challenge: ofCalls,
  provePassword: [...ofCalls, 'wrong', 'challenge-spent', 'slow-down', 'locked'],
  faceChallenge: ofCalls,
  proveFace: [...ofCalls, 'different', 'not-live', 'unclear', 'challenge-spent', 'slow-down', 'locked', 'unavailable'],
  proveCode: [...ofCalls, 'expired', 'used', 'unknown', 'unavailable'],
  query: ofCalls,
  preview: [...ofCalls, 'glyph-missing', 'layout-failed', 'print-cancelled'],
  submit: ['storage-failed', 'request-refused', 'settled', 'settled-otherwise', 'refused-there'],
  checkCode: [...ofCalls, 'code-unreadable', 'genuine', 'withdrawn', 'forged', 'not-ours'],
} as const satisfies Record<string, readonly string[]>;
type Played = keyof typeof others;

/** What the next call of an effect answers; everything else goes well. */
let answers: { effect: Played; answer: string } | null = null;
/** Effects called since this was emptied. */
const called = new Set<Played>();

function settledAs(answer: string, body: RequestBody): RequestAnswer | null {
  if (answer !== 'settled' && answer !== 'settled-otherwise' && answer !== 'refused-there') return null;
  const booking = { ...onFile.bookings[0], number: 'A018' } as (typeof onFile.bookings)[number];
  switch (body.kind) {
    case 'application': {
      const state = answer === 'settled' ? 'approved' : answer === 'refused-there' ? 'refused' : 'under-review';
      return { kind: 'application', number: 'SL20261124-0007', state, reason: null, promisedBy: '2026-12-01' };
    }
    case 'booking':
      if (answer === 'settled') return { kind: 'booking', state: 'booked', booking };
      return answer === 'refused-there'
        ? { kind: 'booking', state: 'taken', booking: null }
        : { kind: 'booking', state: 'already-booked', booking };
    case 'booking-cancel': {
      const state = answer === 'settled' ? 'cancelled' : answer === 'refused-there' ? 'too-late' : 'not-found';
      return { kind: 'booking-cancel', state };
    }
    case 'complaint':
      return {
        kind: 'complaint',
        number: 'TS20261124-0009',
        followUpCode: '7K3M',
        promisedBy: '2026-12-08',
        promisedWorkingDays: 10,
      };
    case 'agreement':
    case 'print-outcome':
    case 'rating':
      return { kind: body.kind };
  }
}

const genuine = {
  kind: 'genuine',
  by: 'signature',
  number: 'YC202611240372',
  layout: 'proof-of-insurance',
  maskedName: '张**',
  maskedNumber: readCard.maskedNumber,
  issuer: '云川市社会保险事业管理中心',
  issuedOn: hallDay,
  standing: 'good',
} as const satisfies CodeCheck;

function checkedAs(answer: string): CodeCheck {
  if (answer === 'genuine') return genuine;
  if (answer === 'withdrawn') return { ...genuine, standing: 'withdrawn' };
  return { kind: answer === 'forged' ? 'forged' : answer === 'not-ours' ? 'not-ours' : 'unknown-code' };
}

function isTroubleReason(answer: string): answer is TroubleReason {
  return Object.hasOwn(troubles, answer);
}

/** Notes that an effect was called, and says what it is to answer: a reason against it, a name of an answer, or null. */
function wanted(effect: Played): { reason: TroubleReason | null; name: string | null } {
  called.add(effect);
  if (answers?.effect !== effect) return { reason: null, name: null };
  const { answer } = answers;
  return isTroubleReason(answer) ? { reason: answer, name: null } : { reason: null, name: answer };
}

function playedEffects(well: Effects): Partial<Effects> {
  const refused = (reason: TroubleReason) => ({ ok: false as const, reason });
  return {
    async readCard(...given) {
      const { reason } = wanted('readCard');
      return reason === null ? well.readCard(...given) : refused(reason);
    },
    async readIdCard(...given) {
      const { reason } = wanted('readIdCard');
      return reason === null ? well.readIdCard(...given) : refused(reason);
    },
    async checkCard(...given) {
      const { reason, name } = wanted('checkCard');
      if (reason !== null) return refused(reason);
      if (name === 'locked') return { ok: true, standing: { state: 'locked', until: null } };
      if (name !== null && name !== 'takes-no-face') return { ok: true, standing: { state: name as 'lost' } };
      const { maskedName, maskedNumber } = given[1];
      const takesFace = name === null;
      return { ok: true, standing: { state: 'in-order', maskedName, maskedNumber, attemptsLeft: 5, takesFace } };
    },
    async challenge(...given) {
      const { reason } = wanted('challenge');
      return reason === null ? well.challenge(...given) : refused(reason);
    },
    async provePassword() {
      const { reason, name } = wanted('provePassword');
      if (reason !== null) return refused(reason);
      if (name === 'wrong') return { ok: true, answer: { state: 'wrong', attemptsLeft: 3, waitMs: 0 } };
      if (name === 'challenge-spent') return { ok: true, answer: { state: 'challenge-spent' } };
      if (name === 'slow-down') return { ok: true, answer: { state: 'slow-down', waitMs: 1_000 } };
      if (name === 'locked') return { ok: true, answer: { state: 'locked', until: null } };
      return { ok: true, answer: { state: 'right', login: holderLogin } };
    },
    async faceChallenge(...given) {
      const { reason } = wanted('faceChallenge');
      return reason === null ? well.faceChallenge(...given) : refused(reason);
    },
    async proveFace() {
      const { reason, name } = wanted('proveFace');
      if (reason !== null) return refused(reason);
      if (name === 'different' || name === 'not-live')
        return { ok: true, answer: { state: name, attemptsLeft: 3, waitMs: 0 } };
      if (name === 'unclear' || name === 'challenge-spent' || name === 'unavailable')
        return { ok: true, answer: { state: name } };
      if (name === 'slow-down') return { ok: true, answer: { state: 'slow-down', waitMs: 1_000 } };
      if (name === 'locked') return { ok: true, answer: { state: 'locked', until: null } };
      return { ok: true, answer: { state: 'right', login: holderLogin } };
    },
    async proveCode(...given) {
      const { reason, name } = wanted('proveCode');
      if (reason !== null) return refused(reason);
      return name === null ? well.proveCode(...given) : { ok: true, answer: { state: name as 'used' } };
    },
    async query(...given) {
      const { reason } = wanted('query');
      return reason === null ? well.query(...given) : refused(reason);
    },
    async preview(...given) {
      const { reason } = wanted('preview');
      return reason === null ? well.preview(...given) : refused(reason);
    },
    async submit(visit, login, body, waitMs, signal) {
      // Ratings are nobody's answer to wait for.
      if (waitMs === 0) return well.submit(visit, login, body, waitMs, signal);
      const { reason, name } = wanted('submit');
      if (reason !== null) return refused(reason);
      const answer = name === null ? null : settledAs(name, body);
      if (answer === null) return well.submit(visit, login, body, waitMs, signal);
      return { ok: true, settled: { state: 'done', number: 'SL20261124-0007', answer } };
    },
    async checkCode() {
      const { reason, name } = wanted('checkCode');
      return reason === null ? { ok: true, check: checkedAs(name ?? 'genuine') } : refused(reason);
    },
  };
}

/** One step of a path. `act` fails where what the screen offered is not taken. */
type Move = { name: string; act: (hall: Hall) => Promise<void>; isLast?: boolean };
type Path = readonly Move[];

function touching(event: ScreenEvent, name: string = event.type): Move {
  return { name, act: (hall) => hall.act(event) };
}

/** A move after which an effect answers otherwise. */
function answered(move: Move, effect: Played, answer: string): Move {
  return {
    name: `${move.name}, ${effect} ${answer}`,
    async act(hall) {
      answers = { effect, answer };
      try {
        await move.act(hall);
      } finally {
        answers = null;
      }
    },
  };
}

/** Everything a visitor, or the printer, can do on this screen. What the screen offers must be taken. */
function movesOn(step: Projected, hall: Hall): Move[] {
  const moves: Move[] = [];
  if (step.back !== undefined) moves.push(touching({ type: 'back' }));
  switch (step.kind) {
    case 'identify':
      if (!step.reading) {
        moves.push(
          { name: 'card in', act: (at) => at.happen({ type: 'card.inserted' }) },
          { name: 'ID card laid', act: (at) => at.happen({ type: 'idcard.placed' }) },
          { name: 'code held up', act: (at) => at.happen({ type: 'code.scanned', text: 'a code' }) },
        );
      }
      break;
    case 'password':
      moves.push(touching({ type: 'password', jwe }));
      for (const { id, blocked } of step.actions ?? []) {
        if (blocked === undefined) moves.push(touching({ type: 'choose', choice: id }, id));
      }
      break;
    case 'camera':
      moves.push(touching({ type: 'still', jwe }), ...cameraMoves);
      break;
    case 'form':
      moves.push(touching({ type: 'submit', values: rightly(step) }, 'fill in'));
      moves.push(touching({ type: 'submit', values: {} }, 'leave empty'));
      break;
    case 'choose':
      for (const row of step.sections.flatMap(({ rows }) => rows).slice(0, 3)) {
        if (row.blocked === undefined) moves.push(touching({ type: 'choose', choice: row.id }, row.id));
      }
      break;
    case 'sign':
      moves.push(touching({ type: 'sign', strokes }));
      break;
    case 'read':
      if (step.print !== undefined) moves.push(touching({ type: 'print' }));
      moves.push(touching({ type: 'next' }));
      break;
    case 'scan':
      moves.push(touching({ type: 'code', text: 'a code', by: 'hand' }));
      break;
    case 'rate':
      moves.push(touching({ type: 'rate', scores: { ease: 5 } }), touching({ type: 'next' }));
      break;
    case 'result':
    case 'trouble':
      for (const { id } of step.actions) moves.push(touching({ type: 'choose', choice: id }, id));
      break;
    default:
      break;
  }
  const hasPlainWayOn = ['facts', 'review', 'result', 'trouble', 'take', 'agreement'].includes(step.kind);
  if (hasPlainWayOn && step.wayOn !== undefined && step.wayOn.missing === undefined) {
    moves.push(touching({ type: 'next' }));
  }
  if (step.kind === 'review' && step.copies !== undefined) {
    moves.push(touching({ type: 'copies', value: step.copies.max }));
  }
  if (isPrinting(hall)) moves.push(...(hall.print().order.kind === 'receipt' ? receiptMoves : printerMoves));
  return moves;
}

const isPrinting = (at: Hall): boolean => at.session()?.children.step?.getSnapshot().value === 'printing';

/** What happens to somebody before a camera besides the poses: it goes out, or nobody begins. */
const cameraMoves: Move[] = [
  ...(['camera-out', 'camera-busy', 'camera-denied'] as const).map((reason) => ({
    name: reason,
    act: (hall: Hall) => hall.happen({ type: 'device', need: 'camera', reason }),
  })),
  { name: 'nobody begins', act: (hall) => hall.elapse(cameraOnMs) },
];

const number = 'YC202611240372';
const printerMoves: Move[] = [
  {
    name: 'printed',
    async act(hall) {
      hall.print().end({ ok: true, number, pages: 1, copies: 1 });
      await hall.settle();
    },
  },
  ...ofPrints.map((reason) => ({
    name: `print ends with ${reason}`,
    async act(hall: Hall) {
      hall.print().end({ ok: false, reason, number });
      await hall.settle();
    },
  })),
  ...ofPrinter.map((reason) => ({
    name: `printer waits for ${reason}`,
    async act(hall: Hall) {
      hall.print().tell({ state: 'waiting', reason, untilMs: hall.nowMs() + 120_000, number });
      await hall.settle();
    },
  })),
];

const receiptMoves: Move[] = [
  {
    name: 'receipt printed',
    async act(hall) {
      hall.print().end({ ok: true, number: null, pages: 1, copies: 1 });
      await hall.settle();
    },
  },
  ...ofReceipts.map((reason) => ({
    name: `receipt ends with ${reason}`,
    async act(hall: Hall) {
      hall.print().end({ ok: false, reason });
      await hall.settle();
    },
  })),
  {
    name: 'receipt printer waits',
    async act(hall) {
      const untilMs = hall.nowMs() + 120_000;
      hall.print().tell({ state: 'waiting', reason: 'receipt-paper-out', untilMs, number: null });
      await hall.settle();
    },
  },
];

const lineDown: Move = { name: 'line down', act: (hall) => hall.happen({ type: 'line', state: 'offline' }) };

/** What can happen on any screen of a visit; looked at and not gone on from, since the tests of each tell what follows. */
const anywhere: Move[] = [
  touching({ type: 'help' }),
  touching({ type: 'appearance', language: 'en' }, 'English'),
  { name: 'card out', act: (hall) => hall.happen({ type: 'card.taken' }) },
  { name: 'ID card lifted', act: (hall) => hall.happen({ type: 'idcard.lifted' }) },
  lineDown,
  { name: 'line up', act: (hall) => hall.happen({ type: 'line', state: 'online' }) },
  {
    name: 'printer out',
    act: (hall) => hall.happen({ type: 'device', need: 'document-printer', reason: 'paper-out' }),
  },
  { name: 'nobody there', act: (hall) => hall.elapse(hallTimes.idleMs) },
];

/** A form filled in so that nothing is wrong with it: what is known already is kept, but for the mobile number, or nothing would change. */
function rightly(step: Extract<Projected, { kind: 'form' }>): Record<string, string> {
  return Object.fromEntries(
    step.fields.map((field) => {
      if (field.kind !== 'mobile' && field.value !== '') return [field.id, field.value];
      if (field.choices !== undefined) return [field.id, field.choices[0]?.id ?? ''];
      return [field.id, field.kind === 'mobile' ? '19900000002' : field.required ? '窗口排队太久' : ''];
    }),
  );
}

/** The screen in a language, as the visit's own projection gives it. */
function viewIn(language: 'zh' | 'en', hall: Hall): Projected | null {
  const session = hall.session();
  if (session === null || session.status !== 'active') return null;
  const isCardIn = hall.kiosk.getSnapshot().context.environment.card === 'present';
  return projectSession(
    session,
    { language, nowMs: hall.nowMs(), today: hallDay, isCardIn, isInVisit: true },
    { services, switchedOff: new Map() },
  );
}

/** What holds on every screen of every visit. Answers the trouble that stands there, if one does. */
function holds(hall: Hall, path: string): string | null {
  const zh = viewIn('zh', hall);
  const en = viewIn('en', hall);
  if (zh === null || en === null) {
    expect(hall.shown().step.kind, path).toBe('attract');
    return null;
  }
  for (const view of [zh, en]) {
    const written = JSON.stringify(view);
    expect(view.title, path).not.toBe('');
    expect(written, path).not.toContain(holder.idNumber);
    expect(written, path).not.toContain(holder.name);
    // The screen itself fills in what it counts: seconds left, digits entered.
    const filledIn = written.replaceAll('{seconds}', '').replaceAll('{count}', '');
    expect(filledIn, `${path}: a place was not filled in`).not.toMatch(/\{\w+\}/);
  }
  expect(JSON.stringify(hall.shown().header), path).not.toContain(holder.name);
  expect([en.kind, en.key], path).toEqual([zh.kind, zh.key]);
  const session = hall.session();
  expect(session?.can({ type: 'screen.help' }), `${path}: no help`).toBe(true);
  const isOver = zh.kind === 'take' && zh.key === 'take-card';
  if (!isOver) {
    const hasWayOut = zh.end !== undefined || zh.kind === 'still-there';
    expect(hasWayOut, `${path}: no way out`).toBe(true);
    expect(session?.can({ type: 'screen.end' }), `${path}: the way out is not taken`).toBe(true);
  }
  return zh.kind === 'trouble' ? zh.code : null;
}

/** What tells one place from another as far as the ways on from it go; the words of a trouble, say, do not. */
function placeOf(hall: Hall): string | null {
  const session = hall.session();
  const view = viewIn('zh', hall);
  if (session === null || view === null) return null;
  const { context, value, children } = session;
  const { settled, check } = context.answers;
  return JSON.stringify([
    value,
    children.step?.getSnapshot().value,
    children.login?.getSnapshot().value,
    (children.login?.getSnapshot().children.face?.getSnapshot() as FaceSnapshot | undefined)?.value,
    context.item?.id,
    context.stepIndex,
    context.login !== null,
    context.byCard !== null,
    view.kind,
    view.wayOn?.label,
    'actions' in view ? view.actions?.map(({ id }) => id) : null,
    settled?.state === 'done'
      ? [settled.answer.kind, 'state' in settled.answer ? settled.answer.state : '']
      : settled?.state,
    check?.kind,
  ]);
}

let hall: Hall;
const reached = new Set<string>();

beforeAll(async () => {
  const well = (await openHall()).effects;
  hall = await openHall({ effects: playedEffects(well), found: { isFaceCheckOn: true } });
});
afterAll(() => hall.close());

/** Back to a first screen where everything works; what the last visit left behind fails here. */
async function startOver(): Promise<void> {
  if (hall.shown().step.kind !== 'attract') await hall.touch({ type: 'end' });
  await hall.happen({ type: 'card.taken' });
  await hall.happen({ type: 'idcard.lifted' });
  await hall.happen({ type: 'line', state: 'online' });
  await hall.happen({ type: 'device', need: 'document-printer', reason: null });
  await hall.happen({ type: 'device', need: 'receipt-printer', reason: null });
  await hall.happen({ type: 'device', need: 'camera', reason: null });
  expect(hall.shown().step.kind).toBe('attract');
  expect(hall.forgotten.map(({ visit }) => visit)).toEqual(hall.visits.map(({ id }) => id));
  hall.forgotten.length = 0;
  hall.visits.length = 0;
  hall.prints.length = 0;
}

async function follow(path: Path): Promise<string> {
  await startOver();
  const names = path.map(({ name }) => name).join(' > ');
  for (const [index, move] of path.entries()) {
    if (index === path.length - 1) called.clear();
    await move.act(hall);
  }
  return names;
}

/** Walks from the end of `start`; `isLeft` says where another walk goes on. */
async function walk(start: Path, isLeft: (hall: Hall) => boolean): Promise<{ places: number }> {
  const known = new Set<string>();
  const queue: Path[] = [start];

  /** Looks at where a path leads; one that leads to a new place is gone on from. Answers which effects its last move called. */
  async function look(path: Path, isLast: boolean): Promise<Played[]> {
    const names = await follow(path);
    const effects = [...called];
    const code = holds(hall, names);
    if (code !== null) reached.add(code);
    const place = placeOf(hall);
    if (isLast || place === null || isLeft(hall) || known.has(place)) return effects;
    known.add(place);
    expect(known.size, `too many places, at ${names}`).toBeLessThanOrEqual(maxPlaces);
    expect(path.length, `too deep, at ${names}`).toBeLessThanOrEqual(maxDepth);
    queue.push(path);
    return effects;
  }

  const first = queue.pop() ?? [];
  await look(first, false);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    await follow(path);
    const view = viewIn('zh', hall);
    if (view === null) continue;
    for (const move of movesOn(view, hall)) {
      const effects = await look([...path, move], false);
      for (const effect of effects) {
        for (const answer of others[effect]) await look([...path, answered(move, effect, answer)], false);
      }
    }
    if (view.end !== undefined) await look([...path, touching({ type: 'end' })], true);
    for (const move of anywhere) await look([...path, move], true);
  }
  return { places: known.size };
}

/** From the first screen to an item's facts, the visitor logged in where the item asks for it. */
function toItem(service: Service): Path {
  const choose = touching({ type: 'choose', choice: service.id });
  if (service.identity === 'none') return [touching({ type: 'start' }), choose];
  return [
    { name: 'card in', act: (at) => at.happen({ type: 'card.inserted' }) },
    touching({ type: 'password', jwe }),
    choose,
  ];
}

/** The same without the line, by what the card says alone. */
function toItemByCard(service: Service): Path {
  return [
    lineDown,
    { name: 'card in', act: (at) => at.happen({ type: 'card.inserted' }) },
    touching({ type: 'next' }),
    touching({ type: 'choose', choice: service.id }),
  ];
}

const isHome = (at: Hall): boolean => at.shown().step.kind === 'home';

describe('every way through', () => {
  test('the login', async () => {
    const start = [touching({ type: 'start' }), touching({ type: 'choose', choice: 'proof-of-insurance' })];
    const { places } = await walk(start, (at) => isHome(at) || at.session()?.context.login != null);
    expect(places).toBeGreaterThanOrEqual(6);
  });

  test('the login without the line', async () => {
    const start = [lineDown, touching({ type: 'start' }), touching({ type: 'choose', choice: 'contact-change' })];
    const isIn = ({ context }: SessionSnapshot) => context.login !== null || context.byCard !== null;
    const { places } = await walk(start, (at) => isHome(at) || isIn(at.session() as SessionSnapshot));
    expect(places).toBeGreaterThanOrEqual(4);
  });

  const byCard = services.filter(({ identity }) => identity === 'card-present');
  test.each(byCard.map((service) => [service.id, service] as const))('%s by a card alone', async (_id, service) => {
    // A slip, the rating and what follows are as after a login.
    const isTold = (at: Hall) => isHome(at) || ['rate', 'take'].includes(at.shown().step.kind);
    const { places } = await walk(toItemByCard(service), (at) => isTold(at) || isPrinting(at));
    // The facts, and each step but the print.
    expect(places).toBeGreaterThanOrEqual(service.steps.length);
  });

  test.each(services.map((service) => [service.id, service] as const))('%s', async (_id, service) => {
    const { places } = await walk(toItem(service), isHome);
    // The facts, each step, the rating and the question whether there is more.
    expect(places).toBeGreaterThanOrEqual(service.steps.length + 3);
  });
});

test('meets every trouble there is, but for those no visit can meet', () => {
  const met = (Object.keys(troubles) as TroubleReason[]).filter((reason) => reached.has(troubles[reason].code));
  const unmet = (Object.keys(troubles) as TroubleReason[]).filter((reason) => !met.includes(reason));
  expect(unmet.sort()).toEqual(Object.keys(notInAVisit).sort());
});
