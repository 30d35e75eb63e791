import { afterEach, beforeEach, expect, test } from 'vitest';
import { facePrompts } from '../../state-machines/contract/words/face.ts';
import type { CardRead } from '../../state-machines/effects.ts';
import { createFaceEffects } from './faces.ts';
import type { CalledCentre } from './test/called-centre.ts';
import { holder, login, openCentre, patient, visit } from './test/called-centre.ts';

const jwe = `header..iv.${'sealed-pictures-'.repeat(2_000)}.tag`;
const claim = {
  kind: 'social-security-card',
  cardNumber: 'Y00890001',
  identificationCode: '',
  regionCode: '890100',
  idNumber: holder.idNumber,
} as const;
const card: CardRead = { ...claim, maskedName: '张**', maskedNumber: '890***' };
const prompts = ['straight', 'left', 'near'] as const;

let called: CalledCentre;
let effects: ReturnType<typeof createFaceEffects>;
beforeEach(async () => {
  called = await openCentre();
  effects = createFaceEffects(called);
});
afterEach(() => called.close());

test('asks for three poses, the first straight ahead and the others drawn anew each time', () => {
  const drawn = new Set<string>();
  for (let times = 0; times < 200; times += 1) {
    const poses = effects.facePrompts();
    expect(poses).toHaveLength(3);
    expect(new Set(poses).size).toBe(3);
    expect(poses[0]).toBe('straight');
    drawn.add(poses.join());
  }
  // Two of four, in either order.
  expect(drawn.size).toBe((facePrompts.length - 1) * (facePrompts.length - 2));
});

test.each([
  { state: 'right', login },
  { state: 'not-live', attemptsLeft: 4, waitMs: 0 },
  { state: 'different', attemptsLeft: 3, waitMs: 2_000 },
  { state: 'unclear' },
  { state: 'unavailable' },
  { state: 'challenge-spent' },
] as const)(
  'passes on what the centre says of a face, and writes the pictures down nowhere: $state',
  async (answer) => {
    called.centre.replies('/v2/identity/faces', { json: answer });
    expect(await effects.proveFace(visit, card, prompts, jwe, patient)).toEqual({ ok: true, answer });
    expect(called.centre.calls('/v2/identity/faces').map(({ body }) => body)).toEqual([
      { visit: visit.id, card: claim, prompts, jwe },
    ]);
    expect(called.lines.join()).toContain('"way":"face"');
    expect(called.lines.join()).not.toContain('sealed-pictures');
  },
);

test('ends the visit at the centre whose login is granted after the visitor has gone', async () => {
  const visitor = new AbortController();
  called.centre.on('/v2/identity/faces', () => {
    visitor.abort();
    return { json: { state: 'right', login } };
  });
  called.centre.replies('/v2/identity/ends', { json: { ended: true } });
  expect(await effects.proveFace(visit, card, prompts, jwe, visitor.signal)).toMatchObject({ ok: false });
  await expect.poll(() => called.centre.calls('/v2/identity/ends')).toHaveLength(1);
});
