/**
 * The process papers are laid out in. Typst keeps memory it never gives back, so it runs apart and is replaced now and then; whatever
 * happens to it, the kiosk stays. Started by `paper-renderer.ts`, under Node with an IPC channel or as Electron's utility process.
 */
import { hearParent } from '../../devices/parent-process.ts';
import { LayoutEngine } from './layout-engine.ts';
import { forget, forgotten, type RenderAnswer, type RenderRequest } from './render-messages.ts';

let engine: LayoutEngine | null = null;

function rssMb(): number {
  return Math.round(process.memoryUsage.rss() / 1_048_576);
}

function handle(
  request: RenderRequest | typeof forget,
  answer: (message: RenderAnswer | typeof forgotten) => void,
): void {
  if (request === forget) {
    answer(forgotten);
    return;
  }
  if (request.kind === 'start') {
    const startedAt = performance.now();
    const started = new LayoutEngine(request);
    // Only a preview reads the fonts for SVG, and only a PDF for subsetting: both are warmed.
    for (const inputs of request.warmUp) {
      if (inputs.isDraft) started.preview(inputs);
      else started.pdf(inputs);
    }
    engine = started;
    answer({ kind: 'ready', rssMb: rssMb(), warmUpMs: Math.round(performance.now() - startedAt) });
    return;
  }
  if (!engine) throw new Error('asked to render before the start');
  const result = request.kind === 'pdf' ? engine.pdf(request.inputs) : engine.preview(request.inputs);
  answer({ kind: 'rendered', id: request.id, rssMb: rssMb(), result });
}

hearParent(handle);
