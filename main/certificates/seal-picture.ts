import type { TrueTypeFont } from './true-type.ts';

/** The seal's red, `--seal` of the design tokens. */
const red = '#d0111b';
/** What stands across the foot of the seal: nobody may take it for a real one. */
const demonstrationMark = '演示专用章';

/** The picture is 1,000 units wide and every coordinate a whole number: half the bytes in the PDF, and 0.04 mm is fine enough. */
const middle = 500;
const ringRadius = 477;
const letterFootRadius = 320;
const largestLetter = 112;
const markLetter = 84;

/**
 * Draws a demonstration seal as SVG: a ring, the issuer's name along its upper arc, a star, and across the foot the words that it is a
 * demonstration. The characters are outlines, so that the paper's text does not hold the seal's words a second time.
 *
 * Round seals of institutions are 38 to 42 mm wide with the name from left to right over a five-pointed star (国发〔1999〕25号).
 */
export function drawSeal(issuerName: string, font: TrueTypeFont): string {
  const name = [...issuerName];
  // Thirteen characters fill 234°; a longer name takes up to 270°, and then smaller characters.
  const spanDegrees = Math.min(270, name.length * 18);
  const step = spanDegrees / Math.max(name.length, 1);
  const letterSize = Math.min(largestLetter, ((step * Math.PI) / 180) * letterFootRadius * 1.12);
  const letters = name.map((character, index) => {
    const angle = (((index + 0.5) * step - spanDegrees / 2) * Math.PI) / 180;
    return letter(font, character, letterSize, (x, y) => turn(x, y - letterFootRadius, angle));
  });
  const mark = [...demonstrationMark].map((character, index) =>
    letter(font, character, markLetter, (x, y) => [x + (index - 2) * markLetter * 1.06, y + 320]),
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" width="1000" height="1000" fill="${red}">` +
    `<circle cx="${middle}" cy="${middle}" r="${ringRadius}" fill="none" stroke="${red}" stroke-width="24"/>` +
    `<circle cx="${middle}" cy="${middle}" r="${ringRadius - 25}" fill="none" stroke="${red}" stroke-width="5"/>` +
    `<path d="${star(145)}${letters.join('')}${mark.join('')}"/></svg>`
  );
}

type Place = (x: number, y: number) => [x: number, y: number];

/** One character, the middle of its foot on the origin, moved to its place around the seal's middle. */
function letter(font: TrueTypeFont, character: string, size: number, place: Place): string {
  const scale = size / font.unitsPerEm;
  let from: [number, number] = [0, 0];
  let path = '';
  for (const { kind, points } of font.outline(character) ?? []) {
    const placed = points.map(([x, y]) => place(x * scale - size / 2, -y * scale));
    const to = placed.at(-1) ?? from;
    const [control] = placed;
    if (kind === 'M') path += `ZM${point(to)}`;
    else if (kind === 'L' || !control || isFlat(from, control, to)) path += `L${point(to)}`;
    else path += `C${point(towards(from, control))} ${point(towards(to, control))} ${point(to)}`;
    from = to;
  }
  return path;
}

/** Whether a curve stays within 1.2 units (0.05 mm on the paper) of its chord. A quadratic curve rises half as high as its control point. */
function isFlat([ax, ay]: [number, number], [cx, cy]: [number, number], [bx, by]: [number, number]): boolean {
  const length = Math.hypot(bx - ax, by - ay);
  const twiceArea = Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
  return length < 1 ? Math.hypot(cx - ax, cy - ay) < 2.4 : twiceArea / length < 2.4;
}

/** PDF knows cubic curves only: their control points lie two thirds of the way to the quadratic one. */
function towards([x, y]: [number, number], [cx, cy]: [number, number]): [number, number] {
  return [x + ((cx - x) * 2) / 3, y + ((cy - y) * 2) / 3];
}

function turn(x: number, y: number, angle: number): [number, number] {
  return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
}

function point([x, y]: [number, number]): string {
  return `${Math.round(middle + x)} ${Math.round(middle + y)}`;
}

/** A pentagram whose inner corners lie at (3 - √5) / 2 of its radius; a little above the middle, to leave the mark its place. */
function star(radius: number): string {
  const inner = (radius * (3 - Math.sqrt(5))) / 2;
  const corners = Array.from({ length: 10 }, (_, index) =>
    turn(0, index % 2 === 0 ? -radius : -inner, (index * Math.PI) / 5),
  );
  return `M${corners.map(([x, y]) => point([x, y - 10])).join('L')}`;
}
