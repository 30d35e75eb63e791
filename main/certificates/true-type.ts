/**
 * What is needed of a TrueType file: which characters it has (`cmap`, format 12) and the outline of one glyph (`glyf`). After the
 * OpenType specification 1.9; offsets stand beside the fields. The files are the ones this package ships or a technician configured,
 * so a file that is not as specified is a broken installation, and thrown.
 */
export class TrueTypeFont {
  readonly unitsPerEm: number;
  readonly #file: DataView;
  readonly #tables = new Map<string, number>();
  readonly #cmapGroups: number;
  readonly #hasLongOffsets: boolean;

  constructor(bytes: Uint8Array) {
    this.#file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const tableCount = this.#file.getUint16(4);
    for (let index = 0; index < tableCount; index++) {
      // Table record: 0 tag, 4 checksum, 8 offset, 12 length.
      const record = 12 + index * 16;
      const tag = String.fromCharCode(...bytes.subarray(record, record + 4));
      this.#tables.set(tag, this.#file.getUint32(record + 8));
    }
    this.unitsPerEm = this.#file.getUint16(this.#table('head') + 18);
    this.#hasLongOffsets = this.#file.getInt16(this.#table('head') + 50) === 1;
    this.#cmapGroups = this.#findCmapGroups();
  }

  /** Calls back with every run of characters that have a glyph: first and last code point. */
  forEachRun(callback: (first: number, last: number) => void): void {
    const count = this.#file.getUint32(this.#cmapGroups - 4);
    for (let index = 0; index < count; index++) {
      // Group: 0 first character, 4 last character, 8 glyph of the first.
      const group = this.#cmapGroups + index * 12;
      const isNotdef = this.#file.getUint32(group + 8) === 0;
      if (!isNotdef) callback(this.#file.getUint32(group), this.#file.getUint32(group + 4));
    }
  }

  /** A character's outline in font units, y upwards; `null` where the font has no simple outline for it. */
  outline(character: string): Stroke[] | null {
    const glyph = this.#glyphOf(character.codePointAt(0) ?? 0);
    if (glyph === null) return null;
    const start = this.#glyphOffset(glyph);
    if (start === this.#glyphOffset(glyph + 1)) return [];
    const contourCount = this.#file.getInt16(start);
    return contourCount < 0 ? null : this.#simpleOutline(start, contourCount);
  }

  #table(tag: string): number {
    const offset = this.#tables.get(tag);
    if (offset === undefined) throw new Error(`the font has no ${tag} table`);
    return offset;
  }

  #findCmapGroups(): number {
    const cmap = this.#table('cmap');
    const count = this.#file.getUint16(cmap + 2);
    for (let index = 0; index < count; index++) {
      const subtable = cmap + this.#file.getUint32(cmap + 4 + index * 8 + 4);
      // Format 12: 0 format, 4 length, 8 language, 12 number of groups, 16 groups.
      if (this.#file.getUint16(subtable) === 12) return subtable + 16;
    }
    throw new Error('the font has no cmap of format 12');
  }

  #glyphOf(codePoint: number): number | null {
    const count = this.#file.getUint32(this.#cmapGroups - 4);
    for (let index = 0; index < count; index++) {
      const group = this.#cmapGroups + index * 12;
      const first = this.#file.getUint32(group);
      if (codePoint >= first && codePoint <= this.#file.getUint32(group + 4))
        return this.#file.getUint32(group + 8) + codePoint - first;
    }
    return null;
  }

  #glyphOffset(glyph: number): number {
    const loca = this.#table('loca');
    const offset = this.#hasLongOffsets
      ? this.#file.getUint32(loca + glyph * 4)
      : this.#file.getUint16(loca + glyph * 2) * 2;
    return this.#table('glyf') + offset;
  }

  #simpleOutline(start: number, contourCount: number): Stroke[] {
    let at = start + 10;
    const ends = Array.from({ length: contourCount }, (_, index) => this.#file.getUint16(at + index * 2));
    at += contourCount * 2;
    at += 2 + this.#file.getUint16(at);
    const pointCount = (ends.at(-1) ?? -1) + 1;
    const flags: number[] = [];
    while (flags.length < pointCount) {
      const flag = this.#file.getUint8(at++);
      const repeats = flag & 0x08 ? this.#file.getUint8(at++) : 0;
      for (let repeat = 0; repeat <= repeats; repeat++) flags.push(flag);
    }
    const readAxis = (isShort: number, isSameOrPositive: number): number[] => {
      let value = 0;
      return flags.map((flag) => {
        if (flag & isShort) value += this.#file.getUint8(at++) * (flag & isSameOrPositive ? 1 : -1);
        else if (!(flag & isSameOrPositive)) {
          value += this.#file.getInt16(at);
          at += 2;
        }
        return value;
      });
    };
    const xs = readAxis(0x02, 0x10);
    const ys = readAxis(0x04, 0x20);
    const points = flags.map((flag, index) => ({ x: xs[index] ?? 0, y: ys[index] ?? 0, isOn: (flag & 1) === 1 }));
    return ends.flatMap((end, index) => contour(points.slice((ends[index - 1] ?? -1) + 1, end + 1)));
  }
}

/** A stroke of an outline, as SVG names it: `M`ove, `L`ine, `Q`uadratic curve over a control point. Contours close by themselves. */
type Stroke = { kind: 'M' | 'L' | 'Q'; points: [x: number, y: number][] };

type Point = { x: number; y: number; isOn: boolean };

/** One closed contour. Between two control points the curve passes through their middle, which TrueType leaves unsaid. */
function contour(points: Point[]): Stroke[] {
  const first = points[0];
  if (!first) return [];
  const start = first.isOn ? first : middle(first, points.at(-1) ?? first);
  const strokes: Stroke[] = [{ kind: 'M', points: [[start.x, start.y]] }];
  let control: Point | null = null;
  for (const point of [...points.slice(first.isOn ? 1 : 0), start]) {
    if (control) {
      const target = point.isOn ? point : middle(control, point);
      strokes.push({
        kind: 'Q',
        points: [
          [control.x, control.y],
          [target.x, target.y],
        ],
      });
      control = point.isOn ? null : point;
    } else if (point.isOn) {
      if (point !== start) strokes.push({ kind: 'L', points: [[point.x, point.y]] });
    } else {
      control = point;
    }
  }
  return strokes;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, isOn: true };
}
