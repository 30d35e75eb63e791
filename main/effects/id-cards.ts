import type { Remedy, ResidentIdReader, ResidentIdReading } from '../../devices/resident-id-card/adapter.ts';
import { maskName, maskNumber } from '../../state-machines/contract/words/person.ts';
import type { CardRead, Effects } from '../../state-machines/effects.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import type { Log } from '../log.ts';

/** Longest time a card is read before the visitor is told that it cannot be; a read takes 1.5 s at 9,600 baud. */
const readTimeoutMs = 10_000;

/** The number of a security module, as its reader gives it; other models say less. */
const samNumber = /^\d{2}\.\d{2}-\d+-\d{10}-\d{10}$/;

/** Reads the identity card on the plate; what it says becomes a trouble or a claim to ask the centre with. */
export function createIdCardEffects(parts: {
  reader: ResidentIdReader | null;
  log: Log;
  today: () => string;
}): Pick<Effects, 'readIdCard'> {
  const { reader, log, today } = parts;
  return {
    async readIdCard(visit, signal) {
      if (reader === null) return { ok: false, reason: 'id-reader-out' };
      const read = await reader.readCard({ signal, timeoutMs: readTimeoutMs });
      if (!read.ok) {
        log.warn('id-card.not-read', { trace: visit.trace, completion: read.reason, detail: read.detail });
        return { ok: false, reason: troubleOfCompletion(read.reason, reader.status().device === 'online') };
      }
      const reason = troubleOfIdReading(read.value, today());
      log.info('id-card.read', {
        trace: visit.trace,
        kind: read.value.kind,
        trouble: reason,
        ...(read.value.kind === 'unreadable' ? { cause: read.value.cause } : {}),
      });
      if (reason !== null) return { ok: false, reason };
      return { ok: true, card: claimOf(read.value, reader.capabilities.model) };
    },
  };
}

/** What a visitor is told of an identity card that cannot be used; null where it can. */
export function troubleOfIdReading(reading: ResidentIdReading, today: string): TroubleReason | null {
  if (reading.kind === 'unreadable') return troubleOfRemedy(reading.remedy);
  const { validUntil } = reading;
  return validUntil.kind === 'date' && validUntil.date < today ? 'id-card-expired' : null;
}

function troubleOfRemedy(remedy: Remedy): TroubleReason {
  switch (remedy) {
    case 'visitor-lays-card':
    case 'visitor-lays-card-again':
      return 'id-card-unreadable';
    case 'visitor-takes-another-card':
      return 'id-card-other';
    case 'visitor-goes-to-window':
      return 'id-card-refused';
    case 'staff-checks-cable':
    case 'staff-checks-model':
    case 'staff-replaces-reader':
      return 'id-reader-out';
  }
}

/** A card that was lifted too soon leaves the reader in order; a reader that is gone is not. */
function troubleOfCompletion(reason: string, isReaderOnline: boolean): TroubleReason {
  if (reason === 'hardwareError') return 'id-reader-out';
  return isReaderOnline ? 'id-card-unreadable' : 'id-reader-out';
}

function claimOf(reading: ResidentIdReading, model: string): CardRead {
  if (reading.kind === 'unreadable') throw new Error('only a readable card makes a claim');
  const { idNumber, validUntil } = reading;
  const name = 'name' in reading ? reading.name : reading.englishName;
  return {
    kind: 'resident-id-card',
    idNumber,
    name,
    validUntil: validUntil.kind === 'date' ? validUntil.date : null,
    sam: samNumber.test(model) ? model : '',
    maskedName: maskName(name),
    maskedNumber: maskNumber(idNumber),
  };
}
