import './attract.css';
import { useEffect, useState } from 'react';
import type { ScreenEvent, StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Bar } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { RecordScene } from '../ui/illustration/record-scene.tsx';
import { SampleSheet } from '../ui/illustration/sample-sheet.tsx';
import { Phrases } from '../ui/phrases.tsx';
import { TopBar } from '../ui/top-bar.tsx';

const sceneMs = 7_000;

/** What a touch here begins with: the item of the poster it fell on, or nothing in particular. */
function beginAt(target: EventTarget, item: string | undefined): ScreenEvent {
  const isOnPoster = target instanceof Element && target.closest('.show, .scene') !== null;
  return isOnPoster && item !== undefined ? { type: 'start', item } : { type: 'start' };
}

/** Nobody is there: one promise at a time. A touch on what it promises begins there, and one anywhere else at home. */
export function AttractStep({ step }: { step: StepOf<'attract'> }) {
  const { act } = useKiosk();
  const [at, setAt] = useState(0);
  const scenes = step.scenes;
  useEffect(() => {
    if (scenes.length < 2) return;
    const timer = setInterval(() => setAt((n) => (n + 1) % scenes.length), sceneMs);
    return () => clearInterval(timer);
  }, [scenes.length]);
  const scene = scenes[at % Math.max(1, scenes.length)];
  // What lies in a slot, or befell somebody just now, is to be read from afar.
  const isDimmed = step.isNear === false && step.notice === undefined;
  return (
    <div className={isDimmed ? 'screen attract dimmed' : 'screen attract'} data-step="attract">
      <TopBar />
      <button
        type="button"
        className="stage"
        aria-label={step.start}
        onClick={({ target }) => act(beginAt(target, scene?.item))}
      >
        {step.notice ? (
          <span className="promise parting" role="status">
            <Icon name={step.notice.icon} />
            <b>{step.notice.title}</b>
            <span>
              <Phrases>{step.notice.text}</Phrases>
            </span>
          </span>
        ) : (
          <span className="promise">
            <span className="headline">
              <Phrases>{step.title}</Phrases>
            </span>
            {step.hint ? <span className="subline">{step.hint}</span> : null}
          </span>
        )}
        <span className="show" key={at}>
          {scene ? <SceneArt art={scene.art} /> : null}
        </span>
        {scene ? (
          <span className="scene" key={`words-${at}`}>
            <b>{scene.title}</b>
            <span>{scene.text}</span>
          </span>
        ) : null}
        {scenes.length > 1 ? (
          <span className="loop">
            {scenes.map((one, index) => (
              <i key={one.title} className={index === at ? 'on' : ''} />
            ))}
          </span>
        ) : null}
      </button>
      <Bar wayOn={{ label: step.start }} onWayOn={() => act({ type: 'start' })} />
    </div>
  );
}

function SceneArt({ art }: { art: StepOf<'attract'>['scenes'][number]['art'] }) {
  switch (art) {
    case 'print':
      return (
        <span className="slot-show">
          <i className="slot" />
          <span className="out">
            <SampleSheet />
          </span>
        </span>
      );
    case 'record':
      return <RecordScene />;
    case 'check':
      return (
        <span className="check-show">
          <SampleSheet />
          <svg viewBox="0 0 100 100" className="check-badge" aria-hidden="true">
            <path className="shield" d="M50 4l38 13v29c0 25-15 42-38 50C27 88 12 71 12 46V17z" />
            <path className="tick" d="M32 51l13 13 24-26" />
          </svg>
        </span>
      );
  }
}
