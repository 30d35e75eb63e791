import './scan.css';
import { lazy, Suspense } from 'react';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { useDraft, useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { Machine } from '../ui/illustration/machine.tsx';
import { ScanPaper } from '../ui/illustration/scan-paper.tsx';
import { Phrases } from '../ui/phrases.tsx';

const TextKeyboard = lazy(() => import('../form/text-keyboard.tsx'));

/** Hold a code to the window, or type the short one printed beside it. */
export function ScanStep({ step }: { step: StepOf<'scan'> }) {
  const { words, act } = useKiosk();
  const [draft, setDraft] = useDraft(() => ({ typing: false, text: '' }));
  const whole = draft.text.length === step.typed.length;
  const groups = draft.text.match(/.{1,4}/g)?.join('-') ?? '';
  const keyboard = draft.typing ? (
    <Suspense fallback={<div className="keyboard loading" />}>
      <TextKeyboard
        value={draft.text}
        onChange={(text) =>
          setDraft({
            ...draft,
            text: text
              .toUpperCase()
              .replaceAll(/[^0-9A-Z]/g, '')
              .slice(0, step.typed.length),
          })
        }
        composing=""
        onComposing={() => {}}
        start="code"
        maxLength={step.typed.length}
        multiline={false}
        next={{ label: words.keys.done, press: () => setDraft({ ...draft, typing: false }) }}
      />
    </Suspense>
  ) : undefined;
  const bar =
    step.wayOn && draft.text !== ''
      ? {
          missing: whole ? null : words.scan.missing(step.typed.length - draft.text.length),
          onWayOn: () => act({ type: 'code', text: draft.text, by: 'hand' }),
        }
      : { hideWayOn: true };
  return (
    <Frame {...bar} dock={keyboard}>
      {step.problem ? (
        <p className="note ask" role="alert">
          <Icon name="warning" />
          <span>
            <Phrases>{step.problem}</Phrases>
          </span>
        </p>
      ) : null}
      {draft.typing ? null : (
        <section className="panel scan-scene">
          <ScanPaper />
          <div className="where">
            <Machine part="code" />
          </div>
          <p>
            <Phrases>{step.text}</Phrases>
          </p>
        </section>
      )}
      <div className="field">
        <span className="field-label">{step.typed.label}</span>
        <button
          type="button"
          className={draft.typing ? 'input on' : 'input'}
          onClick={() => setDraft({ ...draft, typing: true })}
        >
          <span className="grow num code-typed">
            {groups === '' && !draft.typing ? <span className="soft">{step.typed.placeholder}</span> : groups}
            {draft.typing ? <i className="caret" /> : null}
          </span>
          <Icon name="pen" />
        </button>
      </div>
    </Frame>
  );
}
