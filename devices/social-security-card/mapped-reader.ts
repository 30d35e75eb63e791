import type { CommandOptions, Completion } from '../device.ts';
import { completionOf, MappedDevice, type MappedDeviceOptions } from '../vendor-library/mapped-device.ts';
import type { CardReader } from './adapter.ts';
import { readCardFields, readingOfRefusal } from './card-fields.ts';
import type { CardReading } from './reading.ts';

/** Bad contact is the commonest reason: one more try, as the reader over PC/SC has several. */
const tries = 2;

/**
 * A social security card reader behind its vendor's software: a library in a child process, or middleware on this machine. The mapping
 * names an operation `read`, and `present` where cards can be noticed. PINs stay with the vendor's software.
 */
export class MappedCardReader extends MappedDevice implements CardReader {
  constructor(options: Omit<MappedDeviceOptions, 'kind'>) {
    super({ ...options, kind: 'social-security-card' });
  }

  /** Reads the card. What the card's state is, as far as the vendor's software tells, is a {@link CardReading} and a success. */
  async readCard(options: CommandOptions = {}): Promise<Completion<CardReading>> {
    let reading: CardReading = { kind: 'unreadable', cause: 'malformed-answer' };
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const result = await this.attempt('read', {}, options);
      if (!result.ok) return result;
      const told = result.value.ok ? readCardFields(result.value.fields) : readingOfRefusal(result.value);
      if (told === null && !result.value.ok) return completionOf(result.value);
      reading = told ?? reading;
      if (reading.kind !== 'unreadable') break;
    }
    return { ok: true, value: reading };
  }
}
