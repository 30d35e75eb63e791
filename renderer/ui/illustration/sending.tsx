import type { StepOf } from '../../../state-machines/contract/screen.ts';

/** What was handed in travels to the centre; where something is asked for, it comes back. */
export function Sending({ activity }: { activity: StepOf<'working'>['activity'] }) {
  const back = activity === 'read';
  return (
    <svg className="illo sending" viewBox="0 0 900 380" aria-hidden="true">
      <rect className="bg" width="900" height="380" rx="28" />
      <g transform="translate(96 46) scale(.7)">
        <path className="kb" d="M34 6h152a16 16 0 0 1 16 16v286H18V22A16 16 0 0 1 34 6z" />
        <path className="kf" d="M18 300h184l10 96a14 14 0 0 1-14 16H22A14 14 0 0 1 8 396z" />
        <rect className="ks" x="32" y="20" width="156" height="206" rx="8" />
        <path
          className="kl"
          d="M48 44h72M48 62h48M48 84h58v34H48zM114 84h58v34h-58zM48 126h58v34H48zM114 126h58v34h-58z"
        />
        <rect className="z" x="42" y="318" width="136" height="28" rx="8" />
      </g>
      <path className="m" d="M630 138l84-48a12 12 0 0 1 12 0l84 48v20H630z" />
      <path className="m2" d="M638 158h164v14H638zM626 300h188v20H626z" />
      <path className="c" d="M650 172h26v128h-26zM707 172h26v128h-26zM764 172h26v128h-26z" opacity=".86" />
      <path className="line-ghost" d="M272 196h330" />
      <g className={back ? 'travels back' : 'travels'}>
        <path className="pd" d="M404 146h76l16 16v86h-92z" transform="translate(0 8)" />
        <path className="p" d="M404 146h76l16 16v86h-92z" />
        <path className="g" d="M420 180h44M420 202h60M420 224h36" />
      </g>
    </svg>
  );
}
