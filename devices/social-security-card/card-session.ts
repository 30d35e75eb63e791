import type { ApduChannel, ApduFailure, ApduResult, ExchangeOptions } from '../channels/apdu-channel.ts';
import { nextStep, SOCIAL_SECURITY_AID, type StatusMeaning, selectApplication } from './codec.ts';

/** What a card says in the end, after `61xx` and `6Cxx` were obeyed. */
export type FinalMeaning = Exclude<StatusMeaning, { kind: 'more' } | { kind: 'wrongLength' }>;

export type SessionFailure = ApduFailure;

type Exchanged = { ok: true; data: Uint8Array; meaning: FinalMeaning } | { ok: false; reason: SessionFailure };

/**
 * Proof towards a third-generation card that the terminal may read all of it, made by a PSAM in the terminal or an HSM far
 * away. The keys are the ministry's. Known of the commands: four challenges (`00 84 00 00 08`), then an authentication
 * command with 16 bytes, whose P1 and P2 are unconfirmed; so all of it is the plug-in's.
 */
export interface CardAuthentication {
  /** Speaks with the card through `exchange`. True: what was withheld may be read now. Never rejects. */
  authenticate(exchange: (apdu: Uint8Array) => Promise<Exchanged>, signal: AbortSignal): Promise<boolean>;
}

/** No answer needs more steps than this: 64 KB in pieces of 256, and then the card is playing games. */
const MAX_STEPS = 32;

/** One card, powered: its connection, and whether the social security application is the selected one. */
export class CardSession {
  private readonly channel: ApduChannel;
  private readonly answerTimeoutMs: number;
  private atr: Uint8Array | null = null;
  private isInApplication = false;

  constructor(channel: ApduChannel, answerTimeoutMs: number) {
    this.channel = channel;
    this.answerTimeoutMs = answerTimeoutMs;
  }

  /** The next command connects anew. */
  forget(): void {
    this.atr = null;
    this.isInApplication = false;
  }

  /** The answer to reset, from the card or, while it stays connected, as it was. */
  async connect(signal: AbortSignal): Promise<ApduResult> {
    if (this.atr !== null) return { ok: true, bytes: this.atr };
    const connected = await this.channel.connect(this.options(signal));
    if (connected.ok) this.atr = connected.bytes;
    return connected;
  }

  /** Selects the social security application where it is not selected yet: selecting again would forget a verified PIN. */
  async enterApplication(signal: AbortSignal): Promise<Exchanged> {
    if (this.isInApplication) return { ok: true, data: new Uint8Array(0), meaning: { kind: 'ok' } };
    const entered = await this.exchange(selectApplication(SOCIAL_SECURITY_AID), signal);
    this.isInApplication = entered.ok && entered.meaning.kind === 'ok';
    return entered;
  }

  /** Sends a command, obeys `61xx` and `6Cxx`, and gives all of the data. */
  async exchange(command: Uint8Array, signal: AbortSignal): Promise<Exchanged> {
    let apdu = command;
    let collected: Uint8Array = new Uint8Array(0);
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const answer = await this.sendOnce(apdu, signal);
      if (!answer.ok) return { ok: false, reason: answer.reason };
      const next = nextStep(apdu, answer.bytes, collected);
      switch (next.kind) {
        case 'done':
          return { ok: true, data: next.data, meaning: next.meaning };
        case 'malformed':
          return { ok: false, reason: 'malformed-answer' };
        case 'send':
          apdu = next.apdu;
          collected = next.collected;
      }
    }
    return { ok: false, reason: 'malformed-answer' };
  }

  /** One command, one answer; for commands that must not be repeated, such as VERIFY. */
  async sendOnce(apdu: Uint8Array, signal: AbortSignal): Promise<ApduResult> {
    const connected = await this.connect(signal);
    if (!connected.ok) return connected;
    const answer = await this.channel.transmit(apdu, this.options(signal));
    // A card that was reset or lost power under way has forgotten what was selected.
    if (!answer.ok && answer.reason !== 'malformed-answer') this.forget();
    return answer;
  }

  private options(signal: AbortSignal): ExchangeOptions {
    return { timeoutMs: this.answerTimeoutMs, signal };
  }
}
