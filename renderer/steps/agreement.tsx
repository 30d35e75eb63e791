import './agreement.css';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import { Terms } from '../ui/terms.tsx';

/** The service agreement, once per person and version. To decline it ends the visit's login, not the visitor's dignity. */
export function AgreementStep({ step }: { step: StepOf<'agreement'> }) {
  const { act } = useKiosk();
  return (
    <Frame>
      <div className="panel agreement">
        {step.sections.map((section) => (
          <section key={section.title}>
            <h2>{section.title}</h2>
            <p>
              <Terms>{section.text}</Terms>
            </p>
          </section>
        ))}
      </div>
      <button type="button" className="btn wide push" onClick={() => act({ type: 'choose', choice: 'decline' })}>
        {step.decline}
      </button>
    </Frame>
  );
}
