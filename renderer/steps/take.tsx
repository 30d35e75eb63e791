import './take.css';
import type { StepOf, Takeable } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { IdCard } from '../ui/illustration/id-card.tsx';
import { Receipt } from '../ui/illustration/receipt.tsx';
import { StuckCard, TakeCard } from '../ui/illustration/take-card.tsx';
import { TakePaper } from '../ui/illustration/take-paper.tsx';
import { Phrases } from '../ui/phrases.tsx';
import { Countdown, Ring } from '../ui/ring.tsx';

/** What waits to be taken, lit until it is. */
export function TakeStep({ step }: { step: StepOf<'take'> }) {
  return (
    <Frame plainWayOn>
      <div className="things">
        {step.things.map((thing) => (
          <Thing key={thing.id} thing={thing} />
        ))}
      </div>
      {step.endsAtMs === undefined || step.reminder === undefined ? null : (
        <section className="panel left">
          <Ring endsAtMs={step.endsAtMs} />
          <p>
            <Countdown text={step.reminder} endsAtMs={step.endsAtMs} />
          </p>
        </section>
      )}
    </Frame>
  );
}

function Thing({ thing }: { thing: Takeable }) {
  const { words } = useKiosk();
  const { id, state } = thing;
  return (
    <section className={state === 'waiting' ? 'panel thing act-now' : `panel thing ${state}`}>
      <div className="picture">{state === 'stuck' ? <StuckCard /> : <ThingPicture id={id} />}</div>
      <div>
        <span className={state === 'waiting' || state === 'stuck' ? 'tag ask' : 'tag'}>
          {state === 'taken' ? <Icon name="check" /> : null}
          {state === 'stuck' ? <Icon name="warning" /> : null}
          {words.take[state]}
        </span>
        <h2>{thing.title}</h2>
        <p>
          <Phrases>{thing.text}</Phrases>
        </p>
      </div>
    </section>
  );
}

function ThingPicture({ id }: { id: Takeable['id'] }) {
  switch (id) {
    case 'paper':
      return <TakePaper />;
    case 'receipt':
      return <Receipt isWaiting />;
    case 'card':
      return <TakeCard />;
    case 'id-card':
      return <IdCard act="lift" />;
  }
}
