import { describe, expect, test } from 'vitest';
import type { PinProof } from '../contract/central/identity.ts';
import type { Effects } from '../effects.ts';
import { type HallOptions, hallTimes, holderLogin, jwe, openHall } from '../kiosk/played-hall.ts';

const devices = {
  'card-reader': null,
  'id-reader': null,
  'code-scanner': null,
  'document-printer': null,
  'receipt-printer': 'not-fitted',
  'pin-pad': null,
  camera: 'not-fitted',
} as const;
const pin: PinProof = {
  nonce: 'nonce-1-sixteen',
  serialNumber: 'PAD-1',
  slot: 1,
  suite: 'sm4-iso-4',
  block: 'A5'.repeat(16),
};

/** A terminal with a pad, a card in the slot, and the pad open for the password. */
async function openPad(effects: HallOptions['effects'] = {}) {
  const hall = await openHall({ found: { devices }, effects });
  await hall.happen({ type: 'card.inserted' });
  const entry = () => {
    const last = hall.padEntries.at(-1);
    if (last === undefined) throw new Error('the pad was never opened');
    return last;
  };
  return { ...hall, entry };
}

describe('a password typed on the PIN pad', () => {
  test('is asked for there: the screen shows how many digits are entered, and has no keys', async () => {
    const hall = await openPad();
    expect(hall.shows('password')).toMatchObject({
      hint: '请在密码键盘上按6位密码，用手挡一挡',
      pad: { digits: 0, title: '请看下方的密码键盘' },
    });
    expect(hall.shows('password').wayOn).toBeUndefined();
    hall.entry().press(3);
    await hall.settle();
    expect(hall.shows('password').pad?.digits).toBe(3);
    expect(await hall.touch({ type: 'password', jwe })).toBe(false);
  });

  test('logs in by the block the pad made, and nothing else', async () => {
    const proved: PinProof[] = [];
    const hall = await openPad({
      provePin: async (_visit, _card, sent) => {
        proved.push(sent);
        return { ok: true, answer: { state: 'right', login: holderLogin } };
      },
    });
    hall.entry().end({ ok: true, pin });
    await hall.settle();
    expect(proved).toEqual([pin]);
    expect(hall.shown().step.kind).toBe('home');
    expect(hall.entry().abandoned).toBe(0);
    expect(JSON.stringify(hall.kiosk.getPersistedSnapshot())).not.toContain(pin.block);
  });

  test('that is wrong is asked for again on the pad, with a challenge of its own', async () => {
    const answers: Awaited<ReturnType<Effects['provePin']>>[] = [
      { ok: true, answer: { state: 'wrong', attemptsLeft: 4, waitMs: 0 } },
    ];
    const hall = await openPad({
      provePin: async () => answers.shift() ?? { ok: true, answer: { state: 'right', login: holderLogin } },
    });
    hall.entry().press(6);
    hall.entry().end({ ok: true, pin });
    await hall.settle();
    expect(hall.shows('password')).toMatchObject({ problem: '密码不对，还可以试4次', pad: { digits: 0 } });
    expect(hall.padEntries.map(({ entry }) => entry.nonce)).toEqual(['nonce-1-sixteen', 'nonce-2-sixteen']);
    hall.entry().end({ ok: true, pin });
    await hall.settle();
    expect(hall.shown().step.kind).toBe('home');
  });

  test('is given up by the cancel key as by “back”', async () => {
    const hall = await openPad();
    hall.entry().end({ ok: false, because: 'cancelled' });
    await hall.settle();
    expect(hall.shown().step.kind).toBe('home');
  });

  test.each(['back', 'end'] as const)('is taken back from the pad when the visitor touches “%s”', async (type) => {
    const hall = await openPad();
    await hall.act({ type });
    expect(hall.entry().abandoned).toBe(1);
  });

  test('is taken back from the pad when the card is pulled', async () => {
    const hall = await openPad();
    await hall.happen({ type: 'card.taken' });
    expect(hall.entry().abandoned).toBe(1);
    expect(hall.shown().step.kind).toBe('attract');
  });

  test('that was not finished in time is asked for once more', async () => {
    const hall = await openPad();
    const before = hall.shown().step.id;
    hall.entry().end({ ok: false, because: 'timed-out' });
    await hall.settle();
    expect(hall.shows('password')).toMatchObject({ problem: '没有等到您按完，请再按一次', pad: { digits: 0 } });
    expect(hall.shown().step.id).not.toBe(before);
    expect(hall.padEntries).toHaveLength(2);
  });

  test('shows that somebody is there: nobody is asked while they type', async () => {
    const hall = await openPad();
    for (let digits = 1; digits <= 3; digits += 1) {
      await hall.elapse(hallTimes.idleMs - 1_000);
      hall.entry().press(digits);
      await hall.settle();
    }
    expect(hall.shown().step.kind).toBe('password');
  });
});

describe('a PIN pad that is out', () => {
  test('in the middle of an entry leaves the password to the screen, which says so, and the same challenge serves', async () => {
    const hall = await openPad();
    hall.entry().press(2);
    await hall.happen({ type: 'device', need: 'pin-pad', reason: 'pin-pad-out' });
    hall.entry().end({ ok: false, because: 'out' });
    await hall.settle();
    const shown = hall.shows('password');
    expect(shown.hint).toBe('密码键盘暂时不能用，请在屏幕上按6位密码');
    expect(shown.pad).toBeUndefined();
    expect(shown.envelope.nonce).toBe('nonce-1');
    await hall.act({ type: 'password', jwe });
    expect(hall.shown().step.kind).toBe('home');
  });

  test('before the login is said beside the keys on the screen', async () => {
    const hall = await openPad();
    await hall.act({ type: 'back' });
    await hall.happen({ type: 'device', need: 'pin-pad', reason: 'pin-pad-out' });
    await hall.act({ type: 'choose', choice: 'proof-of-insurance' }, { type: 'next' });
    expect(hall.shows('password').hint).toBe('密码键盘暂时不能用，请在屏幕上按6位密码');
  });

  test('that this terminal never had is not spoken of', async () => {
    const hall = await openHall();
    await hall.happen({ type: 'card.inserted' });
    expect(hall.shows('password').hint).toBe('6位数字。请用手挡一挡，别让旁人看见');
  });
});
