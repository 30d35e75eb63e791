/**
 * What no virtual reader can play: readers plugged in and out, a service that stops, a card swapped between two looks, a
 * native call that never comes back. The fake stands at the lowest place, the library's functions; the real library is
 * proved by the system test of the simulated card.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SlotState } from './apdu-channel.ts';
import { PcscApduChannel } from './pcsc-apdu-channel.ts';
import {
  PcscCode,
  type PcscLibrary,
  PLUG_AND_PLAY_READER,
  ReaderStateBit,
  type WatchedReader,
} from './pcsc-library.ts';

const atr = Uint8Array.of(0x3b, 0x6d, 0x00, 0x00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
const selectEf05 = Uint8Array.of(0x00, 0xa4, 0x02, 0x00, 0x02, 0xef, 0x05);
const deadline = { timeoutMs: 2_000 };

describe('the PC/SC card slot', () => {
  let pcsc: FakePcsc;
  let channel: PcscApduChannel;
  let slots: SlotState[];

  beforeEach(() => {
    pcsc = new FakePcsc();
    channel = new PcscApduChannel({ library: pcsc });
    slots = [];
    channel.subscribe((slot) => slots.push(slot));
  });

  afterEach(async () => {
    await channel.close();
    pcsc.comeBack();
    await expect.poll(() => pcsc.contexts).toBe(0);
  });

  it('finds a reader plugged in later, loses it, finds it again', async () => {
    channel.open();
    await until((slot) => slot.kind === 'noReader' && slot.reason === 'reader-unplugged');
    pcsc.plug('CCID 0');
    await until((slot) => slot.kind === 'empty' && slot.reader === 'CCID 0');
    pcsc.unplug('CCID 0');
    await until((slot) => slot.kind === 'noReader' && slot.reason === 'reader-unplugged');
    pcsc.plug('CCID 0', { isPresent: true });
    await until((slot) => slot.kind === 'card');
  });

  it('takes the reader whose name was configured', async () => {
    channel = new PcscApduChannel({ library: pcsc, readerName: 'Contactless' });
    pcsc.plug('Vendor Contact 0');
    pcsc.plug('Vendor Contactless 0', { isPresent: true });
    channel.open();
    await until((slot) => slot.kind === 'card' && slot.reader === 'Vendor Contactless 0');
  });

  it('says that the service is down, and makes its contexts anew when it is back', async () => {
    pcsc.plug('CCID 0', { isPresent: true });
    channel.open();
    await until((slot) => slot.kind === 'card');
    pcsc.stopService();
    await until((slot) => slot.kind === 'noReader' && slot.reason === 'card-service-down');
    expect(await channel.connect(deadline)).toMatchObject({ ok: false, reason: 'reader-gone' });
    pcsc.startService();
    await until((slot) => slot.kind === 'card');
    expect(await channel.connect(deadline)).toEqual({ ok: true, bytes: atr });
  });

  it('reads at once after the service was away while nobody read', async () => {
    pcsc.plug('CCID 0', { isPresent: true });
    channel.open();
    await until((slot) => slot.kind === 'card');
    expect(await channel.connect(deadline)).toMatchObject({ ok: true });
    pcsc.stopService();
    await until((slot) => slot.kind === 'noReader');
    pcsc.startService();
    await until((slot) => slot.kind === 'card');
    expect(await channel.connect(deadline)).toEqual({ ok: true, bytes: atr });
  });

  it('shows an empty slot in between when a card was swapped between two looks', async () => {
    pcsc.plug('CCID 0', { isPresent: true });
    channel.open();
    await until((slot) => slot.kind === 'card');
    slots.length = 0;
    pcsc.swapCard('CCID 0');
    await until((slot) => slot.kind === 'card' && slots.length > 0);
    expect(slots.map(({ kind }) => kind)).toEqual(['empty', 'card']);
  });

  it('shows a mute card as one', async () => {
    pcsc.plug('CCID 0', { isPresent: true, isMute: true });
    channel.open();
    await until((slot) => slot.kind === 'card' && slot.isMute);
  });

  it.each([
    [PcscCode.removedCard, 'card-gone'],
    [PcscCode.resetCard, 'comm-error'],
    [PcscCode.notTransacted, 'comm-error'],
    [PcscCode.unresponsiveCard, 'card-mute'],
    [PcscCode.sharingViolation, 'in-use'],
    [PcscCode.readerUnavailable, 'reader-gone'],
    [0x12345678, 'comm-error'],
  ])('names what PC/SC code %i means', async (code, reason) => {
    pcsc.plug('CCID 0', { isPresent: true });
    channel.open();
    await until((slot) => slot.kind === 'card');
    await channel.connect(deadline);
    pcsc.transmitCode = code;
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: false, reason });
  });

  it('names an answer shorter than a status word', async () => {
    pcsc.plug('CCID 0', { isPresent: true });
    channel.open();
    await until((slot) => slot.kind === 'card');
    await channel.connect(deadline);
    pcsc.response = Uint8Array.of(0x90);
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: false, reason: 'malformed-answer' });
  });

  it('completes by deadline, signal or pulled card though the native call never comes back', async () => {
    pcsc.plug('CCID 0', { isPresent: true });
    channel.open();
    await until((slot) => slot.kind === 'card');
    await channel.connect(deadline);
    pcsc.isStuck = true;
    expect(await channel.transmit(selectEf05, { timeoutMs: 20 })).toMatchObject({ ok: false, reason: 'timeout' });
    const controller = new AbortController();
    const cancelled = channel.transmit(selectEf05, { ...deadline, signal: controller.signal });
    controller.abort();
    expect(await cancelled).toMatchObject({ ok: false, reason: 'cancelled' });
    pcsc.isStuck = false;
    pcsc.comeBack();
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: true });

    pcsc.isStuck = true;
    const pulled = channel.transmit(selectEf05, deadline);
    pcsc.pullCard('CCID 0');
    expect(await pulled).toMatchObject({ ok: false, reason: 'card-gone' });
  });

  it('leaves a call that never comes back to itself when renewed, once, and talks over a new context', async () => {
    pcsc.plug('CCID 0', { isPresent: true });
    channel.open();
    await until((slot) => slot.kind === 'card');
    await channel.connect(deadline);
    pcsc.isStuck = true;
    await channel.transmit(selectEf05, { timeoutMs: 20 });
    await channel.renew();
    pcsc.isStuck = false;
    expect(await channel.connect(deadline)).toEqual({ ok: true, bytes: atr });
    expect(await channel.transmit(selectEf05, deadline)).toMatchObject({ ok: true });
    expect(pcsc.contexts).toBe(3);
    pcsc.comeBack();
    await expect.poll(() => pcsc.contexts).toBe(2);
  });

  it('is open again after a close and an open at once', async () => {
    pcsc.plug('CCID 0');
    channel.open();
    await until((slot) => slot.kind === 'empty');
    const closing = channel.close();
    channel.open();
    await closing;
    await until((slot) => slot.kind === 'empty');
  });

  function until(wanted: (slot: SlotState) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const undo = channel.subscribe((slot) => {
        if (!wanted(slot)) return;
        resolve();
        queueMicrotask(() => undo());
      });
    });
  }
});

type FakeReader = { isPresent: boolean; isMute: boolean; events: number };

/** The functions of a PC/SC library over a service, readers and cards that tests move. */
class FakePcsc implements PcscLibrary {
  contexts = 0;
  transmitCode: number = PcscCode.success;
  response = Uint8Array.of(0x90, 0x00);
  isStuck = false;
  private readonly readers = new Map<string, FakeReader>();
  private isUp = true;
  private wakeUps: (() => void)[] = [];
  private held: (() => void)[] = [];
  private isCancelled = false;

  plug(name: string, { isPresent = false, isMute = false } = {}): void {
    this.readers.set(name, { isPresent, isMute, events: isPresent ? 1 : 0 });
    this.changed();
  }

  unplug(name: string): void {
    this.readers.delete(name);
    this.changed();
  }

  pullCard(name: string): void {
    this.move(name, 1, false);
  }

  swapCard(name: string): void {
    this.move(name, 2, true);
  }

  stopService(): void {
    this.isUp = false;
    this.changed();
  }

  startService(): void {
    this.isUp = true;
  }

  /** Lets the native calls that hang come back. */
  comeBack(): void {
    for (const release of this.held.splice(0)) release();
  }

  async establishContext() {
    if (!this.isUp) return { code: PcscCode.noService, value: 0 };
    this.contexts += 1;
    return { code: PcscCode.success, value: this.contexts };
  }

  async releaseContext() {
    this.contexts -= 1;
    return PcscCode.success;
  }

  async listReaders() {
    if (!this.isUp) return { code: PcscCode.noService, value: [] };
    const value = [...this.readers.keys()];
    return { code: value.length === 0 ? PcscCode.noReadersAvailable : PcscCode.success, value };
  }

  async statusChange(_context: number | bigint, asked: readonly WatchedReader[], timeoutMs: number) {
    const untilMs = performance.now() + timeoutMs;
    for (;;) {
      if (!this.isUp) return { code: PcscCode.commError, value: [] };
      if (this.isCancelled) {
        this.isCancelled = false;
        return { code: PcscCode.cancelled, value: [] };
      }
      const now = asked.map(({ name }) => ({ name, state: this.stateOf(name) }));
      if (now.some(({ state }) => state === null)) return { code: PcscCode.unknownReader, value: [] };
      if (now.some(({ state }, index) => state !== asked[index]?.state)) {
        const value = now.map(({ name, state }) => ({ name, state: (state ?? 0) | ReaderStateBit.changed }));
        return { code: PcscCode.success, value };
      }
      if (performance.now() >= untilMs) return { code: PcscCode.timeout, value: [] };
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, untilMs - performance.now());
        this.wakeUps.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  cancel(): void {
    this.isCancelled = true;
    this.changed();
  }

  async connect(_context: number | bigint, reader: string) {
    const isPresent = this.readers.get(reader)?.isPresent ?? false;
    return { code: isPresent ? PcscCode.success : PcscCode.noSmartcard, value: { handle: 1, protocol: 1 } };
  }

  async answerToReset() {
    return { code: PcscCode.success, value: atr };
  }

  async transmit() {
    if (this.isStuck) await new Promise<void>((resolve) => this.held.push(resolve));
    return { code: this.transmitCode, value: this.response };
  }

  async disconnect() {
    return PcscCode.success;
  }

  private move(name: string, events: number, isPresent: boolean): void {
    const reader = this.readers.get(name);
    if (reader === undefined) return;
    reader.events += events;
    reader.isPresent = isPresent;
    this.changed();
  }

  private changed(): void {
    for (const wake of this.wakeUps.splice(0)) wake();
  }

  /** As SCardGetStatusChange has it: flags below, the count of insertions and removals above. */
  private stateOf(name: string): number | null {
    if (name === PLUG_AND_PLAY_READER) return this.readers.size << 16;
    const reader = this.readers.get(name);
    if (reader === undefined) return null;
    const card = reader.isPresent ? ReaderStateBit.present : ReaderStateBit.empty;
    return (reader.events << 16) | card | (reader.isMute ? ReaderStateBit.mute : 0);
  }
}
