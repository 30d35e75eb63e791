import './still-there.css';
import './out-of-service.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Bar } from '../ui/frame.tsx';
import { Machine } from '../ui/illustration/machine.tsx';
import { Phrases } from '../ui/phrases.tsx';
import { TopBar } from '../ui/top-bar.tsx';

/** The machine serves nobody now, and says where somebody will. */
export function OutOfServiceStep({ step }: { step: StepOf<'out-of-service'> }) {
  const { words } = useKiosk();
  return (
    <div className="screen asking closed" data-step="out-of-service">
      <TopBar />
      <section className="closed-words">
        <Machine part={null} />
        <h1>{step.title}</h1>
        <p>
          <Phrases>{step.happened}</Phrases>
        </p>
        {step.centreSays === undefined ? null : <CentreSays>{step.centreSays}</CentreSays>}
        <p className="todo">
          <Phrases>{step.todo}</Phrases>
        </p>
        <p className="staff">
          {words.staff}
          {step.code}
        </p>
      </section>
      <Bar />
    </div>
  );
}

/** In whatever language it is: Chinese is set as such on an English screen too. */
function CentreSays({ children }: { children: string }) {
  return (
    <p className="notice" lang={/\p{Script=Han}/u.test(children) ? 'zh' : undefined}>
      {children}
    </p>
  );
}
