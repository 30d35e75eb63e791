/** The ways to say who one is, and which device each needs. The act itself is the choice: a card goes in, a card is laid down, a code is held up. */
import type { CardClaim, CardStanding } from '../contract/central/identity.ts';
import type { DeviceNeed, Environment } from '../effects.ts';
import type { TroubleReason } from '../troubles.ts';

export const loginWays = ['card', 'id-card', 'code'] as const;
export type LoginWay = (typeof loginWays)[number];

const deviceOfWay: Record<LoginWay, DeviceNeed> = {
  card: 'card-reader',
  'id-card': 'id-reader',
  code: 'code-scanner',
};

/** A way this terminal has. One whose device is out, or that wants the line, is shown as such, since somebody may have brought just that. */
export type OfferedWay = { way: LoginWay; isAvailable: boolean };

/** The ways this terminal has, in the order they are shown. */
export function offeredWays(environment: Environment): OfferedWay[] {
  return loginWays
    .filter((way) => way !== 'code' || environment.isCodeLoginOff !== true)
    .map((way) => ({ way, standing: environment.devices[deviceOfWay[way]] }))
    .filter(({ standing }) => standing !== 'not-fitted')
    .map(({ way, standing }) => ({ way, isAvailable: standing === null && !isCutOff(way, environment) }));
}

/** Whether a way is of no use while the line is down: who holds up a code is known to the centre alone. */
export function isCutOff(way: LoginWay, { line }: Pick<Environment, 'line'>): boolean {
  return way === 'code' && line === 'offline';
}

/** Whether anybody can log in here now, as far as devices go. */
export function canLogIn(environment: Environment): boolean {
  return offeredWays(environment).some(({ isAvailable }) => isAvailable);
}

/** Which cards begin a visit by being put in or laid down; null where none does now. */
export function offeredCards(devices: Environment['devices']): 'both' | 'card' | 'id-card' | null {
  const takesCard = devices['card-reader'] === null;
  const takesIdCard = devices['id-reader'] === null;
  if (takesCard && takesIdCard) return 'both';
  return takesCard ? 'card' : takesIdCard ? 'id-card' : null;
}

/** Troubles that end when the card is taken out and put in again, or lifted and laid down again. */
export const mendedByReinserting: ReadonlySet<TroubleReason> = new Set([
  'card-unreadable',
  'card-mute',
  'card-busy',
  'id-card-unreadable',
]);

/** Why a card that the centre does not find in order logs nobody in. */
export function troubleOfStanding(
  state: Exclude<CardStanding['state'], 'in-order'>,
  kind: CardClaim['kind'],
): TroubleReason {
  const isIdCard = kind === 'resident-id-card';
  switch (state) {
    case 'locked':
      return 'password-locked';
    case 'unknown':
      return isIdCard ? 'id-card-unknown' : 'card-unknown';
    case 'expired':
      return isIdCard ? 'id-card-expired' : 'card-expired';
    case 'lost':
      return 'card-lost';
    case 'cancelled':
      return 'card-cancelled';
    case 'not-active':
      return 'card-not-active';
    case 'other-region':
      return 'card-other-region';
    case 'holder-deceased':
      return 'card-holder-deceased';
    case 'no-password':
      return 'card-no-password';
  }
}
