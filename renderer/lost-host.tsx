import './lost-host.css';
import type { Language } from '../state-machines/contract/words/text.ts';
import { words } from './copy.ts';
import { Emblem } from './ui/icon.tsx';
import { Phrases } from './ui/phrases.tsx';

/** The kiosk's own process does not answer. Nothing of a visit is on this screen; it leaves as soon as the kiosk is back. */
export function LostHost({ language }: { language: Language }) {
  const { title, text, todo } = words[language].lost;
  return (
    <div className="screen lost" role="alert">
      <section className="lost-words">
        <Emblem />
        <h1>
          <Phrases>{title}</Phrases>
        </h1>
        <p>
          <Phrases>{text}</Phrases>
        </p>
        <p>
          <Phrases>{todo}</Phrases>
        </p>
        <i className="breath" />
      </section>
    </div>
  );
}

/** Another page shows this kiosk, e.g. one opened by staff. Whoever stands here takes it back with a touch anywhere. */
export function OtherPage({ language, takeOver }: { language: Language; takeOver: () => void }) {
  const { title, text, todo } = words[language].otherPage;
  return (
    <button type="button" className="screen lost" data-step="other-page" onClick={takeOver}>
      <span className="lost-words">
        <Emblem />
        <b>
          <Phrases>{title}</Phrases>
        </b>
        <span>
          <Phrases>{text}</Phrases>
        </span>
        <span>
          <Phrases>{todo}</Phrases>
        </span>
      </span>
    </button>
  );
}
