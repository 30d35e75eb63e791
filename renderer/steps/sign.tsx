import './sign.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { countPoints, SignaturePad, type Stroke } from '../form/signature-pad.tsx';
import { useDraft, useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';

/** What is being signed, and the place to sign. */
export default function SignStep({ step }: { step: StepOf<'sign'> }) {
  const { act } = useKiosk();
  const [strokes, setStrokes] = useDraft<Stroke[]>(() => []);
  const drawn = countPoints(strokes);
  return (
    <Frame fit missing={drawn < fewestPoints ? step.labels.empty : null} onWayOn={() => act({ type: 'sign', strokes })}>
      <div className="signing">
        <section className="panel statement">
          <p>{step.statement}</p>
          {step.rows.length > 0 ? (
            <dl>
              {step.rows.map((row) => (
                <div key={row.label}>
                  <dt>{row.label}</dt>
                  <dd>{row.value}</dd>
                </div>
              ))}
            </dl>
          ) : null}
        </section>
        <SignaturePad strokes={strokes} onStrokes={setStrokes} labels={step.labels} />
      </div>
    </Frame>
  );
}

/** Less than this is a touch, not a name. */
const fewestPoints = 8;
