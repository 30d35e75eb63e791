import type { ReactNode } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';
import { useKiosk } from '../kiosk.tsx';
import { Icon } from './icon.tsx';

/** What of the sheet lies below and has not been seen yet: the way there. Null once the end was seen, and where everything fits. */
export type Rest = { readOn: () => void } | null;

/**
 * The sheet's content. Where it is longer than the sheet, two large buttons say so and turn the page; a finger may move it too.
 * `onRest` hears what is still to be read: before the sheet is first painted, and whenever that changes.
 */
export function Scroller({ children, onRest }: { children: ReactNode; onRest?: ((rest: Rest) => void) | undefined }) {
  const { words } = useKiosk();
  const outer = useRef<HTMLDivElement>(null);
  const view = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [long, setLong] = useState(false);
  const [ends, setEnds] = useState({ top: true, bottom: true });
  const [isEndSeen, setEndSeen] = useState(false);

  useLayoutEffect(() => {
    const [frame, content] = [outer.current, body.current];
    if (frame === null || content === null) return;
    // Measured against the whole frame, buttons or not: otherwise they would come and go in turn.
    const measure = () => {
      setLong(content.offsetHeight > frame.clientHeight + slackPx);
      look();
    };
    const look = () => {
      const window = view.current;
      if (window === null) return;
      const top = window.scrollTop <= slackPx;
      const bottom = window.scrollTop + window.clientHeight >= window.scrollHeight - slackPx;
      setEnds({ top, bottom });
      // What fits is at both ends at once, and no longer does in larger letters: only who came down has seen the end.
      if (bottom && !top) setEndSeen(true);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(frame);
    observer.observe(content);
    const window = view.current;
    window?.addEventListener('scroll', look);
    measure();
    return () => {
      observer.disconnect();
      window?.removeEventListener('scroll', look);
    };
  }, []);

  const hasRest = long && !ends.bottom && !isEndSeen;
  useLayoutEffect(() => {
    onRest?.(hasRest ? { readOn: () => turnPage(view.current, 1) } : null);
  }, [hasRest, onRest]);

  return (
    <div className="scroller" ref={outer} data-long={long ? '' : undefined}>
      <div className="scroller-view" ref={view}>
        <div className="sheet-body" ref={body}>
          {children}
        </div>
      </div>
      {long ? (
        <div className="turn">
          <button type="button" className="btn" disabled={ends.top} onClick={() => turnPage(view.current, -1)}>
            <Icon name="up" />
            {words.above}
          </button>
          <button type="button" className="btn" disabled={ends.bottom} onClick={() => turnPage(view.current, 1)}>
            <Icon name="down" />
            {words.below}
          </button>
        </div>
      ) : null}
    </div>
  );
}

/** Most of a page, so that the last lines read stand on the next one too. */
function turnPage(view: HTMLElement | null, direction: 1 | -1): void {
  view?.scrollBy({ top: direction * view.clientHeight * 0.8, behavior: 'smooth' });
}

/** A pixel or two of rounding is no reason to offer a page. */
const slackPx = 3;
