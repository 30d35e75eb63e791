import { useRef } from 'react';
import { useKiosk, useSecondsLeft } from '../kiosk.tsx';
import { Phrases } from './phrases.tsx';

/** Time left as a ring that empties, with the seconds in it, or minutes and seconds. Full is what was left when it was first shown. */
export function Ring({ endsAtMs, label, minutes }: { endsAtMs: number; label?: string; minutes?: boolean }) {
  const { nowMs } = useKiosk();
  const seconds = useSecondsLeft(endsAtMs) ?? 0;
  const whole = useRef(Math.max(1, endsAtMs - nowMs()));
  const share = Math.max(0, Math.min(100, ((endsAtMs - nowMs()) / whole.current) * 100));
  return (
    <div className="ring-box" role="timer">
      <svg className="ring" viewBox="0 0 60 60" aria-hidden="true">
        <circle className="rail" cx="30" cy="30" r="27" />
        <circle className="left" cx="30" cy="30" r="27" pathLength="100" strokeDasharray={`${share} 100`} />
      </svg>
      <b className="num">
        {minutes ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` : seconds}
        {label ? <small>{label}</small> : null}
      </b>
    </div>
  );
}

/** A sentence that counts down (`{seconds}`). */
export function Countdown({ text, endsAtMs }: { text: string; endsAtMs: number | undefined }) {
  const seconds = useSecondsLeft(endsAtMs);
  return <Phrases>{text.replaceAll('{seconds}', seconds === null ? '' : String(seconds))}</Phrases>;
}
