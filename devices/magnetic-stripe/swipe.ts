import { type BankStripe, parseTrack1, parseTrack2, type RawTrack, type SwipeReport } from './codec.ts';

/** What a swipe brought. All but `bank-card` hold nothing of the card. */
export type Swipe =
  | ({ kind: 'bank-card' } & BankStripe)
  /** To be swiped again: too fast, too slow, askew, stopped half-way. */
  | { kind: 'bad-swipe'; cause: 'undecodable' | 'no-sentinels' | 'not-track-characters' | 'tracks-disagree' }
  /** The stripe is empty, or the card went through with its stripe on the other side. */
  | { kind: 'blank' }
  /** A good swipe of a card that is no bank card, e.g. a driving licence or a loyalty card. */
  | { kind: 'other-card' };

/** Reads a swipe: track 2 for the number, track 1 for the holder; either may be missing. */
export function readSwipe({ encoding, tracks: [first, second] }: SwipeReport): Swipe {
  if (encoding === 'blank' || encoding === 'none') return { kind: 'blank' };
  if (encoding === 'undetermined') return { kind: 'bad-swipe', cause: 'undecodable' };
  if (encoding !== 'iso') return { kind: 'other-card' };
  const one = parsed(first, parseTrack1);
  const two = parsed(second, parseTrack2);
  if (one.kind === 'bank' && two.kind === 'bank') {
    if (one.stripe.accountNumber !== two.stripe.accountNumber) return { kind: 'bad-swipe', cause: 'tracks-disagree' };
    return { kind: 'bank-card', ...two.stripe, holder: one.stripe.holder };
  }
  // A number from one track is a number: every character of it was checked by the reader.
  if (two.kind === 'bank') return { kind: 'bank-card', ...two.stripe };
  if (one.kind === 'bank') return { kind: 'bank-card', ...one.stripe };
  if (one.kind === 'bad') return { kind: 'bad-swipe', cause: one.cause };
  if (two.kind === 'bad') return { kind: 'bad-swipe', cause: two.cause };
  if (one.kind === 'empty' && two.kind === 'empty') return { kind: 'blank' };
  return { kind: 'other-card' };
}

/** An account number for people to recognise their card by: the last four digits. */
export function maskAccountNumber(accountNumber: string): string {
  return `${'*'.repeat(Math.max(0, accountNumber.length - 4))}${accountNumber.slice(-4)}`;
}

type Parsed =
  | { kind: 'bank'; stripe: BankStripe }
  | { kind: 'bad'; cause: 'undecodable' | 'no-sentinels' | 'not-track-characters' }
  | { kind: 'other' }
  | { kind: 'empty' };

function parsed(track: RawTrack, parse: typeof parseTrack1): Parsed {
  if (track.kind === 'empty') return { kind: 'empty' };
  if (track.kind === 'undecodable') return { kind: 'bad', cause: 'undecodable' };
  const stripe = parse(track.text);
  if (stripe.ok) return { kind: 'bank', stripe: stripe.value };
  return stripe.reason === 'not-a-bank-card' ? { kind: 'other' } : { kind: 'bad', cause: stripe.reason };
}
