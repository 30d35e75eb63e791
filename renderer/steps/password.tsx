import './password.css';
import { useEffect, useRef, useState } from 'react';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { sealPassword } from '../host/seal-password.ts';
import { useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { PinPad } from '../ui/illustration/pin-pad.tsx';
import { Keypad } from '../ui/keypad.tsx';
import { Phrases } from '../ui/phrases.tsx';

/** Where to look instead of the screen, and what the keys there mean. */
function OnPad({ pad }: { pad: NonNullable<StepOf<'password'>['pad']> }) {
  return (
    <section className="panel pad-way">
      <div className="picture">
        <PinPad />
      </div>
      <div className="words">
        <h2>
          <Phrases>{pad.title}</Phrases>
        </h2>
        <p>
          <Phrases>{pad.text}</Phrases>
        </p>
        <p className="soft">
          <Phrases>{pad.keys}</Phrases>
        </p>
      </div>
    </section>
  );
}

/**
 * Six digits, kept in this component and nowhere else, encrypted here to the centre's key. No digit is ever in the page: the
 * boxes show dots, and the keys are the same whatever was pressed.
 */
export function PasswordStep({ step }: { step: StepOf<'password'> }) {
  const { words, act } = useKiosk();
  const [digits, setDigits] = useState('');
  const sent = useRef(false);
  const { pad } = step;
  const entered = step.busy ? step.digits : (pad?.digits ?? digits.length);
  const whole = digits.length === step.digits;

  // A refusal wipes what was typed, also when the step keeps its id.
  const refused = step.problem;
  useEffect(() => {
    if (refused === undefined) return;
    setDigits('');
    sent.current = false;
  }, [refused]);
  useEffect(() => {
    if (!step.busy) sent.current = false;
  }, [step.busy]);

  const submit = async () => {
    if (!whole || sent.current || step.busy) return;
    sent.current = true;
    const typed = digits;
    setDigits('');
    act({ type: 'password', jwe: await sealPassword(typed, step.envelope) });
  };

  const missing = step.busy
    ? words.password.checking
    : whole
      ? null
      : words.password.missing(step.digits - digits.length);
  return (
    <Frame missing={pad ? null : missing} onWayOn={() => void submit()}>
      <div className={pad ? 'password on-pad' : 'password'}>
        <section className="panel read-card">
          <span className="mark">
            <Icon name="card" />
          </span>
          <div>
            <b>{step.who.name}</b>
            <span className="soft num">{step.who.number}</span>
          </div>
        </section>
        <div className="entry">
          <div className="dots" role="img" aria-label={words.password.entered(entered, step.digits)}>
            {Array.from({ length: step.digits }, (_, index) => (
              <i
                // biome-ignore lint/suspicious/noArrayIndexKey: boxes are their place
                key={index}
                className={index < entered ? 'on' : index === entered ? 'now' : ''}
              />
            ))}
          </div>
          {step.problem ? (
            <p className="says center" role="alert">
              <Icon name="warning" />
              {step.problem}
            </p>
          ) : null}
          <p className="tries soft">
            <Phrases>{step.note}</Phrases>
          </p>
        </div>
        {pad ? (
          <OnPad pad={pad} />
        ) : (
          <Keypad
            disabled={step.busy}
            labels={{ backspace: step.labels.backspace }}
            onDigit={(digit) => setDigits((typed) => (typed.length < step.digits ? typed + digit : typed))}
            onBackspace={() => setDigits((typed) => typed.slice(0, -1))}
            clear={{ label: step.labels.clear, onPress: () => setDigits('') }}
          />
        )}
        {step.actions && step.actions.length > 0 ? (
          <div className="rows two">
            {step.actions.map((action) => (
              <button
                key={action.id}
                type="button"
                className="row short"
                disabled={step.busy || action.blocked !== undefined}
                onClick={() => act({ type: 'choose', choice: action.id })}
              >
                {action.blocked === undefined ? (
                  <>
                    <b>{action.title}</b>
                    <Icon name="right" />
                  </>
                ) : (
                  <div>
                    <b>{action.title}</b>
                    <span>{action.blocked}</span>
                  </div>
                )}
              </button>
            ))}
          </div>
        ) : null}
      </div>
    </Frame>
  );
}
