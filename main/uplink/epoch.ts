import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { EpochClaims, Marks } from '../../state-machines/contract/central/kiosk.ts';
import { lostRangeSchema, marksSchema } from '../../state-machines/contract/central/kiosk.ts';
import { type LostRange, lostSetting } from '../store/lost.ts';
import type { StoreFailure } from '../store/problem.ts';
import { rebuiltSetting } from '../store/rebuilt.ts';
import type { Store } from '../store/store.ts';
import type { Random } from '../store/vault.ts';
import type { CallFailure } from './call-result.ts';
import type { CentralClient } from './client.ts';
import type { Identity } from './identity.ts';
import { freshMark, marksSetting } from './marks.ts';

const wishSetting = 'epoch-wish';

const wishSchema = z.object({
  jti: z.string(),
  reason: z.enum(['refused', 'restored', 'rebuilt']),
  next: marksSchema.shape.next,
  shown: z.string(),
  lost: z.array(lostRangeSchema),
  /** The centre refuses this machine until the wish is granted; a kiosk that only names what it lost goes on. */
  isRefused: z.boolean().default(false),
  /** Staff decided for another machine. */
  isTurnedAway: z.boolean().default(false),
});
type Wish = z.infer<typeof wishSchema>;

/** What staff see: the digits by which they authorise this machine and not its copy. */
export type EpochWish = { shown: string; reason: EpochClaims['reason']; lost: EpochClaims['lost'] };

/** That the centre refuses this machine: the digits that staff compare, null where they turned it away. */
export type Refusal = { shown: string | null };

export type EpochAsked =
  /** Nothing to ask. */
  | { state: 'none' }
  /** `refused`: staff turned this machine away; it asks anew at its next start. */
  | { state: 'waiting' | 'refused' }
  | { state: 'opened'; epoch: number }
  | { state: 'failed'; failure: CallFailure | StoreFailure | { ok: false; reason: 'unwritable'; detail: string } };

/** The wish for a new epoch, from the first sign that one is needed until staff have authorised it. */
export type Epochs = {
  /** Wishes for a new epoch where something was lost, by which the centre hears what: at the start, and when that happens while the kiosk runs. */
  takeUpLost(): void;
  /** The centre said that it does not take this machine for the one it knows. Answers whether that is news, and could be kept. */
  refused(): boolean;
  /** The centre gave a token: it takes this machine for the one it knows, whoever decided that. */
  admitted(): void;
  /** Null while the centre does not refuse this machine. Kept over a restart: a copy serves nobody until it is let in. */
  refusal(): Refusal | null;
  /** What staff have to see; null where nothing is wished for. */
  wish(): EpochWish | null;
  /** Asks the centre how the wish stands. Once it is opened, tokens are given again. */
  ask(signal: AbortSignal): Promise<EpochAsked>;
};

/** Most ranges of lost requests that one wish can name; more are joined at the end. */
const mostRanges = 100;

/** Follows what a rebuilt store left to be told, and what the centre says of this kiosk's marks. The wish outlives a restart. */
export function followEpochs(parts: {
  store: Store;
  identity: Identity;
  client: Pick<CentralClient, 'call'>;
  random: Random;
}): Epochs {
  const { store, identity, client, random } = parts;
  const left = current();
  if (left?.isTurnedAway) keep(wishFor(left.reason, left.isRefused));
  takeUpLost();

  function takeUpLost(): void {
    const left = store.readSetting(rebuiltSetting);
    if ((left.ok && left.value !== null) || untold().length > 0) want('rebuilt');
  }

  /** What was found to be lost while the store was whole (lost.ts). */
  function untold(): LostRange[] {
    const kept = store.readSetting(lostSetting);
    const listed = z.array(z.unknown()).safeParse(kept.ok ? kept.value : null);
    return (listed.data ?? []).flatMap((each) => lostRangeSchema.safeParse(each).data ?? []);
  }

  function current(): Wish | null {
    const kept = store.readSetting(wishSetting);
    const parsed = kept.ok ? wishSchema.safeParse(kept.value) : null;
    return parsed?.success ? parsed.data : null;
  }

  function keep(wish: Wish | null): boolean {
    return store.writeSetting(wishSetting, wish).ok;
  }

  function want(reason: EpochClaims['reason']): void {
    if (identity.enrolment() !== null && current() === null) keep(wishFor(reason, false));
  }

  function wishFor(reason: EpochClaims['reason'], isRefused: boolean): Wish {
    return {
      jti: store.newId(),
      reason,
      next: freshMark(random),
      shown: String(randomInt(1_000_000)).padStart(6, '0'),
      lost: lostRanges(),
      isRefused,
      isTurnedAway: false,
    };
  }

  /** What a rebuild could not save. */
  function unsaved(): LostRange[] {
    const rebuilt = store.readSetting(rebuiltSetting);
    const parsed = z.object({ lost: z.array(lostRangeSchema) }).safeParse(rebuilt.ok ? rebuilt.value : null);
    return parsed.data?.lost ?? [];
  }

  function lostRanges(): Wish['lost'] {
    const ranges = [...unsaved(), ...untold()].sort((a, b) => (a.from < b.from ? -1 : 1));
    const rest = ranges.slice(mostRanges - 1);
    const [first] = rest;
    if (first === undefined || rest.length === 1) return ranges;
    const to = rest.reduce((last, { to }) => (to > last ? to : last), first.to);
    return [...ranges.slice(0, mostRanges - 1), { from: first.from, to }];
  }

  /** The new epoch is in force here once its marks and the enrolment are kept; the wish goes last, so that a stop in between only asks again. */
  function takeUp(wish: Wish, epoch: number): EpochAsked {
    const enrolment = identity.enrolment();
    if (enrolment === null) return { state: 'none' };
    const marks: Marks = { epoch, last: wish.next, next: freshMark(random) };
    const kept = store.writeSetting(marksSetting, marks);
    if (!kept.ok) return { state: 'failed', failure: kept };
    const recorded = identity.recordEnrolment({ ...enrolment, epoch });
    if (!recorded.ok) return { state: 'failed', failure: recorded };
    const isTold = (range: LostRange) => wish.lost.some(({ from, to }) => from <= range.from && range.to <= to);
    // The wish may be older than the rebuild.
    if (unsaved().every(isTold)) store.writeSetting(rebuiltSetting, null);
    store.writeSetting(
      lostSetting,
      untold().filter((range) => !isTold(range)),
    );
    store.writeSetting(wishSetting, null);
    // What was lost since the wish was made wants another.
    takeUpLost();
    return { state: 'opened', epoch };
  }

  return {
    takeUpLost,
    refused() {
      const wish = current();
      if (identity.enrolment() === null || wish?.isRefused) return false;
      return keep(wish === null ? wishFor('refused', true) : { ...wish, isRefused: true });
    },
    admitted() {
      const wish = current();
      if (!wish?.isRefused) return;
      // What was lost is still to be told.
      keep(wish.reason === 'refused' && wish.lost.length === 0 ? null : { ...wish, isRefused: false });
    },
    refusal() {
      const wish = current();
      return wish?.isRefused ? { shown: wish.isTurnedAway ? null : wish.shown } : null;
    },
    wish() {
      const wish = current();
      return wish && !wish.isTurnedAway ? { shown: wish.shown, reason: wish.reason, lost: wish.lost } : null;
    },
    async ask(signal) {
      const wish = current();
      const enrolment = identity.enrolment();
      if (wish === null || wish.isTurnedAway || enrolment === null) return { state: 'none' };
      const { jti, reason, next, shown, lost } = wish;
      const { kiosk: iss, epoch } = enrolment;
      const claims: EpochClaims = { iss, aud: 'epoch', jti, epoch, reason, next, shown, lost };
      const asked = await client.call('openEpoch', { body: { statement: identity.statement(claims) }, signal });
      if (!asked.ok) return { state: 'failed', failure: asked };
      if (asked.answer.state === 'opened') return takeUp(wish, asked.answer.epoch);
      const still = current();
      if (asked.answer.state === 'refused' && still?.jti === jti) keep({ ...still, isTurnedAway: true });
      return { state: asked.answer.state };
    },
  };
}
