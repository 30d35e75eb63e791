import { type Remedy, remedyFor, type SamRefusal } from './codec.ts';
import type { IdCardText, TextFailure } from './text-block.ts';

/** A picture a browser can show. */
export type Picture = { mediaType: 'image/jpeg' | 'image/png' | 'image/bmp'; bytes: Uint8Array };

/**
 * Makes a picture of the card's photo, 1,024 bytes of WLT. The form is not published: a decoder comes as a vendor's library, and the
 * kiosk works without. Never rejects; `null` where it cannot.
 */
export interface PhotoDecoder {
  decode(wlt: Uint8Array, signal: AbortSignal): Promise<Picture | null>;
}

/** An address written to the card after a move. `not-told`: the reader would not say. */
export type AppendedAddress = { kind: 'none' } | { kind: 'address'; address: string } | { kind: 'not-told' };

/** Ethnic group stays on the card: no service asks for it. */
type Told<T> = T extends unknown ? Omit<T, 'ethnicGroup'> : never;

/** What a card told, by its kind. `photo` is `null` without a decoder. */
export type IdCard = Told<IdCardText> & { appendedAddress: AppendedAddress; photo: Picture | null };

/** Why a card that lies there told nothing. */
type UnreadableCause = SamRefusal | TextFailure | 'wrong-block-lengths';

export type ResidentIdReading = IdCard | { kind: 'unreadable'; cause: UnreadableCause; remedy: Remedy };

export function unreadable(cause: UnreadableCause): ResidentIdReading {
  return { kind: 'unreadable', cause, remedy: remedyOf(cause) };
}

export function cardOf(text: IdCardText, appendedAddress: AppendedAddress, photo: Picture | null): IdCard {
  if (text.kind !== 'resident') return { ...text, appendedAddress, photo };
  const { ethnicGroup: _, ...told } = text;
  return { ...told, appendedAddress, photo };
}

function remedyOf(cause: UnreadableCause): Remedy {
  switch (cause) {
    case 'unknown-kind':
      return 'visitor-takes-another-card';
    case 'wrong-text-length':
    case 'wrong-block-lengths':
    case 'not-text':
    case 'no-name':
    case 'not-a-number':
    case 'not-a-date':
      return 'visitor-goes-to-window';
    default:
      return remedyFor(cause);
  }
}
