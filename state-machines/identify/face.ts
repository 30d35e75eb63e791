/**
 * A face in place of the password. The card has said who; the screen shows somebody themselves, asks for a few poses and seals a picture
 * of each for the centre, which says whether it is they. The pictures only pass through here, encrypted, and the camera is on while the
 * poses are asked for and never longer than {@link cameraOnMs}. Whatever goes wrong leads back to the password.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { FaceAnswer, Login } from '../contract/central/identity.ts';
import type { SecretEnvelope } from '../contract/screen.ts';
import type { FacePrompt } from '../contract/words/face.ts';
import type { CardRead, Effects, Environment, Failed, Visit } from '../effects.ts';
import { nextEnvironment } from '../environment.ts';
import type { MachineEvent } from '../steps/step.ts';
import { isWorldEvent, wantedOf } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';

export type FaceInput = { visit: Visit; card: CardRead; environment: Environment };

/** How it ends: logged in, back to the password, or out of the visit. */
export type FaceOutput = { go: 'in'; login: Login } | { go: 'password' } | { go: 'leave' };

/** What was wrong with the last try and can be mended by another. */
export type FaceProblem = Extract<FaceAnswer['state'], 'different' | 'not-live' | 'unclear'> | 'stale';

/** How long a pose is held, and how long the camera waits for somebody to begin and end their poses. */
export const poseMs = 3_000;
export const cameraOnMs = 45_000;

type Context = FaceInput & {
  prompts: readonly FacePrompt[];
  envelope: SecretEnvelope | null;
  problem: FaceProblem | null;
  /** Tries left; null until one was looked at. */
  attemptsLeft: number | null;
  /** Epoch milliseconds before which no further try is looked at. */
  waitUntilMs: number;
  /** Epoch milliseconds at which the camera goes off. */
  offAtMs: number;
  jwe: string;
  /** Rises with every screen, so that a double tap never counts as two tries. */
  turn: number;
  trouble: TroubleReason | null;
  output: FaceOutput;
};

type Proved =
  | { ok: true; login: Login }
  | { ok: false; reason: TroubleReason }
  | { ok: 'ask-again'; problem: FaceProblem; attemptsLeft: number | null; waitMs: number };

type Needs = Pick<Effects, 'faceChallenge' | 'facePrompts' | 'proveFace' | 'nowMs'>;
type ProveInput = { visit: Visit; card: CardRead; prompts: readonly FacePrompt[]; jwe: string };

async function prove(effects: Needs, { visit, card, prompts, jwe }: ProveInput, signal: AbortSignal): Promise<Proved> {
  const proved = await effects.proveFace(visit, card, prompts, jwe, signal);
  if (!proved.ok) return proved;
  const { answer } = proved;
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
      return { ok: 'ask-again', problem: answer.state, attemptsLeft: answer.attemptsLeft, waitMs: answer.waitMs };
    case 'unclear':
      return { ok: 'ask-again', problem: 'unclear', attemptsLeft: null, waitMs: 0 };
    case 'challenge-spent':
      return { ok: 'ask-again', problem: 'stale', attemptsLeft: null, waitMs: 0 };
  }
}

/** The machine of a face. */
export function createFace(effects: Needs) {
  return setup({
    types: {
      context: {} as Context,
      input: {} as FaceInput,
      events: {} as MachineEvent,
      output: {} as FaceOutput,
    },
    actors: {
      challenge: fromPromise(
        ({
          input,
          signal,
        }: {
          input: { visit: Visit };
          signal: AbortSignal;
        }): Promise<{ ok: true; envelope: SecretEnvelope } | Failed> => effects.faceChallenge(input.visit, signal),
      ),
      prove: fromPromise(({ input, signal }: { input: ProveInput; signal: AbortSignal }) =>
        prove(effects, input, signal),
      ),
    },
    delays: { cameraOnMs, slowed: ({ context }) => Math.max(0, context.waitUntilMs - effects.nowMs()) },
    guards: {
      isCameraOut: ({ context }) => context.environment.devices.camera !== null,
      isLeaving: ({ context, event }) => wantedOf(context.trouble, event) === 'leave',
      isUnderstood: ({ context, event }) => wantedOf(context.trouble, event) !== null,
    },
    actions: {
      turn: assign({ turn: ({ context }) => context.turn + 1 }),
      noteWorld: assign({
        environment: ({ context, event }) =>
          isWorldEvent(event) ? nextEnvironment(context.environment, event) : context.environment,
      }),
      choosePrompts: assign({
        prompts: () => effects.facePrompts(),
        offAtMs: () => effects.nowMs() + cameraOnMs,
      }),
      dropSecrets: assign({ jwe: '' }),
      goLeave: assign({ output: { go: 'leave' } as FaceOutput }),
    },
  }).createMachine({
    id: 'face',
    context: ({ input }) => ({
      ...input,
      prompts: [],
      envelope: null,
      problem: null,
      attemptsLeft: null,
      waitUntilMs: 0,
      offAtMs: 0,
      jwe: '',
      turn: 0,
      trouble: null,
      output: { go: 'password' },
    }),
    initial: 'beginning',
    on: { device: { actions: 'noteWorld' } },
    states: {
      /** Each try has a challenge of its own. */
      beginning: {
        invoke: {
          src: 'challenge',
          input: ({ context }) => ({ visit: context.visit }),
          onDone: [
            {
              guard: ({ event }) => event.output.ok,
              target: 'posing',
              actions: assign(({ event }) => (event.output.ok ? { envelope: event.output.envelope } : {})),
            },
            {
              target: 'trouble',
              actions: assign(({ event }) => (event.output.ok ? {} : { trouble: event.output.reason })),
            },
          ],
        },
      },
      posing: {
        entry: ['turn', 'dropSecrets', 'choosePrompts'],
        always: {
          guard: 'isCameraOut',
          target: 'trouble',
          actions: assign({
            trouble: ({ context }) => {
              const { camera } = context.environment.devices;
              return camera === null || camera === 'not-fitted' ? 'camera-out' : camera;
            },
          }),
        },
        after: { cameraOnMs: { target: 'trouble', actions: assign({ trouble: 'face-nobody' }) } },
        on: {
          'screen.still': { target: 'proving', actions: assign({ jwe: ({ event }) => event.jwe }) },
          'screen.back': { target: 'done' },
        },
      },
      proving: {
        initial: 'waiting',
        states: {
          // The centre does not look at a try before its wait is over; waiting here spares the visitor a lost try.
          waiting: { after: { slowed: 'asking' } },
          asking: {
            invoke: {
              src: 'prove',
              input: ({ context: { visit, card, prompts, jwe } }) => ({ visit, card, prompts, jwe }),
              onDone: [
                {
                  guard: ({ event }) => event.output.ok === true,
                  target: '#face.done',
                  actions: assign(({ event }) =>
                    event.output.ok === true ? { output: { go: 'in' as const, login: event.output.login } } : {},
                  ),
                },
                {
                  guard: ({ event }) => event.output.ok === 'ask-again',
                  target: '#face.beginning',
                  actions: assign(({ event, context }) =>
                    event.output.ok === 'ask-again'
                      ? {
                          problem: event.output.problem,
                          attemptsLeft: event.output.attemptsLeft ?? context.attemptsLeft,
                          waitUntilMs: effects.nowMs() + event.output.waitMs,
                        }
                      : {},
                  ),
                },
                {
                  target: '#face.trouble',
                  actions: assign(({ event }) => (event.output.ok === false ? { trouble: event.output.reason } : {})),
                },
              ],
            },
          },
        },
        exit: 'dropSecrets',
      },
      trouble: {
        entry: ['turn', 'dropSecrets'],
        on: {
          'screen.choose': [
            { guard: 'isLeaving', target: 'done', actions: 'goLeave' },
            { guard: 'isUnderstood', target: 'done' },
          ],
          'screen.next': [
            { guard: 'isLeaving', target: 'done', actions: 'goLeave' },
            { guard: 'isUnderstood', target: 'done' },
          ],
        },
      },
      done: { type: 'final' },
    },
    output: ({ context }) => context.output,
  });
}
