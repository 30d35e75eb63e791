import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ApduChannel, ApduResult, ExchangeOptions, SlotState } from '../channels/apdu-channel.ts';
import { SlotBoard } from '../channels/slot-board.ts';
import type { DeviceEvent } from '../device.ts';
import { SocialSecurityCardReader } from './adapter.ts';
import { bytesOfHex, hexOfBytes } from './codec.ts';

/** `3B 6D 00 00` and 13 historical bytes. */
const atr = bytesOfHex('3B6D0000 01020304050607080910111213');
const cardIn: SlotState = { kind: 'card', reader: 'Scripted', isMute: false };
const empty: SlotState = { kind: 'empty', reader: 'Scripted' };

describe('the reader, on transcripts', () => {
  it('reads a second-generation card with exactly the documented commands', async () => {
    const { reader, channel } = await readerOn(transcript('second-generation'));
    expect(await reader.readCard()).toEqual({
      ok: true,
      value: {
        kind: 'read',
        partly: false,
        interface: 'contact',
        cardNumber: 'T00000018',
        identificationCode: '99999915600000000001800000000000',
        regionCode: '999999',
        idNumber: '999999198803070016',
        name: '王建国',
        sex: 'male',
        issuedOn: '2019-06-01',
        validUntil: '2029-06-01',
        specification: '2.00',
      },
    });
    expect(channel.unplayed()).toEqual([]);
  });

  it('reads by number where the card does not know tags, and puts a long name together', async () => {
    const { reader, channel } = await readerOn(transcript('by-number'));
    expect(await reader.readCard()).toMatchObject({
      value: { partly: false, name: '买买提·阿卜杜热合曼·尼亚孜江尼', specification: null, validUntil: null },
    });
    expect(channel.unplayed()).toEqual([]);
  });

  it('reads in part what a third-generation card tells anybody', async () => {
    const { reader, channel } = await readerOn(transcript('third-generation-withheld'));
    expect(await reader.readCard()).toMatchObject({
      value: { kind: 'read', partly: true, idNumber: null, name: null, missing: ['idNumber', 'name', 'sex'] },
    });
    expect(channel.unplayed()).toEqual([]);
  });

  it('names a bank card', async () => {
    const { reader } = await readerOn(transcript('bank-only'));
    expect(await reader.readCard()).toEqual({
      ok: true,
      value: { kind: 'other-application-only', application: 'bank' },
    });
  });

  it('names a locked PIN without having used a try', async () => {
    const { reader, channel } = await readerOn(transcript('pin-locked'));
    expect(await reader.readCard()).toEqual({ ok: true, value: { kind: 'pin-locked' } });
    expect(channel.unplayed()).toEqual([]);
  });
});

describe('the reader, when the wire fails', () => {
  const commErrors = (count: number): Script => Array.from({ length: count }, () => 'comm-error' as const);

  it('repeats, then powers the card anew, then throws the channel away, then gives up', async () => {
    const { reader, channel } = await readerOn(commErrors(4));
    expect(await reader.readCard()).toEqual({ ok: true, value: { kind: 'unreadable', cause: 'comm-error' } });
    expect(channel.unplayed()).toEqual([]);
    expect(channel.renewals).toBe(1);
  });

  it.each([1, 2, 3])('reads after %i failures', async (failures) => {
    const { reader } = await readerOn([...commErrors(failures), ...transcript('second-generation')]);
    expect(await reader.readCard()).toMatchObject({ ok: true, value: { kind: 'read', name: '王建国' } });
  });

  it('does not climb the ladder when the card or the reader has gone', async () => {
    for (const reason of ['card-gone', 'reader-gone'] as const) {
      const { reader, channel } = await readerOn([reason, ...transcript('second-generation')]);
      expect(await reader.readCard()).toMatchObject({ ok: false, reason: 'deviceNotReady' });
      expect(channel.renewals).toBe(0);
    }
  });

  it('never repeats a PIN', async () => {
    const { reader } = await readerOn([...transcript('second-generation').slice(0, 2), 'comm-error', 'comm-error']);
    expect(await reader.verifyPin('123456')).toEqual({ ok: false, reason: 'hardwareError', detail: 'comm-error' });
  });

  it('stops at an answer that goes on for ever', async () => {
    const endless: Script = Array.from({ length: 200 }, () => ({ command: null, response: bytesOfHex('00 6101') }));
    const { reader } = await readerOn(endless);
    expect(await reader.readCard()).toEqual({ ok: true, value: { kind: 'unreadable', cause: 'malformed-answer' } });
  });
});

describe('the reader, when the slot changes', () => {
  it('ends the command under way when the card is pulled, before the wire says anything', async () => {
    const { reader, channel, events } = await readerOn(['silence']);
    const pending = reader.readCard();
    await channel.asked;
    channel.board.show(empty);
    expect(await pending).toEqual({ ok: false, reason: 'deviceNotReady', detail: 'no card' });
    expect(events).toEqual(['status', 'cardInserted', 'cardTaken', 'status']);
  });

  it('calls the card taken when the reader vanishes with it', async () => {
    const { reader, channel, events } = await readerOn([]);
    channel.board.show({ kind: 'noReader', reason: 'reader-unplugged' });
    expect(events.slice(-2)).toEqual(['cardTaken', 'status']);
    expect(reader.status()).toMatchObject({ device: 'noDevice', media: 'unknown', reason: 'reader-unplugged' });
  });

  it('says taken and inserted for a card that was swapped', async () => {
    const { channel, events } = await readerOn([]);
    channel.board.show(empty);
    channel.board.show(cardIn);
    expect(events.filter((type) => type !== 'status')).toEqual(['cardInserted', 'cardTaken', 'cardInserted']);
  });

  it('connects a card put in later anew', async () => {
    const script = [...transcript('bank-only'), ...transcript('second-generation')];
    const { reader, channel } = await readerOn(script);
    expect(await reader.readCard()).toMatchObject({ value: { kind: 'other-application-only' } });
    channel.board.show(empty);
    channel.board.show(cardIn);
    expect(await reader.readCard()).toMatchObject({ value: { kind: 'read' } });
    expect(channel.connections).toBe(2);
  });
});

// ---------------------------------------------------------------------------------------------------------------------

/** `command: null` takes any. The words are failures of the wire; `silence` never answers. */
type Turn =
  | { command: Uint8Array | null; response: Uint8Array }
  | 'comm-error'
  | 'card-gone'
  | 'reader-gone'
  | 'silence';
type Script = readonly Turn[];

/** Plays a script in place of a card; a command that is not the script's next is an error of the test. */
class ScriptedChannel implements ApduChannel {
  readonly board = new SlotBoard();
  /** Resolves at the first command. */
  readonly asked: Promise<void>;
  renewals = 0;
  connections = 0;
  private readonly turns: Turn[];
  private readonly wasAsked: () => void;

  constructor(script: Script) {
    this.turns = [...script];
    const { promise, resolve } = Promise.withResolvers<void>();
    this.asked = promise;
    this.wasAsked = resolve;
  }

  unplayed(): Turn[] {
    return this.turns;
  }

  open(): void {
    this.board.show(cardIn);
  }

  subscribe(listener: (slot: SlotState) => void): () => void {
    return this.board.subscribe(listener);
  }

  async connect(): Promise<ApduResult> {
    this.connections += 1;
    return { ok: true, bytes: atr };
  }

  async transmit(apdu: Uint8Array, { signal }: ExchangeOptions): Promise<ApduResult> {
    this.wasAsked();
    const turn = this.turns.shift();
    if (turn === undefined) throw new Error(`not in the script: ${hexOfBytes(apdu)}`);
    if (turn === 'silence') {
      return new Promise((resolve) =>
        signal?.addEventListener('abort', () => resolve({ ok: false, reason: 'cancelled', detail: '' })),
      );
    }
    if (typeof turn === 'string') return { ok: false, reason: turn, detail: 'scripted' };
    if (turn.command !== null) expect(hexOfBytes(apdu)).toBe(hexOfBytes(turn.command));
    return { ok: true, bytes: turn.response };
  }

  async disconnect(): Promise<void> {}

  async renew(): Promise<void> {
    this.renewals += 1;
  }

  async close(): Promise<void> {
    this.board.show({ kind: 'noReader', reason: 'closed' });
  }
}

async function readerOn(script: Script) {
  const channel = new ScriptedChannel(script);
  const reader = new SocialSecurityCardReader({ id: 'card-reader', channel });
  const events: DeviceEvent['type'][] = [];
  const undo = reader.subscribe((event) => events.push(event.type));
  events.length = 0;
  await reader.open();
  return { reader, channel, events, undo };
}

/** The exchanges of a file in `transcripts/`. */
function transcript(name: string): Script {
  const lines = readFileSync(new URL(`./transcripts/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('>') || line.startsWith('<'));
  const turns: Turn[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const [command = '', response = ''] = lines.slice(at, at + 2);
    turns.push({ command: bytesOfHex(command.slice(1)), response: bytesOfHex(response.slice(1)) });
  }
  return turns;
}
