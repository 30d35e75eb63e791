import { describe, expect, it } from 'vitest';
import type { FaceAnswer } from '../contract/central/identity.ts';
import type { StepOf } from '../contract/screen.ts';
import type { Effects, Environment } from '../effects.ts';
import { holderLogin, jwe, openHall, readCard } from '../kiosk/played-hall.ts';
import { cameraOnMs } from './face.ts';

const devices: Environment['devices'] = {
  'card-reader': null,
  'id-reader': null,
  'code-scanner': null,
  'document-printer': null,
  'receipt-printer': 'not-fitted',
  'pin-pad': 'not-fitted',
  camera: null,
};
const standing = { state: 'in-order', maskedName: '张**', maskedNumber: '890***', attemptsLeft: 5 } as const;

type Asked = { prompts: readonly string[]; jwe: string; nonce: string };

/** A hall that takes faces, somebody's card in, and the password asked for. The centre answers a face as `answers` say, then `right`. */
async function openAtPassword(
  options: {
    answers?: FaceAnswer[];
    found?: Partial<Environment>;
    takesFace?: boolean;
    effects?: Partial<Effects>;
  } = {},
) {
  const { answers = [], takesFace = true } = options;
  const asked: Asked[] = [];
  let nonce = '';
  let challenges = 0;
  const hall = await openHall({
    found: { devices, isFaceCheckOn: true, ...options.found },
    effects: {
      checkCard: async () => ({ ok: true, standing: { ...standing, takesFace } }),
      faceChallenge: async (visit) => {
        challenges += 1;
        nonce = `face-nonce-${challenges}`;
        const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k' } as const;
        return { ok: true, envelope: { key, kiosk: 'kiosk-1', visit: visit.id, nonce } };
      },
      async proveFace(_visit, card, prompts, sealed) {
        expect(card).toMatchObject({ kind: readCard.kind });
        asked.push({ prompts, jwe: sealed, nonce });
        return { ok: true, answer: answers.shift() ?? { state: 'right', login: holderLogin } };
      },
      ...options.effects,
    },
  });
  await hall.happen({ type: 'card.inserted' });
  expect(hall.shown().step.kind).toBe('password');
  return Object.assign(hall, { asked });
}
type FaceHall = Awaited<ReturnType<typeof openAtPassword>>;

const actionsOf = (hall: FaceHall) => (hall.shown().step as StepOf<'password'>).actions ?? [];
const cameraOf = (hall: FaceHall) => {
  const step = hall.shown().step;
  if (step.kind !== 'camera') throw new Error(`no camera, but ${step.kind}`);
  return step;
};
const troubleOf = (hall: FaceHall) => {
  const step = hall.shown().step;
  return step.kind === 'trouble' ? step.code : step.kind;
};
async function chooseFace(hall: FaceHall) {
  await hall.touch({ type: 'choose', choice: 'face' });
  return cameraOf(hall);
}

describe('a face in place of the password', () => {
  it('is offered where configuration, centre and camera have it', async () => {
    expect(actionsOf(await openAtPassword())).toMatchObject([{ id: 'face', title: '刷脸，不用密码' }]);
    expect(actionsOf(await openAtPassword({ takesFace: false }))).toEqual([]);
    const notFitted = { devices: { ...devices, camera: 'not-fitted' } } as const;
    expect(actionsOf(await openAtPassword({ found: notFitted }))).toEqual([]);
  });

  it('is off unless the configuration says so', async () => {
    const hall = await openHall({
      found: { devices },
      effects: { checkCard: async () => ({ ok: true, standing: { ...standing, takesFace: true } }) },
    });
    await hall.happen({ type: 'card.inserted' });
    expect((hall.shown().step as StepOf<'password'>).actions).toBeUndefined();
  });

  it('says before it is chosen that its camera is out, and cannot be chosen then', async () => {
    const hall = await openAtPassword({ found: { devices: { ...devices, camera: 'camera-out' } } });
    expect(actionsOf(hall)).toMatchObject([{ id: 'face', blocked: '摄像头暂时不能用' }]);
    await hall.touch({ type: 'choose', choice: 'face' });
    expect(hall.shown().step.kind).toBe('password');
    await hall.happen({ type: 'device', need: 'camera', reason: null });
    await chooseFace(hall);
  });

  it('asks for the poses main has drawn, with a challenge of its own, and logs in by what the screen sealed', async () => {
    const hall = await openAtPassword();
    const step = await chooseFace(hall);
    expect(step.poses.map(({ prompt }) => prompt)).toEqual(['straight', 'left', 'near']);
    expect(step.envelope.nonce).toBe('face-nonce-1');
    await hall.touch({ type: 'still', jwe });
    expect(hall.asked).toEqual([{ prompts: ['straight', 'left', 'near'], jwe, nonce: 'face-nonce-1' }]);
    expect(hall.shown().header.visitor).toBe('张**');
  });

  it.each([
    [{ state: 'not-live', attemptsLeft: 4, waitMs: 0 }, /跟着提示再做一次/, /还可以试4次/],
    [{ state: 'different', attemptsLeft: 2, waitMs: 0 }, /对不上/, /还可以试2次/],
    [{ state: 'unclear' }, /看不清/, /不保存/],
    [{ state: 'challenge-spent' }, /重新来一次/, /不保存/],
  ] as [FaceAnswer, RegExp, RegExp][])('is asked for again with a new challenge: %j', async (answer, problem, note) => {
    const hall = await openAtPassword({ answers: [answer] });
    const first = await chooseFace(hall);
    await hall.touch({ type: 'still', jwe });
    const again = cameraOf(hall);
    expect(again.id).not.toBe(first.id);
    expect(again.envelope.nonce).toBe('face-nonce-2');
    expect(again.problem).toMatch(problem);
    expect(again.note).toMatch(note);
    await hall.touch({ type: 'still', jwe });
    expect(hall.shown().header.visitor).toBe('张**');
  });

  it('waits as the centre wants before the next try is looked at', async () => {
    const hall = await openAtPassword({ answers: [{ state: 'not-live', attemptsLeft: 2, waitMs: 5_000 }] });
    await chooseFace(hall);
    await hall.touch({ type: 'still', jwe });
    await hall.touch({ type: 'still', jwe });
    expect(cameraOf(hall).busy).toBe(true);
    expect(hall.asked).toHaveLength(1);
    await hall.elapse(5_000);
    expect(hall.asked).toHaveLength(2);
  });

  it.each([
    ['locked', { state: 'locked', until: null }, 'P11'],
    ['no tries left', { state: 'different', attemptsLeft: 0, waitMs: 0 }, 'P11'],
    ['unavailable', { state: 'unavailable' }, 'P12'],
    ['slowed', { state: 'slow-down', waitMs: 1_000 }, 'P02'],
  ] as [string, FaceAnswer, string][])(
    'that the centre does not take (%s) leads to the password',
    async (_, answer, code) => {
      const hall = await openAtPassword({ answers: [answer] });
      await chooseFace(hall);
      await hall.touch({ type: 'still', jwe });
      expect(troubleOf(hall)).toBe(code);
      expect(hall.shown().step.wayOn?.label).toBe('用密码登录');
      await hall.touch({ type: 'next' });
      expect(hall.shown().step.kind).toBe('password');
      await hall.touch({ type: 'password', jwe });
      expect(hall.shown().header.visitor).toBe('张**');
    },
  );

  it.each([
    ['camera-out', 'D15'],
    ['camera-busy', 'D16'],
    ['camera-denied', 'D17'],
  ] as const)('whose camera turns out to be out (%s) says so, and the password is left', async (reason, code) => {
    const hall = await openAtPassword();
    await chooseFace(hall);
    await hall.happen({ type: 'device', need: 'camera', reason });
    expect(troubleOf(hall)).toBe(code);
    await hall.touch({ type: 'next' });
    expect(hall.shown().step.kind).toBe('password');
    expect(actionsOf(hall)).toMatchObject([{ id: 'face', blocked: expect.any(String) }]);
  });

  it('keeps on being looked at when the camera goes after the pictures were taken', async () => {
    let answer: (answer: FaceAnswer) => void = () => undefined;
    const hall = await openAtPassword({
      effects: {
        proveFace: () =>
          new Promise((resolve) => {
            answer = (told) => resolve({ ok: true, answer: told });
          }),
      },
    });
    await chooseFace(hall);
    await hall.touch({ type: 'still', jwe });
    await hall.happen({ type: 'device', need: 'camera', reason: 'camera-out' });
    expect(cameraOf(hall).busy).toBe(true);
    answer({ state: 'right', login: holderLogin });
    await hall.elapse(0);
    expect(hall.shown().header.visitor).toBe('张**');
  });

  it('switches the camera off where nobody begins', async () => {
    const hall = await openAtPassword();
    expect((await chooseFace(hall)).endsAtMs).toBeDefined();
    await hall.elapse(cameraOnMs);
    expect(troubleOf(hall)).toBe('P13');
  });

  it('is given up for the password, and ends with the card', async () => {
    const hall = await openAtPassword();
    await chooseFace(hall);
    await hall.touch({ type: 'back' });
    expect(hall.shown().step.kind).toBe('password');
    await chooseFace(hall);
    await hall.happen({ type: 'card.taken' });
    expect(hall.shown().step.kind).toBe('attract');
  });

  it('takes pictures once, however often they are sent', async () => {
    const hall = await openAtPassword();
    await chooseFace(hall);
    await hall.touch({ type: 'still', jwe });
    await hall.touch({ type: 'still', jwe });
    expect(hall.asked).toHaveLength(1);
  });
});
