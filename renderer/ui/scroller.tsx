import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useKiosk } from '../kiosk.tsx';
import { Icon } from './icon.tsx';

/**
 * The sheet's content. Where it is longer than the sheet, two large buttons say so and turn the page; a finger may move it too.
 */
export function Scroller({ children }: { children: ReactNode }) {
  const { words } = useKiosk();
  const outer = useRef<HTMLDivElement>(null);
  const view = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [long, setLong] = useState(false);
  const [ends, setEnds] = useState({ top: true, bottom: false });

  useEffect(() => {
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
      setEnds({
        top: window.scrollTop <= slackPx,
        bottom: window.scrollTop + window.clientHeight >= window.scrollHeight - slackPx,
      });
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

  const turn = (direction: 1 | -1) => {
    const window = view.current;
    window?.scrollBy({ top: direction * window.clientHeight * 0.8, behavior: 'smooth' });
  };

  return (
    <div className="scroller" ref={outer} data-long={long ? '' : undefined}>
      <div className="scroller-view" ref={view}>
        <div className="sheet-body" ref={body}>
          {children}
        </div>
      </div>
      {long ? (
        <div className="turn">
          <button type="button" className="btn" disabled={ends.top} onClick={() => turn(-1)}>
            <Icon name="up" />
            {words.above}
          </button>
          <button type="button" className="btn" disabled={ends.bottom} onClick={() => turn(1)}>
            <Icon name="down" />
            {words.below}
          </button>
        </div>
      ) : null}
    </div>
  );
}

/** A pixel or two of rounding is no reason to offer a page. */
const slackPx = 3;
