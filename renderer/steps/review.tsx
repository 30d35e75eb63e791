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
              <div className="copies">
                <span className="soft">{words.review.pages}</span>
                <Stepper
                  text={words.review.page(page + 1, paper.pages)}
                  labels={{ fewer: words.review.pageBack, more: words.review.pageOn }}
                  icons={{ fewer: 'left', more: 'right' }}
                  onFewer={page > 0 ? () => setPage(page - 1) : undefined}
                  onMore={page < paper.pages - 1 ? () => setPage(page + 1) : undefined}
                />
              </div>
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

/** How wide the page is drawn, of the room there is. It opens whole from edge to edge, and is moved with a finger once it is larger. */
const zooms = [100, 150, 220] as const;

function Zoomed({ paper, page, onClose }: { paper: PaperView; page: number; onClose: () => void }) {
  const { words } = useKiosk();
  const pages = usePaper(paper.resource);
  const address = pages?.[page];
  const [at, setAt] = useState(0);
  const stepper = (
    <Stepper
      text={`${zooms[at]}%`}
      labels={{ fewer: words.review.smaller, more: words.review.larger }}
      onFewer={at > 0 ? () => setAt(at - 1) : undefined}
      onMore={at < zooms.length - 1 ? () => setAt(at + 1) : undefined}
    />
  );
  return (
    <Overlay title={words.review.zoom} beside={stepper} onClose={onClose} wide>
      <div className="zoomed" data-zoom={zooms[at]}>
        {address ? <img src={address} alt="" draggable={false} /> : null}
      </div>
    </Overlay>
  );
}
