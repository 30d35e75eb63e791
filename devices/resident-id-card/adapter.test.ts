import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Dial, LinkBoard, type TwoWayLink } from '../channels/byte-link.ts';
import { ResidentIdReader, type ResidentIdReaderOptions } from './adapter.ts';

describe('the ID card reader, on transcripts', () => {
  it("reads a resident's card with exactly the documented commands", async () => {
    const { reader, wire } = await readerOn(transcript('resident'));
    expect(await reader.readCard()).toEqual({
      ok: true,
      value: {
        kind: 'resident',
        name: '张建国',
        isNameCut: false,
        sex: 'male',
        birth: '1978-03-15',
        address: '云川市东湖区滨江路1号2幢201室',
        idNumber: '890101197803150033',
        issuer: '云川市公安局东湖分局',
        validFrom: '2019-06-01',
        validUntil: { kind: 'long-term' },
        appendedAddress: { kind: 'address', address: '云川市东湖区新河路18号' },
        photo: null,
      },
    });
    expect(wire.unplayed()).toEqual([]);
    expect(reader.capabilities.model).toBe('05.03-20080213-0001234567-1234567890');
  });

  it("reads a foreigner's card of 2023, whose English name is no address", async () => {
    const { reader, wire } = await readerOn(transcript('foreigner-2023'));
    expect(await reader.readCard()).toMatchObject({
      ok: true,
      value: {
        kind: 'foreigner-2023',
        englishName: 'KOWALSKA-WISNIEWSKA ANNA MARIA JOANNA HELENA Z',
        nationality: 'POL',
      },
    });
    expect(wire.unplayed()).toEqual([]);
  });

  it('gives the photo to a decoder, and reads on when it breaks its promise', async () => {
    const sizes: number[] = [];
    const photoDecoder = {
      decode: async (wlt: Uint8Array) => {
        sizes.push(wlt.length);
        return { mediaType: 'image/bmp', bytes: Uint8Array.of(0x42, 0x4d) } as const;
      },
    };
    const { reader } = await readerOn(transcript('resident'), { photoDecoder });
    expect(await reader.readCard()).toMatchObject({ ok: true, value: { photo: { mediaType: 'image/bmp' } } });
    expect(sizes).toEqual([1_024]);
    expect(reader.capabilities.features).toContain('photo');

    const broken = { decode: () => Promise.reject(new Error('the library crashed')) };
    const other = await readerOn(transcript('resident'), { photoDecoder: broken });
    expect(await other.reader.readCard()).toMatchObject({ ok: true, value: { photo: null } });
  });

  it('waits for the answer to a command that was cancelled before it asks anything else', async () => {
    const script = transcript('resident');
    const { reader, wire } = await readerOn(script.map((one, at) => (at === 5 ? { ...one, isHeld: true } : one)));
    const controller = new AbortController();
    const cancelled = reader.readCard({ signal: controller.signal });
    await wire.untilHeld();
    controller.abort();
    expect(await cancelled).toMatchObject({ ok: false, reason: 'cancelled' });
    // Find, select, read, address once more; the late text of the cancelled read must not be taken for the next answer.
    wire.append(script.slice(3));
    const again = reader.readCard();
    await new Promise(setImmediate);
    expect(wire.unplayed()).toHaveLength(4);
    wire.letGo();
    expect(await again).toMatchObject({ ok: true, value: { kind: 'resident', name: '张建国' } });
    expect(wire.unplayed()).toEqual([]);
  });

  it('asks for the number of the module, which looks like no other answer, after one that never came', async () => {
    const script = transcript('resident');
    const flaws: string[] = [];
    const options = { answerMs: 40, onFlaw: (flaw: string) => flaws.push(flaw) };
    const { reader, wire } = await readerOn(
      script.map((one, at) => (at === 3 ? { ...one, isHeld: true } : one)),
      options,
    );
    expect(await reader.readCard()).toMatchObject({ ok: false, reason: 'timeout' });
    wire.append([...script.slice(1, 2), ...script.slice(3)]);
    const again = reader.readCard();
    wire.letGo();
    expect(await again).toMatchObject({ ok: true, value: { kind: 'resident', name: '张建国' } });
    expect(flaws).toEqual(['late-reply']);
    expect(wire.unplayed()).toEqual([]);
  });

  it('says nothing of the card to the log', async () => {
    const flaws: unknown[] = [];
    const { reader, wire } = await readerOn(transcript('resident'), { onFlaw: (flaw) => flaws.push(flaw) });
    await reader.readCard();
    wire.say(transcript('resident')[5]?.reply ?? '');
    wire.say('00FF');
    expect(flaws).toEqual(['late-reply', 'noise']);
    expect(JSON.stringify(reader.status())).not.toMatch(/张|8901/);
  });
});

/** Command and reply, in hexadecimal. A held reply is sent when the test lets it go. */
type Exchange = { command: string; reply: string; isHeld?: boolean };

function transcript(name: string): Exchange[] {
  const text = readFileSync(new URL(`transcripts/${name}.txt`, import.meta.url), 'utf8');
  const frames: string[] = [];
  for (const line of text.split('\n')) {
    if (/^[<>] /.test(line)) frames.push(line.slice(2));
    else if (line.startsWith('  ')) frames.push(`${frames.pop() ?? ''}${line.trim()}`);
  }
  return frames.flatMap((command, at) => (at % 2 === 0 ? [{ command, reply: frames[at + 1] ?? '' }] : []));
}

/** A serial line with a module behind it that knows its part by heart. */
class ScriptedWire {
  private readonly script: Exchange[];
  private readonly board = new LinkBoard();
  private held: string | null = null;
  private readonly holding = Promise.withResolvers<void>();

  constructor(script: readonly Exchange[]) {
    this.script = [...script];
  }

  readonly dial: Dial<TwoWayLink> = async () => ({
    ok: true,
    link: {
      name: 'scripted',
      onBytes: (listener) => this.board.onBytes(listener),
      onGone: (listener) => this.board.onGone(listener),
      write: async (bytes) => {
        const next = this.script.shift();
        expect(Buffer.from(bytes).toString('hex').toUpperCase()).toBe(next?.command ?? 'nothing more');
        if (next?.isHeld === true) {
          this.held = next.reply;
          this.holding.resolve();
        } else queueMicrotask(() => this.say(next?.reply ?? ''));
        return true;
      },
      close: async () => this.board.end('closed'),
    },
  });

  say(hex: string): void {
    this.board.deliver(Buffer.from(hex, 'hex'));
  }

  untilHeld(): Promise<void> {
    return this.holding.promise;
  }

  letGo(): void {
    if (this.held !== null) this.say(this.held);
  }

  /** What is to follow instead. */
  append(more: readonly Exchange[]): void {
    this.script.splice(0);
    this.script.push(...more);
  }

  unplayed(): readonly Exchange[] {
    return this.script;
  }
}

async function readerOn(script: readonly Exchange[], more: Partial<ResidentIdReaderOptions> = {}) {
  const wire = new ScriptedWire(script);
  // No looks between: the script has the commands of one visit.
  const reader = new ResidentIdReader({
    id: 'id-reader',
    dialAt: () => wire.dial,
    pollMs: 600_000,
    probeMs: 600_000,
    ...more,
  });
  onTestFinished(() => reader.close());
  expect(await reader.open()).toMatchObject({ ok: true, value: { device: 'online', media: 'present' } });
  return { reader, wire };
}
