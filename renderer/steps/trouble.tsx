import './trouble.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { ChoiceRow } from '../ui/choice-row.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon, type UiIcon } from '../ui/icon.tsx';
import { CardTrouble } from '../ui/illustration/card-trouble.tsx';
import { Door } from '../ui/illustration/door.tsx';
import { Jam } from '../ui/illustration/jam.tsx';
import { Machine } from '../ui/illustration/machine.tsx';
import { NoPaper } from '../ui/illustration/no-paper.tsx';
import { Offline } from '../ui/illustration/offline.tsx';
import { Phrases } from '../ui/phrases.tsx';
import { Ring } from '../ui/ring.tsx';

/** What happened, what has been kept, what to do now. The code is small, for staff. */
export function TroubleStep({ step }: { step: StepOf<'trouble'> }) {
  const { words } = useKiosk();
  return (
    <Frame sign="warning">
      <section className={step.rows?.length ? 'panel trouble-scene' : 'panel trouble-scene bare'}>
        <div className="picture">
          <Art art={step.art} />
        </div>
        {step.rows?.length ? (
          <dl>
            {step.rows.map((row) => (
              <div key={row.label}>
                <dt>{row.label}</dt>
                <dd className="num">{row.value}</dd>
              </div>
            ))}
          </dl>
        ) : (
          <p className="happened">
            <Phrases>{step.happened}</Phrases>
          </p>
        )}
      </section>
      {step.rows?.length ? <Line icon="info" text={step.happened} /> : null}
      <Line icon="shield" text={step.kept} />
      <Line icon="place" text={step.todo} strong endsAtMs={step.endsAtMs} />
      {step.actions.length > 0 ? (
        <div className="rows">
          {step.actions.map((action) => (
            <ChoiceRow key={action.id} choice={action} />
          ))}
        </div>
      ) : null}
      <p className="staff push">
        {words.staff}
        {step.code}
      </p>
    </Frame>
  );
}

/** `endsAtMs`: until when it is worth waiting. */
function Line({
  icon,
  text,
  strong,
  endsAtMs,
}: {
  icon: UiIcon;
  text: string;
  strong?: boolean;
  endsAtMs?: number | undefined;
}) {
  if (text === '') return null;
  return (
    <section className={strong ? 'panel advice strong' : 'panel advice'}>
      <span className="mark">
        <Icon name={icon} />
      </span>
      <p>
        <Phrases>{text}</Phrases>
      </p>
      {endsAtMs === undefined ? null : <Ring endsAtMs={endsAtMs} minutes />}
    </section>
  );
}

function Art({ art }: { art: StepOf<'trouble'>['art'] }) {
  switch (art) {
    case 'paper-out':
      return <NoPaper />;
    case 'jam':
      return <Jam />;
    case 'door':
      return <Door />;
    case 'offline':
      return <Offline />;
    case 'card':
      return <CardTrouble />;
    case 'lock':
      return <CardTrouble locked />;
    case 'plain':
      return <Machine part={null} />;
  }
}
