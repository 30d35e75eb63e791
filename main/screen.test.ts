import { expect, test } from 'vitest';
import type { ScreenAnswer, ScreenEvent, View } from '../state-machines/contract/screen.ts';
import { screenContract } from '../state-machines/contract/screen.ts';
import type { HallOptions } from '../state-machines/kiosk/played-hall.ts';
import { hallTimes, openHall } from '../state-machines/kiosk/played-hall.ts';
import { createLog } from './log.ts';
import { createScreen } from './screen.ts';

/** A screen before the real machines, as `kiosk.ts` wires it: it looks for news after every change. */
async function openScreen(options: HallOptions = {}) {
  const hall = await openHall(options);
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'debug' });
  const codes: string[] = [];
  const camera: string[] = [];
  const screen = createScreen({
    kiosk: hall.kiosk,
    project: hall.shown,
    pages: () => null,
    scanned(code) {
      codes.push(code);
      return code !== 'no such scanner';
    },
    cameraTold(state) {
      camera.push(state);
      return state !== 'none';
    },
    log,
  });
  const undo = hall.kiosk.system.inspect({ next: () => queueMicrotask(screen.refresh) });
  const views: View[] = [];
  screen.subscribe((view) => views.push(view));
  let messages = 0;
  return {
    hall,
    screen,
    views,
    lines,
    /** Codes handed to the scanner that types. */
    codes,
    /** What the camera was told of. */
    camera,
    close: () => undo.unsubscribe(),
    last(): View {
      const view = views.at(-1);
      if (view === undefined) throw new Error('nothing was shown');
      return view;
    },
    /** Sends an event for a step, the one on the screen unless told. */
    send(event: ScreenEvent, step: string = views.at(-1)?.step.id ?? ''): ScreenAnswer {
      messages += 1;
      return screen.handle({ contract: screenContract, id: `message-${messages}`, step, event });
    },
  };
}

test('tells whoever starts listening the current view at once, and stops at the undo', async () => {
  const { screen, send, views } = await openScreen();
  const heard: View[] = [];
  const undo = screen.subscribe((view) => heard.push(view));
  expect(heard).toEqual([views[0]]);
  undo();
  send({ type: 'start' });
  expect(heard).toHaveLength(1);
  expect(views.length).toBeGreaterThan(1);
});

test('shows what an event led to by the time it answers', async () => {
  const { send, last } = await openScreen();
  expect(send({ type: 'start' })).toEqual({ ok: true });
  expect(last().step.kind).toBe('home');
});

test('numbers its views without a gap, and tells none twice', async () => {
  const { send, views, hall } = await openScreen();
  send({ type: 'start' });
  send({ type: 'choose', choice: 'complaint' });
  send({ type: 'next' });
  await hall.elapse(hallTimes.idleMs);
  await hall.happen({ type: 'line', state: 'offline' });
  expect(views.map(({ seq }) => seq)).toEqual(views.map((_view, index) => index + 1));
  for (const [index, view] of views.entries()) {
    const { seq: _seq, ...shown } = view;
    const { seq: _before, ...former } = views[index - 1] ?? { seq: 0 };
    expect(shown).not.toEqual(former);
  }
});

test('refuses an answer to a screen that has gone', async () => {
  const { send, last } = await openScreen();
  send({ type: 'start' });
  const home = last().step.id;
  send({ type: 'choose', choice: 'complaint' });
  expect(send({ type: 'choose', choice: 'group:print' }, home)).toEqual({ ok: false, reason: 'stale' });
  expect(last().step.kind).toBe('facts');
});

test('counts a double tap once', async () => {
  const { send, last } = await openScreen();
  send({ type: 'start' });
  const { id } = last().step;
  expect(send({ type: 'choose', choice: 'complaint' }, id)).toEqual({ ok: true });
  expect(send({ type: 'choose', choice: 'complaint' }, id)).toEqual({ ok: false, reason: 'stale' });
});

test('refuses what the screen that stands there does not take', async () => {
  const { send, last } = await openScreen();
  send({ type: 'start' });
  const { id } = last().step;
  expect(send({ type: 'print' })).toEqual({ ok: false, reason: 'not-now' });
  expect(send({ type: 'choose', choice: 'no-such-item' })).toEqual({ ok: false, reason: 'not-now' });
  expect(last().step.id).toBe(id);
});

test.each<[string, ScreenEvent]>([
  ['a touch', { type: 'touch' }],
  ['a call for help', { type: 'help' }],
  ['another language', { type: 'appearance', language: 'en' }],
  ['a screen that broke', { type: 'broken', name: 'TypeError', at: 'renderer/steps/form.tsx:12' }],
])('takes %s whichever screen it was meant for', async (_what, event) => {
  const { send } = await openScreen();
  send({ type: 'start' });
  expect(send(event, 'v0.0.long-gone')).toEqual({ ok: true });
});

test('keeps the step while only the header changes', async () => {
  const { send, last, views, hall } = await openScreen();
  send({ type: 'start' });
  const { step } = last();
  const before = views.length;
  await hall.happen({ type: 'device', need: 'code-scanner', reason: 'scanner-out' });
  expect(views).toHaveLength(before);
  send({ type: 'help' });
  expect(last()).toMatchObject({ seq: before + 1, step, header: { helpCalled: true } });
  expect(send({ type: 'choose', choice: 'complaint' }, step.id)).toEqual({ ok: true });
});

test('sees what nobody told it of before it judges a message', async () => {
  // A screen that had not been refreshed took a touch for one that had gone by then.
  const { hall, screen, last, close, send } = await openScreen();
  send({ type: 'start' });
  const { id } = last().step;
  close();
  await hall.happen({ type: 'card.inserted' });
  expect(screen.handle({ contract: screenContract, id: 'late-one', step: id, event: { type: 'end' } })).toEqual({
    ok: false,
    reason: 'stale',
  });
  expect(last().step.kind).toBe('password');
});

test('logs which screen stands there and why, and a screen that broke, with nothing of the visitor', async () => {
  const { send, hall, lines } = await openScreen({
    effects: { query: async () => ({ ok: false, reason: 'centre-unreachable' }) },
  });
  await hall.begin('contribution-record');
  send({ type: 'broken', name: 'TypeError', at: 'renderer/steps/read.tsx:3' });
  const written = lines.join('');
  expect(written).toContain('"step":"trouble","code":"N01"');
  expect(written).toContain('"event":"screen.broken"');
  expect(written).not.toContain('张');
});

// A keyboard somebody plugged in was as good as a scanner.
test('hands a code that was typed by a scanner to the scanner’s device, whichever screen stands there, and to nobody else', async () => {
  const { send, codes, last } = await openScreen();
  expect(send({ type: 'code', text: '651089204417735021', by: 'wedge' }, 'v0.0.long-gone')).toEqual({ ok: true });
  expect(codes).toEqual(['651089204417735021']);
  expect(last().step.kind).toBe('attract');
  expect(send({ type: 'code', text: 'no such scanner', by: 'wedge' })).toEqual({ ok: false, reason: 'not-now' });
});

test('hands what the screen says of its camera to that device, whichever screen stands there, and takes it for nobody’s touch', async () => {
  const { send, camera, last } = await openScreen();
  expect(send({ type: 'camera', state: 'available' }, 'v0.0.long-gone')).toEqual({ ok: true });
  expect(send({ type: 'camera', state: 'none' })).toEqual({ ok: false, reason: 'not-now' });
  expect(camera).toEqual(['available', 'none']);
  expect(last().step.kind).toBe('attract');
});
