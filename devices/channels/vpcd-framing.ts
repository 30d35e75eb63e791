/**
 * The framing of Debian's `vsmartcard-vpcd`, used on the TCP wire as well, so that one simulated card fits both.
 *
 * ```
 *   0        2                      2 + length
 *   | length | payload              |      length: big-endian, counts the payload only
 * ```
 *
 * A payload of one byte towards the card is a control; any other is a command APDU. From the card come its answer to
 * reset (asked for with `answerToReset`) and response APDUs.
 */

/** Controls, one byte each. Only `answerToReset` is answered. Source: vpcd documentation. */
export const VpcdControl = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, answerToReset: 0x04 } as const;

/**
 * Longest payload taken, bytes: this application's answers are short APDUs (256 + SW), so a longer announcement is a
 * broken peer, not a long answer.
 */
export const MAX_FRAME_BYTES = 1024;

/** The payload with its length in front. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(2 + payload.length);
  frame[0] = payload.length >> 8;
  frame[1] = payload.length & 0xff;
  frame.set(payload, 2);
  return frame;
}

type FrameReading = { ok: true; frames: Uint8Array[] } | { ok: false; reason: 'over-long'; length: number };

/** One for all: a flood of zeros is a flood of empty payloads. */
const nothing = new Uint8Array(0);

/** Cuts a byte stream into payloads, however it was split. After `over-long` the stream has no meaning any more. */
export class FrameReader {
  private pending = new Uint8Array(0);

  /** Takes the next bytes and gives the payloads they complete, in order. */
  push(bytes: Uint8Array): FrameReading {
    const joined = new Uint8Array(this.pending.length + bytes.length);
    joined.set(this.pending);
    joined.set(bytes, this.pending.length);

    const frames: Uint8Array[] = [];
    let at = 0;
    while (joined.length - at >= 2) {
      const length = ((joined[at] ?? 0) << 8) | (joined[at + 1] ?? 0);
      if (length > MAX_FRAME_BYTES) return { ok: false, reason: 'over-long', length };
      if (joined.length - at - 2 < length) break;
      frames.push(length === 0 ? nothing : joined.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    this.pending = joined.slice(at);
    return { ok: true, frames };
  }
}
