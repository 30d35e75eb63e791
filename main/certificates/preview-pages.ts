/**
 * Cuts the engine's SVG, which stacks all pages into one picture, into a page each, and makes it a quarter of its size: numbers to the
 * hundredth of a point (0.004 mm) and no white space. Glyphs are outlines, so the screen needs no font and can enlarge at will.
 *
 * The engine's format (typst.ts 0.6): children of the root stand at four spaces; a page is a white `path` and a `g`, then `defs`.
 */
export function cutPreviewPages(svg: string): string[] {
  const size = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  const children = [...svg.matchAll(/^ {4}<(g|defs)\b[\s\S]*?^ {4}<\/\1>$/gm)];
  const groups = children.filter((child) => child[1] === 'g').map((child) => child[0]);
  const definitions = children.filter((child) => child[1] === 'defs').map((child) => child[0]);
  if (!size || groups.length === 0) throw new Error('the engine draws SVG differently from what this version expects');
  const width = Number(size[1]);
  const height = Number(size[2]) / groups.length;
  const symbols = new Map<string, string>();
  for (const definition of definitions) {
    for (const [symbol, id] of definition.matchAll(
      /<(?:symbol|clipPath)\b[^>]*?\bid="([^"]+)"[\s\S]*?<\/(?:symbol|clipPath)>/g,
    ))
      if (id !== undefined) symbols.set(id, symbol);
  }
  return groups.map((group) => {
    const used = new Set([...group.matchAll(/(?:xlink:href="#|url\(#)([^")]+)/g)].map((use) => use[1] ?? ''));
    const definition = [...used].map((id) => symbols.get(id) ?? '').join('');
    // The first tag moves the page down its place in the stack.
    const page = group.replace(/^ {4}<g[^>]*>/, '<g>').replace(/<image\b[^>]*?\/>/g, withoutPicture);
    return compact(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}">` +
        `<path fill="#fff" d="M0 0H${width}V${height}H0Z"/><defs>${definition}</defs>${page}</svg>`,
    );
  });
}

/**
 * A picture within the page becomes part of it: a screen that allows no `data:` address still shows it. Only our own sheet.svg and seal
 * come so; any other kind of picture (the QR's dots, which no preview has) is left out.
 */
function withoutPicture(image: string): string {
  const base64 = /href="data:image\/svg\+xml;base64,([^"]+)"/.exec(image)?.[1];
  const width = /\bwidth="([\d.]+)"/.exec(image)?.[1];
  const height = /\bheight="([\d.]+)"/.exec(image)?.[1];
  if (base64 === undefined || width === undefined || height === undefined) return '';
  const picture = Buffer.from(base64, 'base64')
    .toString('utf8')
    .replace(/<!--[\s\S]*?-->/g, '');
  return picture.replace(/<svg\b([^>]*?) width="[^"]*" height="[^"]*"/, `<svg$1 width="${width}" height="${height}"`);
}

function compact(svg: string): string {
  return svg
    .replace(/>\s+</g, '><')
    .replace(/ (?:d|x|y)="[^"]*"/g, (attribute) => rounded(attribute, 2).replace(/ ?([MLCQZHV]) ?/g, '$1'))
    .replace(/ (?:transform|viewBox)="[^"]*"/g, (attribute) => rounded(attribute, 5))
    .replace(
      / class="[^"]*"| fill-rule="nonzero"| stroke-linecap="butt"| stroke-linejoin="miter"| stroke-miterlimit="4"/g,
      '',
    );
}

function rounded(attribute: string, digits: number): string {
  return attribute.replace(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(digits))));
}
