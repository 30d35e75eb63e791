import './still-there.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Icon } from '../ui/icon.tsx';
import { Countdown, Ring } from '../ui/ring.tsx';
import { TopBar } from '../ui/top-bar.tsx';

/** Is anybody there? Opaque, so that nobody reads what the visitor left behind the question. */
export function StillThereStep({ step }: { step: StepOf<'still-there'> }) {
  const { words, act } = useKiosk();
  return (
    <div className="screen asking" data-step="still-there">
      <TopBar />
      <div className="overlay">
        <section className="dialog" role="alertdialog" aria-label={step.title}>
          {step.endsAtMs === undefined ? null : <Ring endsAtMs={step.endsAtMs} label={words.seconds} />}
          <div className="asking-words">
            <h1>{step.title}</h1>
            <p>
              <Countdown text={step.countdownText} endsAtMs={step.endsAtMs} />
            </p>
          </div>
          <div className="asking-choices">
            <button type="button" className="btn primary" onClick={() => act({ type: 'stay' })}>
              {step.stay}
            </button>
            <button type="button" className="btn" onClick={() => act({ type: 'end' })}>
              <Icon name="end" />
              {step.leave}
            </button>
          </div>
        </section>
      </div>
    </div>
  );
}
