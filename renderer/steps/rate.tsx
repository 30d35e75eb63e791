import './rate.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useDraft, useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';

type Scores = Record<string, number>;

/** Four questions, five answers each; one touch a question. Nothing is chosen beforehand. */
export default function RateStep({ step }: { step: StepOf<'rate'> }) {
  const { words, act } = useKiosk();
  const [scores, setScores] = useDraft<Scores>(() => ({}));
  const left = step.indicators.filter((indicator) => scores[indicator.id] === undefined).length;
  return (
    <Frame
      missing={left > 0 ? words.rate.missing(left) : null}
      onWayOn={() => act({ type: 'rate', scores })}
      beside={{ label: step.skip, icon: 'skip', onPress: () => act({ type: 'next' }) }}
    >
      <div className="ratings">
        {step.indicators.map((indicator) => (
          <section key={indicator.id} className="panel rating">
            <h2>{indicator.label}</h2>
            <div className="levels">
              {step.levels.map((level, index) => {
                const score = index + 1;
                const on = scores[indicator.id] === score;
                return (
                  <button
                    key={level}
                    type="button"
                    className={on ? 'level on' : 'level'}
                    aria-pressed={on}
                    onClick={() => setScores({ ...scores, [indicator.id]: score })}
                  >
                    <Face score={score} />
                    {level}
                  </button>
                );
              })}
            </div>
          </section>
        ))}
      </div>
    </Frame>
  );
}

/** Mouths from very poor to very good, on the icons' grid. */
const mouths = [
  'M8 17q4-4.5 8 0',
  'M8.5 16.3q3.5-2 7 0',
  'M8.5 15.5h7',
  'M8.5 14.7q3.5 2.5 7 0',
  'M7.8 13.8q4.2 5.4 8.4 0z',
];

function Face({ score }: { score: number }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <circle className="t" cx="12" cy="12" r="8.5" />
      <circle cx="12" cy="12" r="8.5" />
      <path d={`M9 9.8v.400M15 9.8v.400${mouths[score - 1] ?? ''}`} />
    </svg>
  );
}
