import type { PaperFont } from './fonts.ts';
import type { LayoutInputs } from './paper.ts';

/** Where on a preview something to check stands, from the sheet's upper edge. */
type PreviewSpot = { id: string; page: number; topMm: number };

/** What the kiosk tells the rendering child. `start` comes first and once. */
export type RenderRequest =
  | { kind: 'start'; layoutsFolder: string; fonts: PaperFont[]; warmUp: LayoutInputs[] }
  | { kind: 'pdf' | 'preview'; id: number; inputs: LayoutInputs };

/** Why a paper could not be laid out. `layout-failed`: the layout itself is at fault; where it stands is in `detail`, no data is. */
export type LayoutFailure =
  | { ok: false; reason: 'glyph-missing'; characters: string[] }
  | { ok: false; reason: 'layout-failed'; detail: string };

export type RenderedPdf = { ok: true; pdf: Uint8Array; pages: number };
/** `pages` are SVG texts, each the whole sheet. */
export type RenderedPreview = {
  ok: true;
  pages: string[];
  spots: PreviewSpot[];
  widthMm: number;
  heightMm: number;
};

/** What the child answers. `rssMb` is its own resident memory: the kiosk replaces it before it grows. */
export type RenderAnswer =
  | { kind: 'ready'; rssMb: number; warmUpMs: number }
  | { kind: 'rendered'; id: number; rssMb: number; result: RenderedPdf | RenderedPreview | LayoutFailure };

/** Sent to a child under Node after each paper, and its answer: messages that are nobody's take the place of the paper's in both channels. */
export const forget = 'forget';
export const forgotten = 'forgotten';
