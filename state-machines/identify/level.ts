import type { Login } from '../contract/central/identity.ts';
import type { IdentityLevel } from '../contract/words/person.ts';
import { identityLevels } from '../contract/words/person.ts';
import type { CardRead, Environment } from '../effects.ts';

/**
 * What is known of who stands there: what was proved at login, or what a card says of its holder where the centre could not be asked (`byCard`).
 * One of the two at most.
 */
export type Known = { login: Login | null; byCard: CardRead | null };

/** The level of what is known. */
export function levelOf({ login, byCard }: Known): IdentityLevel {
  if (login !== null) return 'verified';
  return byCard === null ? 'none' : 'card-present';
}

/** Whether somebody of this level has to log in for what accepts `accepted`: a card alone is enough only while nobody can be asked for more. */
export function isTooLow(level: IdentityLevel, accepted: IdentityLevel, line: Environment['line']): boolean {
  const wanted = accepted === 'card-present' && line === 'online' ? 'verified' : accepted;
  return identityLevels.indexOf(level) < identityLevels.indexOf(wanted);
}
