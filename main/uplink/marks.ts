import type { Marks } from '../../state-machines/contract/central/kiosk.ts';
import { marksSchema } from '../../state-machines/contract/central/kiosk.ts';
import type { StoreFailure } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { Random } from '../store/vault.ts';
import type { Identity } from './identity.ts';

/** By what the centre tells this kiosk from its copy (contract: marksSchema). */
export type MarkKeeper = {
  /** The marks of the next assertion, kept durably before they are given. The same pair again as long as it was not admitted. */
  next(): { ok: true; marks: Marks } | StoreFailure;
  /** The centre admitted the last pair. */
  admitted(): void;
};

/** The name of the setting under which the marks are kept. */
export const marksSetting = 'epoch-marks';

/** Bytes of a mark. */
const markBytes = 18;

/** Keeps the marks in the store, beside the outbox: a copied or restored disk has those of its instant. */
export function keepMarks(parts: {
  store: Store;
  identity: Identity;
  random: Random;
  /** The centre takes this machine for the one it knows. */
  onAdmitted?: () => void;
}): MarkKeeper {
  const { store, identity, random, onAdmitted = () => {} } = parts;
  let admitted: Marks | null = null;
  return {
    next() {
      const kept = store.readSetting(marksSetting);
      if (!kept.ok) return kept;
      const parsed = marksSchema.safeParse(kept.value);
      const epoch = identity.enrolment()?.epoch ?? 1;
      const known = parsed.success && parsed.data.epoch === epoch ? parsed.data : null;
      // Not admitted as far as is known here: the answer may have been lost, or this is a new start.
      if (known && known.next !== admitted?.next) return { ok: true, marks: known };
      const marks = { epoch, last: known?.next ?? '', next: freshMark(random) };
      const written = store.writeSetting(marksSetting, marks);
      return written.ok ? { ok: true, marks } : written;
    },
    admitted() {
      const kept = store.readSetting(marksSetting);
      const parsed = kept.ok ? marksSchema.safeParse(kept.value) : null;
      if (parsed?.success) admitted = parsed.data;
      onAdmitted();
    },
  };
}

/** A mark nobody can guess. */
export function freshMark(random: Random): string {
  return Buffer.from(random(markBytes)).toString('base64url');
}
