import type { ReactNode } from 'react';
import { useState } from 'react';
import { useKiosk } from '../kiosk.tsx';
import { Appearance } from './appearance.tsx';
import { Icon, type UiIcon } from './icon.tsx';
import { Phrases } from './phrases.tsx';
import { type Rest, Scroller } from './scroller.tsx';
import { Terms } from './terms.tsx';
import { TopBar } from './top-bar.tsx';

type FrameProps = {
  children: ReactNode;
  /** Stands in the way on's place while something is still wanted; the view's own `missing` otherwise. */
  missing?: string | null | undefined;
  /** What pressing the way on does; an event `next` otherwise. */
  onWayOn?: (() => void) | undefined;
  /** Below the instruction, in the head. */
  under?: ReactNode | undefined;
  /** Before the instruction: a sign in the accent's colour. */
  sign?: UiIcon | undefined;
  /** Keyboard between sheet and bar. */
  dock?: ReactNode | undefined;
  /** Hears what of a long sheet is still to be read. */
  onRest?: ((rest: Rest) => void) | undefined;
  /** The sheet's content is as high as the sheet and never scrolls. */
  fit?: boolean | undefined;
  /** The way on is not what is hoped for: drawn white. */
  plainWayOn?: boolean | undefined;
  /** Not offered yet: the step's sentence stands in its place. */
  hideWayOn?: boolean | undefined;
  /** A way on that the step itself does not name. */
  wayOn?: { label: string; icon?: UiIcon; missing?: string } | undefined;
  /** The instruction, where the screen has gone a step further by itself. */
  title?: string | undefined;
  /** What stands at the place of "back", where the step's own is not meant: the way out of what the screen opened, or past this step. */
  beside?: { label: string; icon: UiIcon; onPress: () => void } | undefined;
};

/**
 * Every screen inside a visit: the head that only tells, a sheet with one decision, the bar that never moves.
 */
export function Frame({ children, under, sign, dock, fit, title, onRest, ...bar }: FrameProps) {
  const { step, words } = useKiosk();
  return (
    <div className="screen" data-step={step.kind} data-docked={dock ? '' : undefined}>
      <div className="crown">
        <TopBar />
        <header className="head">
          <div className="say">
            <h1>
              {sign ? <Icon name={sign} /> : null}
              <span>
                <Phrases>{title ?? step.title}</Phrases>
              </span>
            </h1>
            {step.hint && title === undefined ? (
              <p>
                <Terms phrased>{step.hint}</Terms>
              </p>
            ) : null}
            {step.progress && step.progress.of > 1 && step.kind !== 'working' ? (
              <div className="steps">
                {Array.from({ length: step.progress.of }, (_, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the marks are their place
                  <i key={index} className={index < (step.progress?.at ?? 0) ? 'on' : ''} />
                ))}
                <span>{words.stepOf(step.progress.at, step.progress.of)}</span>
              </div>
            ) : null}
            {step.tag ? (
              <span className="tag">
                <Icon name={step.tag.icon} />
                {step.tag.text}
              </span>
            ) : null}
          </div>
          {under}
        </header>
      </div>
      <main className="sheet">
        {fit ? <div className="sheet-body fit">{children}</div> : <Scroller onRest={onRest}>{children}</Scroller>}
      </main>
      {dock ? <section className="dock">{dock}</section> : null}
      <Bar {...bar} />
    </div>
  );
}

/** The bottom bar: help, appearance, end, back, and at the right the way on or a sentence. */
export function Bar({
  missing,
  onWayOn,
  plainWayOn,
  wayOn,
  hideWayOn,
  beside,
}: Pick<FrameProps, 'missing' | 'onWayOn' | 'plainWayOn' | 'wayOn' | 'hideWayOn' | 'beside'>) {
  const { step, header, words, act } = useKiosk();
  const [open, setOpen] = useState(false);
  const way = hideWayOn ? undefined : (wayOn ?? step.wayOn);
  const wanted = missing === undefined ? way?.missing : (missing ?? undefined);
  return (
    <nav className="actions">
      <button
        type="button"
        className={header.helpCalled ? 'act called' : 'act'}
        disabled={header.helpCalled}
        onClick={() => act({ type: 'help' })}
      >
        <Icon name="bell" />
        {header.helpCalled ? words.helpCalled : words.help}
      </button>
      <button type="button" className="act access" onClick={() => setOpen(true)}>
        <Icon name="text-size" />
        {words.access}
      </button>
      {step.end === undefined ? null : (
        <button type="button" className="act" onClick={() => act({ type: 'end' })}>
          <Icon name="end" />
          {step.end}
        </button>
      )}
      {beside ? (
        <button type="button" className="act" onClick={beside.onPress}>
          <Icon name={beside.icon} />
          {beside.label}
        </button>
      ) : step.back === undefined ? null : (
        <button type="button" className="act" onClick={() => act({ type: 'back' })}>
          <Icon name="back" />
          {step.back}
        </button>
      )}
      {way ? (
        <button
          type="button"
          className={plainWayOn ? 'go plain' : 'go'}
          disabled={wanted !== undefined}
          onClick={onWayOn ?? (() => act({ type: 'next' }))}
        >
          <span>{wanted ?? way.label}</span>
          {wanted === undefined && way.icon ? <Icon name={way.icon === 'right' ? 'go' : way.icon} /> : null}
        </button>
      ) : (
        <p className="hint">
          {step.aside ? <Icon name={step.aside.icon} /> : null}
          <span>{step.aside ? <Phrases>{step.aside.text}</Phrases> : null}</span>
        </p>
      )}
      {open ? <Appearance onClose={() => setOpen(false)} /> : null}
    </nav>
  );
}
