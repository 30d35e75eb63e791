import './review.css';
import { useState } from 'react';
import type { PaperView, StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Facts } from '../ui/facts.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { Note } from '../ui/note.tsx';
import { Overlay } from '../ui/overlay.tsx';
import { PaperSheet } from '../ui/paper-pages.tsx';
import { Stepper } from '../ui/stepper.tsx';
import { usePaper } from '../ui/use-paper.ts';

/** Check before it counts: the paper itself, or what was filled in, and what may come of it. */
export function ReviewStep({ step }: { step: StepOf<'review'> }) {
  if (step.paper) return <ReviewPaper step={step} paper={step.paper} />;
  return (
    <Frame>
      {step.rows.length > 0 ? <Facts rows={step.rows} /> : null}
      {step.risks.map((risk) => (
        <Note key={risk} icon="warning" text={risk} tone="ask" />
      ))}
      {step.copies ? (
        <section className="panel options">
          <Copies copies={step.copies} />
        </section>
      ) : null}
    </Frame>
  );
}

function ReviewPaper({ step, paper }: { step: StepOf<'review'>; paper: PaperView }) {
  const { words } = useKiosk();
  const [page, setPage] = useState(0);
  const [zoomed, setZoomed] = useState(false);
  return (
    <Frame fit>
      <div className="review-paper">
        <PaperSheet paper={paper} page={page} />
        <div className="review-side">
          {paper.spots.length > 0 ? (
            <div className="look">
              <b>{words.review.look}</b>
              {paper.spots.map((spot) => (
                <span key={spot.n}>
                  <i className="n">{spot.n}</i>
                  {spot.label}
                </span>
              ))}
            </div>
          ) : null}
          {step.rows.length > 0 ? (
            <dl className="panel brief">
              {step.rows.map((row) => (
                <div key={row.label}>
                  <dt>{row.label}</dt>
                  <dd>{row.value}</dd>
                </div>
              ))}
            </dl>
          ) : null}
          {step.risks.map((risk) => (
            <Note key={risk} icon="info" text={risk} tone="ask" />
          ))}
          <section className="panel options">
            {step.copies ? <Copies copies={step.copies} /> : null}
            {paper.pages > 1 ? (
              <Stepper
                text={words.pageOf(page + 1, paper.pages)}
                labels={{ fewer: words.above, more: words.below }}
                onFewer={page > 0 ? () => setPage(page - 1) : undefined}
                onMore={page < paper.pages - 1 ? () => setPage(page + 1) : undefined}
              />
            ) : null}
            <button type="button" className="btn" onClick={() => setZoomed(true)}>
              <Icon name="zoom" />
              {words.review.zoom}
            </button>
          </section>
        </div>
      </div>
      {zoomed ? <Zoomed paper={paper} page={page} onClose={() => setZoomed(false)} /> : null}
    </Frame>
  );
}

function Copies({ copies }: { copies: NonNullable<StepOf<'review'>['copies']> }) {
  const { words, act } = useKiosk();
  const { value, min, max } = copies;
  return (
    <div className="copies">
      <span className="soft">{copies.label}</span>
      <Stepper
        text={words.review.copies(value)}
        labels={{ fewer: words.review.fewer, more: words.review.more }}
        onFewer={value > min ? () => act({ type: 'copies', value: value - 1 }) : undefined}
        onMore={value < max ? () => act({ type: 'copies', value: value + 1 }) : undefined}
      />
    </div>
  );
}

/** The paper larger than real, to be moved with a finger. */
function Zoomed({ paper, page, onClose }: { paper: PaperView; page: number; onClose: () => void }) {
  const { words } = useKiosk();
  const pages = usePaper(paper.resource);
  const address = pages?.[page];
  return (
    <Overlay title={words.review.zoom} onClose={onClose} wide>
      <div className="zoomed">{address ? <img src={address} alt="" draggable={false} /> : null}</div>
    </Overlay>
  );
}
