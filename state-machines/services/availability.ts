import type { IdentityLevel } from '../contract/words/person.ts';
import type { Text } from '../contract/words/text.ts';
import { words } from '../copy.ts';
import type { DeviceNeed, Environment } from '../effects.ts';
import { isTooLow } from '../identify/level.ts';
import type { LoginWay } from '../identify/ways.ts';
import { canLogIn, isCutOff, offeredWays } from '../identify/ways.ts';
import type { Service, Step } from './define-service.ts';

const deviceWords: Record<DeviceNeed, Text> = {
  'card-reader': words.blockedReader,
  'id-reader': words.blockedIdReader,
  'code-scanner': words.blockedScanner,
  'document-printer': words.blockedPrinter,
  'receipt-printer': words.blockedReceipts,
  'pin-pad': words.blockedPinPad,
  camera: words.blockedCamera,
};

const loginWords: Record<LoginWay, Text> = {
  card: words.blockedReader,
  'id-card': words.blockedIdReader,
  code: words.blockedScanner,
};

/** Whether the item cannot begin without the line: what a step has to look up first cannot be looked up later. */
function needsLine(service: Service): boolean {
  return service.centre === 'needed' || service.steps.some((step) => step.load !== undefined && !goesWithout(step));
}

function goesWithout(step: Step): boolean {
  return step.kind === 'form' && step.withoutLoad !== undefined;
}

/** Why nobody can log in: by its device where there is one way only. */
function blockedLogin(environment: Environment): Text {
  const [way, other] = offeredWays(environment).map((offered) => offered.way);
  if (way === undefined || other !== undefined) return words.blockedLogin;
  return isCutOff(way, environment) ? words.blockedLine : loginWords[way];
}

/**
 * Why an item cannot be finished now, said before the visitor starts; null when it can. A login needs one of its ways, and the line where the item does not
 * accept a card alone; an identity already proved needs no reader, and by itself no line any more.
 */
export function blockedBecause(
  service: Service,
  environment: Environment,
  level: IdentityLevel,
  switchedOff: ReadonlyMap<string, Text>,
): Text | null {
  const off = switchedOff.get(service.id);
  if (off !== undefined) return off;
  const mustLogIn = isTooLow(level, service.identity, environment.line);
  const cannotLogIn = mustLogIn && service.identity === 'verified';
  if (environment.line === 'offline' && (needsLine(service) || cannotLogIn))
    return cannotLogIn && level === 'card-present' ? words.blockedByCard : words.blockedLine;
  if (mustLogIn && !canLogIn(environment)) return blockedLogin(environment);
  for (const need of service.devices) {
    if (environment.devices[need] !== null) return deviceWords[need];
  }
  return null;
}
