import { useEffect, useRef } from 'react';
import { Icon } from '../ui/icon.tsx';

/** One pen stroke: points in per mille of the pad, with milliseconds since the first of all. */
export type Stroke = [number, number, number][];

/** Limits of the contract's `sign` event. */
const mostStrokes = 60;
/** Of all strokes together. */
const mostPoints = 6000;
/** Nearer than this to the last, in per mille, a point says nothing: two pixels of a usual pad. */
const leastStep = 3;

/** Points of a signature. */
export const countPoints = (strokes: readonly Stroke[]): number =>
  strokes.reduce((points, stroke) => points + stroke.length, 0);

/**
 * A pad to sign on with a finger. Strokes are kept as they were made, in per mille of the pad, and drawn with a width that
 * follows the speed, as a brush pen would.
 */
export function SignaturePad({
  strokes,
  onStrokes,
  labels,
}: {
  strokes: Stroke[];
  onStrokes: (strokes: Stroke[]) => void;
  labels: { again: string; here: string };
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<{ stroke: Stroke; pointer: number } | null>(null);
  const began = useRef<number | null>(null);

  useEffect(() => {
    const pad = canvas.current;
    if (pad === null) return;
    const fit = () => {
      const { width, height } = pad.getBoundingClientRect();
      const scale = window.devicePixelRatio;
      pad.width = Math.round(width * scale);
      pad.height = Math.round(height * scale);
      draw(pad, strokes);
    };
    const observer = new ResizeObserver(fit);
    observer.observe(pad);
    return () => observer.disconnect();
  }, [strokes]);

  const point = (event: React.PointerEvent | PointerEvent): Stroke[number] | null => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return null;
    began.current ??= event.timeStamp - (strokes.at(-1)?.at(-1)?.[2] ?? -300) - 300;
    const perMille = (at: number, size: number) => Math.max(0, Math.min(1000, Math.round((at / size) * 10_000) / 10));
    return [
      perMille(event.clientX - box.left, box.width),
      perMille(event.clientY - box.top, box.height),
      Math.max(0, Math.round(event.timeStamp - began.current)),
    ];
  };

  const start = (event: React.PointerEvent<HTMLCanvasElement>) => {
    if (drawing.current !== null || strokes.length >= mostStrokes || countPoints(strokes) >= mostPoints) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const first = point(event);
    if (first) drawing.current = { stroke: [first], pointer: event.pointerId };
  };
  const move = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const current = drawing.current;
    if (current === null || current.pointer !== event.pointerId || canvas.current === null) return;
    for (const one of event.nativeEvent.getCoalescedEvents?.() ?? [event.nativeEvent]) {
      const next = point(one);
      const last = current.stroke.at(-1);
      if (next === null || last === undefined || Math.hypot(next[0] - last[0], next[1] - last[1]) < leastStep) continue;
      if (countPoints(strokes) + current.stroke.length < mostPoints) current.stroke.push(next);
    }
    draw(canvas.current, [...strokes, current.stroke]);
  };
  const end = () => {
    const current = drawing.current;
    drawing.current = null;
    if (current) onStrokes([...strokes, current.stroke]);
  };

  return (
    <div className="pad">
      <canvas
        ref={canvas}
        onPointerDown={start}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        aria-label={labels.here}
      />
      {strokes.length === 0 ? <span className="pad-here">{labels.here}</span> : null}
      <button type="button" className="btn pad-again" disabled={strokes.length === 0} onClick={() => onStrokes([])}>
        <Icon name="close" />
        {labels.again}
      </button>
    </div>
  );
}

/** Draws all strokes anew. Slow is thick, fast is thin, within a third. */
function draw(pad: HTMLCanvasElement, strokes: readonly Stroke[]): void {
  const pen = pad.getContext('2d');
  if (pen === null) return;
  pen.clearRect(0, 0, pad.width, pad.height);
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.strokeStyle = '#10192b';
  const full = Math.max(4, pad.height / 70);
  for (const stroke of strokes) {
    let width = full;
    stroke.forEach((to, index) => {
      const from = stroke[Math.max(0, index - 1)] ?? to;
      const [x0, y0] = [(from[0] / 1000) * pad.width, (from[1] / 1000) * pad.height];
      const [x1, y1] = [(to[0] / 1000) * pad.width, (to[1] / 1000) * pad.height];
      const speed = Math.hypot(x1 - x0, y1 - y0) / Math.max(1, to[2] - from[2]);
      width += (full * Math.max(0.6, 1.2 - speed * 0.18) - width) * 0.35;
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(x0, y0);
      pen.lineTo(x1 + 0.01, y1);
      pen.stroke();
    });
  }
}
