import { setTimeout as sleep } from 'node:timers/promises';
import { AskedDevice, type AskedDeviceOptions } from '../asked-device.ts';
import type { CommandOptions, Completion, DeviceCapabilities, DeviceStatus, Reported } from '../device.ts';
import {
  askState,
  type BoardFlaw,
  type BoardMessage,
  type BoardState,
  encodeLight,
  type KeyPosition,
  type Light,
  noLine,
  readLines,
} from './codec.ts';

export type { BoardFlaw, KeyPosition, Light } from './codec.ts';

/** What the board's inputs say now; `unknown` while the board is away. */
export type BoardInputs = {
  key: Reported<KeyPosition>;
  proximity: Reported<'near' | 'away'>;
  door: Reported<'open' | 'closed'>;
};

export type IoBoardOptions = Omit<AskedDeviceOptions, 'noun'> & {
  /** Told of lines that are none, for the log. */
  onFlaw?: (flaw: BoardFlaw) => void;
};

const lightMs = 3_000;
const away: BoardInputs = { key: 'unknown', proximity: 'unknown', door: 'unknown' };

/**
 * The I/O board of docs/devices/io-board.md: staff key switch, proximity, door contact, status light. Changes come by themselves; the
 * watch asks besides, so that a lost line costs seconds. The light is set again when the board has lost its power.
 */
export class IoBoard extends AskedDevice {
  private readonly onFlaw: (flaw: BoardFlaw) => void;
  private readonly listeners = new Set<(inputs: BoardInputs) => void>();
  private inputsNow = away;
  private wanted: Light | null = null;
  private line = noLine;
  private waiting: ((message: BoardMessage | null) => void) | null = null;

  constructor(options: IoBoardOptions) {
    super({ ...options, noun: 'io-board' });
    this.onFlaw = options.onFlaw ?? (() => undefined);
  }

  get capabilities(): DeviceCapabilities {
    const inputs = (['key', 'proximity', 'door'] as const).filter((name) => this.inputsNow[name] !== 'notSupported');
    return { kind: 'io-board', model: 'line board', features: ['status-light', ...inputs] };
  }

  inputs(): BoardInputs {
    return this.inputsNow;
  }

  /** Delivers the inputs at once and at every change. Returns the undo. */
  onInputs(listener: (inputs: BoardInputs) => void): () => void {
    this.listeners.add(listener);
    listener(this.inputsNow);
    return () => this.listeners.delete(listener);
  }

  /** Sets the status light, and keeps it so when the board comes back from a loss of power. */
  setLight(light: Light, options: CommandOptions = {}): Promise<Completion<Light>> {
    this.wanted = light;
    return this.run(options, lightMs, async () => {
      const answer = await this.ask(encodeLight(light));
      if (typeof answer === 'string') return failed(answer);
      if (answer.kind === 'ok') return { ok: true, value: light };
      return { ok: false, reason: answer.kind === 'no' ? 'notSupported' : 'invalidData', detail: 'the board refused' };
    });
  }

  protected take(bytes: Uint8Array): void {
    const read = readLines(this.line, bytes);
    this.line = read.state;
    for (const flaw of read.flaws) this.onFlaw(flaw);
    for (const message of read.messages) {
      if (message.kind === 'event') this.show(message.state);
      else this.waiting?.(message);
    }
  }

  protected forget(): void {
    this.line = noLine;
    this.waiting?.(null);
    this.tell(away);
  }

  protected async look(): Promise<Completion<Partial<DeviceStatus>>> {
    const answer = await this.ask(askState);
    if (typeof answer === 'string') return failed(answer);
    if (answer.kind !== 'state') return { ok: false, reason: 'invalidData', detail: answer.kind };
    const { state } = answer;
    this.tell({
      key: state.key ?? 'notSupported',
      proximity: state.near === undefined ? 'notSupported' : proximityOf(state.near),
      door: state.door ?? 'notSupported',
    });
    const { wanted } = this;
    const isLit =
      wanted === null || (state.light?.colour === wanted.colour && state.light.isBlinking === wanted.isBlinking);
    if (!isLit && state.light !== undefined) await this.ask(encodeLight(wanted));
    return { ok: true, value: { cover: this.inputsNow.door } };
  }

  private show(state: BoardState): void {
    this.tell({
      key: state.key ?? this.inputsNow.key,
      proximity: state.near === undefined ? this.inputsNow.proximity : proximityOf(state.near),
      door: state.door ?? this.inputsNow.door,
    });
    if (state.door !== undefined) this.board.update({ cover: state.door });
  }

  private tell(inputs: BoardInputs): void {
    const { key, proximity, door } = this.inputsNow;
    if (inputs.key === key && inputs.proximity === proximity && inputs.door === door) return;
    this.inputsNow = inputs;
    for (const listener of [...this.listeners]) listener(inputs);
  }

  private async ask(line: Uint8Array): Promise<BoardMessage | 'silent' | 'unplugged'> {
    const over = new AbortController();
    const answered = new Promise<BoardMessage | 'unplugged'>((resolve) => {
      this.waiting = (message) => resolve(message ?? 'unplugged');
    });
    const wire = await this.write(line);
    const late = sleep(this.answerMs, 'silent' as const, { signal: over.signal }).catch(() => 'silent' as const);
    const end = wire === 'taken' ? await Promise.race([answered, late]) : wire;
    over.abort();
    this.waiting = null;
    if (end === 'silent') this.redial();
    return end;
  }
}

function proximityOf(isNear: boolean): 'near' | 'away' {
  return isNear ? 'near' : 'away';
}

function failed(end: 'silent' | 'unplugged'): { ok: false; reason: 'timeout' | 'deviceNotReady'; detail: string } {
  return { ok: false, reason: end === 'silent' ? 'timeout' : 'deviceNotReady', detail: end };
}
