import type { PinPad, PinRequest } from '../../devices/pin-pad/pin-pad.ts';
import type { PinChallenge, PinPadClaim, PinSuite } from '../../state-machines/contract/central/identity.ts';
import { pinSuites } from '../../state-machines/contract/central/identity.ts';
import type { Effects, PadEntered, PadEntry, Visit } from '../../state-machines/effects.ts';
import type { Log } from '../log.ts';

/** What a password has. */
const digits = 6;

/** Longest entry; the visit's own watch over who is still there is shorter. */
const entryMs = 60_000;

const inPad: Record<PinSuite, Pick<PinRequest, 'algorithm' | 'format'>> = {
  'tdes-iso-0': { algorithm: 'tdes', format: 'iso-0' },
  'sm4-iso-4': { algorithm: 'sm4', format: 'iso-4' },
};

/** The terminal's PIN pad, as a login uses it. Neither digits nor the working key are ever here. */
export type PadDesk = Pick<Effects, 'enterPin'> & {
  /** What the centre is told when a challenge is asked for; null where no pad can be typed on now. */
  claim(): PinPadClaim | null;
  /** Puts the working key of a challenge in. Null where the pad refuses it: the password is then typed on the screen. */
  load(visit: Visit, nonce: string, challenge: PinChallenge, signal: AbortSignal): Promise<PadEntry | null>;
};

/** Serves a login with the pad; without one every password is typed on the screen. */
export function createPadDesk({ pad, log }: { pad: PinPad | null; log: Log }): PadDesk {
  return {
    claim() {
      if (pad === null || !['online', 'deviceBusy'].includes(pad.status().device)) return null;
      const { model, features } = pad.capabilities;
      return { serialNumber: model, suites: pinSuites.filter((suite) => features.includes(suite)) };
    },
    async load(visit, nonce, { slot, suite, workingKey, checkValue, account }, signal) {
      if (pad === null) return null;
      const { algorithm } = inPad[suite];
      const key = { slot, algorithm, wrapped: bytesOf(workingKey), checkValue: bytesOf(checkValue) };
      const loaded = await pad.loadWorkingKey(key, { signal });
      if (loaded.ok && loaded.value.kind === 'loaded') return { nonce, slot, suite, account };
      const why = loaded.ok ? 'refused' : loaded.reason;
      log.error('pin-pad.key-not-loaded', {
        trace: visit.trace,
        device: pad.id,
        why,
        ...(loaded.ok && loaded.value.kind === 'refused' ? { reason: loaded.value.reason } : {}),
      });
      return null;
    },
    enterPin(visit, entry, onDigits) {
      const life = new AbortController();
      return { done: enter(visit, entry, onDigits, life.signal), abandon: () => life.abort() };
    },
  };

  async function enter(
    visit: Visit,
    { nonce, slot, suite, account }: PadEntry,
    onDigits: (entered: number) => void,
    signal: AbortSignal,
  ): Promise<PadEntered> {
    if (pad === null) return { ok: false, because: 'out' };
    const request = { slot, ...inPad[suite], account, minDigits: digits, maxDigits: digits };
    const entered = await pad.enterPin(request, (key) => onDigits(key.digits), { signal, timeoutMs: entryMs });
    if (!entered.ok) {
      log.warn('pin-pad.entry-ended', { trace: visit.trace, device: pad.id, why: entered.reason });
      return { ok: false, because: 'out' };
    }
    log.info('pin-pad.entered', { trace: visit.trace, outcome: entered.value.kind });
    switch (entered.value.kind) {
      case 'cancelled-by-visitor':
        return { ok: false, because: 'cancelled' };
      case 'timed-out':
        return { ok: false, because: 'timed-out' };
      case 'block': {
        const block = Buffer.from(entered.value.block).toString('hex').toUpperCase();
        return { ok: true, pin: { nonce, serialNumber: entered.value.padSerialNumber, slot, suite, block } };
      }
    }
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
