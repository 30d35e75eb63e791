/**
 * The behaviour every host proves, whatever wire it uses: one screen, one kiosk, nothing lost and nothing twice.
 *
 * A test file of the host calls {@link proveHost} with a rig: the real host on its real wire and, at the other end, what a
 * renderer would hold. The kiosk behind it is {@link ScriptedKiosk}; the rig reaches it by {@link KioskRemote}, since with
 * Electron it lives in another process.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PaperPages, ScreenAnswer, View } from '../../state-machines/contract/screen.ts';
import { type KioskRemote, messageOn, viewNumber } from './scripted-kiosk.ts';

/** The screen's end of the wire. `send` and `paper` take anything, as a hostile page would. */
export interface ScreenEnd {
  listen(onView: (view: View) => void, onLost: () => void): () => void;
  send(message: unknown): Promise<ScreenAnswer>;
  paper(resource: unknown): Promise<PaperPages>;
}

/** One host with a kiosk behind it. `connect` makes a screen, as loading the page does. */
export type HostRig = {
  kiosk: KioskRemote;
  connect(): Promise<ScreenEnd>;
  /** Ends the host, as the kiosk does when it ends. */
  closeHost(): Promise<void>;
  dispose(): Promise<void>;
};

/** What a broken or hostile page may send instead of a message. All of it can be cloned and written as JSON. */
const hostileMessages: unknown[] = [
  null,
  '',
  'x'.repeat(100_000),
  0,
  [],
  {},
  [[[[[[]]]]]],
  { ...messageOn(1, 'hostile-contract'), contract: 2 },
  { ...messageOn(1, 'hostile-extra'), extra: true },
  { ...messageOn(1, 'short') },
  { ...messageOn(1, 'x'.repeat(65)) },
  { ...messageOn(1, 'hostile-step'), step: '' },
  { ...messageOn(1, 'hostile-step-2'), step: { toString: 'step-1' } },
  { ...messageOn(1, 'hostile-event'), event: { type: 'reboot' } },
  { ...messageOn(1, 'hostile-event-2'), event: { type: ['next'] } },
  { ...messageOn(1, 'hostile-copies'), event: { type: 'copies', value: 1e9 } },
  { ...messageOn(1, 'hostile-password'), event: { type: 'password', jwe: '123456' } },
  { ...messageOn(1, 'hostile-strokes'), event: { type: 'sign', strokes: [] } },
  JSON.parse('{"__proto__":{"contract":1},"id":"hostile-proto","step":"step-1","event":{"type":"next"}}'),
  JSON.parse('{"contract":1,"id":"hostile-proto-2","step":"step-1","event":{"type":"next","__proto__":{"a":1}}}'),
];

/** Declares the tests. `makeRig` is called before each of them and shows view 1. */
export function proveHost(
  name: string,
  makeRig: () => Promise<HostRig>,
  { patienceMs = 5_000 }: { patienceMs?: number } = {},
): void {
  describe(name, { timeout: patienceMs * 4 }, () => {
    let rig: HostRig;

    beforeEach(async () => {
      rig = await makeRig();
    });

    afterEach(async () => {
      await rig.dispose();
    });

    /** A screen that keeps what it is shown. */
    async function connectScreen(): Promise<ScreenEnd & { seqs: number[]; views: View[]; lost: number; undo(): void }> {
      const end = await rig.connect();
      const screen = { ...end, seqs: [] as number[], views: [] as View[], lost: 0, undo: () => {} };
      screen.undo = end.listen(
        (view) => {
          screen.views.push(view);
          screen.seqs.push(view.seq);
        },
        () => {
          screen.lost += 1;
        },
      );
      await until(() => expect(screen.seqs).not.toEqual([]));
      return screen;
    }

    const until = (claim: () => void | Promise<void>): Promise<void> =>
      vi.waitFor(claim, { timeout: patienceMs, interval: 5 });

    it('gives the current view at once, to the letter', async () => {
      const screen = await connectScreen();

      expect(screen.views).toEqual([viewNumber(1)]);
    });

    it('gives every further view, in order', async () => {
      const screen = await connectScreen();

      for (let seq = 2; seq <= 50; seq += 1) await rig.kiosk.show(viewNumber(seq));

      await until(() => expect(screen.seqs).toEqual(Array.from({ length: 50 }, (_, index) => index + 1)));
    });

    it('gives nothing after the undo, and lets go of the kiosk', async () => {
      const screen = await connectScreen();

      screen.undo();
      await until(async () => expect(await rig.kiosk.listeners()).toBe(0));
      await rig.kiosk.show(viewNumber(2));

      expect(screen.seqs).toEqual([1]);
    });

    it('answers a message with what the kiosk says of it', async () => {
      const screen = await connectScreen();

      expect(await screen.send(messageOn(1, 'message-1'))).toEqual({ ok: true });
      expect(await screen.send(messageOn(7, 'message-2'))).toEqual({ ok: false, reason: 'stale' });
      expect(await screen.send(messageOn(1, 'message-3', { type: 'print' }))).toEqual({ ok: false, reason: 'not-now' });
      expect(await rig.kiosk.handled()).toEqual(['message-1', 'message-2', 'message-3']);
    });

    it('gives the kiosk a message once, however often it is sent', async () => {
      const screen = await connectScreen();

      const first = await screen.send(messageOn(1, 'message-1'));
      await rig.kiosk.show(viewNumber(2));
      const again = await Promise.all([1, 2, 3].map(() => screen.send(messageOn(1, 'message-1'))));

      expect([first, ...again]).toEqual(Array.from({ length: 4 }, () => ({ ok: true })));
      expect(await rig.kiosk.handled()).toEqual(['message-1']);
    });

    it('knows a message again that a screen before a reload had sent', async () => {
      const before = await connectScreen();
      await before.send(messageOn(1, 'message-1'));

      const after = await connectScreen();

      expect(await after.send(messageOn(1, 'message-1'))).toEqual({ ok: true });
      expect(await rig.kiosk.handled()).toEqual(['message-1']);
    });

    it('answers many messages under way at once, each with its own answer', async () => {
      const screen = await connectScreen();
      const numbers = Array.from({ length: 40 }, (_, index) => index);

      const answers = await Promise.all(numbers.map((n) => screen.send(messageOn(n % 2, `message-${n}`))));

      expect(answers).toEqual(numbers.map((n) => (n % 2 === 1 ? { ok: true } : { ok: false, reason: 'stale' })));
    });

    it('refuses what is not a message, and goes on', async () => {
      const screen = await connectScreen();

      for (const message of hostileMessages) {
        expect(await screen.send(message)).toEqual({ ok: false, reason: 'malformed' });
      }

      expect(await rig.kiosk.handled()).toEqual([]);
      expect(await screen.send(messageOn(1, 'message-1'))).toEqual({ ok: true });
      expect(Object.hasOwn(Object.prototype, 'contract')).toBe(false);
    });

    it('survives a bug behind it: the message is not taken, the screen goes on', async () => {
      const screen = await connectScreen();

      expect(await screen.send({ ...messageOn(1, 'message-1'), step: 'breaks' })).toEqual({
        ok: false,
        reason: 'not-now',
      });
      expect(await screen.paper('breaks')).toBeNull();

      expect(await screen.send(messageOn(1, 'message-2'))).toEqual({ ok: true });
    });

    it('fetches the pages of a paper, and nothing for what is no paper', async () => {
      const screen = await connectScreen();

      expect(await screen.paper('proof')).toEqual({ mime: 'image/svg+xml', pages: ['<svg>一</svg>', '<svg>二</svg>'] });
      for (const resource of ['gone', '', '../../etc/passwd', 'x'.repeat(10_000), 7, null, { a: 1 }]) {
        expect(await screen.paper(resource)).toBeNull();
      }
    });

    it('serves the newest screen only', async () => {
      const former = await connectScreen();

      const newest = await connectScreen();
      await until(() => expect(former.lost).toBe(1));
      await rig.kiosk.show(viewNumber(2));

      await until(() => expect(newest.seqs).toEqual([1, 2]));
      expect(former.seqs).toEqual([1]);
      expect(await rig.kiosk.listeners()).toBe(1);
    });

    it('tells the screen when it ends, and lets go of the kiosk', async () => {
      const screen = await connectScreen();

      await rig.closeHost();

      await until(() => expect(screen.lost).toBe(1));
      expect(await rig.kiosk.listeners()).toBe(0);
    });
  });
}
