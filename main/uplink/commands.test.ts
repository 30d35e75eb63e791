import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Command, CommandClaims } from '../../state-machines/contract/central/commands.ts';
import type { PublicKey } from '../../state-machines/contract/central/envelope.ts';
import {
  type CarriedOut,
  type CarryOutCommand,
  type CommandKeeper,
  carryOutWithinMs,
  createCommands,
} from './commands.ts';
import { ManualClock } from './test/manual-clock.ts';

const nowMs = Date.UTC(2026, 10, 24, 9, 0, 0);
const idOf = (number: number): string => `019ab000-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** A disk of one setting: what a kiosk that dies finds again. `isFull` refuses writes. */
class Disk {
  text: string | null = null;
  isFull = false;
  readSetting() {
    return { ok: true as const, value: this.text === null ? null : (JSON.parse(this.text) as unknown) };
  }
  writeSetting(_name: string, value: unknown) {
    if (this.isFull) return { ok: false as const, reason: 'disk-full' as const, detail: '' };
    this.text = JSON.stringify(value);
    return { ok: true as const };
  }
}

let disk: Disk;
let clock: ManualClock;
let done: Command['kind'][];
let root: PublicKey;
let sign: (change?: Partial<CommandClaims>, typ?: string) => Promise<string>;
let forge: typeof sign;

beforeEach(async () => {
  disk = new Disk();
  clock = new ManualClock();
  done = [];
  const signer = async (): Promise<[PublicKey, typeof sign]> => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const { x = '', y = '' } = await exportJWK(pair.publicKey);
    const key: PublicKey = { kty: 'EC', crv: 'P-256', x, y, kid: 'root' };
    return [
      key,
      async (change = {}, typ = 'command+jws') => {
        const number = change.number ?? 1;
        const claims: CommandClaims = {
          jti: idOf(number),
          kiosk: 'kiosk-01',
          epoch: 1,
          number,
          givenAt: nowMs - 1_000,
          expiresAt: nowMs + 60_000,
          command: { kind: 'refresh' },
          ...change,
        };
        return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
          .setProtectedHeader({ alg: 'ES256', kid: 'root', typ })
          .sign(pair.privateKey);
      },
    ];
  };
  [root, sign] = await signer();
  [, forge] = await signer();
});

/** A kiosk on this disk. */
function start(carryOut?: CarryOutCommand): CommandKeeper {
  return createCommands({
    store: disk,
    root: () => root,
    self: () => ({ kiosk: 'kiosk-01', epoch: 1 }),
    centreNowMs: () => nowMs,
    clock,
    carryOut:
      carryOut ??
      (async ({ kind }) => {
        done.push(kind);
        return { outcome: 'done', detail: '' };
      }),
  });
}

describe('a command', () => {
  test('is carried out once, though every heartbeat brings it, and after a restart too', async () => {
    const signed = await sign();
    const kiosk = start();
    await Promise.all([kiosk.take([signed]), kiosk.take([signed, signed])]);
    await start().take([signed]);
    expect(done).toEqual(['refresh']);
    expect(start().reports()).toEqual([{ id: idOf(1), outcome: 'done', detail: '', at: nowMs }]);
  });

  test('is reported until the centre has heard it', async () => {
    const kiosk = start();
    await kiosk.take([await sign()]);
    kiosk.told(kiosk.reports());
    expect(kiosk.reports()).toEqual([]);
    expect(start().reports()).toEqual([]);
  });

  test('comes in the order it was given, whatever the order it came in', async () => {
    const later = await sign({ number: 2, command: { kind: 'restart' } });
    await start().take([later, await sign()]);
    expect(done).toEqual(['refresh', 'restart']);
  });

  test('that nobody at the centre signed, or that is something else they signed, is not looked at', async () => {
    const kiosk = start();
    await kiosk.take([await forge(), await sign({}, 'catalogue+jws'), 'x.y.z', '']);
    expect([done, kiosk.reports()]).toEqual([[], []]);
  });

  test.each([
    ['of another epoch', { epoch: 2 }, 'refused'],
    ['whose time is over', { expiresAt: nowMs }, 'expired'],
  ])('%s is reported and not carried out', async (_what, change, outcome) => {
    const kiosk = start();
    await kiosk.take([await sign(change)]);
    expect(done).toEqual([]);
    expect(kiosk.reports()).toMatchObject([{ outcome }]);
  });

  // A newer centre's commands were taken for malformed: nobody at the centre ever learned why nothing came of them.
  test('of a kind this kiosk does not know is reported, and the next one is carried out', async () => {
    const kiosk = start();
    const unheardOf = { kind: 'polish-screen', with: 'cloth' } as unknown as Command;
    await kiosk.take([await sign({ command: unheardOf }), await sign({ number: 2 })]);
    expect(done).toEqual(['refresh']);
    expect(kiosk.reports()).toMatchObject([
      { id: idOf(1), outcome: 'refused', detail: 'not known here: polish-screen' },
      { id: idOf(2), outcome: 'done' },
    ]);
  });

  // A centre that was restored from its backup counted from one again: nothing was done, and nobody was told.
  test('whose number is not above the last one is reported and not carried out', async () => {
    const kiosk = start();
    await kiosk.take([await sign({ number: 7 })]);
    kiosk.told(kiosk.reports());
    const late = await sign({ number: 3 });
    await Promise.all([kiosk.take([late]), kiosk.take([late])]);
    expect(done).toEqual(['refresh']);
    expect(kiosk.reports()).toMatchObject([{ id: idOf(3), outcome: 'refused' }]);
    await kiosk.take([await sign({ number: 8 })]);
    expect(done).toEqual(['refresh', 'refresh']);
  });

  test('for another kiosk says nothing here, and its number does not silence this one', async () => {
    const kiosk = start();
    await kiosk.take([await sign({ kiosk: 'kiosk-02', number: 1_000 })]);
    expect([done, kiosk.reports()]).toEqual([[], []]);
    await kiosk.take([await sign()]);
    expect(done).toEqual(['refresh']);
  });

  test('during which the kiosk dies is reported as failed, and not done again', async () => {
    const signed = await sign();
    const dying = start(() => new Promise<CarriedOut>(() => {}));
    void dying.take([signed]);
    while (disk.text === null) await new Promise((resolve) => setImmediate(resolve));
    const again = start();
    await again.take([signed]);
    expect(done).toEqual([]);
    expect(again.reports()).toMatchObject([{ id: idOf(1), outcome: 'failed' }]);
  });

  test('to restart is done by having ended', async () => {
    const signed = await sign({ command: { kind: 'restart' } });
    void start(() => new Promise<CarriedOut>(() => {})).take([signed]);
    while (disk.text === null) await new Promise((resolve) => setImmediate(resolve));
    expect(start().reports()).toMatchObject([{ id: idOf(1), outcome: 'done' }]);
  });

  test('is not begun where that cannot be written down; later it is', async () => {
    const signed = await sign();
    disk.isFull = true;
    const kiosk = start();
    await kiosk.take([signed]);
    expect(done).toEqual([]);
    disk.isFull = false;
    await kiosk.take([signed]);
    expect(done).toEqual(['refresh']);
  });

  test('that is not done in its time is told to end, and reported as failed', async () => {
    const told = Promise.withResolvers<void>();
    const kiosk = start((_command, _id, signal) => {
      signal.addEventListener('abort', () => told.resolve());
      return new Promise(() => {});
    });
    const taken = kiosk.take([await sign({ command: { kind: 'restart' } })]);
    await clock.waitOf(carryOutWithinMs);
    clock.advance(carryOutWithinMs - 1);
    expect(kiosk.reports()).toEqual([]);
    clock.advance(1);
    await Promise.all([told.promise, taken]);
    expect(kiosk.reports()).toMatchObject([{ outcome: 'failed', detail: 'not done in time' }]);
  });

  test('leaves no wait behind when it is done', async () => {
    await start().take([await sign()]);
    expect([done, clock.pending()]).toEqual([['refresh'], []]);
  });

  test('that fails by a fault of ours is reported as failed, and the next one is carried out', async () => {
    const kiosk = start(async ({ kind }) => {
      if (kind === 'refresh') throw new TypeError('a bug');
      done.push(kind);
      return { outcome: 'done', detail: '' };
    });
    await kiosk.take([await sign(), await sign({ number: 2, command: { kind: 'restart' } })]);
    expect(done).toEqual(['restart']);
    expect(kiosk.reports()).toMatchObject([{ outcome: 'failed', detail: 'TypeError' }, { outcome: 'done' }]);
  });
});
