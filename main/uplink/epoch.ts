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
});
type Wish = z.infer<typeof wishSchema>;

/** What staff see: the digits by which they authorise this machine and not its copy. */
export type EpochWish = { shown: string; reason: EpochClaims['reason']; lost: EpochClaims['lost'] };

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
  /** The centre does not take this machine for the one it knows. */
  want(reason: EpochClaims['reason']): void;
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
  let isTurnedAway = false;
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

  function want(reason: EpochClaims['reason']): void {
    if (isTurnedAway || identity.enrolment() === null || current() !== null) return;
    const wish: Wish = {
      jti: store.newId(),
      reason,
      next: freshMark(random),
      shown: String(randomInt(1_000_000)).padStart(6, '0'),
      lost: lostRanges(),
    };
    store.writeSetting(wishSetting, wish);
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
    want,
    wish() {
      const wish = current();
      return wish && { shown: wish.shown, reason: wish.reason, lost: wish.lost };
    },
    async ask(signal) {
      const wish = current();
      const enrolment = identity.enrolment();
      if (wish === null || enrolment === null) return { state: 'none' };
      const claims: EpochClaims = { iss: enrolment.kiosk, aud: 'epoch', epoch: enrolment.epoch, ...wish };
      const asked = await client.call('openEpoch', { body: { statement: identity.statement(claims) }, signal });
      if (!asked.ok) return { state: 'failed', failure: asked };
      if (asked.answer.state === 'opened') return takeUp(wish, asked.answer.epoch);
      if (asked.answer.state === 'refused') {
        isTurnedAway = true;
        store.writeSetting(wishSetting, null);
      }
      return { state: asked.answer.state };
    },
  };
}
