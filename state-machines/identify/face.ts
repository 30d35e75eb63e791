/**
 * A face in place of the password. The card has said who; the screen shows somebody themselves, asks for a few poses and seals a picture
 * of each for the centre, which says whether it is they. The pictures only pass through here, encrypted, and the camera is on while the
 * poses are asked for and never longer than {@link cameraOnMs}. Whatever goes wrong leads back to the password.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { Login } from '../contract/central/identity.ts';
import type { SecretEnvelope } from '../contract/screen.ts';
import type { FacePrompt } from '../contract/words/face.ts';
import type { CardRead, Effects, Environment, Failed, Visit } from '../effects.ts';
import { nextEnvironment } from '../environment.ts';
import { whenAnswered } from '../steps/answer.ts';
import type { MachineEvent } from '../steps/step.ts';
import { isWorldEvent, wantedOf } from '../steps/step.ts';
import type { TroubleReason } from '../troubles.ts';
import type { FaceProblem, FaceProved } from './proofs.ts';
import { proveFace } from './proofs.ts';

type FaceInput = { visit: Visit; card: CardRead; environment: Environment };

/** How it ends: logged in, back to the password, or out of the visit. */
type FaceOutput = { go: 'in'; login: Login } | { go: 'password' } | { go: 'leave' };

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

type Needs = Pick<Effects, 'faceChallenge' | 'facePrompts' | 'proveFace' | 'nowMs'>;
type Challenged = { ok: true; envelope: SecretEnvelope } | Failed;

const toTrouble = { target: '#face.trouble', keep: ({ reason }: Failed) => ({ trouble: reason }) } as const;
const wantedDone = [
  { guard: 'isLeaving', target: 'done', actions: 'goLeave' },
  { guard: 'isUnderstood', target: 'done' },
] as const;

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
        ({ input, signal }: { input: { visit: Visit }; signal: AbortSignal }): Promise<Challenged> =>
          effects.faceChallenge(input.visit, signal),
      ),
      prove: fromPromise(({ input, signal }: { input: Parameters<typeof proveFace>[1]; signal: AbortSignal }) =>
        proveFace(effects, input, signal),
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
      noteCameraOut: assign({
        trouble: ({ context }) => {
          const { camera } = context.environment.devices;
          return camera === null || camera === 'not-fitted' ? 'camera-out' : camera;
        },
      }),
      noteNobody: assign({ trouble: 'face-nobody' }),
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
          onDone: whenAnswered<Context, Challenged>({
            right: { target: 'posing', keep: ({ envelope }) => ({ envelope }) },
            trouble: toTrouble,
          }),
        },
      },
      posing: {
        entry: ['turn', 'dropSecrets', 'choosePrompts'],
        always: { guard: 'isCameraOut', target: 'trouble', actions: 'noteCameraOut' },
        after: { cameraOnMs: { target: 'trouble', actions: 'noteNobody' } },
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
              onDone: whenAnswered<Context, FaceProved>({
                right: { target: '#face.done', keep: ({ login }) => ({ output: { go: 'in', login } }) },
                again: {
                  target: '#face.beginning',
                  keep: ({ problem, attemptsLeft, waitUntilMs }, context) => ({
                    problem,
                    attemptsLeft: attemptsLeft ?? context.attemptsLeft,
                    waitUntilMs,
                  }),
                },
                trouble: toTrouble,
              }),
            },
          },
        },
        exit: 'dropSecrets',
      },
      trouble: {
        entry: ['turn', 'dropSecrets'],
        on: {
          'screen.choose': wantedDone,
          'screen.next': wantedDone,
        },
      },
      done: { type: 'final' },
    },
    output: ({ context }) => context.output,
  });
}
