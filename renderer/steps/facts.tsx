import './facts.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Facts } from '../ui/facts.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { SampleSheet } from '../ui/illustration/sample-sheet.tsx';
import { Note } from '../ui/note.tsx';
import { Phrases } from '../ui/phrases.tsx';

/** An item before it begins: the three facts that matter large, the rest in plain sentences. */
export function FactsStep({ step }: { step: StepOf<'facts'> }) {
  const { words } = useKiosk();
  const isPaper = step.art === 'certificate' || step.art === 'print' || step.art === 'receipt' || step.art === 'paper';
  return (
    <Frame missing={step.blocked ?? undefined}>
      {step.blocked ? <Note icon="warning" text={step.blocked} tone="ask" /> : null}
      <div className="facts-look">
        <div className="facts-sample">
          {isPaper ? (
            <>
              <SampleSheet />
              <p>{words.sampleSays}</p>
            </>
          ) : (
            <span className="mark giant">
              <Icon name={step.art} />
            </span>
          )}
        </div>
        <dl className="panel three">
          {step.main.map((fact) => (
            <div key={fact.label}>
              <span className="mark">
                <Icon name={fact.icon ?? 'info'} />
              </span>
              <dt>{fact.label}</dt>
              <dd>
                <Phrases>{fact.value}</Phrases>
              </dd>
              {fact.note ? <p>{fact.note}</p> : null}
            </div>
          ))}
        </dl>
      </div>
      {step.more.length > 0 ? <Facts rows={step.more} /> : null}
    </Frame>
  );
}
