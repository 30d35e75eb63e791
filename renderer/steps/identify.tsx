import './identify.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import { CardIn } from '../ui/illustration/card-in.tsx';
import { CardTrouble } from '../ui/illustration/card-trouble.tsx';
import { IdCard } from '../ui/illustration/id-card.tsx';
import { Machine } from '../ui/illustration/machine.tsx';
import { PhoneCode } from '../ui/illustration/phone-code.tsx';
import { Phrases } from '../ui/phrases.tsx';
import { Terms } from '../ui/terms.tsx';

type Way = StepOf<'identify'>['ways'][number];

/** Who is it? The act itself is the choice: put in a card, lay down an ID card, hold up a phone. */
export function IdentifyStep({ step }: { step: StepOf<'identify'> }) {
  const available = step.ways.filter((way) => way.available);
  const [first, ...more] = available;
  // What is out stands last, and says so: somebody may have brought just that.
  const others = [...more, ...step.ways.filter((way) => !way.available)];
  return (
    <Frame sign={step.problem ? 'warning' : undefined}>
      {step.problem ? <Problem problem={step.problem} /> : null}
      {first ? <FirstWay way={first} reading={step.reading} number={available.length > 1 ? 1 : null} /> : null}
      {others.length > 0 ? (
        <div className={others.length > 1 ? 'pair' : 'pair single'}>
          {others.map((way, index) => (
            <section key={way.id} className={way.available ? 'panel way' : 'panel way unavailable'}>
              <WayPicture id={way.id} />
              <WayWords way={way} number={way.available ? index + 2 : null} />
            </section>
          ))}
        </div>
      ) : null}
    </Frame>
  );
}

function Problem({ problem }: { problem: NonNullable<StepOf<'identify'>['problem']> }) {
  const { words } = useKiosk();
  return (
    <section className="panel refusal" role="alert">
      <CardTrouble />
      <div>
        <h2>{problem.title}</h2>
        <p>
          <Terms phrased>{problem.text}</Terms>
        </p>
        <p className="staff">
          {words.staff}
          {problem.code}
        </p>
      </div>
    </section>
  );
}

function FirstWay({ way, reading, number }: { way: Way; reading: boolean; number: number | null }) {
  const { step } = useKiosk();
  return (
    <section className={reading ? 'panel way first reading' : 'panel way first'}>
      <div className="picture">
        <WayPicture id={way.id} />
      </div>
      <WayWords way={way} number={number} />
      <div className="where">
        <Machine part={way.id} />
        {way.where ? (
          <span>
            <Phrases>{way.where}</Phrases>
          </span>
        ) : null}
      </div>
      {reading ? <i className="sweep" title={step.title} /> : null}
    </section>
  );
}

function WayWords({ way, number }: { way: Way; number: number | null }) {
  return (
    <div className="words">
      <h2>
        {number === null ? null : <span className="n large">{number}</span>}
        {way.title}
      </h2>
      <p>
        <Phrases>{way.text}</Phrases>
      </p>
    </div>
  );
}

function WayPicture({ id }: { id: Way['id'] }) {
  switch (id) {
    case 'card':
      return <CardIn />;
    case 'id-card':
      return <IdCard act="lay" />;
    case 'code':
      return <PhoneCode />;
  }
}
