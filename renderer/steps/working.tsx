import './working.css';
import type { Stage, StepOf } from '../../state-machines/contract/screen.ts';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { Machine } from '../ui/illustration/machine.tsx';
import { PaperPrinting } from '../ui/illustration/paper-printing.tsx';
import { Receipt } from '../ui/illustration/receipt.tsx';
import { Sending } from '../ui/illustration/sending.tsx';
import { Phrases } from '../ui/phrases.tsx';

/** The machine is busy: what it does, how far it is, where to look. Never a spinner without words. */
export function WorkingStep({ step }: { step: StepOf<'working'> }) {
  const printing = step.activity === 'print' || step.activity === 'receipt';
  return (
    <Frame>
      <section className={printing ? 'panel working-scene' : 'panel working-scene alone'}>
        <Activity activity={step.activity} />
        {printing ? (
          <div className="where">
            <Machine part="paper" />
          </div>
        ) : null}
      </section>
      <section className="panel working-progress" role="status">
        <div className="top">
          <b>
            <Phrases>{step.text}</Phrases>
          </b>
          {step.detail ? <span>{step.detail}</span> : null}
        </div>
        <div className={step.progress ? 'bar' : 'bar endless'}>
          <i
            style={
              step.progress
                ? { width: `${((step.progress.at - 0.5) / Math.max(1, step.progress.of)) * 100}%` }
                : undefined
            }
          />
        </div>
      </section>
      {step.stages && step.stages.length > 0 ? (
        <ol className="panel timeline">
          {step.stages.map((stage) => (
            <Line key={stage.label} stage={stage} />
          ))}
        </ol>
      ) : null}
    </Frame>
  );
}

function Activity({ activity }: Pick<StepOf<'working'>, 'activity'>) {
  switch (activity) {
    case 'print':
      return <PaperPrinting />;
    case 'receipt':
      return <Receipt isWaiting={false} />;
    case 'send':
    case 'read':
    case 'check':
      return <Sending activity={activity} />;
  }
}

function Line({ stage }: { stage: Stage }) {
  return (
    <li className={stage.state}>
      <span className="at">{stage.state === 'done' ? <Icon name="check" /> : null}</span>
      {stage.label}
      <small>{stage.note}</small>
    </li>
  );
}
