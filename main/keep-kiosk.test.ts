import { expect, test } from 'vitest';
import type { View } from '../state-machines/contract/screen.ts';
import { defaultAppearance } from '../state-machines/kiosk/context.ts';
import type { StartAttempt } from './keep-kiosk.ts';
import { keepKiosk, retryMs } from './keep-kiosk.ts';
import type { Kiosk } from './kiosk.ts';
import { silentLog } from './log.ts';

const first: View = {
  contract: 1,
  seq: 1,
  header: {
    hall: '云川市社会保险服务大厅',
    terminal: '3号自助机',
    hotline: '12333',
    nowMs: 0,
    line: { state: 'online', text: '联网正常' },
    visitor: null,
    appearance: defaultAppearance,
    helpCalled: false,
  },
  step: { kind: 'attract', id: 'k0.attract', title: '您好', scenes: [], start: '点这里开始' },
};

/** A kiosk whose start answers as told, one attempt after the other. */
async function keep(attempts: (StartAttempt | 'starts' | Error)[]) {
  const waits: { run: () => void; ms: number }[] = [];
  const failed: string[] = [];
  let stopped = 0;
  const kiosk: Kiosk = {
    screen: {
      subscribe: (listener) => {
        listener(first);
        return () => {};
      },
      handle: () => ({ ok: true }),
      paper: () => null,
    },
    log: silentLog,
    stop: async () => {
      stopped += 1;
    },
  };
  const kept = await keepKiosk({
    start: async () => {
      const attempt = attempts.shift() ?? 'starts';
      if (attempt instanceof Error) throw attempt;
      return attempt === 'starts' ? { ok: true, kiosk } : attempt;
    },
    hall: '社会保险自助服务',
    onFailed: (reason, detail) => failed.push(`${reason} ${detail}`),
    nowMs: () => 0,
    later: (run, ms) => {
      waits.push({ run, ms });
      return () => waits.splice(0);
    },
  });
  const views: View[] = [];
  const undo = kept.screen.subscribe((view) => views.push(view));
  return { kept, views, failed, waits, undo, stopped: () => stopped };
}

const broken: StartAttempt = { ok: false, reason: 'store-unusable', detail: 'kiosk.db: corrupt' };

test('shows the kiosk at once where it starts', async () => {
  const { views, failed } = await keep(['starts']);
  expect(views.map(({ step }) => step.kind)).toEqual(['attract']);
  expect(failed).toEqual([]);
});

test('says that it is out of service, with its code, where the store does not open, and refuses touches', async () => {
  const { kept, views, failed } = await keep([broken]);
  expect(views.map(({ step }) => step)).toMatchObject([{ kind: 'out-of-service', code: 'K02' }]);
  expect(failed).toEqual(['store-unusable kiosk.db: corrupt']);
  expect(kept.screen.handle({ contract: 1, id: '12345678', step: 'k0.attract', event: { type: 'start' } })).toEqual({
    ok: false,
    reason: 'not-now',
  });
});

test('tries again by itself, and the screen that waited shows the kiosk, counted on', async () => {
  const { views, waits } = await keep([broken, broken, 'starts']);
  expect(waits.map(({ ms }) => ms)).toEqual([retryMs]);
  waits.shift()?.run();
  await expect.poll(() => waits.length).toBe(1);
  waits.shift()?.run();
  await expect.poll(() => views.at(-1)?.step.kind).toBe('attract');
  expect(views.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('a start that throws is a notice too, tells its kind and place without its words, and is tried again', async () => {
  const { views, failed, waits } = await keep([new SyntaxError('Unexpected token in 110101199003070016'), 'starts']);
  expect(views.map(({ step }) => step)).toMatchObject([{ kind: 'out-of-service', code: 'K02' }]);
  expect(failed).toEqual([expect.stringMatching(/^store-unusable a fault: SyntaxError at .*keep-kiosk\.test\.ts/)]);
  expect(failed.join()).not.toContain('110101');
  waits.shift()?.run();
  await expect.poll(() => views.at(-1)?.step.kind).toBe('attract');
});

test('tries no more once it was stopped, and stops a kiosk that came up meanwhile', async () => {
  const { kept, waits, stopped } = await keep([broken, 'starts']);
  const [wait] = waits;
  await kept.stop();
  wait?.run();
  await expect.poll(stopped).toBe(1);
});
