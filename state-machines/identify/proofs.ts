/**
 * What the centre says of a card, and of what proves who somebody is: a password, a code, a face. Each comes back as what a machine goes
 * on by: right, to be asked for once more, or the trouble it is.
 */
import type { CodeAnswer, FaceAnswer, Login, PinProof } from '../contract/central/identity.ts';
import type { SecretEnvelope } from '../contract/screen.ts';
import type { FacePrompt } from '../contract/words/face.ts';
import type { CardRead, Effects, Failed, PadEntry, Visit } from '../effects.ts';
import type { TroubleReason } from '../troubles.ts';
import { troubleOfStanding } from './ways.ts';

/** What one entry of a password needs. `pad`: null where it is typed on the screen. */
type Challenged = { envelope: SecretEnvelope; pad: PadEntry | null };

/** A password as it goes to the centre: encrypted on the screen, or on the pad. */
export type Secret = { by: 'screen'; jwe: string } | { by: 'pad'; pin: PinProof };

export type Checked = ({ ok: true; card: CardRead; attemptsLeft: number; takesFace: boolean } & Challenged) | Failed;

type LoggedIn = { ok: true; login: Login };
/** `waitUntilMs`: epoch milliseconds before which no further try is looked at. `attemptsLeft`: null where this try was not counted. */
type AskAgain<Problem> = { ok: 'ask-again'; problem: Problem; attemptsLeft: number | null; waitUntilMs: number };

export type PasswordProved = LoggedIn | Failed | (AskAgain<'wrong' | 'stale'> & Challenged);
export type CodeProved = LoggedIn | Failed;
export type FaceProved = LoggedIn | Failed | AskAgain<FaceProblem>;

/** What was wrong with a face and can be mended by another try. */
export type FaceProblem = Extract<FaceAnswer['state'], 'different' | 'not-live' | 'unclear'> | 'stale';

/** Asks how a card stands, and for what the password behind it needs. */
export async function checkCard(
  effects: Pick<Effects, 'checkCard' | 'challenge'>,
  { visit, card }: { visit: Visit; card: CardRead | null },
  signal: AbortSignal,
): Promise<Checked> {
  if (card === null) return { ok: false, reason: 'card-unreadable' };
  const checked = await effects.checkCard(visit, card, signal);
  if (!checked.ok) return checked;
  const { standing } = checked;
  if (standing.state !== 'in-order') return { ok: false, reason: troubleOfStanding(standing.state, card.kind) };
  const challenged = await effects.challenge(visit, signal);
  if (!challenged.ok) return challenged;
  const { envelope, pad } = challenged;
  // A card that was only partly readable gets its face from the centre.
  const { maskedName, maskedNumber, attemptsLeft, takesFace = false } = standing;
  return { ok: true, card: { ...card, maskedName, maskedNumber }, attemptsLeft, takesFace, envelope, pad };
}

/** Has a password looked at. One that is to be entered again comes with what that entry needs. */
export async function provePassword(
  effects: Pick<Effects, 'provePassword' | 'provePin' | 'challenge' | 'nowMs'>,
  { visit, card, secret }: { visit: Visit; card: CardRead | null; secret: Secret | null },
  signal: AbortSignal,
): Promise<PasswordProved> {
  if (card === null || secret === null) return { ok: false, reason: 'card-unreadable' };
  const proved =
    secret.by === 'pad'
      ? await effects.provePin(visit, card, secret.pin, signal)
      : await effects.provePassword(visit, card, secret.jwe, signal);
  if (!proved.ok) return proved;
  const { answer } = proved;
  switch (answer.state) {
    case 'right':
      return { ok: true, login: answer.login };
    case 'locked':
      return { ok: false, reason: 'password-locked' };
    case 'slow-down':
      return { ok: false, reason: 'password-slow-down' };
    case 'wrong':
    case 'challenge-spent': {
      const isWrong = answer.state === 'wrong';
      if (isWrong && answer.attemptsLeft === 0) return { ok: false, reason: 'password-locked' };
      const challenged = await effects.challenge(visit, signal);
      if (!challenged.ok) return challenged;
      return {
        ok: 'ask-again',
        problem: isWrong ? 'wrong' : 'stale',
        attemptsLeft: isWrong ? answer.attemptsLeft : null,
        waitUntilMs: effects.nowMs() + (isWrong ? answer.waitMs : 0),
        envelope: challenged.envelope,
        pad: challenged.pad,
      };
    }
  }
}

const codeTroubles: Record<Exclude<CodeAnswer['state'], 'right'>, TroubleReason> = {
  expired: 'code-expired',
  used: 'code-used',
  unknown: 'code-unknown',
  unavailable: 'code-unavailable',
};

/** Has an electronic card's code looked at, which proves its holder by itself. */
export async function proveCode(
  effects: Pick<Effects, 'proveCode'>,
  { visit, code }: { visit: Visit; code: string },
  signal: AbortSignal,
): Promise<CodeProved> {
  const proved = await effects.proveCode(visit, code, signal);
  if (!proved.ok) return proved;
  const { answer } = proved;
  if (answer.state === 'right') return { ok: true, login: answer.login };
  return { ok: false, reason: codeTroubles[answer.state] };
}

/** Has the pictures of a face looked at. */
export async function proveFace(
  effects: Pick<Effects, 'proveFace' | 'nowMs'>,
  { visit, card, prompts, jwe }: { visit: Visit; card: CardRead; prompts: readonly FacePrompt[]; jwe: string },
  signal: AbortSignal,
): Promise<FaceProved> {
  const proved = await effects.proveFace(visit, card, prompts, jwe, signal);
  if (!proved.ok) return proved;
  const { answer } = proved;
  const again = (problem: FaceProblem, attemptsLeft: number | null, waitMs: number): FaceProved => ({
    ok: 'ask-again',
    problem,
    attemptsLeft,
    waitUntilMs: effects.nowMs() + waitMs,
  });
  switch (answer.state) {
    case 'right':
      return { ok: true, login: answer.login };
    case 'locked':
      return { ok: false, reason: 'face-locked' };
    case 'slow-down':
      return { ok: false, reason: 'password-slow-down' };
    case 'unavailable':
      return { ok: false, reason: 'face-unavailable' };
    case 'different':
    case 'not-live':
      if (answer.attemptsLeft === 0) return { ok: false, reason: 'face-locked' };
      return again(answer.state, answer.attemptsLeft, answer.waitMs);
    case 'unclear':
      return again('unclear', null, 0);
    case 'challenge-spent':
      return again('stale', null, 0);
  }
}
