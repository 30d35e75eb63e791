/**
 * A panel: what one millimetre is on its glass, and how far up somebody seated can reach.
 *
 * The configuration names it; the page learns it from its address (`?panel=portrait-21`) or, where the host page was written
 * for one machine, from `<meta name="kiosk-panel" content="portrait-21">`.
 */
export type Panel = {
  id: string;
  /** CSS pixels on one millimetre of glass. */
  pxPerMm: number;
  /** Height of the panel's lower edge above the floor, mm. */
  edgeMm: number;
};

/** Panels that are drawn and looked at. Any other is written out: `1080x1920@4.03+950` (pixels per mm, lower edge in mm). */
const known: Panel[] = [
  { id: 'portrait-21', pxPerMm: 4.03, edgeMm: 950 },
  { id: 'landscape-21', pxPerMm: 4.03, edgeMm: 950 },
  { id: 'landscape-19', pxPerMm: 3.4, edgeMm: 950 },
];

/** Highest point a hand reaches from a wheelchair, mm above the floor. */
const reachMm = 1220;

/** Reads a panel's name; an unknown or missing one is the 21.5-inch portrait panel, which most machines have. */
export function readPanel(name: string | null): Panel {
  const fallback = known[0] as Panel;
  if (name === null) return fallback;
  const written = /^(?:\d+x\d+)?@(\d+(?:\.\d+)?)(?:\+(\d+))?$/.exec(name);
  if (written) return { id: name, pxPerMm: Number(written[1]), edgeMm: Number(written[2] ?? fallback.edgeMm) };
  return known.find((panel) => panel.id === name) ?? fallback;
}

/** Millimetres of the panel, from its lower edge, that a seated visitor reaches. */
export function reachOf(panel: Panel): number {
  return Math.max(200, reachMm - panel.edgeMm);
}

/** Whether this is a panel with more room beside than below. The panel does not change while the kiosk runs. */
export function isWidePanel(root: HTMLElement = document.documentElement): boolean {
  return root.dataset.shape === 'landscape' && root.dataset.width === 'wide';
}

/** Says how high a sheet can be: `tall` on an upright panel, `short` on a wide one or where everything sinks into reach. */
export function markRoom(root: HTMLElement): void {
  root.dataset.room = root.dataset.shape === 'landscape' || root.dataset.reach === 'low' ? 'short' : 'tall';
}

/**
 * Gives the page its millimetre and its shape, and keeps the shape right when the window changes.
 * @returns the undo
 */
export function applyPanel(panel: Panel, root: HTMLElement, page: Window): () => void {
  const shape = () => {
    root.style.setProperty('--mm', `${panel.pxPerMm}px`);
    root.style.setProperty('--reach', String(reachOf(panel)));
    const widthMm = page.innerWidth / panel.pxPerMm;
    const landscape = page.innerWidth > page.innerHeight;
    root.dataset.shape = landscape ? 'landscape' : 'portrait';
    root.dataset.width = landscape && widthMm < 420 ? 'narrow' : 'wide';
    markRoom(root);
  };
  shape();
  page.addEventListener('resize', shape);
  return () => page.removeEventListener('resize', shape);
}
