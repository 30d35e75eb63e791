/**
 * The resident ID card reader: a {@link Device} over a serial line.
 *
 * The module says nothing by itself: the adapter asks it for a card some times a second. A card that lies there unread answers "find"
 * each time. A card that was read does not answer "find" again until it is lifted, so "find" cannot tell a card that is left from a
 * bare plate; what tells is that a card left there still answers a read, and a lifted one does not. See {@link Plate}.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dial, TwoWayLink } from '../channels/byte-link.ts';
import type { CommandOptions, Completion, DeviceCapabilities, DeviceStatus } from '../device.ts';
import { type Connected, notConnected, tenureOf } from '../link-keeper.ts';
import { LinkedDevice } from '../linked-device.ts';
import { BAUD_RATES, decodeSamNumber, meaningOfSw3, type SamCommand, type SamRefusal, splitBlocks } from './codec.ts';
import { type AppendedAddress, cardOf, type PhotoDecoder, type ResidentIdReading, unreadable } from './reading.ts';
import { type ExchangeFailure, type LineFlaw, SamLine } from './sam-line.ts';
import { decodeAddress, decodeText } from './text-block.ts';

export type { Remedy } from './codec.ts';
export type { ResidentIdReading } from './reading.ts';

export type ResidentIdReaderOptions = {
  id: string;
  /** The serial line at a speed. */
  dialAt: (baudRate: number) => Dial<TwoWayLink>;
  /** The speeds to look at, in this order; all five of the module's unless told. */
  baudRates?: readonly number[];
  photoDecoder?: PhotoDecoder;
  /** Between two looks for a card; 250 ms unless told. */
  pollMs?: number;
  /** Between two probes of a card that was read and lies there still; each costs up to a read. 750 ms unless told. */
  probeMs?: number;
  /** Between two tries at an unplugged or silent reader; 1 s unless told. */
  retryMs?: number;
  /** Longest wait for the first answer at a speed; 300 ms unless told. */
  helloMs?: number;
  /** Longest wait for the answer to find and select; 1 s unless told. Reads get five times as long. */
  answerMs?: number;
  /** Told of what was no answer, for the log. */
  onFlaw?: (flaw: LineFlaw) => void;
};

/**
 * What is known of the plate.
 *
 * - `laid`: the card answers "find". Two looks without an answer: lifted.
 * - `read`: it was read and keeps silent to "find". It is probed by reading again; two probes without an answer: lifted. An answer to
 *   "find" means that it was lifted and this one, or another, laid anew.
 */
type Plate = { kind: 'empty' } | { kind: 'laid'; misses: number } | { kind: 'read'; misses: number };

/** Longer than the whole ladder of tries, milliseconds. */
const COMMAND_TIMEOUT_MS = 15_000;
/** A card laid askew costs a try; more tries than these help nobody. */
const TRIES = 3;
/** One look may fall between two heartbeats of the field. */
const MISSES_TO_BE_LIFTED = 2;
const SILENCES_TO_BE_LOST = 2;

type Told = { ok: true; data: Uint8Array } | { ok: false; failure: ExchangeFailure | SamRefusal | 'item-absent' };

export class ResidentIdReader extends LinkedDevice<TwoWayLink> {
  private readonly options: Required<Omit<ResidentIdReaderOptions, 'photoDecoder'>>;
  private readonly photoDecoder: PhotoDecoder | null;
  private line: SamLine | null = null;
  private plate: Plate = { kind: 'empty' };
  /** Whether this reader has shown that a card left on the plate answers a second read; if not, silence proves nothing. */
  private isProbeProven = false;
  /** Whether the card on the plate answers the short command for its appended address, the cheaper probe. */
  private hasAddressProbe = false;
  private baudRate: number | null = null;
  /** What the module said is wrong with itself; the next look hangs up on it. */
  private fault: SamRefusal | null = null;
  private model = 'unknown';

  constructor({ photoDecoder, ...options }: ResidentIdReaderOptions) {
    super({
      id: options.id,
      noun: 'id-reader',
      retryMs: options.retryMs ?? 1_000,
      whenClosed: { media: 'unknown' },
    });
    this.photoDecoder = photoDecoder ?? null;
    this.options = {
      baudRates: BAUD_RATES,
      pollMs: 250,
      probeMs: 750,
      retryMs: 1_000,
      helloMs: 300,
      answerMs: 1_000,
      onFlaw: () => undefined,
      ...options,
    };
  }

  get capabilities(): DeviceCapabilities {
    const features = ['appended-address', 'card-lifted', ...(this.photoDecoder === null ? [] : ['photo'])];
    return { kind: 'resident-id-card', model: this.model, features };
  }

  /**
   * Reads the card on the plate. What the card or the module say is a {@link ResidentIdReading} and a success, refusals with what
   * helps; only a missing card or reader, a module out of order, a deadline or a cancel is not.
   */
  readCard(options?: CommandOptions): Promise<Completion<ResidentIdReading>> {
    return this.commands.run<ResidentIdReading>(options, COMMAND_TIMEOUT_MS, async (signal) => {
      if (this.line === null) return notReady(this.board.status().reason ?? 'not connected');
      return this.read(signal);
    });
  }

  // -------------------------------------------------------------------------------------------------------------------
  // The line

  /** Looks for the module at every speed; the one that answered last is tried first. */
  protected async connect(life: AbortSignal): Promise<Connected<TwoWayLink>> {
    const { baudRates, dialAt, helloMs, onFlaw } = this.options;
    const speeds = [...new Set([...(this.baudRate === null ? [] : [this.baudRate]), ...baudRates])];
    for (const baudRate of speeds) {
      if (life.aborted) break;
      const dialled = await dialAt(baudRate)();
      if (!dialled.ok) {
        const failed = notConnected(this.noun, dialled);
        return { ...failed, status: { ...failed.status, media: 'unknown' } };
      }
      // What comes at a wrong speed is noise, and no flaw of the line.
      let isRightSpeed = false;
      const line = new SamLine(dialled.link, (flaw) => isRightSpeed && onFlaw(flaw));
      const hello = await line.exchange('status', helloMs, life);
      if (hello.ok) {
        isRightSpeed = true;
        this.baudRate = baudRate;
        const meaning = meaningOfSw3(hello.reply.sw3);
        if (meaning.kind !== 'refused') {
          this.line = line;
          return { ok: true, link: dialled.link };
        }
        line.release();
        await dialled.link.close();
        return { ok: false, status: outOfOrder(meaning.reason) };
      }
      line.release();
      await dialled.link.close();
      if (hello.reason === 'gone') return { ok: false, status: this.unplugged() };
    }
    return { ok: false, status: silent };
  }

  protected override unplugged(): Partial<DeviceStatus> {
    return { ...super.unplugged(), media: 'unknown' };
  }

  /** The module itself forgets what it did with the card. */
  protected override async beforeReset(): Promise<void> {
    await this.commands.run<null>(undefined, this.options.answerMs, async (signal) => {
      await this.line?.exchange('reset', this.options.answerMs, signal);
      return { ok: true, value: null };
    });
  }

  protected async serve(link: TwoWayLink, life: AbortSignal, up: () => void): Promise<Partial<DeviceStatus>> {
    const tenure = tenureOf(link, life, this.unplugged(), (detail) => this.commands.endAll('deviceNotReady', detail));
    this.isProbeProven = false;
    this.fault = null;
    const number = await this.ask('sam-number', tenure.over);
    this.model = (number.ok ? decodeSamNumber(number.data) : null) ?? 'SAM_V';
    let silences = (await this.lookFirst(tenure.over)) === 'silent' ? 1 : 0;
    if (!tenure.over.aborted) {
      this.board.update({
        device: 'online',
        reason: null,
        media: this.plate.kind === 'empty' ? 'notPresent' : 'present',
      });
      if (this.plate.kind !== 'empty') this.board.publish({ type: 'cardInserted' });
      up();
    }
    while (!tenure.over.aborted) {
      await sleep(this.untilNextLookMs(), undefined, { signal: tenure.over }).catch(() => undefined);
      if (tenure.over.aborted) break;
      const look = await this.commands.run<Look>(undefined, COMMAND_TIMEOUT_MS, async (signal) => ({
        ok: true,
        value: await this.look(signal),
      }));
      silences = look.ok && look.value === 'silent' ? silences + 1 : 0;
      if (silences >= SILENCES_TO_BE_LOST) tenure.end(silent, 'the reader no longer answers');
      if (this.fault !== null) tenure.end(outOfOrder(this.fault), this.fault);
    }
    this.line?.release();
    this.line = null;
    // Nobody can see the card any more.
    if (this.plate.kind !== 'empty') {
      this.plate = { kind: 'empty' };
      this.board.publish({ type: 'cardTaken' });
    }
    return tenure.release();
  }

  private async ask(command: SamCommand, signal: AbortSignal): Promise<Told> {
    if (this.line === null) return { ok: false, failure: 'gone' };
    const { answerMs } = this.options;
    const timeoutMs = command.startsWith('read') ? answerMs * 5 : answerMs;
    const exchanged = await this.line.exchange(command, timeoutMs, signal);
    if (!exchanged.ok) return { ok: false, failure: exchanged.reason };
    const meaning = meaningOfSw3(exchanged.reply.sw3);
    if (meaning.kind === 'item-absent') return { ok: false, failure: 'item-absent' };
    if (meaning.kind === 'refused') {
      if (meaning.reason === 'self-test-failed' || meaning.reason === 'not-authorised') this.fault = meaning.reason;
      return { ok: false, failure: meaning.reason };
    }
    return { ok: true, data: exchanged.reply.data };
  }

  // -------------------------------------------------------------------------------------------------------------------
  // The plate

  /** At start the truth is asked: a card read before, by whomever, is still there when it answers a read. */
  private async lookFirst(signal: AbortSignal): Promise<Look> {
    this.plate = { kind: 'empty' };
    this.hasAddressProbe = false;
    const found = await this.ask('find-card', signal);
    if (found.ok) {
      this.plate = { kind: 'laid', misses: 0 };
      return 'heard';
    }
    if (found.failure !== 'find-failed') return lookOf(found.failure);
    const probe = await this.ask('read-card', signal);
    if (probe.ok) {
      probe.data.fill(0);
      this.plate = { kind: 'read', misses: 0 };
      this.isProbeProven = true;
    }
    return 'heard';
  }

  /** A doubt is settled quickly. */
  private untilNextLookMs(): number {
    const { pollMs, probeMs } = this.options;
    return this.plate.kind === 'read' && this.plate.misses === 0 ? probeMs : pollMs;
  }

  private async look(signal: AbortSignal): Promise<Look> {
    if (this.plate.kind === 'read') {
      const probed = await this.probe(this.plate, signal);
      if (probed !== 'absent') return probed;
    }
    const found = await this.ask('find-card', signal);
    if (found.ok) {
      this.lay();
      return 'heard';
    }
    if (found.failure !== 'find-failed') return lookOf(found.failure);
    this.miss();
    return 'heard';
  }

  private async probe(plate: Extract<Plate, { kind: 'read' }>, signal: AbortSignal): Promise<Look | 'absent'> {
    // The second miss is decided by the command that read the card in the first place.
    const isCheap = this.hasAddressProbe && plate.misses === 0;
    const probe = await this.ask(isCheap ? 'read-address' : 'read-card', signal);
    if (probe.ok || probe.failure === 'item-absent') {
      if (probe.ok) probe.data.fill(0);
      if (!isCheap && plate.misses > 0) this.hasAddressProbe = false;
      plate.misses = 0;
      this.isProbeProven = true;
      this.board.update({ media: 'present' });
      return 'heard';
    }
    return isExchangeFailure(probe.failure) ? lookOf(probe.failure) : 'absent';
  }

  /** A card answers "find". */
  private lay(): void {
    if (this.plate.kind === 'laid') {
      this.plate.misses = 0;
      return;
    }
    if (this.plate.kind === 'read') this.lift();
    this.plate = { kind: 'laid', misses: 0 };
    this.hasAddressProbe = false;
    this.board.update({ media: 'present' });
    this.board.publish({ type: 'cardInserted' });
  }

  private miss(): void {
    if (this.plate.kind === 'empty') return;
    this.plate.misses += 1;
    if (this.plate.misses < MISSES_TO_BE_LIFTED) return;
    if (this.plate.kind === 'laid' || this.isProbeProven) this.lift();
    // Until a card laid anew answers "find", this reader cannot tell.
    else this.board.update({ media: 'unknown' });
  }

  private lift(): void {
    this.plate = { kind: 'empty' };
    this.board.update({ media: 'notPresent' });
    this.board.publish({ type: 'cardTaken' });
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Reading

  /**
   * Find, select, read, up to three times. With a card known on the plate a failed find or select does not matter: one that was read
   * before fails both and may be read all the same.
   */
  private async read(signal: AbortSignal): Promise<Completion<ResidentIdReading>> {
    let failure: ExchangeFailure | SamRefusal | 'item-absent' = 'find-failed';
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const found = await this.ask('find-card', signal);
      if (found.ok) this.lay();
      else if (isExchangeFailure(found.failure) || isOutOfOrder(found.failure)) failure = found.failure;
      if (!found.ok && this.plate.kind === 'empty' && found.failure === 'find-failed') return notReady('no card');
      if (found.ok || found.failure === 'find-failed') {
        const selected = await this.ask('select-card', signal);
        const told = await this.ask('read-card', signal);
        if (told.ok) return { ok: true, value: await this.decode(told.data, signal) };
        failure = selected.ok || told.failure !== 'read-failed' ? told.failure : selected.failure;
      }
      if (failure === 'gone' || failure === 'cancelled' || failure === 'timeout' || isOutOfOrder(failure)) break;
    }
    return this.completionOf(failure);
  }

  private async decode(data: Uint8Array, signal: AbortSignal): Promise<ResidentIdReading> {
    this.plate = { kind: 'read', misses: 0 };
    this.board.update({ media: 'present' });
    const blocks = splitBlocks('read-card', data);
    const text = blocks.ok ? decodeText(blocks.value.text) : blocks;
    if (!blocks.ok) return unreadable(blocks.reason);
    if (!text.ok) return unreadable(text.reason);
    const address = await this.readAddress(signal);
    // A vendor's decoder that breaks its promise costs the photo, not the login.
    const decoding = this.photoDecoder?.decode(blocks.value.photo.slice(), signal).catch(() => null);
    const photo = (await decoding) ?? null;
    data.fill(0);
    return cardOf(text.value, address, photo);
  }

  private async readAddress(signal: AbortSignal): Promise<AppendedAddress> {
    const told = await this.ask('read-address', signal);
    this.hasAddressProbe = told.ok || told.failure === 'item-absent';
    // It was read and answers: from now on silence means that it was lifted, however soon.
    if (this.hasAddressProbe) this.isProbeProven = true;
    if (!told.ok) return { kind: told.failure === 'item-absent' ? 'none' : 'not-told' };
    const address = decodeAddress(told.data);
    if (address === null) return { kind: 'not-told' };
    return address === '' ? { kind: 'none' } : { kind: 'address', address };
  }

  private completionOf(failure: ExchangeFailure | SamRefusal | 'item-absent'): Completion<ResidentIdReading> {
    switch (failure) {
      case 'gone':
        return notReady('the reader was unplugged');
      case 'cancelled':
        return { ok: false, reason: 'cancelled', detail: 'cancelled by the caller' };
      case 'timeout':
        return { ok: false, reason: 'timeout', detail: 'the reader did not answer' };
      case 'garbled':
      case 'line-checksum':
      case 'line-length':
        return { ok: false, reason: 'invalidData', detail: failure };
      case 'item-absent':
        return { ok: true, value: unreadable('read-failed') };
      default:
        if (!isOutOfOrder(failure)) return { ok: true, value: unreadable(failure) };
        return { ok: false, reason: 'hardwareError', detail: failure };
    }
  }
}

/** How a look at the plate went: the module answered, or it did not. */
type Look = 'heard' | 'silent';

function lookOf(failure: ExchangeFailure | SamRefusal | 'item-absent'): Look {
  return failure === 'timeout' || failure === 'garbled' ? 'silent' : 'heard';
}

const silent: Partial<DeviceStatus> = { device: 'offline', media: 'unknown', reason: 'id-reader-silent' };

function outOfOrder(reason: SamRefusal): Partial<DeviceStatus> {
  return { device: 'hardwareError', media: 'unknown', reason: `id-reader-${reason}` };
}

/** What no other card and no other try will change. */
function isOutOfOrder(failure: string): failure is SamRefusal {
  return (
    failure === 'self-test-failed' ||
    failure === 'not-authorised' ||
    failure === 'unknown-command' ||
    failure === 'no-privilege'
  );
}

function isExchangeFailure(failure: string): failure is ExchangeFailure {
  return failure === 'timeout' || failure === 'gone' || failure === 'cancelled' || failure === 'garbled';
}

function notReady(detail: string): { ok: false; reason: 'deviceNotReady'; detail: string } {
  return { ok: false, reason: 'deviceNotReady', detail };
}
