import type { CompletionCode, DeviceStatus } from '../../devices/device.ts';
import type { CardReader } from '../../devices/social-security-card/adapter.ts';
import type { CardReading } from '../../devices/social-security-card/reading.ts';
import { maskName, maskNumber } from '../../state-machines/contract/words/person.ts';
import type { CardRead, Effects } from '../../state-machines/effects.ts';
import { mendedByReinserting } from '../../state-machines/identify/ways.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import type { Log } from '../log.ts';

/** Longest time a card is read before the visitor is told that it cannot be. */
const readTimeoutMs = 8_000;

/** Reads the card in the slot; what the card says of itself becomes a trouble or a claim to ask the centre with. */
export function createCardEffects(parts: {
  reader: CardReader | null;
  /** Gives a card back that the reader holds: so that it can be put in again. */
  returnCard: () => void;
  log: Log;
  today: () => string;
}): Pick<Effects, 'readCard'> {
  const { reader, returnCard, log, today } = parts;
  return {
    async readCard(visit, signal) {
      if (reader === null) return { ok: false, reason: 'card-reader-out' };
      const read = await reader.readCard({ signal, timeoutMs: readTimeoutMs });
      if (!read.ok) {
        const reason = troubleOfCompletion(read.reason, reader.status().media);
        if (mendedByReinserting.has(reason)) returnCard();
        log.warn('card.not-read', { trace: visit.trace, completion: read.reason, detail: read.detail });
        return { ok: false, reason };
      }
      const reason = troubleOfReading(read.value, today());
      log.info('card.read', {
        trace: visit.trace,
        kind: read.value.kind,
        trouble: reason,
        ...(read.value.kind === 'unreadable' ? { cause: read.value.cause } : {}),
      });
      if (reason !== null && mendedByReinserting.has(reason)) returnCard();
      if (reason !== null) return { ok: false, reason };
      return { ok: true, card: claimOf(read.value) };
    },
  };
}

/** What a visitor is told of a card that cannot be used; null where it can. */
export function troubleOfReading(reading: CardReading, today: string): TroubleReason | null {
  switch (reading.kind) {
    case 'mute':
      return 'card-mute';
    case 'unreadable':
      return 'card-unreadable';
    case 'other-application-only':
    case 'application-blocked':
      return 'card-other-application';
    case 'pin-locked':
      return 'card-pin-locked';
    case 'pin-required':
      return 'card-partly-readable';
    case 'read':
      if (reading.validUntil !== null && reading.validUntil < today) return 'card-expired';
      if (reading.partly && reading.idNumber === null && reading.identificationCode === null)
        return 'card-partly-readable';
      return null;
  }
}

function claimOf(reading: CardReading): CardRead {
  if (reading.kind !== 'read') throw new Error('only a readable card makes a claim');
  return {
    kind: 'social-security-card',
    cardNumber: reading.cardNumber,
    identificationCode: reading.identificationCode ?? '',
    regionCode: reading.regionCode ?? '',
    idNumber: reading.idNumber ?? '',
    maskedName: maskName(reading.name ?? ''),
    maskedNumber: maskNumber(reading.idNumber ?? ''),
  };
}

function troubleOfCompletion(reason: CompletionCode, media: DeviceStatus['media']): TroubleReason {
  if (media === 'jammed') return 'card-jammed';
  // It was given back, and waits at the gate to be put in again.
  if (media === 'entering') return 'card-unreadable';
  switch (reason) {
    case 'timeout':
    case 'invalidData':
    case 'userError':
      return 'card-unreadable';
    case 'deviceNotReady':
    case 'hardwareError':
      return 'card-reader-out';
    default:
      return 'card-busy';
  }
}
