import type { PaperView } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Icon } from './icon.tsx';
import { usePaper } from './use-paper.ts';

/** The paper's first pages side by side with numbered spots to look at; as large as the room allows, never larger than real. */
export function PaperSheet({ paper, page }: { paper: PaperView; page: number }) {
  const { words } = useKiosk();
  const pages = usePaper(paper.resource);
  const address = pages?.[page];
  const style = {
    '--paper-width': paper.widthMm,
    '--paper-height': paper.heightMm,
  } as React.CSSProperties;
  return (
    <div className="paper-room" style={style}>
      <div className="paper-sheet">
        {address === undefined ? (
          <p className="paper-wait">
            <Icon name="paper" />
            {words.review.loading}
          </p>
        ) : (
          <img src={address} alt="" draggable={false} />
        )}
        {page === 0
          ? paper.spots.map((spot) => (
              <span key={spot.n} className="n" style={{ top: `${spot.topPercent}%` }}>
                {spot.n}
              </span>
            ))
          : null}
      </div>
    </div>
  );
}
