import { afterEach, expect, test } from 'vitest';
import { packagedFonts } from './fonts.ts';
import type { Paper } from './paper.ts';
import { createPaperRenderer, type PaperRenderer, type RenderChildPort, type RendererEvent } from './paper-renderer.ts';
import type { RenderAnswer, RenderRequest } from './render-messages.ts';
import { sampleProof, sampleTicket } from './sample-records.ts';

const certificate: Paper = { kind: 'certificate', record: sampleProof, qr: 'SIK1:TEST' };

/** A child on the lowest wire: messages. `behave` is what it does when asked for a paper. */
function createChildren(behave: (child: number, answer: () => void, die: () => void) => void) {
  const started: { killed: boolean }[] = [];
  const startChild = (): RenderChildPort => {
    const number = started.length + 1;
    const state = { killed: false };
    started.push(state);
    let onAnswer: (answer: RenderAnswer) => void = () => {};
    const onExits: (() => void)[] = [];
    const die = () => {
      state.killed = true;
      for (const onExit of onExits) onExit();
    };
    return {
      pid: number,
      post(request: RenderRequest) {
        if (request.kind === 'start') queueMicrotask(() => onAnswer({ kind: 'ready', rssMb: 100, warmUpMs: 1 }));
        else {
          const result = { ok: true as const, pdf: Uint8Array.of(number), pages: 1 };
          behave(number, () => onAnswer({ kind: 'rendered', id: request.id, rssMb: 100, result }), die);
        }
      },
      onAnswer: (listener) => {
        onAnswer = listener;
      },
      onExit: (listener) => void onExits.push(listener),
      kill: die,
    };
  };
  return { started, startChild };
}

let renderer: PaperRenderer | null = null;
afterEach(async () => {
  await renderer?.close();
  renderer = null;
});

const fonts = packagedFonts();

test('lays a paper out in a fresh child when the first one dies over it', async () => {
  const events: RendererEvent[] = [];
  const { startChild } = createChildren((child, answer, die) => (child === 1 ? die() : answer()));
  renderer = createPaperRenderer({ fonts, startChild, onEvent: (event) => events.push(event) });
  expect(await renderer.render(certificate)).toEqual({ ok: true, pdf: Uint8Array.of(2), pages: 1 });
  expect(events).toContainEqual({ kind: 'child-failed', reason: 'crashed' });
});

test('gives up after two children died, and serves the next paper from a third', async () => {
  const { startChild } = createChildren((child, answer, die) => (child <= 2 ? die() : answer()));
  renderer = createPaperRenderer({ fonts, startChild });
  expect(await renderer.render(certificate)).toEqual({ ok: false, reason: 'renderer-crashed' });
  expect(await renderer.render(certificate)).toMatchObject({ ok: true, pdf: Uint8Array.of(3) });
});

test('serves the next paper after a child could not even be started', async () => {
  const { startChild } = createChildren((_, answer) => answer());
  let isOutOfProcesses = true;
  renderer = createPaperRenderer({
    fonts,
    startChild() {
      if (isOutOfProcesses) throw new Error('EAGAIN');
      return startChild();
    },
  });
  await expect(renderer.render(certificate)).rejects.toThrow('EAGAIN');
  isOutOfProcesses = false;
  expect(await renderer.render(certificate)).toMatchObject({ ok: true });
});

test('kills a child that hangs, at the deadline, and tries once more', async () => {
  const { started, startChild } = createChildren((child, answer) => (child === 1 ? undefined : answer()));
  renderer = createPaperRenderer({ fonts, startChild, renderTimeoutMs: 20 });
  expect(await renderer.render(certificate)).toMatchObject({ ok: true, pdf: Uint8Array.of(2) });
  expect(started[0]).toEqual({ killed: true });
});

test('replaces a worn child by one that warmed beside it, and loses no paper over it', async () => {
  const { started, startChild } = createChildren((_, answer) => answer());
  renderer = createPaperRenderer({ fonts, startChild, papersPerChild: 3 });
  const results = [];
  for (let paper = 0; paper < 10; paper += 1) results.push(await renderer.render(certificate));
  expect(results.every((result) => result.ok)).toBe(true);
  expect(started.length).toBeGreaterThanOrEqual(3);
  expect(started.filter((child) => !child.killed).length).toBeLessThanOrEqual(2);
});

test('answers what waits with closed when the kiosk goes down, and leaves no child', async () => {
  const { started, startChild } = createChildren(() => {});
  renderer = createPaperRenderer({ fonts, startChild });
  const waiting = [renderer.render(certificate), renderer.render(certificate)];
  await renderer.ready();
  await renderer.close();
  expect(await Promise.all(waiting)).toEqual([
    { ok: false, reason: 'closed' },
    { ok: false, reason: 'closed' },
  ]);
  expect(started.every((child) => child.killed)).toBe(true);
});

test('prints nothing where a glyph is missing, and says which', async () => {
  renderer = createPaperRenderer({ fonts });
  const record = { ...sampleProof, subject: { ...sampleProof.subject, name: '张😀' } };
  expect(await renderer.render({ ...certificate, record })).toEqual({
    ok: false,
    reason: 'glyph-missing',
    characters: ['😀'],
  });
});

test('shows no draft of what could not be printed, also where the mask would cover it', async () => {
  renderer = createPaperRenderer({ fonts });
  const draft = { ...sampleProof, subject: { ...sampleProof.subject, name: '张😀' } };
  const preview = await renderer.preview({ kind: 'draft', draft, isMasked: true });
  expect(preview).toEqual({ ok: false, reason: 'glyph-missing', characters: ['😀'] });
});

test('shows a draft masked, unnumbered and without a seal, and where to look', async () => {
  renderer = createPaperRenderer({ fonts });
  const preview = await renderer.preview({ kind: 'draft', draft: sampleProof, isMasked: true });
  if (!preview.ok) throw new Error(preview.reason);
  expect(preview.pages).toHaveLength(1);
  expect(preview.pages[0]?.slice(0, 200)).toMatch(/^<svg [^>]*viewBox="0 0 595\.2\d+ 841\.8\d+"/);
  expect(preview.pages[0]?.search(/<script|<image|<text|href="(?!#)|\son\w+=/)).toBe(-1);
  expect(preview.spots.map((spot) => spot.id)).toEqual(['person', 'unit', 'insurances', 'months']);
  expect(preview.spots.every((spot) => spot.page === 1 && spot.topMm > 30 && spot.topMm < 200)).toBe(true);
});

test('lays the same paper out to the same bytes', async () => {
  renderer = createPaperRenderer({ fonts });
  const [first, second] = [await renderer.render(certificate), await renderer.render(certificate)];
  expect(first).toEqual(second);
  expect(await renderer.render({ kind: 'ticket', ticket: sampleTicket })).toMatchObject({ ok: true, pages: 1 });
});
