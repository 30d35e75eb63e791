import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NodeCompiler, type NodeTypstDocument } from '@myriaddreamin/typst-ts-node-compiler';
import { z } from 'zod';
import { GlyphCoverage, type PaperFont } from './fonts.ts';
import type { LayoutInputs } from './paper.ts';
import { cutPreviewPages } from './preview-pages.ts';
import type { LayoutFailure, RenderedPdf, RenderedPreview } from './render-messages.ts';
import { drawSeal } from './seal-picture.ts';
import { TrueTypeFont } from './true-type.ts';

const spotsSchema = z.array(z.object({ value: z.object({ id: z.string(), page: z.number(), topMm: z.number() }) }));
const a4 = { widthMm: 210, heightMm: 297 };

/**
 * Lays papers out with Typst, in the rendering child. The layouts are fixed files; a paper comes as three shadow files beside them,
 * which exist in memory only. (Changing text makes the engine's memory grow without end, and so do changing `sys.inputs`: 0.2 MB
 * a paper and ten times the time; see docs/decisions/0-certificates.md.)
 */
export class LayoutEngine {
  readonly #compiler: NodeCompiler;
  readonly #coverage: GlyphCoverage;
  readonly #folder: string;
  readonly #sealFont: string;
  readonly #seals = new Map<string, Buffer>();

  constructor(options: { layoutsFolder: string; fonts: readonly PaperFont[] }) {
    const bold = options.fonts[1] ?? options.fonts[0];
    if (!bold) throw new Error('papers want at least one font');
    this.#sealFont = bold.file;
    this.#folder = options.layoutsFolder;
    this.#coverage = GlyphCoverage.of(options.fonts);
    this.#compiler = NodeCompiler.create({
      workspace: options.layoutsFolder,
      fontArgs: [{ fontPaths: [...new Set(options.fonts.map((font) => dirname(font.file)))] }],
    });
  }

  /** Lays a paper out as PDF: fonts embedded as subsets, no date, no author, the layout's title. */
  pdf(inputs: LayoutInputs): RenderedPdf | LayoutFailure {
    return this.#withDocument(inputs, (document) => ({
      ok: true,
      pdf: this.#compiler.pdf(document),
      pages: document.numOfPages,
    }));
  }

  /** Lays a paper out as pictures for the screen. */
  preview(inputs: LayoutInputs): RenderedPreview | LayoutFailure {
    return this.#withDocument(inputs, (document) => ({
      ok: true,
      pages: cutPreviewPages(this.#compiler.plainSvg(document)),
      spots: spotsSchema.parse(this.#compiler.query(document, { selector: '<spot>' })).map((spot) => spot.value),
      ...a4,
    }));
  }

  #withDocument<Result>(inputs: LayoutInputs, use: (document: NodeTypstDocument) => Result): Result | LayoutFailure {
    const characters = this.#coverage.missing(inputs.texts);
    if (characters.length > 0) return { ok: false, reason: 'glyph-missing', characters };
    this.#lay('paper.json', Buffer.from(inputs.paper));
    this.#lay('qr.luma', Buffer.from(inputs.qr ?? []));
    this.#lay('seal.svg', inputs.sealOf === null ? Buffer.from('') : this.#sealOf(inputs.sealOf));
    const compiled = this.#compiler.compile({ mainFilePath: join(this.#folder, `${inputs.layout}.typ`) });
    const document = compiled.result;
    const result: Result | LayoutFailure = document
      ? use(document)
      : { ok: false, reason: 'layout-failed', detail: this.#whereItFailed(compiled.takeError()) };
    // The code names its holder as the paper does.
    this.#lay('paper.json', Buffer.from('{}'));
    this.#lay('qr.luma', Buffer.from([]));
    // What this paper alone used is forgotten two papers later; the fixed parts are used at each and stay.
    this.#compiler.evictCache(2);
    return result;
  }

  #lay(name: string, content: Buffer): void {
    this.#compiler.mapShadow(join(this.#folder, name), content);
  }

  #sealOf(issuerName: string): Buffer {
    const known = this.#seals.get(issuerName);
    if (known !== undefined) return known;
    const seal = Buffer.from(drawSeal(issuerName, new TrueTypeFont(readFileSync(this.#sealFont))));
    this.#seals.set(issuerName, seal);
    return seal;
  }

  /** File and line only: the engine's messages may quote the paper. */
  #whereItFailed(error: Parameters<NodeCompiler['fetchDiagnostics']>[0] | null): string {
    if (!error) return 'no reason given';
    const schema = z.array(z.object({ path: z.string(), range: z.object({ start: z.object({ line: z.number() }) }) }));
    const parsed = schema.safeParse(this.#compiler.fetchDiagnostics(error));
    if (!parsed.success) return 'no place given';
    return parsed.data.map(({ path, range }) => `${basename(path)}:${range.start.line + 1}`).join(' ');
  }
}
