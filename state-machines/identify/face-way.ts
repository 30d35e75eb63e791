import type { Environment } from '../effects.ts';
import type { TroubleReason } from '../troubles.ts';

/**
 * How a face stands as a way in: open, why its camera is out, or null where it is not offered at all, be it by this terminal, by the
 * configuration or by the centre for this card.
 */
export function faceStanding(environment: Environment, takesFace: boolean): 'open' | TroubleReason | null {
  const { camera } = environment.devices;
  if (environment.isFaceCheckOn !== true || !takesFace || camera === 'not-fitted') return null;
  return camera ?? 'open';
}
