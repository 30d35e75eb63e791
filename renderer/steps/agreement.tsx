import './agreement.css';
import { useLayoutEffect, useRef, useState } from 'react';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { settle, useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import type { Rest } from '../ui/scroller.tsx';
import { Terms } from '../ui/terms.tsx';

/**
 * The service agreement, once per person and version. Where it is longer than the sheet, the way on leads to its end first and becomes the
 * consent there. To decline it ends the visit's login, not the visitor's dignity.
 */
export function AgreementStep({ step }: { step: StepOf<'agreement'> }) {
  const { act, words } = useKiosk();
  const [rest, setRest] = useState<Rest>(null);
  useConsentApart(rest);
  return (
    <Frame
      onRest={setRest}
      wayOn={rest === null ? undefined : { label: words.readOn, icon: 'down' }}
      onWayOn={rest?.readOn}
    >
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

/** Whoever presses on from page to page has seen by then that the button now says something else. */
const consentApartMs = 800;

/** Keeps the press that was meant to turn one more page from being the consent, which comes to the same place. */
function useConsentApart(rest: Rest): void {
  const hadRest = useRef(false);
  useLayoutEffect(() => {
    const isEnd = hadRest.current && rest === null;
    hadRest.current = rest !== null;
    return isEnd ? settle(consentApartMs) : undefined;
  }, [rest]);
}
