import { type ChildPort, forkChild } from '../../devices/child-process.ts';
import { installedRareFonts, type PaperFont, packagedFonts } from './fonts.ts';
import { layoutsFolder as ownLayouts } from './layouts.ts';
import { type LayoutInputs, layoutInputs, type Paper } from './paper.ts';
import {
  forget,
  forgotten,
  type LayoutFailure,
  type RenderAnswer,
  type RenderedPdf,
  type RenderedPreview,
  type RenderRequest,
} from './render-messages.ts';
import { sampleContributionRecord, sampleNotice, sampleProof, sampleTicket } from './sample-records.ts';

/** Why there is no paper. `renderer-…`: the child did so twice, once in a fresh one; `closed`: the kiosk is going down. */
export type RenderFailure = LayoutFailure | { ok: false; reason: 'renderer-crashed' | 'renderer-timeout' | 'closed' };

export interface PaperRenderer {
  /** Lays a paper out for the printer: an A4 PDF. */
  render(paper: Paper): Promise<RenderedPdf | RenderFailure>;
  /** Lays a paper out for the screen: an SVG a page, and where the places to check are. */
  preview(paper: Paper): Promise<RenderedPreview | RenderFailure>;
  /** Starts the first child if there is none yet, and settles once it is warm; `render` may be called before. */
  ready(): Promise<boolean>;
  /** Ends the child; what waits is answered with `closed`. */
  close(): Promise<void>;
}

/** The kiosk's end of a rendering child. */
export type RenderChildPort = ChildPort<RenderRequest, RenderAnswer>;

type PaperRendererOptions = {
  layoutsFolder?: string;
  /** The chain of fonts, in order; by default the packaged ones and those installed for rare characters. */
  fonts?: PaperFont[];
  /** Starts a child; Electron, whose package cannot run as Node, passes one that makes a utility process of `render-child`. */
  startChild?: () => RenderChildPort;
  /** How long one paper may take, and how long a child may take to be warm. */
  renderTimeoutMs?: number;
  startTimeoutMs?: number;
  /** A child is replaced after so many papers or above so much resident memory, whichever comes first. */
  papersPerChild?: number;
  childRssLimitMb?: number;
  /** Told of what staff and logs should know: no visitor's data is in it. */
  onEvent?: (event: RendererEvent) => void;
};

export type RendererEvent =
  | { kind: 'child-ready'; pid: number | undefined; warmUpMs: number }
  | { kind: 'child-replaced'; papers: number; rssMb: number }
  | { kind: 'child-failed'; reason: 'crashed' | 'timeout' };

/**
 * Makes the renderer. Its first child starts with `ready` or the first paper: warming it takes a core for half a second, so who has a
 * screen to show first calls `ready` a little later, and the first visitor waits no longer than the thousandth.
 */
export function createPaperRenderer(options: PaperRendererOptions = {}): PaperRenderer {
  const {
    layoutsFolder = ownLayouts,
    fonts = [...packagedFonts(), ...installedRareFonts()],
    startChild = startNodeChild,
    renderTimeoutMs = 8000,
    startTimeoutMs = 20_000,
    papersPerChild = 100,
    childRssLimitMb = 320,
    onEvent = () => {},
  } = options;
  const start: RenderRequest = { kind: 'start', layoutsFolder, fonts, warmUp: warmUpInputs() };
  const startOne = () => new RenderChild(startChild(), start, startTimeoutMs, onEvent);

  let isClosed = false;
  let current: RenderChild | null = null;
  let next: RenderChild | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  function child(): RenderChild {
    current ??= startOne();
    return current;
  }

  function replace(): RenderChild {
    void current?.end();
    current = startOne();
    return current;
  }

  /** A fresh child warms beside the worn one, which serves on until then: nobody waits for the change. */
  function renewWhenWorn(): void {
    if (current === null) return;
    const isWorn = current.papers >= papersPerChild || current.rssMb > childRssLimitMb;
    if (next?.isWarm) {
      onEvent({ kind: 'child-replaced', papers: current.papers, rssMb: current.rssMb });
      current.end();
      current = next;
      next = null;
    } else if (next?.isGone) {
      next = null;
    } else if (isWorn && !next) {
      next = startOne();
    }
  }

  async function attempt(
    kind: 'pdf' | 'preview',
    inputs: LayoutInputs,
  ): Promise<(RenderAnswer & { kind: 'rendered' }) | ChildFailure> {
    const first = await child().render(kind, inputs, renderTimeoutMs);
    if (typeof first !== 'string' || isClosed) return first;
    onEvent({ kind: 'child-failed', reason: first });
    const second = await replace().render(kind, inputs, renderTimeoutMs);
    if (typeof second !== 'string' || isClosed) return second;
    onEvent({ kind: 'child-failed', reason: second });
    replace();
    return second;
  }

  /** One paper at a time: the child has one thread, and a deadline counts from when it begins. */
  async function take(kind: 'pdf' | 'preview', paper: Paper) {
    const inputs = layoutInputs(paper);
    const turn = queue.then(async () => {
      if (isClosed) return { ok: false, reason: 'closed' } as const;
      renewWhenWorn();
      const answer = await attempt(kind, inputs);
      if (typeof answer !== 'string') return answer.result;
      if (isClosed) return { ok: false, reason: 'closed' } as const;
      return { ok: false, reason: `renderer-${answer}` } as const;
    });
    // A fault in one paper's turn is that paper's; who comes next is served.
    queue = turn.catch(() => undefined);
    return turn;
  }

  return {
    async render(paper) {
      const result = await take('pdf', paper);
      if (result.ok && !('pdf' in result)) throw new Error('the child answered with a preview');
      return result;
    },
    async preview(paper) {
      const result = await take('preview', paper);
      if (result.ok && !('spots' in result)) throw new Error('the child answered with a PDF');
      return result;
    },
    ready: () => child().warm,
    async close() {
      isClosed = true;
      await Promise.all([current?.end(), next?.end()]);
    },
  };
}

type ChildFailure = 'crashed' | 'timeout';

/** One child from start to end. A child that failed once is ended and not asked again. */
class RenderChild {
  readonly warm: Promise<boolean>;
  papers = 0;
  rssMb = 0;
  isWarm = false;
  isGone = false;
  readonly #port: RenderChildPort;
  readonly #gone: Promise<'crashed'>;
  readonly #waiting = new Map<number, (answer: RenderAnswer & { kind: 'rendered' }) => void>();
  #nextId = 1;

  constructor(
    port: RenderChildPort,
    start: RenderRequest,
    startTimeoutMs: number,
    onEvent: (event: RendererEvent) => void,
  ) {
    this.#port = port;
    this.#gone = new Promise((resolve) => {
      port.onExit(() => {
        this.isGone = true;
        resolve('crashed');
      });
    });
    const isReady = new Promise<true>((resolve) => {
      port.onAnswer((answer) => {
        this.rssMb = answer.rssMb;
        if (answer.kind === 'ready') {
          this.isWarm = true;
          onEvent({ kind: 'child-ready', pid: port.pid, warmUpMs: answer.warmUpMs });
          resolve(true);
        } else {
          this.#waiting.get(answer.id)?.(answer);
        }
      });
    });
    this.warm = withDeadline(Promise.race([isReady, this.#gone.then(() => false)]), startTimeoutMs, false);
    port.post(start);
  }

  async render(
    kind: 'pdf' | 'preview',
    inputs: LayoutInputs,
    timeoutMs: number,
  ): Promise<(RenderAnswer & { kind: 'rendered' }) | ChildFailure> {
    if (!(await this.warm)) return this.isGone ? 'crashed' : 'timeout';
    const id = this.#nextId++;
    const answered = new Promise<RenderAnswer & { kind: 'rendered' }>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#port.post({ kind, id, inputs });
    });
    const result = await withDeadline(Promise.race([answered, this.#gone]), timeoutMs, 'timeout' as const);
    this.#waiting.delete(id);
    this.papers += 1;
    return result;
  }

  async end(): Promise<void> {
    if (this.isGone) return;
    this.#port.kill();
    await this.#gone;
  }
}

async function withDeadline<Value, Late>(
  promise: Promise<Value>,
  timeoutMs: number,
  late: Late,
): Promise<Value | Late> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Late>((resolve) => {
    timer = setTimeout(() => resolve(late), timeoutMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function startNodeChild(): RenderChildPort {
  const child = forkChild<RenderRequest | typeof forget, RenderAnswer | typeof forgotten>(
    new URL('./render-child.ts', import.meta.url),
  );
  return {
    ...child,
    onAnswer: (listener) =>
      child.onAnswer((message) => {
        if (message === forgotten) return;
        // Node keeps the bytes of the last message on either side until the next one comes, and a paper's is somebody's.
        if (message.kind === 'rendered') child.post(forget);
        listener(message);
      }),
  };
}

function warmUpInputs(): LayoutInputs[] {
  const qr = 'SIK1:WARM-UP';
  const papers: Paper[] = [
    { kind: 'certificate', record: sampleProof, qr },
    { kind: 'draft', draft: sampleProof, isMasked: true },
    { kind: 'certificate', record: sampleContributionRecord, qr },
    { kind: 'certificate', record: sampleNotice, qr },
    { kind: 'ticket', ticket: sampleTicket },
  ];
  return papers.map(layoutInputs);
}
